"""The best value so far of a JSON text that is still being written: a tool's arguments, chunk by chunk.

Rules:

1. Text that may still become JSON gives its value so far, or `MISSING` while there is none: `{"a": "x` is
   `{"a": "x"}`, `{"a": tr` is `{}`, `t` is `MISSING`.
2. Once another key has begun, the value of a key no longer changes.
3. Text that can no longer become JSON raises `ToolArgumentsError`, and so does what a browser could not hold:
   NaN, infinities, integers of more than 300 digits, more than 200 levels.
4. Lone surrogates become U+FFFD, whether raw or escaped.
"""

from __future__ import annotations

import math
import re
from enum import Enum
from typing import Any, Final, Literal

import jiter

from chatwidget.errors import ToolArgumentsError
from chatwidget.messages import clean_text

MAX_DIGITS = 300
"""The longest integer accepted: about where a float, which is what JavaScript makes of it, ends."""

_Mode = Literal[False, True, "trailing-strings"]
_BOUND = 10**MAX_DIGITS
_SAFE = 1e299  # below it nothing needs a closer look; comparing with a float is the quicker way to tell
_CUT_NUMBER = re.compile(r"[0-9](\.|[eE][+-]?)\Z")
# Each alternative takes a whole escape, so that the `u` after an escaped backslash is not taken for one.
_ESCAPE = re.compile(
    r"(?P<kept>\\u[dD][89abAB][0-9a-fA-F]{2}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?:\\(?:u[0-9a-fA-F]{0,3})?)?\Z))"
    r"|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    r"|\\."
)


class Missing(Enum):
    """The type of `MISSING`."""

    MISSING = "missing"

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING: Final = Missing.MISSING
"""No value yet; not `None`, because `null` is a value."""


def parse(text: str) -> Any:
    """Return the best value so far of an unfinished JSON text, or `MISSING` when there is none yet.

    Raises `ToolArgumentsError` when the text can no longer become acceptable JSON.
    """
    if "\ud800" <= text[-1:] <= "\udbff":
        text = text[:-1]  # its other half may still come
    value = _load(text, "trailing-strings")
    if _CUT_NUMBER.search(text, max(len(text) - 3, 0)):
        # The parser drops a number that stops at `1.` or `1e`, and a key would come and go. In a string such an end
        # means nothing: there the mode that drops unfinished strings finds no difference.
        whole = _load(text + "0", True)
        if whole != _load(text, True):
            return whole
    return value


def parse_complete(text: str) -> Any:
    """Return the value of a finished JSON text; nothing but whitespace counts as `{}`.

    Raises `ToolArgumentsError` that says what was wrong and where.
    """
    if not text.strip():
        return {}
    return _load(text, False)


class PartialJSON:
    """A JSON text that arrives in pieces.

        arguments = PartialJSON()
        arguments.feed('{"city": "Par')
        arguments.value                          # {"city": "Par"}

    `feed` only keeps the piece; the text is parsed when `value` is read, and once for the same text. So read it at
    most once a frame: the cost of a read grows with the text (0.3 ms for a text of 200 kB).
    """

    def __init__(self, text: str = "") -> None:
        self._pieces = [text]
        self._parsed = False
        self._value: Any = None
        self._error: ToolArgumentsError | None = None

    def feed(self, text: str) -> None:
        """Add the next piece."""
        if text:
            self._pieces.append(text)
            self._parsed = False

    @property
    def text(self) -> str:
        """All pieces so far, joined."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0]

    @property
    def value(self) -> Any:
        """The best value so far, None while there is none; after text that cannot be JSON, the last good one read."""
        self._read()
        return self._value

    @property
    def error(self) -> ToolArgumentsError | None:
        """Why the text can no longer become JSON, or None while it can."""
        self._read()
        return self._error

    def complete(self) -> Any:
        """Return the value of the finished text; raises `ToolArgumentsError` as `parse_complete` does."""
        return parse_complete(self.text)

    def _read(self) -> None:
        if self._parsed or self._error:
            return
        self._parsed = True
        try:
            value = parse(self.text)
        except ToolArgumentsError as error:
            self._error = error
        else:
            self._value = None if value is MISSING else value


def _load(text: str, mode: _Mode) -> Any:
    text = clean_text(text)
    try:
        value = _from_json(text, mode)
    except ValueError as error:
        mended = _ESCAPE.sub(_mend, text)
        if mended != text:
            return _load(mended, mode)
        if mode and str(error).startswith("EOF"):
            return MISSING
        raise ToolArgumentsError(_explain(str(error), text)) from None
    _check_numbers(value, "")
    return value


def _from_json(text: str, mode: _Mode) -> Any:
    return jiter.from_json(text.encode(), partial_mode=mode, allow_inf_nan=False)


def _mend(match: re.Match[str]) -> str:
    return r"\ufffd" if match["lone"] else match[0]


def _explain(reason: str, text: str) -> str:
    if reason.startswith("EOF"):
        return f"The arguments are not complete JSON: {reason}, after {text[-30:]!r}."
    if reason.startswith("recursion"):
        return "The arguments are nested too deep: at most 200 levels."
    if reason.startswith("number out of range"):
        return f"The arguments hold a number that is too long: at most {MAX_DIGITS} digits."
    if place := re.search(r" at line (\d+) column (\d+)$", reason):
        line, column = int(place[1]), int(place[2])
        rest = text.encode().split(b"\n")[line - 1][max(column - 9, 0) :]  # jiter counts bytes
        reason = f"{reason}, near {rest[:80].decode(errors='ignore')[:30]!r}"
    return f"The arguments are not valid JSON: {reason}."


def _check_numbers(value: Any, path: str) -> None:
    """Raise for a number out of range. Recursion is safe: jiter stops at 200 levels."""
    if isinstance(value, dict):
        for key, item in value.items():
            if _needs_a_look(item):
                _check_numbers(item, f"{path}.{key:.40}" if path else f"{key:.40}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if _needs_a_look(item):
                _check_numbers(item, f"{path}[{index}]")
    elif isinstance(value, float) and not math.isfinite(value):
        raise ToolArgumentsError(f"The number {_at(path)} is too large: at most 1.7e308.")
    elif isinstance(value, int) and not -_BOUND < value < _BOUND:
        raise ToolArgumentsError(f"The integer {_at(path)} is too long: at most {MAX_DIGITS} digits.")


def _needs_a_look(item: Any) -> bool:
    """Spare most values, texts above all, a path of their own and a call."""
    kind = type(item)
    return kind is dict or kind is list or ((kind is int or kind is float) and not -_SAFE < item < _SAFE)


def _at(path: str) -> str:
    return f"at {path[:200]}" if path else "in the arguments"
