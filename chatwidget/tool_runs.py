"""The tools of one reply: run at the same time, answered one result each, in the order of the calls."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from chatwidget.approvals import decide
from chatwidget.asker import asked_by
from chatwidget.capture import capture, left_figures
from chatwidget.context import RunContext
from chatwidget.displays import displays_of
from chatwidget.errors import ToolArgumentsError, ToolTimeout
from chatwidget.events import ToolEnded, ToolStarted, ToolTimedOut
from chatwidget.history import history
from chatwidget.messages import Approval, DisplayPart, Message, Outcome, ToolCallPart, ToolResultPart
from chatwidget.results import to_content
from chatwidget.threads import call_in_thread, text_of
from chatwidget.tool_context import ToolContext
from chatwidget.tool_output import Output
from chatwidget.tools import Tool, ToolExit

# What a text says all of.
_PLAIN = (str, int, float, dict, list, tuple, type(None))

log = logging.getLogger("chatwidget")

STOPPED = "This tool was stopped before it had finished."
TOO_MANY = "This tool was not run: there were too many rounds of tool calls without an answer."
DENIED = "The user denied this call; it was not run."
CHANGED = "The user changed the arguments; it was run with {}.\n"
NOT_RUN = "This tool was not run: its call did not arrive whole."

# How long a cancelled tool may take to clean up.
CANCEL_SECONDS = 2.0


async def run_tools(context: RunContext, message: Message) -> None:
    """Run every tool call of a settled message and add their result messages.

    When cancelled, or when a tool exits (KeyboardInterrupt, SystemExit), the calls still running are cancelled, all
    get their result, and the exception goes on: CancelledError, or `ToolExit`.
    """
    results: dict[str, ToolResultPart] = {}
    tasks: list[asyncio.Task[None]] = []
    try:
        for call in message.tool_calls:
            tasks.append(asyncio.create_task(_run_one(context, call, results)))
            if not context.parallel_tools:
                await tasks[-1]
        await asyncio.gather(*tasks)
    finally:
        try:
            await _cancel(tasks)
        finally:
            for call in message.tool_calls:
                result = results.get(call.id)
                if result is None:
                    result = _end(context, ToolResultPart(call.id, call.name, STOPPED, "output-error"))
                    results[call.id] = result
                context.add(Message(role="tool", parts=(result,), id=context.ids()))


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    """Cancel what still runs; a tool that refuses to end is left behind, so that Stop always works."""
    for task in tasks:
        task.cancel()
    if not tasks:
        return
    _, deaf = await asyncio.wait(tasks, timeout=CANCEL_SECONDS)
    for task in tasks:
        if task in deaf:
            log.warning("a tool did not end within %s s of being cancelled; it is left behind", CANCEL_SECONDS)
        elif not task.cancelled():
            task.exception()


def refuse_calls(context: RunContext, message: Message, why: str = NOT_RUN, *, only_open: bool = False) -> None:
    """Answer the calls of a message without running them; with `only_open` those that have no result yet."""
    for call in message.tool_calls:
        if only_open and context.transcript.calls[call.id].result is not None:
            continue
        result = _end(context, ToolResultPart(call.id, call.name, why, "output-error"))
        context.add(Message(role="tool", parts=(result,), id=context.ids()))


async def _run_one(context: RunContext, call: ToolCallPart, results: dict[str, ToolResultPart]) -> None:
    output = Output(context, call.id)
    run = _Run(content=STOPPED)
    try:
        tool = context.tools.get(call.name)
        if tool is None or tool not in context.tools.offered():
            run.content = _unknown(context, call.name)
        else:
            run.approval = await decide(context, tool, call)
            if run.approval is not None and not run.approval.allowed:
                run.outcome, run.content = "output-denied", _denied(run.approval)
            else:
                await _call(context, tool, call, output, run)
    except ToolTimeout as error:
        run.content = str(error)
        context.emit(ToolTimedOut(call.id, call.name, error.seconds))
    except ToolArgumentsError as error:
        run.content = str(error)
    except (ToolExit, asyncio.CancelledError):
        raise
    except Exception as error:
        log.warning("tool %s failed", call.name, exc_info=True)
        run.content = to_content(f"{call.name} raised {type(error).__name__}: {text_of(error)}")
    finally:
        context.asks.withdraw(call.id)
        seconds = None if run.started is None else context.clock() - run.started
        text, displays = output.close()
        shown = (*displays, *run.displays)
        result = ToolResultPart(call.id, call.name, run.content, run.outcome, text, seconds, shown, run.approval)
        if call.id not in results:
            results[call.id] = _end(context, result)


@dataclass(slots=True)
class _Run:
    """What is known of a call so far; all of it goes into its result, however it ends."""

    content: str
    outcome: Outcome = "output-error"
    started: float | None = None
    approval: Approval | None = None
    displays: tuple[DisplayPart, ...] = ()


async def _call(context: RunContext, tool: Tool[..., Any], call: ToolCallPart, output: Output, run: _Run) -> None:
    """Run the tool with what was agreed on."""
    changed = run.approval.arguments if run.approval is not None else None
    arguments = tool.validate(call.arguments if changed is None else changed)
    context.emit(ToolStarted(call.id, call.name, arguments))
    record = context.calls.begin(call.id, call.name, arguments)
    run.started = context.clock()
    seen = ToolContext(call.id, call.name, _seen(context, call) if tool.wants_context else ())
    try:
        with capture(output.write, output.display), asked_by(context, call.id, call.name, output.note):
            value = await tool.call(arguments, call=seen)
            figures = left_figures()
    except BaseException as error:
        record.error = error
        raise
    if figures or type(value) not in _PLAIN:
        # Other people's code, and drawing a figure takes a while.
        run.displays, content = await call_in_thread(lambda: (displays_of(value, figures), to_content(value)))
    else:
        content = to_content(value)
    run.content = ("" if changed is None else CHANGED.format(changed)) + content
    run.outcome = "output-available"
    context.calls.keep(record, value)


def _seen(context: RunContext, call: ToolCallPart) -> tuple[Message, ...]:
    """Return what the model saw when it called."""
    caller = context.transcript.calls[call.id].message_id
    return history(takewhile(lambda message: message.id != caller, context.transcript.path), context.scope)


def _denied(approval: Approval) -> str:
    return f"{DENIED} {approval.reason}".rstrip() if approval.reason else DENIED


def _unknown(context: RunContext, name: str) -> str:
    known = ", ".join(tool.name for tool in context.tools.offered())
    return f"There is no tool called {name!r}. " + (f"The tools are: {known}." if known else "There are no tools.")


def _end(context: RunContext, result: ToolResultPart) -> ToolResultPart:
    context.emit(ToolEnded(result))
    return result
