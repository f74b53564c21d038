"""One run of one app: its yields are performed, their results sent back, failures thrown in where they belong.

Rules:

1. Every yield is answered with what it resulted in: `Generate` and messages with a `Message`, `GetUserInput` with
   the text, an app with its value.
2. A failure of what was yielded is raised at that yield. The app may catch it and go on; otherwise it ends the run.
3. The app's generator is closed, its `finally` blocks included, before the run is over; one that does not end when
   it is closed is reported and left.
4. A person's input becomes a message when the app takes it. If the app yields it on (`User(text)`) that message is sent
   to models; if it does not, the message stays on screen, off the record.
5. Cancelling the task that drives a run stops it. Nothing an app does can prevent that.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

from chatwidget.apps import App, AppInstance, Steps, as_app
from chatwidget.commands import Generate, GetUserInput, Return
from chatwidget.context import RunContext
from chatwidget.errors import AppError
from chatwidget.events import InputReceived, InputRequested, MessageEnded, MessageStarted, RunEnded, RunStarted
from chatwidget.generate import generate
from chatwidget.messages import Assistant, Message, User, UserText
from chatwidget.threads import Exited

log = logging.getLogger("chatwidget")

# How deep apps may run inside apps before it is taken for endless recursion.
MAX_DEPTH = 50

# How long an app's own clean-up may take after a stop.
CLOSE_SECONDS = 5.0


async def run_app(instance: AppInstance, context: RunContext) -> Any:
    """Drive an app to its end and return its value (`Return(value)`, or None).

    Raises what the app raised or did not catch: ChatWidgetError for failures of what it asked for and for bad
    yields, any Exception of its own, CancelledError when stopped. The generator is closed in every case.
    """
    if context.depth > MAX_DEPTH:
        raise AppError(f"{instance.name} runs inside itself more than {MAX_DEPTH} apps deep. Does it end?")
    steps = instance.start()
    answer: Any = None
    failure: Exception | None = None
    try:
        while True:
            try:
                step = steps.athrow(failure) if failure is not None else steps.asend(answer)
                output = await _guarded(step)
            except StopAsyncIteration:
                return None
            _heed_stop()
            answer, failure = None, None
            if isinstance(output, Return):
                return output.value
            try:
                answer = await _perform(output, instance, context)
            except Exception as error:
                failure = error
            _heed_stop()
    finally:
        _settle_input(context)
        await _close(steps, instance)


def _heed_stop() -> None:
    """Stop here if a stop was asked for and somebody on the way has swallowed it."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def _guarded(step: Awaitable[Any]) -> Any:
    """Keep KeyboardInterrupt and SystemExit of app code from tearing down the loop it runs on."""
    try:
        return await step
    except (KeyboardInterrupt, SystemExit) as error:
        raise Exited(f"{type(error).__name__}: {error}") from error


async def _close(steps: Steps, instance: AppInstance) -> None:
    try:
        await asyncio.wait_for(_guarded(steps.aclose()), CLOSE_SECONDS)
    except TimeoutError:
        log.warning("%s did not end within %s s of being closed; it is left behind", instance.name, CLOSE_SECONDS)
    except RuntimeError as error:
        log.warning("%s did not let itself be closed: %s", instance.name, error)
    except Exception:
        log.exception("%s failed while it was closed", instance.name)


async def _perform(output: Any, instance: AppInstance, context: RunContext) -> Any:
    if isinstance(output, Message) and output.role == "user":
        return _take_user_message(output, context)
    _settle_input(context)
    if isinstance(output, Message):
        return _add_once(output, context)
    if isinstance(output, Generate):
        return await generate(context, context.resolve_model(output.model), output.options)
    if isinstance(output, GetUserInput):
        return await _ask(output, context)
    if isinstance(output, AppInstance | App) or inspect.isasyncgen(output):
        return await _nested(as_app(output), context)
    raise AppError(
        f"{instance.name} yielded {output!r:.80} ({type(output).__name__}). An app yields a message (User, System, "
        "Assistant), a command (Generate, GetUserInput, Return) or another app."
    )


def _add_once(message: Message, context: RunContext) -> Message:
    """Add a message, unless it is a system message that stands in this conversation already.

    An app that is started again after a stop says its instructions again; the model needs them once.
    """
    if message.role == "system" and message.live is None:
        for earlier in context.transcript.path:
            same = earlier.role == "system" and earlier.label == message.label and earlier.scope == context.scope
            if same and earlier.parts == message.parts:
                return earlier
    return context.add(message)


def _take_user_message(message: Message, context: RunContext) -> Message:
    draft = context.transcript.drafts.get(message.id)
    if draft is None:
        if message.id in context.transcript:
            return message
        _settle_input(context)
        return context.add(message)
    settled = replace(message, parent_id=draft.head.parent_id, scope=draft.head.scope, created=draft.head.created)
    context.emit(MessageEnded(replace(settled, status="complete")))
    return settled


def _settle_input(context: RunContext) -> None:
    """End the person's message that the app has taken but not passed on: shown, never sent to a model."""
    for draft in list(context.transcript.drafts.values()):
        if draft.head.role == "user" and draft.head.scope == context.scope:
            context.emit(MessageEnded(replace(draft.message(), status="complete", off_record=True)))


async def _ask(command: GetUserInput, context: RunContext) -> UserText:
    recorded = bool(command.message) and command.record
    if recorded:
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


async def _nested(instance: AppInstance, context: RunContext) -> Any:
    inner = replace(context, scope=context.ids(), depth=context.depth + 1)
    inner.emit(RunStarted(inner.scope, instance.name, inner.scope))
    try:
        value = await run_app(instance, inner)
    except asyncio.CancelledError:
        inner.emit(RunEnded(inner.scope, "stopped", scope=inner.scope))
        raise
    except Exception as error:
        inner.emit(RunEnded(inner.scope, "error", str(error), scope=inner.scope, exception=error))
        raise
    inner.emit(RunEnded(inner.scope, "complete", value=value, scope=inner.scope))
    return value
