"""Our JSON of a message: lossless, strict, safe to read from a stranger's file.

    {"role": "assistant", "id": "9f...", "parent_id": "03...", "parts": [{"type": "text", "text": "Hello"}]}

Keys at their default are left out, `role`, `id` and a part's `type` never. `live` (a callable) is not stored.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any, cast, get_args, get_type_hints

from chatwidget.errors import FormatError
from chatwidget.messages import Approval, DisplayPart, Feedback, Message, Part, ToolResultPart, clean_text

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

MAX_DEPTH = 64
_PARTS: dict[str, type[Part]] = {kind().type: kind for kind in get_args(Part)}
_SHAPES: dict[str, type[Any]] = {**_PARTS, "approval": Approval, "feedback": Feedback}
_ALWAYS = ("id", "role", "type", "allowed", "value")
_BY_HAND = ("live", "parts", "displays", "approval", "feedback")
_MUST_BE = {
    "bool_type": "true or false",
    "dict_type": "an object",
    "float_type": "a number",
    "mapping_type": "an object",
    "string_type": "a string",
}


def message_to_json(message: Message) -> dict[str, Any]:
    """Turn a message into plain JSON data, which `message_from_json` reads back equal.

    Raises `FormatError` when a bundle or a usage holds what JSON cannot say.
    """
    data = _written(message)
    if message.parts:
        data["parts"] = [_written_part(part) for part in message.parts]
    if message.feedback is not None:
        data["feedback"] = _written(message.feedback)
    return cast(dict[str, Any], _copied(data, "", 0))


def message_from_json(data: Any, where: str = "") -> Message:
    """Read a message from JSON data; `where` is its place, for errors, such as "messages[3]".

    Raises `FormatError` that names the field for a missing or unknown key, a wrong type, a number that is not finite,
    and nesting deeper than 64. Lone surrogates become U+FFFD.
    """
    fields = _an_object(_copied(data, where, 0), where)
    parts, feedback = fields.pop("parts", []), fields.pop("feedback", None)
    if not isinstance(parts, list):
        raise FormatError(f"{_at(where, 'parts')}: must be a list, not {_kind(parts)}")
    read = [_part(part, f"{_at(where, 'parts')}[{index}]") for index, part in enumerate(parts)]
    thought = None if feedback is None else Feedback(**_small("feedback", feedback, where))
    return Message(**_checked("message", fields, where), parts=tuple(read), feedback=thought)


def parse_json(text: str | bytes, where: str = "the file") -> Any:
    """Parse JSON as its standard has it: UTF-8, no NaN or Infinity, no key twice in one object."""
    try:
        return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_key_twice)
    except RecursionError:
        raise FormatError(f"{where}: is nested too deeply") from None
    except UnicodeDecodeError as error:
        raise FormatError(f"{where}: is not UTF-8 (byte {error.start})") from None
    except ValueError as error:
        raise FormatError(f"{where}: is not JSON ({error})") from None


def _part(data: Any, where: str) -> Part:
    kind = _an_object(data, where).get("type")
    if not isinstance(kind, str) or kind not in _PARTS:
        raise FormatError(f"{_at(where, 'type')}: must be one of {', '.join(_PARTS)}, not {kind!r:.80}")
    if kind != "tool_result":
        return _PARTS[kind](**_checked(kind, data, where))
    fields = dict(data)
    displays, approval = fields.pop("displays", []), fields.pop("approval", None)
    if not isinstance(displays, list):
        raise FormatError(f"{_at(where, 'displays')}: must be a list, not {_kind(displays)}")
    shown = [_part(item, f"{_at(where, 'displays')}[{index}]") for index, item in enumerate(displays)]
    if not all(isinstance(part, DisplayPart) for part in shown):
        raise FormatError(f"{_at(where, 'displays')}: must hold displays only")
    decision = None if approval is None else Approval(**_small("approval", approval, where))
    return ToolResultPart(
        **_checked(kind, fields, where), displays=cast("tuple[DisplayPart, ...]", tuple(shown)), approval=decision
    )


def _small(kind: str, data: Any, where: str) -> dict[str, Any]:
    """Return the fields of an object that stands in one of its own kind's name, as an approval does."""
    where = _at(where, kind)
    return _checked(kind, _an_object(data, where), where)


def _written_part(part: Part) -> dict[str, Any]:
    data = _written(part)
    if isinstance(part, ToolResultPart):
        if part.displays:
            data["displays"] = [_written(item) for item in part.displays]
        if part.approval is not None:
            data["approval"] = _written(part.approval)
    return data


def _written(value: Message | Part | Approval | Feedback) -> dict[str, Any]:
    fields = [field for field in dataclasses.fields(value) if field.name not in _BY_HAND]
    items = {field.name: (getattr(value, field.name), field) for field in fields}
    return {name: item for name, (item, field) in items.items() if name in _ALWAYS or item != _default(field)}


def _default(field: dataclasses.Field[Any]) -> Any:
    made = field.default_factory
    return field.default if made is dataclasses.MISSING else made()


def _checked(kind: str, data: dict[str, Any], where: str) -> dict[str, Any]:
    from pydantic import ValidationError

    try:
        shape = _shape(kind).model_validate(data)
        return {name: getattr(shape, name) for name in shape.model_fields_set}
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    raise FormatError(_sentence(first, where))


def _sentence(error: ErrorDetails, where: str) -> str:
    for step in error["loc"]:
        where = f"{where}[{step}]" if isinstance(step, int) else _at(where, step)
    match error["type"]:
        case "missing":
            return f"{where}: is missing"
        case "extra_forbidden":
            return f"{where}: is not a key this version knows"
        case "literal_error":
            return f"{where}: must be {error['ctx']['expected']}, not {error['input']!r:.80}"
        case kind:
            return f"{where}: must be {_MUST_BE.get(kind, error['msg'])}, not {_kind(error['input'])}"


@cache
def _shape(kind: str) -> type[BaseModel]:
    # Made on first use: importing pydantic takes longer than all the rest of the package. A model of its own, because
    # pydantic reads a dict into a dataclass only when it is lax about types, and then ignores unknown keys.
    from pydantic import ConfigDict, create_model

    hints = {name: hint for name, hint in get_type_hints(_SHAPES.get(kind, Message)).items() if name not in _BY_HAND}
    fields: dict[str, Any] = {name: (hint, ... if name in _ALWAYS else None) for name, hint in hints.items()}
    return create_model(kind, __config__=ConfigDict(extra="forbid", strict=True), **fields)


def _copied(value: Any, where: str, depth: int) -> Any:
    """Copy JSON data, refusing what is none. What comes after may recurse: it is shallow by then."""
    if depth > MAX_DEPTH:
        raise FormatError(f"{where[:80]}: is nested deeper than {MAX_DEPTH}")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, int | float):
        return _number(value, where)
    if isinstance(value, Mapping):
        return {_key(key, where): _copied(item, _at(where, key), depth + 1) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_copied(item, f"{where}[{index}]", depth + 1) for index, item in enumerate(value)]
    raise FormatError(f"{where or 'the message'}: {_kind(value)} is not JSON")


def _number(value: int | float, where: str) -> int | float:
    # An integer that a browser reads as Infinity is not a number there.
    if isinstance(value, int) and value.bit_length() > 1023:
        raise FormatError(f"{where}: the number is too large")
    if not isfinite(value):
        raise FormatError(f"{where}: {value} is not a JSON number")
    return value


def _key(key: Any, where: str) -> str:
    if not isinstance(key, str):
        raise FormatError(f"{where}: the key {key!r:.80} must be a string")
    return clean_text(key)


def _an_object(data: Any, where: str) -> dict[str, Any]:
    if isinstance(data, dict):
        return data
    raise FormatError(f"{where or 'the message'}: must be an object, not {_kind(data)}")


def _at(where: str, key: Any) -> str:
    return f"{where}.{key!s:.80}" if where else f"{key!s:.80}"


def _kind(value: Any) -> str:
    names = {"NoneType": "null", "dict": "object", "tuple": "list"}
    return names.get(type(value).__name__, type(value).__name__)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not allowed")


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("an object has one key twice")
    return made
