"""A reply being written: a model's deltas in, message events out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, cast

from chatwidget.context import RunContext
from chatwidget.events import (
    MessageEnded,
    MessageStarted,
    OutputPreviewed,
    OutputRejected,
    PartDelta,
    PartEnded,
    PartStarted,
    RetryScheduled,
    ToolPreviewed,
)
from chatwidget.growing import Growing
from chatwidget.messages import (
    ImagePart,
    Message,
    Part,
    ReasoningPart,
    SourcePart,
    Status,
    StepPart,
    TextPart,
    ToolCallPart,
    clean_text,
)
from chatwidget.models.base import (
    ImageDelta,
    ReasoningDelta,
    RetryDelta,
    SourceDelta,
    StepDelta,
    TextDelta,
    ToolCallDelta,
)
from chatwidget.output_attempts import OutputAttempts
from chatwidget.output_type import AGAIN
from chatwidget.preview_runs import Previews

Delta = TextDelta | ReasoningDelta | ToolCallDelta | StepDelta | ImageDelta | SourceDelta | RetryDelta


class _Arguments:
    """One tool call while its arguments arrive."""

    def __init__(self, index: int, part: ToolCallPart, json: Growing) -> None:
        self.index = index
        self.part = part
        self.json = json
        self.held = ""


class Reply:
    """One assistant message as it is written; emits its events and settles it exactly once.

    Text and reasoning deltas go to the part that is open, or open a new one; tool calls are told apart by the
    model's index, so that interleaved calls come out whole. What is cited stands at the end. With `attempts` the text
    is to be of their type.
    """

    def __init__(
        self, context: RunContext, head: Message, previews: Previews, attempts: OutputAttempts | None = None
    ) -> None:
        self._context = context
        self._emit = context.emit
        self._head = head
        self._previews = previews
        self._attempts = attempts
        self._output = Growing(context.clock)
        self._count = 0
        self._open: tuple[int, type] | None = None
        self._held = ""
        self._calls: dict[int, _Arguments] = {}
        self._steps: dict[str, int] = {}
        self._sources: dict[str, SourcePart] = {}
        self._emit(MessageStarted(head))

    @property
    def visible(self) -> bool:
        """Whether anything of this reply has arrived."""
        return self._count > 0

    def feed(self, delta: Delta) -> None:
        """Take one delta."""
        if not isinstance(delta, TextDelta | ReasoningDelta):
            self._feed_other(delta)
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
            if kind is TextPart and self._attempts is not None and self._output.feed(text):
                self._preview_output(self._output.value)

    def _feed_other(self, delta: Delta) -> None:
        match delta:
            case ToolCallDelta():
                self._feed_call(delta)
            case StepDelta():
                self._feed_step(delta)
            case SourceDelta():  # in the middle of a text, which it must not cut in two
                self._sources.setdefault(delta.url, SourcePart(delta.url, delta.title, delta.text))
            case RetryDelta():
                self._emit(RetryScheduled(self._head.id, delta.reason, delta.seconds, delta.attempt, delta.of))
            case ImageDelta():
                self._close_text()
                image = ImagePart(clean_text(delta.url), alt=clean_text(delta.alt))
                self._emit(PartEnded(self._head.id, self._start(image), image))

    def settle(self, status: Status, error: str | None = None, usage: Mapping[str, Any] | None = None) -> Message:
        """End the message with its verdict and return it as settled."""
        self._close_text()
        for call in self._calls.values():
            self._end_call(call)
        for step in self._steps:
            self._end_step(step, "done" if status == "complete" else "failed")
        for source in self._sources.values():
            self._emit(PartEnded(self._head.id, self._start(source), source))
        arrived = self._context.transcript.get(self._head.id)
        message = self._judged(replace(arrived, status=status, error=error, usage=usage))
        self._emit(MessageEnded(message))
        return message

    def _judged(self, message: Message) -> Message:
        """Return the message as one of the wanted type; one that is not is off the record."""
        attempts = self._attempts
        if attempts is None or message.status not in ("complete", "length"):
            return replace(message, output=None)
        tools = frozenset(tool.name for tool in self._context.tools.offered())
        text = attempts.text_of(message, tools)
        if text is None:
            return replace(message, output=None)
        wrong = attempts.judge(message.id, text)
        if wrong is None:
            self._emit(OutputPreviewed(message.id, attempts.value(message), final=True))
        else:
            self._emit(OutputRejected(message.id, wrong, attempts.left - 1))
            return replace(message, off_record=True, error=wrong.removesuffix(AGAIN).rstrip())
        return message

    def _preview_output(self, value: Any) -> None:
        if self._attempts is not None and (so_far := self._attempts.type.partial(value)) is not None:
            self._emit(OutputPreviewed(self._head.id, so_far))

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
            call = self._calls[delta.index] = _Arguments(self._start(part), part, Growing(self._context.clock))
        elif delta.name and not call.part.name:
            call.part = replace(call.part, name=clean_text(delta.name))
        text, call.held = _whole_characters(call.held + delta.arguments)
        if text:
            self._emit(PartDelta(self._head.id, call.index, text))
            if call.json.feed(text):
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

    def _end_call(self, call: _Arguments) -> None:
        if call.held:
            self._emit(PartDelta(self._head.id, call.index, "\ufffd"))
            call.json.feed("\ufffd")
        part = cast("ToolCallPart", self._context.transcript.part(self._head.id, call.index))
        part = replace(part, name=call.part.name)
        self._preview(call, part.arguments)
        self._emit(PartEnded(self._head.id, call.index, part))

    def _preview(self, call: _Arguments, text: str | None = None) -> None:
        """Show the arguments so far; all of them with their `text`."""
        part, best = call.part, call.json.value
        self._emit(ToolPreviewed(self._head.id, call.index, part.id, part.name, best, text is not None))
        self._previews.offer(part.id, part.name, best, text)
        if self._attempts is not None and text is None and part.name == self._attempts.type.name:
            self._preview_output(best)


def _whole_characters(text: str) -> tuple[str, str]:
    """Hold back a high surrogate at the end until its low half comes; replace halves that never met."""
    held = text[-1] if text and "\ud800" <= text[-1] <= "\udbff" else ""
    return clean_text(text[: len(text) - len(held)]), held
