"""A model's arguments for a tool: from JSON text to keyword arguments, or to a text the model can act on."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ValidationError

from chatwidget._problems import clip, listing, problem, shown
from chatwidget._tool_call import ToolExit
from chatwidget.errors import ToolArgumentsError
from chatwidget.partial_json import parse_complete

_SURROGATE = re.compile(r"[\ud800-\udfff]|\\u[dD][89a-fA-F]")

# What tells numbers that pydantic takes and we do not: in these kinds of characters "NaN", "Inf", "5e9" and "5e+9" all
# read 121, and a huge integer is a long row of 1. Searching so is several times as quick as a regular expression; a
# text that only looks like that (a hash may) is parsed once more than it needs.
_KINDS = bytes.maketrans(b"0123456789+NIf" + b"aneE", b"1" * 14 + b"2" * 4)
_SPECIAL, _LONG = b"121", b"1" * 20


@dataclass(frozen=True)
class Arguments:
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
        """Return the keyword arguments that a model's JSON text stands for, coerced to the tool's types.

        Raises `ToolArgumentsError` that names each field, its problem and what came, in at most `MAX_MESSAGE`
        characters.
        """
        kinds = text.encode(errors="replace").translate(_KINDS)
        if text[:1] != "{" or _SPECIAL in kinds or _LONG in kinds:
            text = _checked(text, label)
        try:
            # The text, not its value: strict types accept a date only as a JSON string.
            return self.keywords(self.model.__pydantic_validator__.validate_json(text))
        except ValidationError as error:
            if _is_no_json(error) and (mended := _checked(text, label)) != text:
                return self.validate(mended, label)
            raise ToolArgumentsError(_explain(label, self.schema["properties"], error)) from None
        except (KeyboardInterrupt, SystemExit) as error:  # of a validator, which is anybody's code
            raise ToolExit(f"{type(error).__name__} while the arguments of {label} were checked") from error
        except Exception as error:
            said = f"The arguments of {label} could not be checked: {type(error).__name__}: {error}"
            raise ToolArgumentsError(clip(said)) from error

    def keywords(self, values: BaseModel) -> dict[str, Any]:
        """Return what to call the function with. Arguments that were left out keep the function's own default."""
        held = vars(values)
        keywords = {name: held[field] for field, name in self.names.items()}
        for field in self._own_defaults - values.model_fields_set:
            del keywords[self.names[field]]
        return keywords

    @cached_property
    def _own_defaults(self) -> frozenset[str]:
        return frozenset(self.names.keys() - self.always)


def _checked(text: str, label: str) -> str:
    """Return the text of a JSON object that a tool may be given, mended where it can be."""
    value = parse_complete(text)
    if value is None:  # how some models write "no arguments"
        value = {}
    if not isinstance(value, dict):
        raise ToolArgumentsError(f"The arguments of {label} must be a JSON object, not {shown(value)}.")
    # Plain text without escapes of characters, the usual case, is told without a search.
    broken = (not text.isascii() or "\\u" in text) and _SURROGATE.search(text)
    return json.dumps(value) if broken or not value else text


def _is_no_json(error: ValidationError) -> bool:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return first["type"] in ("json_invalid", "string_unicode") and not first["loc"]


def _explain(label: str, known: Mapping[str, Any], error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_context=False)
    end = "Correct them and call it again."
    if any(found["type"] == "extra_forbidden" and len(found["loc"]) == 1 for found in problems):
        end = f"{clip('The arguments are: ' + (', '.join(known) or 'none'), 300)}. {end}"
    lines = [problem(found, found["loc"], "arguments", unknown="argument") for found in problems]
    return listing(f"The arguments of {label} do not fit:", lines, end)
