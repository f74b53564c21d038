"""One reply: ask the model, run the tools it calls, send their results, ask again, until it answers in words.

Rules:

1. Every message that started ends, whatever happens: model failure, cancellation, a tool that exits.
2. Every tool call of a settled message gets exactly one result message, in the order of the calls, so that the next
   request is always valid.
3. A tool runs at most once for a call. Arguments that did not arrive whole, or do not fit, are never run with.
4. After `max_tool_rounds` rounds, or three in a row of unknown tools only, the model is asked once more without
   tools, so that a loop ends in words. Tools it calls even then are not run.
5. A stop ends the reply at its next delta at the latest, even if the model's code swallows the cancellation.
6. A reply that is not of the wanted type stays on screen, off the record; what is wrong with it is told to the model
   in the next request only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatwidget.approvals import keep_to_budget
from chatwidget.choosing import Choice, one_of
from chatwidget.context import RunContext
from chatwidget.events import LimitReached
from chatwidget.history import history
from chatwidget.messages import Message
from chatwidget.models.base import Model, ModelRequest
from chatwidget.output_attempts import OutputAttempts
from chatwidget.preview_runs import Previews
from chatwidget.tool_runs import TOO_MANY, Told, refuse_calls, run_tools

MAX_STRIKES = 3
"""How often in a row a model may call tools that do not exist."""

TAKEN = "This reply was taken as it is."
REJECTED = "This reply does not fit: {}"


async def generate(
    context: RunContext,
    model: Model,
    options: Mapping[str, Any],
    *,
    attempts: OutputAttempts | None = None,
    n: int = 1,
    choice: Choice | None = None,
    hidden: bool = False,
) -> Message:
    """Perform one `Generate`: return the final assistant message; the value of one with `attempts` is in these.

    With `hidden` the reply is in the conversation and not on screen.

    Raises ModelError (or a subclass) when the model failed; the message is settled with its verdict before. When
    cancelled, the message is settled as `stopped`, every call has a result, and CancelledError goes on.
    """
    round_number = strikes = 0
    feedback: tuple[Message, ...] = ()
    while True:
        await keep_to_budget(context)
        tools = context.tools.specs() if round_number < context.max_tool_rounds else ()
        messages = (*history(context.transcript.path, context.scope), *feedback)
        request = ModelRequest(messages, tools, options, None if attempts is None else attempts.spec)
        previews = Previews(context, shows=round_number < context.max_tool_rounds)
        try:
            message = await one_of(context, model, request, round_number, previews, attempts, n, choice, hidden)
            _say_cut(context, model, message)
            if attempts is not None and attempts.rejected(message):
                said = REJECTED.format(attempts.error(message))
                refuse_calls(context, message, begun=previews.begun, told={attempts.type.name: (said, "output-error")})
                feedback = attempts.again(message)
                continue
            if attempts is not None and attempts.accepted(message):
                attempts.take(message)
                told: Told = {attempts.type.name: (TAKEN, "output-available")}
                refuse_calls(context, message, begun=previews.begun, told=told)
                return message
            if message.status != "complete" or not message.tool_calls:
                refuse_calls(context, message, begun=previews.begun)
                return message
            if round_number >= context.max_tool_rounds:
                refuse_calls(context, message, TOO_MANY, begun=previews.begun)
                return message
            await run_tools(context, message, previews)
        finally:
            await previews.close()
        feedback = ()
        round_number += 1
        strikes = 0 if _calls_known(context, message) else strikes + 1
        if strikes == MAX_STRIKES or round_number == context.max_tool_rounds:
            rounds = f"{round_number} rounds of tool calls gave no answer"
            why = f"The model called tools that do not exist {strikes} times" if strikes == MAX_STRIKES else rounds
            context.emit(LimitReached("calls", f"{why}: it is asked once more, without tools."))
            round_number = context.max_tool_rounds


def _calls_known(context: RunContext, message: Message) -> bool:
    known = {tool.name for tool in context.tools.offered()}
    return any(call.name in known for call in message.tool_calls)


def _say_cut(context: RunContext, model: Model, message: Message) -> None:
    if message.status == "length":
        context.emit(LimitReached("tokens", f"The reply of {model.name} was cut at its limit of tokens."))
