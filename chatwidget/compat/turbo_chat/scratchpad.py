"""Labelled lines read into values, by turbo-chat's patterns."""

from __future__ import annotations

import re
from typing import Any, Generic, TypeVar, cast

from chatwidget import scratchpad as core

__all__ = ["Scratchpad"]

T = TypeVar("T")

_TYPES = {"S": "word", "w": "word", "d": "int", "n": "int", "f": "float", "g": "float", "e": "float", "l": "str"}
_TYPED = re.compile(r"\{(\w+):(\w+)\}")


class Scratchpad(Generic[T]):
    """Read labelled lines: `Scratchpad[Reply]("Tool: {tool:S}").parse(text)`.

    The types are `S` (a word), `d`, `f`, `bool`, `json` and `multiline`; without one it is the rest of the line.
    Raises AppError for a pattern that cannot be read.
    """

    def __init__(self, spec: str) -> None:
        known = _TYPED.sub(lambda found: f"{{{found[1]}:{_TYPES.get(found[2], found[2])}}}", spec)
        self.pad: core.Scratchpad[Any] = core.Scratchpad(known)

    def parse(self, input: str) -> T:
        """Return the fields that are there and fit, as a dict; never raises."""
        return cast("T", dict(self.pad.parse(input)))
