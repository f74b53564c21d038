"""The tools of one reply: run at the same time, answered one result each, in the order of the calls."""

from __future__ import annotations

import asyncio
import logging

from chatwidget.capture import capture
from chatwidget.context import RunContext
from chatwidget.errors import ToolArgumentsError, ToolTimeout
from chatwidget.events import ToolEnded, ToolOutput, ToolStarted
from chatwidget.messages import Message, Outcome, ToolCallPart, ToolResultPart
from chatwidget.printed import Printed
from chatwidget.results import to_content
from chatwidget.threads import text_of
from chatwidget.tools import ToolExit

log = logging.getLogger("chatwidget")

STOPPED = "This tool was stopped before it had finished."
TOO_MANY = "This tool was not run: there were too many rounds of tool calls without an answer."
NOT_RUN = "This tool was not run: its call did not arrive whole."

# How long a cancelled tool may take to clean up.
CANCEL_SECONDS = 2.0


async def run_tools(context: RunContext, message: Message) -> None:
    """Run every tool call of a settled message and add their result messages.

    When cancelled, or when a tool exits (KeyboardInterrupt, SystemExit), the calls still running are cancelled, all
    get their result, and the exception goes on: CancelledError, or `ToolExit`.
    """
    results: dict[str, ToolResultPart] = {}
    tasks = [asyncio.create_task(_run_one(context, call, results)) for call in message.tool_calls]
    try:
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
    output = _Output(context, call.id)
    started = context.clock()
    outcome: Outcome = "output-error"
    ran = False
    content = STOPPED
    try:
        tool = context.tools.get(call.name)
        if tool is None:
            content = _unknown(context, call.name)
        else:
            arguments = tool.validate(call.arguments)
            context.emit(ToolStarted(call.id, call.name, arguments))
            ran = True
            with capture(output.write):
                content = to_content(await tool.call(arguments))
            outcome = "output-available"
    except (ToolArgumentsError, ToolTimeout) as error:
        content = str(error)
    except (ToolExit, asyncio.CancelledError):
        raise
    except Exception as error:
        log.warning("tool %s failed", call.name, exc_info=True)
        content = to_content(f"{call.name} raised {type(error).__name__}: {text_of(error)}")
    finally:
        seconds = context.clock() - started if ran else None
        result = ToolResultPart(call.id, call.name, content, outcome, output.close(), seconds)
        if call.id not in results:
            results[call.id] = _end(context, result)


def _unknown(context: RunContext, name: str) -> str:
    known = ", ".join(tool.name for tool in context.tools)
    return f"There is no tool called {name!r}. " + (f"The tools are: {known}." if known else "There are no tools.")


def _end(context: RunContext, result: ToolResultPart) -> ToolResultPart:
    context.emit(ToolEnded(result))
    return result


class _Output:
    """What one call prints, handed to the loop in batches."""

    def __init__(self, context: RunContext, call_id: str) -> None:
        self._context = context
        self._call_id = call_id
        self._loop = asyncio.get_running_loop()
        self._printed = Printed()
        self._shown: list[str] = []
        self._closed = False

    def write(self, text: str) -> None:
        if self._closed or not self._printed.write(text):
            return
        try:
            self._loop.call_soon_threadsafe(self._drain)
        except RuntimeError:
            log.debug("a tool printed after its loop had ended")

    def _drain(self) -> None:
        text = self._printed.take()
        if text and not self._closed:
            self._shown.append(text)
            self._context.emit(ToolOutput(self._call_id, text))

    def close(self) -> str:
        self._drain()
        self._closed = True
        return "".join(self._shown) + self._printed.rest()
