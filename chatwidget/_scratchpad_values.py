"""The values of a scratchpad's fields: from text to the types of a spec, and together to a type of Python."""

from __future__ import annotations

import math
import typing
from collections.abc import Callable, Mapping
from typing import Any

from chatwidget._reply_json import NoJSON, json_in

_TRUE = ("yes", "y", "true", "on", "1")
_FALSE = ("no", "n", "false", "off", "0")


def _word(text: str) -> str:
    if len(text.split()) != 1:
        raise ValueError(f"{text!r:.80} is not one word")
    return text


def _int(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"{text!r:.80} is not a whole number") from None


def _float(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{text!r:.80} is not a number")
    return number


def _bool(text: str) -> bool:
    word = text.lower().rstrip(".!")
    if word not in _TRUE + _FALSE:
        raise ValueError(f"{text!r:.80} is neither yes nor no")
    return word in _TRUE


def _json(text: str) -> Any:
    """Read JSON, also in a fence, and with commas before a closing bracket, as models leave them."""
    try:
        return json_in(text)[1]
    except ValueError:
        pass
    try:
        return json_in(_without_last_commas(text))[1]
    except NoJSON:
        raise ValueError(f"{text!r:.80} is not JSON") from None
    except ValueError as error:
        raise ValueError(f"{text!r:.80} is not JSON: {error}") from None


def _without_last_commas(text: str) -> str:
    kept: list[str] = []
    in_string = escaped = False
    comma = -1  # where in `kept` a comma stands that has had nothing but blanks behind it
    for character in text:
        if in_string:
            in_string = escaped or character != '"'
            escaped = not escaped and character == "\\"
        elif character == ",":
            comma = len(kept)
        elif not character.isspace():
            if character in "]}" and comma >= 0:
                kept[comma] = ""
            comma = -1
            in_string = character == '"'
        kept.append(character)
    return "".join(kept)


READERS: Mapping[str, Callable[[str], Any]] = {
    "str": str,
    "word": _word,
    "S": _word,
    "int": _int,
    "float": _float,
    "bool": _bool,
    "json": _json,
    "multiline": str,
}


def typed(type_: Any, fields: Mapping[str, Any]) -> tuple[Any, list[str]]:
    """Return the fields as an object of a pydantic model, dataclass or TypedDict, or what is wrong with them."""
    # Here, not above: reading text without a type does not pay for pydantic.
    from pydantic import TypeAdapter, ValidationError

    if not typing.is_typeddict(type_):
        try:
            return TypeAdapter(type_).validate_python(dict(fields)), []
        except ValidationError as error:
            return None, _faults(error)
    # Field by field, since pydantic refuses a TypedDict of `typing` before Python 3.12.
    made: dict[str, Any] = {}
    faults = [f"{name}: it is missing" for name in sorted(type_.__required_keys__ - fields.keys())]
    for name, hint in typing.get_type_hints(type_).items():
        if name in fields:
            try:
                made[name] = TypeAdapter(hint).validate_python(fields[name])
            except ValidationError as error:
                faults += _faults(error, name)
    return made, faults


def _faults(error: Any, name: str = "") -> list[str]:
    problems = error.errors(include_url=False, include_context=False, include_input=False)[:5]
    return [f"{'.'.join([*filter(None, [name]), *map(str, one['loc'])])}: {one['msg']}" for one in problems]
