"""One run of one app: its yields are performed, their results sent back, failures thrown in where they belong.

Rules:

1. Every yield is answered with what it resulted in: `Generate` and messages with a `Message`, `GetUserInput` with
   the text, an app with its value.
2. A failure of what was yielded is raised at that yield. The app may catch it and go on; otherwise it ends the run.
3. A stop, too, is raised at the yield, as CancelledError, innermost app first: `asyncio.timeout` around a yield works
   as it does around an await. What an app does with it prevents nothing, it is closed at its next yield.
   KeyboardInterrupt and SystemExit, of an app or a tool, end the run at once.
4. The app's generator is closed, its `finally` blocks included, before the run is over; one that does not end when
   it is closed is reported and left.
5. A person's input becomes a message when the app takes it. If the app yields it on (`User(text)`) that message is sent
   to models; if it has not by the next `Generate` or `GetUserInput`, the message stays on screen, off the record.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from dataclasses import replace
from typing import Any

from chatwidget.apps import App, AppInstance, Steps, as_app
from chatwidget.asker import ask, asked_by
from chatwidget.capture import capture
from chatwidget.commands import Generate, GetUserInput, Return
from chatwidget.context import RunContext
from chatwidget.errors import AppError
from chatwidget.events import Event, InputReceived, InputRequested, MessageEnded, MessageStarted, RunEnded, RunStarted
from chatwidget.generate import generate
from chatwidget.messages import Assistant, DisplayPart, Message, Status, TextPart, User, UserText
from chatwidget.output_attempts import OutputAttempts
from chatwidget.printed import Printed
from chatwidget.threads import Exited, guarded, heed_stop, text_of
from chatwidget.tool_execution import STOPPED
from chatwidget.tool_runs import refuse_calls
from chatwidget.tools import ToolExit

log = logging.getLogger("chatwidget")

# How deep apps may run inside apps before it is taken for endless recursion.
MAX_DEPTH = 50

# Who is named as the speaker of what code has printed.
PRINTED = "output"

# A wish to end the whole turn, which no `except Exception` of an app should get hold of.
EXITS = (Exited, ToolExit)

# How long an app's own clean-up may take after a stop.
CLOSE_SECONDS = 5.0


async def run_app(instance: AppInstance, context: RunContext) -> Any:
    """Drive an app to its end and return its value (`Return(value)`, or None).

    Raises what the app raised or did not catch: ChatWidgetError for failures of what it asked for and for bad
    yields, any Exception of its own, CancelledError when stopped. The generator is closed in every case.
    """
    if context.depth > MAX_DEPTH:
        raise AppError(f"{instance.name} runs inside itself more than {MAX_DEPTH} apps deep. Does it end?")
    printed = Printed()

    def note(line: str) -> None:
        _note(line, context)

    steps = instance.start()
    answer: Any = None
    failure: BaseException | None = None
    try:
        while True:
            _show_printed(printed, context)
            step = steps.athrow(failure) if failure is not None else steps.asend(answer)
            answer, failure = None, None
            try:
                with capture(printed.write), asked_by(context, None, instance.name, note):
                    output = await guarded(step)
            except StopAsyncIteration:
                heed_stop()
                return None
            heed_stop()
            if isinstance(output, Return):
                return output.value
            try:
                answer = await guarded(_perform(output, instance, context, printed))
                heed_stop()
            except EXITS:
                raise
            except (Exception, asyncio.CancelledError) as error:
                failure = error
    finally:
        _settle_input(context)
        with capture(printed.write):
            await _close(steps, instance)
        _show_printed(printed, context)


def _show_printed(printed: Printed, context: RunContext) -> None:
    """Put what app code, or a handler, has printed into the conversation, for the person only."""
    if text := printed.take():
        part = DisplayPart({"text/plain": text + printed.rest()})
        context.add(Message(role="assistant", name=PRINTED, parts=(part,), id=context.ids(), off_record=True))


def _note(line: str, context: RunContext) -> None:
    """Keep what code asked the person, and was answered, in the conversation, for the person only."""
    context.add(Message(role="assistant", parts=(TextPart(line),), id=context.ids(), off_record=True))


async def _close(steps: Steps, instance: AppInstance) -> None:
    closing = asyncio.ensure_future(guarded(steps.aclose()))
    try:
        await asyncio.wait({closing}, timeout=CLOSE_SECONDS)
    finally:
        if not closing.done():
            closing.cancel()
            log.warning("%s did not end within %s s of being closed; it is left behind", instance.name, CLOSE_SECONDS)
        elif not closing.cancelled() and (error := closing.exception()) is not None:
            log.warning("%s failed while it was closed", instance.name, exc_info=error)


async def _perform(output: Any, instance: AppInstance, context: RunContext, printed: Printed) -> Any:
    match output:
        case Message(role="user"):
            return _take_user_message(output, context)
        case Message():
            return _add_once(output, context)
        case Generate():
            _settle_input(context)
            with capture(printed.write), asked_by(context, None, instance.name, lambda line: _note(line, context)):
                return await _generate(output, context)
        case GetUserInput():
            _settle_input(context)
            return await _ask(output, context)
    if isinstance(output, AppInstance | App) or inspect.isasyncgen(output):
        return await _nested(as_app(output), context)
    raise AppError(
        f"{instance.name} yielded {_shown(output)} ({type(output).__name__}). An app yields a message (User, System, "
        "Assistant), a command (Generate, GetUserInput, Return) or another app."
    )


async def _generate(command: Generate, context: RunContext) -> Any:
    """Return the reply, or the object that it stands for where the command wants one."""
    own = None if command.output_type is None else OutputAttempts(command.output_type, command.max_attempts)
    attempts = own or context.wanted()
    model = context.resolve_model(command.model)
    reply = await generate(context, model, command.options, attempts=attempts, n=command.n, choice=command.choice)
    return reply if own is None else own.value(reply)


def _shown(value: object) -> str:
    try:
        return repr(value)[:80]
    except Exception:
        return "a value that cannot be shown"


def _add_once(message: Message, context: RunContext) -> Message:
    """Add a message, unless it is a system message that stands in this conversation already.

    An app that is started again after a stop says its instructions again; the model needs them once. Of a label only
    the newest counts.
    """
    if message.role == "system" and message.live is None:
        for earlier in reversed(context.transcript.path):
            if earlier.role == "system" and earlier.label == message.label and earlier.scope == context.scope:
                if earlier.parts == message.parts and earlier.live is None:
                    return earlier
                if message.label is not None:
                    break
    return context.add(message)


def _take_user_message(message: Message, context: RunContext) -> Message:
    draft = context.transcript.drafts.get(message.id)
    if draft is not None and draft.head.scope == context.scope:
        settled = replace(message, parent_id=draft.head.parent_id, scope=draft.head.scope, created=draft.head.created)
        context.emit(MessageEnded(replace(settled, status="complete")))
        return settled
    if message.id in context.transcript.ids:
        known = context.transcript.get(message.id)
        if known.scope == context.scope and known.off_record <= message.off_record:
            return known
    _settle_input(context)
    return context.add(message)


def _settle_input(context: RunContext) -> None:
    """End the person's message that the app has taken but not passed on: shown, never sent to a model."""
    for draft in list(context.transcript.drafts.values()):
        if draft.head.role == "user" and draft.head.scope == context.scope:
            context.emit(MessageEnded(replace(draft.message(), status="complete", off_record=True)))


def settle_open(context: RunContext) -> None:
    """Settle what a run that was left behind holds open: messages still arriving, and calls without a result."""
    _settle_input(context)
    for draft in list(context.transcript.drafts.values()):
        off_record = draft.head.role == "user"
        context.emit(MessageEnded(replace(draft.message(), status="stopped", off_record=off_record)))
    for message in context.transcript.path:
        refuse_calls(context, message, STOPPED, only_open=True)


async def _ask(command: GetUserInput, context: RunContext) -> UserText:
    recorded = bool(command.message) and command.record
    if recorded and not _stands_last(command.message, context):
        context.add(Assistant(command.message))
    request = InputRequested(context.ids(), command.message, recorded)
    context.emit(request)
    text = await context.ask(request)
    context.emit(InputReceived(request.request_id, str(text)))
    origin = text.message or User(str(text))
    if origin.id in context.transcript:
        context.rewind(origin.id)
    else:
        origin = context.head(origin)
        context.emit(MessageStarted(replace(origin, status="arriving")))
    return UserText.of(origin)


def _stands_last(question: str, context: RunContext) -> bool:
    """Whether the question was asked already: by this app, before it was started again."""
    said = (message for message in reversed(context.transcript.path) if message.name != PRINTED)
    last = next(said, None)
    return last is not None and (last.role, last.text, last.scope) == ("assistant", question, context.scope)


async def _nested(instance: AppInstance, context: RunContext) -> Any:
    inner = replace(context, scope=context.ids(), depth=context.depth + 1)
    inner.emit(RunStarted(inner.scope, instance.name, inner.scope))
    try:
        value = await run_app(instance, inner)
    except (asyncio.CancelledError, *EXITS) as error:
        verdict: Status = "complete" if isinstance(error, Answered) else "stopped"
        inner.emit(RunEnded(inner.scope, verdict, scope=inner.scope))
        raise
    except Exception as error:
        inner.emit(RunEnded(inner.scope, "error", text_of(error), scope=inner.scope, exception=error))
        raise
    inner.emit(RunEnded(inner.scope, "complete", value=value, scope=inner.scope))
    return value


class Answered(Exited):
    """An app that runs as a tool wants more than the one message it was given."""


async def run_nested(instance: AppInstance, context: RunContext, message: str | None) -> Any:
    """Run an app for a tool; returns its value, or else the last thing it said.

    `message` answers its first `GetUserInput`, and it is closed at the next; with None the person is asked.
    """
    messages = [] if message is None else [message]
    said: list[str] = []

    async def answer(request: InputRequested) -> UserText:
        if messages:
            return UserText(messages.pop())
        if message is not None:
            raise Answered("It has answered.")
        return UserText(await ask(request.message))

    def emit(event: Event) -> None:
        context.emit(event)
        if isinstance(event, MessageEnded) and event.message.role == "assistant" and not event.message.off_record:
            said.append(event.message.text)
        elif isinstance(event, InputRequested) and event.recorded and said:
            said.pop()  # a question is no answer

    inner = replace(context, ask=answer, emit=emit, wanted=lambda: None)
    try:
        with context.spending.waiting(context.clock):  # the tool that waits for it
            value = await _nested(instance, inner)
    except Answered:
        value = None
    return next((text for text in reversed(said) if text), None) if value is None else value
