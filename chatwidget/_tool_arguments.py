"""A model's arguments for a tool: from JSON text to keyword arguments, or to a text the model can act on."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from chatwidget._problems import clip, listing, problem, shown
from chatwidget._tool_call import ToolExit
from chatwidget.errors import ToolArgumentsError
from chatwidget.partial_json import parse_complete

_SURROGATE = re.compile(r"[\ud800-\udfff]|\\u[dD][89a-fA-F]")


class Arguments(NamedTuple):
    """What a function takes: the model that validates it, its JSON schema, and the parameter of each field.

    `always` holds the fields that are passed even when the call left them out, because their default is not the
    function's own but in a `Field(...)`. `context` is the parameter that is given the `ToolContext`.
    """

    model: type[BaseModel]
    schema: dict[str, Any]
    names: Mapping[str, str]
    always: frozenset[str]
    context: str | None = None

    def validate(self, text: str, label: str) -> dict[str, Any]:
        """Return the keyword arguments that a model's JSON text stands for; see `validate_arguments`."""
        return validate_arguments(self, label, text)

    def keywords(self, values: BaseModel) -> dict[str, Any]:
        """Return what to call the function with. Arguments that were left out keep the function's own default."""
        given = values.model_fields_set | self.always
        return {name: getattr(values, field) for field, name in self.names.items() if field in given}


def validate_arguments(arguments: Arguments, label: str, text: str) -> dict[str, Any]:
    """Return the keyword arguments that a model's JSON text stands for, coerced to the tool's types.

    Raises `ToolArgumentsError` that names each field, its problem and what came, in at most `MAX_MESSAGE` characters.
    """
    value = parse_complete(text)
    if value is None:  # how some models write "no arguments"
        value = {}
    if not isinstance(value, dict):
        raise ToolArgumentsError(f"The arguments of {label} must be a JSON object, not {shown(value)}.")
    return arguments.keywords(_validated(arguments, label, text, value))


def _validated(arguments: Arguments, label: str, text: str, value: dict[str, Any]) -> BaseModel:
    # The text, not the value: strict types accept a date only as a JSON string. Parsing it twice is cheap.
    # Plain text without escapes of characters, the usual case, is told without a search.
    if not value or ((not text.isascii() or "\\u" in text) and _SURROGATE.search(text)):
        text = json.dumps(value)
    try:
        return arguments.model.model_validate_json(text)
    except ValidationError as error:
        raise ToolArgumentsError(_explain(label, arguments.schema["properties"], error)) from None
    except (KeyboardInterrupt, SystemExit) as error:  # of a validator, which is anybody's code
        raise ToolExit(f"{type(error).__name__} while the arguments of {label} were checked") from error
    except Exception as error:
        text = f"The arguments of {label} could not be checked: {type(error).__name__}: {error}"
        raise ToolArgumentsError(clip(text)) from error


def _explain(label: str, known: Mapping[str, Any], error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_context=False)
    end = "Correct them and call it again."
    if any(found["type"] == "extra_forbidden" and len(found["loc"]) == 1 for found in problems):
        end = f"{clip('The arguments are: ' + (', '.join(known) or 'none'), 300)}. {end}"
    lines = [problem(found, found["loc"], "arguments", unknown="argument") for found in problems]
    return listing(f"The arguments of {label} do not fit:", lines, end)
