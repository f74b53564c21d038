"""What is still arriving: a message whose parts grow, and a tool call on its way to a result."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from typing import Any

from chatwidget.messages import (
    Approval,
    DisplayPart,
    Message,
    Part,
    ReasoningPart,
    StepPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
)


class Draft:
    """A message that is still arriving: its head, and its parts as growing texts."""

    __slots__ = ("_buffers", "_parts", "head")

    def __init__(self, head: Message) -> None:
        self.head = head
        self._parts: list[Part] = list(head.parts)
        self._buffers: list[io.StringIO | None] = [None] * len(head.parts)

    @property
    def count(self) -> int:
        """How many parts have started."""
        return len(self._parts)

    def start(self, index: int, part: Part) -> None:
        """Begin part number `index`, which is the next one."""
        if index != len(self._parts):
            raise ValueError(f"part {index} of message {self.head.id} started, but {len(self._parts)} is next")
        self._parts.append(part)
        self._buffers.append(None)

    def append(self, index: int, text: str) -> None:
        """Add text to a part."""
        buffer = self._buffers[index]
        if buffer is None:
            buffer = self._buffers[index] = io.StringIO()
            buffer.write(_text_of(self._parts[index]))
        buffer.write(text)

    def end(self, index: int, part: Part) -> None:
        """Replace a part by its final value."""
        self._parts[index] = part
        self._buffers[index] = None

    def kind(self, index: int) -> Part:
        """Return a part as it began: constant time."""
        return self._parts[index]

    def part(self, index: int) -> Part:
        """Return one part as far as it has arrived."""
        return _with_text(self._parts[index], self._buffers[index])

    def message(self) -> Message:
        """Return the message as far as it has arrived; the cost is its length."""
        parts = zip(self._parts, self._buffers, strict=True)
        return replace(self.head, parts=tuple(_with_text(part, buffer) for part, buffer in parts))


def _text_of(part: Part) -> str:
    if isinstance(part, TextPart | ReasoningPart | StepPart):
        return part.text
    if isinstance(part, ToolCallPart):
        return part.arguments
    raise ValueError(f"a {part.type} part cannot grow")


def _with_text(part: Part, buffer: io.StringIO | None) -> Part:
    if buffer is None:
        return part
    if isinstance(part, TextPart | ReasoningPart | StepPart):
        return replace(part, text=buffer.getvalue())
    if isinstance(part, ToolCallPart):
        return replace(part, arguments=buffer.getvalue())
    return part


@dataclass(slots=True)
class Scope:
    """A run of an app inside another one: whose it is, the scope around it, and how it ended (None: it runs)."""

    app: str
    parent: str = ""
    verdict: str | None = None
    error: str | None = None


@dataclass(slots=True)
class Call:
    """A tool call as it stands: where its part is, its best arguments so far, what it printed and showed, its result.

    `asked` is the id of the open question whether it may run.
    """

    message_id: str
    index: int
    input: Any = None
    ended: bool = False
    output: list[str] = field(default_factory=list)
    displays: list[DisplayPart] = field(default_factory=list)
    preview: DisplayPart | None = None
    preview_error: str | None = None
    asked: str | None = None
    approval: Approval | None = None
    result: ToolResultPart | None = None
