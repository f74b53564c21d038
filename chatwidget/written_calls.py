"""The tool calls that code writes, and their results: each gets one, from whoever runs it, or in the end from us."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

from chatwidget.context import RunContext
from chatwidget.events import ToolEnded
from chatwidget.messages import Message, ToolCallPart, ToolResultPart
from chatwidget.tool_display import Display
from chatwidget.turn import Turn

log = logging.getLogger("chatwidget")


class WrittenCalls:
    """The calls in the messages that code writes.

    `ids` are their ids as who writes knows them, with those in the transcript: an id that was used before gets another
    one there, and the newest is meant. `display` tells how the calls of a tool look.
    """

    def __init__(self, context: RunContext, display: Callable[[str], Display | None]) -> None:
        self.ids: dict[str, str] = {}
        self._context = context
        self._transcript = context.transcript
        self._display = display
        self._unanswered: dict[str, Turn | None] = {}

    def know(self, call_ids: Mapping[str, str], turn: Turn | None) -> None:
        """Take note of calls that were written in a turn."""
        for known, real in call_ids.items():
            self.ids[known] = real
            call = self._transcript.calls.get(real)
            if call is not None and call.result is None:
                self._unanswered.setdefault(real, turn)

    def caller(self, message: Message, function: str | None) -> str | None:
        """Return the id of the message with the call that a result answers; None, and a line in the log, for none.

        A result of the older form names the `function`: the last call of it that waits is meant.
        """
        real = self._answered_by(message, function)
        call = self._transcript.calls.get(real)
        if call is not None and call.result is None:
            return call.message_id
        why = "there is no such call" if call is None else "it has its result already"
        log.warning("the result for the call %r was ignored: %s", function or _result(message).tool_call_id, why)
        return None

    def answer(self, message: Message, function: str | None) -> None:
        """Add the result of a call."""
        real = self._answered_by(message, function)
        part = replace(_result(message), tool_call_id=real, name=self._name(real))
        display = self._display(part.name)
        self._add(message, part if display is None else display.shown(part))

    def answer_rest(self, whose: Callable[[Turn | None], bool], why: str) -> None:
        """Answer the calls that nobody has answered, of the turns that are meant."""
        for real, turn in list(self._unanswered.items()):
            call = self._transcript.calls.get(real)
            if call is None or call.result is not None:
                del self._unanswered[real]
            elif whose(turn):
                self._add(Message(role="tool"), ToolResultPart(real, self._name(real), why, "output-error"))

    def _add(self, message: Message, part: ToolResultPart) -> None:
        self._unanswered.pop(part.tool_call_id, None)
        self._context.emit(ToolEnded(part))
        self._context.add(replace(message, parts=(part,)))

    def _answered_by(self, message: Message, function: str | None) -> str:
        if function is None:
            sent = _result(message).tool_call_id
            return self.ids.get(sent, sent)
        waiting = [real for real in self._unanswered if real in self._transcript.calls]
        return next((real for real in reversed(waiting) if self._name(real) == function), "")

    def _name(self, real: str) -> str:
        call = self._transcript.calls[real]
        return cast("ToolCallPart", self._transcript.part(call.message_id, call.index)).name


def _result(message: Message) -> ToolResultPart:
    return cast("ToolResultPart", message.parts[0])
