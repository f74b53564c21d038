"""A reply whose lines have labels, sorted while it is being written: what is said, what is thought, what is called."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from chatwidget.models.base import ModelDelta, ReasoningDelta, TextDelta, ToolCallDelta
from chatwidget.scratchpad import Scratchpad

RESULT = "Result:"

_CALL = Scratchpad[Any]("Tool: {tool}\nInput: {input:json}")
_LABELS = ("Thought:", "Tool:", "Input:", "Answer:", RESULT)


class LabelledReply:
    """Turns text, in pieces of any size, into deltas.

    Only the beginning of a line is held back, while it may still become a label, and the lines of a call. `ended` says
    that what comes now is invented: a result, or whatever else follows a call.
    """

    def __init__(self) -> None:
        self.ended = False
        self._label = ""
        self._pending = ""
        self._begins_line = True
        self._call = ""
        self._fresh = True  # nothing but blanks came since the label
        self._blanks = ""
        self._told: set[type] = set()

    def feed(self, text: str) -> Iterator[ModelDelta]:
        """Take more text and give what can be told of it."""
        self._pending += text
        while self._pending and not self.ended:
            if self._begins_line and self._may_become_label():
                return
            yield from self._rest_of_line()

    def rest(self) -> Iterator[ModelDelta]:
        """Give what is left at the end: the beginning of a line that was no label, and the call."""
        while self._pending and not self.ended:
            yield from self._rest_of_line()
        if not self._call:
            return
        found = _CALL.parse(self._call)
        if "tool" not in found:
            yield TextDelta(self._call)
            return
        if found.unparsed:
            yield ReasoningDelta(f"\n{found.unparsed}")
        arguments = json.dumps(found["input"], ensure_ascii=False) if "input" in found else found.raw.get("input", "")
        yield ToolCallDelta(0, None, found["tool"], arguments)

    def _labels(self) -> tuple[str, ...]:
        return (RESULT,) if self._label == "Answer:" else _LABELS

    def _may_become_label(self) -> bool:
        start = self._pending.lstrip(" \t").lower()
        return any(len(start) < len(label) and label.lower().startswith(start) for label in self._labels())

    def _rest_of_line(self) -> Iterator[ModelDelta]:
        if self._begins_line:
            self._take_label()
        line, newline, self._pending = self._pending.partition("\n")
        self._begins_line = bool(newline)
        if not self.ended:
            yield from self._tell(line + newline)

    def _take_label(self) -> None:
        start = self._pending.lstrip(" \t")
        label = next((label for label in self._labels() if start[: len(label)].lower() == label.lower()), None)
        if label is None:
            return
        self.ended = label == RESULT or (bool(self._call) and not (label == "Input:" and self._label == "Tool:"))
        self._pending = start[len(label) :]
        self._label, self._fresh, self._blanks = label, True, ""
        if label in ("Tool:", "Input:") and not self.ended:
            self._call += f"\n{label}"

    def _tell(self, text: str) -> Iterator[ModelDelta]:
        if self._label in ("Tool:", "Input:"):
            self._call += text
            return
        text = self._blanks + text
        shown = text.rstrip()
        self._blanks = text[len(shown) :]
        shown = shown.lstrip() if self._fresh else shown
        if shown:
            kind = ReasoningDelta if self._label == "Thought:" else TextDelta
            yield kind(f"\n\n{shown}" if self._fresh and kind in self._told else shown)
            self._told.add(kind)
            self._fresh = False
