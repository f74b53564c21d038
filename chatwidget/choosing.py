"""Several replies to one request, and the choice of the one to go on with."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from chatwidget.commands import Choice
from chatwidget.context import RunContext
from chatwidget.errors import AppError
from chatwidget.events import Rewound
from chatwidget.messages import Message
from chatwidget.models.base import Model, ModelRequest
from chatwidget.output_attempts import OutputAttempts
from chatwidget.preview_runs import Previews
from chatwidget.reply_wish import ReplyWish
from chatwidget.request import ask_model
from chatwidget.threads import Exited, call_anyhow
from chatwidget.tool_runs import refuse_calls

NOT_CHOSEN = "This tool was not run: this version of the reply was not chosen."


async def one_of(
    context: RunContext,
    model: Model,
    request: ModelRequest,
    round_number: int,
    previews: Previews,
    wish: ReplyWish,
) -> Message:
    """Ask as often as wished, at once, and return the chosen reply; the others stay beside it, as versions of it.

    Those that fail are no choice; raises what the first one failed with when all do.
    """
    attempts = wish.attempts
    heads = [context.head(_head(context, model, wish)) for _ in range(wish.n)]
    first = _versions(context)
    requests = [replace(request, version=first + place) for place in range(wish.n)]
    if wish.n == 1:
        return await ask_model(context, model, requests[0], heads[0], round_number, previews, attempts)
    # A tool that streams must not begin for a reply that may not be chosen.
    silent = Previews(context, shows=False)
    tasks = [
        asyncio.create_task(ask_model(context, model, own, head, round_number, silent, attempts))
        for own, head in zip(requests, heads, strict=True)
    ]
    chosen: Message | None = None
    try:
        chosen = await _chosen(await _all(tasks), attempts, wish.choice)
    finally:
        for message in _settled(tasks):
            if chosen is None or message.id != chosen.id:
                refuse_calls(context, message, NOT_CHOSEN)
    context.emit(Rewound(chosen.id))
    return chosen


def _head(context: RunContext, model: Model, wish: ReplyWish) -> Message:
    output = None if wish.attempts is None else wish.attempts.type.name
    return Message(
        role="assistant", id=context.ids(), model=model.name, status="arriving", hidden=wish.hidden, output=output
    )


def _versions(context: RunContext) -> int:
    """Count the replies there are already at this place."""
    transcript = context.transcript
    beside = [transcript.head(message_id) for message_id in transcript.children.get(transcript.leaf, ())]
    return sum(1 for head in beside if head.role == "assistant" and head.scope == context.scope)


async def _all(tasks: list[asyncio.Task[Message]]) -> list[Message]:
    """Wait for all and return those that did not fail."""
    try:
        replies = await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    for reply in replies:
        if isinstance(reply, Exited | asyncio.CancelledError):
            raise reply
    if not (messages := _settled(tasks)):
        raise next(reply for reply in replies if isinstance(reply, BaseException))
    return messages


def _settled(tasks: list[asyncio.Task[Message]]) -> list[Message]:
    return [task.result() for task in tasks if task.done() and not task.cancelled() and not task.exception()]


async def _chosen(messages: list[Message], attempts: OutputAttempts | None, choice: Choice | None) -> Message:
    fitting = [message for message in messages if attempts is None or not attempts.rejected(message)] or messages
    if choice is None or len(fitting) == 1:
        return fitting[0]
    answer = await call_anyhow(choice, fitting)
    for message in fitting if isinstance(answer, Message) else ():
        if message.id == answer.id:
            return message
    if type(answer) is int and -len(fitting) <= answer < len(fitting):
        return fitting[answer]
    raise AppError(
        f"choice= returned {answer!r:.80}. It returns one of the {len(fitting)} messages it was given, or its index."
    )
