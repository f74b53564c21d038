"""The tools of one reply: run at the same time, answered one result each, in the order of the calls."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from chatwidget.approvals import decide
from chatwidget.context import RunContext
from chatwidget.errors import ToolError, ToolTimeout
from chatwidget.events import ToolEnded, ToolTimedOut
from chatwidget.messages import Approval, Message, Outcome, ToolCallPart, ToolResultPart
from chatwidget.preview_runs import Begun, Previews
from chatwidget.results import to_content
from chatwidget.threads import text_of
from chatwidget.tool_execution import STOPPED, Execution
from chatwidget.tools import Tool, ToolExit

log = logging.getLogger("chatwidget")

TOO_MANY = "This tool was not run: there were too many rounds of tool calls without an answer."
DENIED = "The user denied this call; it was not run."
CHANGED = "The user changed the arguments; it was run with {}.\n"
NOT_RUN = "This tool was not run: its call did not arrive whole."

Told = Mapping[str, tuple[str, Outcome]]
"""What calls of some names are answered, and how that counts."""

# How long a cancelled tool may take to clean up.
CANCEL_SECONDS = 2.0


async def run_tools(context: RunContext, message: Message, previews: Previews) -> None:
    """Run every tool call of a settled message and add their result messages.

    When cancelled, or when a tool exits (KeyboardInterrupt, SystemExit), the calls still running are cancelled, all
    get their result, and the exception goes on: CancelledError, or `ToolExit`.
    """
    results: dict[str, ToolResultPart] = {}
    tasks: list[asyncio.Task[None]] = []
    try:
        for call in message.tool_calls:
            tasks.append(asyncio.create_task(_run_one(context, call, previews, results)))
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
                _add(context, message, result)


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


def refuse_calls(
    context: RunContext,
    message: Message,
    why: str = NOT_RUN,
    *,
    told: Told | None = None,
    begun: Mapping[str, Begun] | None = None,
    only_open: bool = False,
) -> None:
    """Answer the calls of a message without running them; with `only_open` those that have no result yet.

    Those that have `begun` are answered with what there is of them, calls of the names in `told` as that says.
    """
    if message.tool_calls and message.id not in context.transcript.ids:
        context.rewind(message.id)  # another version of it is on screen
    for call in message.tool_calls:
        if only_open and context.transcript.calls[call.id].result is not None:
            continue
        said, outcome = (told or {}).get(call.name, (why, "output-error"))
        result = ToolResultPart(call.id, call.name, said, outcome)
        if begun is not None and call.id in begun:
            begun[call.id].task.cancel()
            result = begun[call.id].execution.result()
        _add(context, message, _end(context, result))


async def _run_one(
    context: RunContext, call: ToolCallPart, previews: Previews, results: dict[str, ToolResultPart]
) -> None:
    begun = previews.begun.get(call.id)
    execution = begun.execution if begun is not None else Execution(context, call.id, call.name)
    try:
        await previews.last(call.id)
        if begun is not None:
            arguments = context.calls[call.id].arguments = begun.tool.validate(call.arguments)
            begun.arriving.put(begun.tool.whole(arguments), final=True)
            await begun.task
        else:
            await _decided(context, call, execution)
    except ToolTimeout as error:
        execution.content = str(error)
        context.emit(ToolTimedOut(call.id, call.name, error.seconds))
    except ToolError as error:
        # A tool that streams may have returned before its arguments turned out not to fit.
        execution.outcome, execution.content = "output-error", str(error)
    except ToolExit as error:
        execution.content = f"This tool ended the turn: {text_of(error)}"
        raise
    except asyncio.CancelledError:
        raise
    except Exception as error:
        log.warning("tool %s failed", call.name, exc_info=True)
        execution.content = to_content(f"{call.name} raised {_told(error)}")
    finally:
        if begun is not None:
            begun.task.cancel()
        context.asks.withdraw(call.id)
        result = execution.result()
        if call.id not in results:
            results[call.id] = _end(context, result)


def _told(error: Exception) -> str:
    # Threads and coroutines cannot let a StopIteration pass as it is.
    told = error.__cause__ if isinstance(error.__cause__, StopIteration) else error
    return f"{type(told).__name__}: {text_of(told)}".removesuffix(": ")


async def _decided(context: RunContext, call: ToolCallPart, execution: Execution) -> None:
    """Run a call's tool, if there is one and nobody objects, with what was agreed on."""
    tool = context.tools.get(call.name)
    if tool is None or tool not in context.tools.offered():
        execution.content = _unknown(context, call.name)
        return
    approval = execution.approval = await decide(context, tool, call)
    if approval is not None and not approval.allowed:
        execution.outcome, execution.content = "output-denied", _denied(approval)
        return
    await _agreed(tool, call, execution, None if approval is None else approval.arguments)


async def _agreed(tool: Tool[..., Any], call: ToolCallPart, execution: Execution, changed: str | None) -> None:
    await execution.run(tool, tool.validate(call.arguments if changed is None else changed))
    if changed is not None:
        execution.content = CHANGED.format(changed) + execution.content


def _denied(approval: Approval) -> str:
    return f"{DENIED} {approval.reason}".rstrip() if approval.reason else DENIED


def _unknown(context: RunContext, name: str) -> str:
    known = ", ".join(tool.name for tool in context.tools.offered())
    return f"There is no tool called {name!r}. " + (f"The tools are: {known}." if known else "There are no tools.")


def _add(context: RunContext, caller: Message, result: ToolResultPart) -> None:
    context.add(Message(role="tool", parts=(result,), id=context.ids(), off_record=caller.off_record))


def _end(context: RunContext, result: ToolResultPart) -> ToolResultPart:
    context.emit(ToolEnded(result))
    return result
