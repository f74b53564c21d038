"""A model's arguments for a tool: from JSON text to keyword arguments, or to a text the model can act on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from chatwidget._tool_call import ToolExit
from chatwidget.errors import ToolArgumentsError
from chatwidget.partial_json import parse_complete

MAX_MESSAGE = 1000
"""Characters of an error for the model: enough for a dozen problems."""

_MAX_GOT = 60
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
        raise ToolArgumentsError(f"The arguments of {label} must be a JSON object, not {_shown(value)}.")
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
        raise ToolArgumentsError(_clip(text)) from error


def _explain(label: str, known: Mapping[str, Any], error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_context=False)
    lines = [f"The arguments of {label} do not fit:"]
    end = "Correct them and call it again."
    if any(map(_is_unknown, problems)):
        end = f"{_clip('The arguments are: ' + (', '.join(known) or 'none'), 300)}. {end}"
    room = MAX_MESSAGE - len(lines[0]) - len(end) - 40
    for number, problem in enumerate(problems):
        line = f"- {_problem(problem)}"
        room -= len(line) + 1
        if room < 0:
            lines.append(f"- and {len(problems) - number} more")
            break
        lines.append(line)
    return "\n".join([*lines, end])


def _is_unknown(problem: Mapping[str, Any]) -> bool:
    return problem["type"] == "extra_forbidden" and len(problem["loc"]) == 1


def _problem(problem: Mapping[str, Any]) -> str:
    where = _path(problem["loc"])
    if _is_unknown(problem):
        return f"{where}: there is no such argument"
    if problem["type"] == "missing":
        return f"{where}: missing"
    return f"{where}: {_clip(problem['msg'], 200)} (got {_shown(problem['input'])})"


def _path(loc: Iterable[str | int]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc).lstrip(".")
    return _clip(" ".join(text.split()), 100) or "arguments"


def _shown(value: object) -> str:
    match value:
        case str():
            return json.dumps(_clip(value, _MAX_GOT), ensure_ascii=False)
        case dict():
            return "an object"
        case list():
            return f"a list of {len(value)}"
        case _:
            return _clip(json.dumps(value, default=repr), _MAX_GOT)


def _clip(text: str, limit: int = MAX_MESSAGE) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
