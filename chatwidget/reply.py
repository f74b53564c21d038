"""A reply being written: a model's deltas in, message events out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, cast

from chatwidget.context import RunContext
from chatwidget.events import MessageEnded, MessageStarted, PartDelta, PartEnded, PartStarted, ToolPreviewed
from chatwidget.messages import Message, Part, ReasoningPart, Status, StepPart, TextPart, ToolCallPart, clean_text
from chatwidget.models.base import ReasoningDelta, StepDelta, TextDelta, ToolCallDelta
from chatwidget.partial_json import MISSING, PartialJSON

# Arguments are parsed for a preview when they have grown by an eighth, or this many seconds have passed: the first
# bounds the work by the length, the second keeps slow streams lively.
PREVIEW_GROWTH = 1.125
PREVIEW_SECONDS = 0.02

Delta = TextDelta | ReasoningDelta | ToolCallDelta | StepDelta


class _Arguments:
    """One tool call while its arguments arrive."""

    def __init__(self, index: int, part: ToolCallPart) -> None:
        self.index = index
        self.part = part
        self.json = PartialJSON()
        self.held = ""
        self.length = 0
        self.previewed_length = 0
        self.previewed_at = float("-inf")


class Reply:
    """One assistant message as it is written; emits its events and settles it exactly once.

    Text and reasoning deltas go to the part that is open, or open a new one; tool calls are told apart by the
    model's index, so that interleaved calls come out whole.
    """

    def __init__(self, context: RunContext, head: Message) -> None:
        self._context = context
        self._emit = context.emit
        self._head = head
        self._count = 0
        self._open: tuple[int, type] | None = None
        self._held = ""
        self._calls: dict[int, _Arguments] = {}
        self._steps: dict[str, int] = {}
        self._emit(MessageStarted(head))

    @property
    def visible(self) -> bool:
        """Whether anything of this reply has arrived."""
        return self._count > 0

    def feed(self, delta: Delta) -> None:
        """Take one delta."""
        if isinstance(delta, ToolCallDelta):
            self._feed_call(delta)
            return
        if isinstance(delta, StepDelta):
            self._feed_step(delta)
            return
        kind = TextPart if isinstance(delta, TextDelta) else ReasoningPart
        if not delta.text:
            return
        if self._open is None or self._open[1] is not kind:
            self._close_text()
            self._open = (self._start(kind()), kind)
        text, self._held = _whole_characters(self._held + delta.text)
        if text:
            self._emit(PartDelta(self._head.id, self._open[0], text))

    def settle(self, status: Status, error: str | None = None, usage: Mapping[str, Any] | None = None) -> Message:
        """End the message with its verdict and return it as settled."""
        self._close_text()
        for call in self._calls.values():
            self._end_call(call)
        for step in self._steps:
            self._end_step(step, "done" if status == "complete" else "failed")
        arrived = self._context.transcript.get(self._head.id)
        message = replace(arrived, status=status, error=error, usage=usage)
        self._emit(MessageEnded(message))
        return message

    def _start(self, part: Part) -> int:
        index, self._count = self._count, self._count + 1
        self._emit(PartStarted(self._head.id, index, part))
        return index

    def _close_text(self) -> None:
        if self._held and self._open is not None:
            self._emit(PartDelta(self._head.id, self._open[0], "\ufffd"))
        self._held = ""
        if self._open is not None:
            index = self._open[0]
            self._open = None
            self._emit(PartEnded(self._head.id, index, self._context.transcript.part(self._head.id, index)))

    def _feed_call(self, delta: ToolCallDelta) -> None:
        self._close_text()
        call = self._calls.get(delta.index)
        if call is None:
            part = ToolCallPart(self._unused_id(delta.id), clean_text(delta.name or ""))
            call = self._calls[delta.index] = _Arguments(self._start(part), part)
        elif delta.name and not call.part.name:
            call.part = replace(call.part, name=clean_text(delta.name))
        text, call.held = _whole_characters(call.held + delta.arguments)
        if text:
            self._emit(PartDelta(self._head.id, call.index, text))
            call.json.feed(text)
            call.length += len(text)
            self._preview(call)

    def _feed_step(self, delta: StepDelta) -> None:
        self._close_text()
        index = self._steps.get(delta.id)
        if index is None:
            index = self._steps[delta.id] = self._start(StepPart(clean_text(delta.id), clean_text(delta.name)))
        if delta.text:
            self._emit(PartDelta(self._head.id, index, clean_text(delta.text)))
        if delta.state != "running":
            self._end_step(delta.id, delta.state)

    def _end_step(self, step_id: str, state: Literal["done", "failed"]) -> None:
        index = self._steps[step_id]
        part = cast("StepPart", self._context.transcript.part(self._head.id, index))
        if part.state == "running":
            self._emit(PartEnded(self._head.id, index, replace(part, state=state)))

    def _unused_id(self, proposed: str | None) -> str:
        """Return the model's id for a call, or one of ours when it is missing or was used before in this transcript."""
        taken = self._context.transcript.calls
        base = clean_text(proposed or "") or f"call_{self._context.ids()}"
        candidate, number = base, 2
        while candidate in taken:
            candidate, number = f"{base}_{number}", number + 1
        return candidate

    def _preview(self, call: _Arguments) -> None:
        now = self._context.clock()
        grown = call.length >= call.previewed_length * PREVIEW_GROWTH
        if not grown and now - call.previewed_at < PREVIEW_SECONDS:
            return
        call.previewed_length, call.previewed_at = call.length, now
        self._emit_preview(call, final=False)

    def _end_call(self, call: _Arguments) -> None:
        if call.held:
            self._emit(PartDelta(self._head.id, call.index, "\ufffd"))
            call.json.feed("\ufffd")
        part = cast("ToolCallPart", self._context.transcript.part(self._head.id, call.index))
        part = replace(part, name=call.part.name)
        self._emit_preview(call, final=True)
        self._emit(PartEnded(self._head.id, call.index, part))

    def _emit_preview(self, call: _Arguments, *, final: bool) -> None:
        value = call.json.value
        best = None if value is MISSING else value
        self._emit(ToolPreviewed(self._head.id, call.index, call.part.id, call.part.name, best, final))


def _whole_characters(text: str) -> tuple[str, str]:
    """Hold back a high surrogate at the end until its low half comes; replace halves that never met."""
    held = text[-1] if text and "\ud800" <= text[-1] <= "\udbff" else ""
    return clean_text(text[: len(text) - len(held)]), held
