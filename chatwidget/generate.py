"""One reply: ask the model, run the tools it calls, send their results, ask again, until it answers in words.

Rules:

1. Every message that started ends, whatever happens: model failure, cancellation, a tool that exits.
2. Every tool call of a settled message gets exactly one result message, in the order of the calls, so that the next
   request is always valid.
3. A tool runs at most once for a call. Arguments that did not arrive whole, or do not fit, are never run with.
4. After `max_tool_rounds` rounds, or three in a row of unknown tools only, the model is asked once more without
   tools, so that a loop ends in words. Tools it calls even then are not run.
5. A stop ends the reply at its next delta at the latest, even if the model's code swallows the cancellation.
6. What was said to steer the turn joins before a request, when the tools have their results (`steering.py`).
7. A reply that is not of the wanted type stays on screen, off the record; what is wrong with it is told to the model
   in the next request only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatwidget.approvals import keep_to_budget
from chatwidget.choosing import one_of
from chatwidget.context import RunContext
from chatwidget.events import LimitReached
from chatwidget.messages import Message
from chatwidget.models.base import Model, ModelRequest
from chatwidget.output_attempts import OutputAttempts
from chatwidget.preview_runs import Previews
from chatwidget.reply_wish import ReplyWish
from chatwidget.tool_runs import NOT_RUN, TOO_MANY, Told, refuse_calls, run_tools

MAX_STRIKES = 3
"""How often in a row a model may call tools that do not exist."""

TAKEN = "This reply was taken as it is."
REJECTED = "This reply does not fit: {}"


async def generate(
    context: RunContext, model: Model, options: Mapping[str, Any], wish: ReplyWish | None = None
) -> Message:
    """Perform one `Generate`: return the final assistant message.

    Raises ModelError (or a subclass) when the model failed; the message is settled with its verdict before. When
    cancelled, the message is settled as `stopped`, every call has a result, and CancelledError goes on.
    """
    wish = wish or ReplyWish()
    spec = None if wish.attempts is None else wish.attempts.spec
    rounds = _Rounds(context)
    feedback: tuple[Message, ...] = ()
    while True:
        await keep_to_budget(context)
        for message in () if context.scope else context.joining():
            context.add(message)
        said = context.history()
        chosen = said if context.view is None else tuple(await context.view(said, model.name))
        messages = (*chosen, *feedback)
        request = ModelRequest(
            messages, context.tools.specs() if rounds.left else (), options, spec, context.options.retries
        )
        previews = Previews(context, shows=rounds.left)
        try:
            message = await one_of(context, model, request, rounds.number, previews, wish)
            if message.status == "length":
                context.emit(LimitReached("tokens", f"The reply of {model.name} was cut at its limit of tokens."))
            if wish.attempts is not None and wish.attempts.rejected(message):
                feedback = _refused(context, message, wish.attempts, previews)
                continue
            if not _calls_tools(context, message, wish.attempts, previews, rounds):
                return message
            await run_tools(context, message, previews)
        finally:
            await previews.close()
        feedback = ()
        rounds.end(message)


def _refused(
    context: RunContext, message: Message, attempts: OutputAttempts, previews: Previews
) -> tuple[Message, ...]:
    """Answer a reply that is not of the type; returns what the model is told besides the history."""
    told: Told = {attempts.type.name: (REJECTED.format(attempts.error(message)), "output-error")}
    refuse_calls(context, message, begun=previews.begun, told=told)
    return attempts.again(message)


def _calls_tools(
    context: RunContext, message: Message, attempts: OutputAttempts | None, previews: Previews, rounds: _Rounds
) -> bool:
    """Whether the reply goes on with tools; where it does not, its calls are answered."""
    told: Told = {}
    if attempts is not None and attempts.accepted(message):
        attempts.take(message)
        told = {attempts.type.name: (TAKEN, "output-available")}
    elif message.status == "complete" and message.tool_calls and rounds.left:
        return True
    over = message.status == "complete" and not rounds.left
    refuse_calls(context, message, TOO_MANY if over else NOT_RUN, begun=previews.begun, told=told)
    return False


class _Rounds:
    """How often the model was asked, and whether it may still call tools."""

    def __init__(self, context: RunContext) -> None:
        self.number = 0
        self._context = context
        self._last = context.max_tool_rounds
        self._strikes = 0

    @property
    def left(self) -> bool:
        """Whether tools are offered in this round."""
        return self.number < self._last

    def end(self, message: Message) -> None:
        """Count a round of tool calls; says so when it was the last one."""
        known = {tool.name for tool in self._context.tools.offered()}
        self._strikes = 0 if any(call.name in known for call in message.tool_calls) else self._strikes + 1
        self.number += 1
        why = f"{self.number} rounds of tool calls gave no answer"
        if self._strikes == MAX_STRIKES:
            self._last = self.number
            why = f"The model called tools that do not exist {MAX_STRIKES} times"
        if self.number == self._last:
            self._context.emit(LimitReached("calls", f"{why}: it is asked once more, without tools."))
