"""One run of one app: its yields are performed, their results sent back, failures thrown in where they belong.

Rules:

1. Every yield is answered with what it resulted in: `Generate` and messages with a `Message`, `GetUserInput` with
   the text, an app with its value, `gather(...)` with a list of values.
2. A failure of what was yielded is raised at that yield. The app may catch it and go on; otherwise it ends the run.
3. A stop, too, is raised at the yield, as CancelledError, innermost app first: `asyncio.timeout` around a yield works
   as it does around an await. What an app does with it prevents nothing, it is closed at its next yield.
   KeyboardInterrupt and SystemExit, of an app or a tool, end the run at once.
4. The app's generator is closed, its `finally` blocks included, before the run is over; one that does not end when
   it is closed is reported and left.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from dataclasses import replace
from typing import Any

from chatwidget.app_options import AppOptions
from chatwidget.apps import App, AppInstance, Steps, as_app
from chatwidget.asker import ask, asked_by
from chatwidget.capture import Routing, capture
from chatwidget.commands import Gather, Generate, GetUserInput, Return
from chatwidget.context import RunContext
from chatwidget.errors import AppError
from chatwidget.events import Event, InputRequested, MessageEnded, RunEnded, RunStarted
from chatwidget.generate import generate
from chatwidget.going_on import is_go_on
from chatwidget.inputs import PRINTED, ask_person, settle_input, take_user_message
from chatwidget.messages import DisplayPart, Message, Status, TextPart, UserText
from chatwidget.models.base import Model
from chatwidget.output_attempts import OutputAttempts
from chatwidget.printed import Printed
from chatwidget.reply_wish import ReplyWish
from chatwidget.threads import Exited, guarded, heed_stop, text_of
from chatwidget.tool_list import ToolList
from chatwidget.tools import ToolExit

log = logging.getLogger("chatwidget")

# How deep apps may run inside apps before it is taken for endless recursion.
MAX_DEPTH = 50

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

    context = _with_options(instance.options, context)
    steps = instance.start(context)
    answer: Any = None
    failure: BaseException | None = None
    routing = Routing()
    try:
        while True:
            routing.hold()
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
            instance.options.note("output", output)
            if isinstance(output, Return):
                return output.value
            try:
                if isinstance(output, GetUserInput):  # it may take hours
                    routing.release()
                answer = await guarded(_perform(output, instance, context, printed))
                heed_stop()
                instance.options.note("input", answer)
            except EXITS:
                raise
            except (Exception, asyncio.CancelledError) as error:
                failure = error
    finally:
        routing.release()
        settle_input(context)
        with capture(printed.write):
            await _close(steps, instance)
        _show_printed(printed, context)


def _with_options(options: AppOptions, context: RunContext) -> RunContext:
    """Return the context as the app's own options want it."""
    around = context.resolve_model

    def resolve(model: str | Model | None) -> Model:
        return _with_cache(options.cache, around(options.model if model is None else model))

    tools = context.tools
    if options.tools is not None and context.depth:
        tools = ToolList(*options.tools)
    rounds, parallel = options.max_tool_rounds, options.parallel_tools
    return replace(
        context,
        options=options,
        tools=tools,
        resolve_model=resolve,
        max_tool_rounds=context.max_tool_rounds if rounds is None else rounds,
        parallel_tools=context.parallel_tools if parallel is None else parallel,
    )


def _with_cache(cache: Any, model: Model) -> Model:
    if not cache:
        return model
    from chatwidget.models.caching import cached

    return cached(model, None if cache is True else cache)


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
        case Message(role="user") if not output.hidden or is_go_on(output):
            return take_user_message(output, context)
        case Message():
            return _add_once(output, context)
        case Generate():
            settle_input(context)
            with capture(printed.write), asked_by(context, None, instance.name, lambda line: _note(line, context)):
                return await _generate(output, context)
        case GetUserInput():
            settle_input(context)
            return await ask_person(output, context)
        case list() | tuple() if all(isinstance(item, Message) for item in output):
            return [await _perform(item, instance, context, printed) for item in output]
        case Gather():
            return await _gathered(output, context)
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
    if command.tools is not None:
        context = replace(context, tools=ToolList(*command.tools))
    options = {**context.options.parameters, **command.options}
    n, choice = command.n or context.options.n or 1, command.choice or context.options.choice
    wish = ReplyWish(attempts, n, choice, hidden=not command.forward)
    reply = await generate(context, model, options, wish)
    return reply if own is None else own.value(reply)


def _shown(value: object) -> str:
    try:
        return repr(value)[:80]
    except Exception:
        return "a value that cannot be shown"


def _add_once(message: Message, context: RunContext) -> Message:
    """Add a message, unless it is a system message, or an example, that stands in this conversation already.

    An app that is started again after a stop says its instructions again; the model needs them once. Of a label only
    the newest counts.
    """
    if message.hidden:
        for earlier in context.transcript.path:
            if (earlier.hidden, earlier.role, earlier.parts) == (True, message.role, message.parts):
                return earlier
    if message.role == "system" and message.live is None:
        for earlier in reversed(context.transcript.path):
            if earlier.role == "system" and earlier.label == message.label and earlier.scope == context.scope:
                if earlier.parts == message.parts and earlier.live is None:
                    return earlier
                if message.label is not None:
                    break
    return context.add(message)


async def _gathered(command: Gather, context: RunContext) -> list[Any]:
    """Run apps at the same time, each in a conversation of its own; the first failure stops the others."""
    tasks = [asyncio.create_task(guarded(_nested(as_app(one), context))) for one in command.apps]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
            for task in tasks:  # what nobody is told of any more
                _ = task.cancelled() or task.exception()


async def _nested(instance: AppInstance, context: RunContext) -> Any:
    inner = replace(context, scope=context.ids(), depth=context.depth + 1)
    inner.emit(RunStarted(inner.scope, instance.name, inner.scope, context.scope))
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
