"""What a person sends to an app: asked for, checked, and put into the conversation.

Rules:

1. A person's input becomes a message when the app takes it. If the app yields it on (`User(text)`) that message is sent
   to models; if it has not by the next `Generate` or `GetUserInput`, the message stays on screen, off the record.
2. An answer that is none is explained and asked for again; what the person had written stays, off the record.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from chatwidget.answers import Answers
from chatwidget.asks import shown_answer
from chatwidget.commands import GetUserInput
from chatwidget.context import RunContext
from chatwidget.errors import AskTimeout
from chatwidget.events import InputReceived, InputRequested, MessageEnded, MessageStarted
from chatwidget.messages import Assistant, Message, User, UserText, new_id
from chatwidget.threads import text_of
from chatwidget.tool_execution import STOPPED
from chatwidget.tool_runs import refuse_calls

PRINTED = "output"
"""Who is named as the speaker of what code has printed."""


def take_user_message(message: Message, context: RunContext) -> Message:
    """Add what an app yields as the person's words: the very message that was sent, if it is that."""
    draft = context.transcript.drafts.get(message.id)
    if draft is not None and draft.head.scope == context.scope:
        head = draft.head
        settled = replace(message, parent_id=head.parent_id, scope=head.scope, created=head.created)
        settled = replace(settled, feedback=head.feedback)
        context.emit(MessageEnded(replace(settled, status="complete")))
        return settled
    if message.id in context.transcript.ids:
        known = context.transcript.get(message.id)
        if known.scope == context.scope and known.off_record <= message.off_record:
            return known
    settle_input(context)
    return context.add(message)


def settle_input(context: RunContext) -> None:
    """End the person's message that the app has taken but not passed on: shown, never sent to a model."""
    for draft in list(context.transcript.drafts.values()):
        if draft.head.role == "user" and draft.head.scope == context.scope:
            context.emit(MessageEnded(replace(draft.message(), status="complete", off_record=True)))


def settle_open(context: RunContext) -> None:
    """Settle what a run that was left behind holds open: messages still arriving, and calls without a result."""
    settle_input(context)
    for draft in list(context.transcript.drafts.values()):
        off_record = draft.head.role == "user"
        context.emit(MessageEnded(replace(draft.message(), status="stopped", off_record=off_record)))
    for message in context.transcript.path:
        refuse_calls(context, message, STOPPED, only_open=True)


async def ask_person(command: GetUserInput, context: RunContext) -> Any:
    """Perform a `GetUserInput`: return the answer, valid as the command wants it.

    Raises AskTimeout when nobody answered in time.
    """
    recorded = bool(command.message) and command.record
    if recorded and not _stands_last(command.message, context):
        context.add(Assistant(command.message))
    answers = Answers(command.choices, command.schema, command.validate)
    error: str | None = None
    try:
        async with asyncio.timeout(command.timeout):
            while True:
                request = InputRequested(
                    context.ids(),
                    command.message,
                    recorded,
                    kind=answers.kind,
                    choices=answers.labels,
                    schema=answers.schema,
                    error=error,
                    check=answers.check,
                )
                text = await _input(request, context)
                try:
                    return answers.of(text)
                except ValueError as wrong:
                    error = text_of(wrong)[:500]
                settle_input(context)
    except TimeoutError:
        asked = command.message or "The app's question"
        raise AskTimeout(f"Nobody answered {asked!r:.80} within {command.timeout:g} s.") from None


def answer_to(asked: InputRequested, value: Any) -> UserText:
    """Return a raw answer as what the person said; raises ValueError when it is none."""
    if asked.check is not None:
        asked.check(value)
    message = replace(User(shown_answer(value)), id=new_id())
    return UserText.of(message, None if isinstance(value, str) and not asked.schema else value)


async def _input(request: InputRequested, context: RunContext) -> UserText:
    async with context.asking:
        context.emit(request)
        text = await context.ask(request)
        context.emit(InputReceived(request.request_id, str(text)))
    origin = text.message or User(str(text))
    if origin.id in context.transcript:
        context.rewind(origin.id)
    else:
        origin = context.head(origin)
        context.emit(MessageStarted(replace(origin, status="arriving")))
    return UserText.of(origin, text.value)


def _stands_last(question: str, context: RunContext) -> bool:
    """Whether the question was asked already: by this app, before it was started again."""
    said = (message for message in reversed(context.transcript.path) if message.name != PRINTED)
    last = next(said, None)
    return last is not None and (last.role, last.text, last.scope) == ("assistant", question, context.scope)
