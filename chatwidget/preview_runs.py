"""What happens while a model writes the arguments of its calls: previews are shown, streaming tools begin.

Rules:

1. Nothing here holds up the stream. A preview that is slow gets the newest arguments when it is ready for them.
2. The previews of one call are made one after the other, the one of the whole arguments last, before the tool runs.
3. A preview that fails is a small note in the card; a streaming tool that fails is the call's result.
4. A tool that needs approval does not begin before it has it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from chatwidget.arriving import Arriving
from chatwidget.capture import capture, left_figures
from chatwidget.context import RunContext
from chatwidget.displays import Displayed, displays_of
from chatwidget.errors import ToolArgumentsError
from chatwidget.events import PreviewShown
from chatwidget.messages import DisplayPart
from chatwidget.printed import Printed
from chatwidget.results import to_content
from chatwidget.streaming_tools import StreamingTool
from chatwidget.threads import call_in_thread, text_of
from chatwidget.tool_context import ToolContext
from chatwidget.tool_execution import Execution
from chatwidget.tools import Tool, ToolExit

log = logging.getLogger("chatwidget")

PACE = 0.05
"""Seconds between two previews of a call: about what a screen shows (`frames.py`)."""

LAST_SECONDS = 2.0
"""How long a tool waits for the last preview of its arguments."""

END_SECONDS = 2.0
"""How long cancelled previews and tools may take to clean up."""


@dataclass(slots=True)
class Begun:
    """A streaming tool at work on a call whose arguments are not whole yet."""

    tool: StreamingTool
    arriving: Arriving
    execution: Execution
    task: asyncio.Task[None]


class Previews:
    """The previews and the streaming tools of one reply; see the rules at the head of this module.

    With `shows` False there are none: nobody knows whether the reply will count, or its calls are not run.
    """

    def __init__(self, context: RunContext, *, shows: bool = True) -> None:
        self._shows = shows
        self.begun: dict[str, Begun] = {}
        self._context = context
        self._previews: dict[str, _Preview] = {}
        self._known: set[str] = set()

    def offer(self, call_id: str, name: str, value: Any, text: str | None = None) -> None:
        """Take the best arguments so far of a call, with their whole `text` when they have ended."""
        if call_id not in self._known:
            if not name or not self._shows:
                return
            self._known.add(call_id)
            self._begin(call_id, name, value)
        if call_id in self._previews:
            self._previews[call_id].offer(value, text)
        begun = self.begun.get(call_id)
        if begun is not None and text is None:
            begun.arriving.put(begun.tool.item(value))

    async def last(self, call_id: str) -> None:
        """Wait until the last preview of a call was made, but not for ever."""
        preview = self._previews.get(call_id)
        if preview is not None:
            done, _ = await asyncio.wait({preview.task}, timeout=LAST_SECONDS)
            if not done:
                preview.give_up()

    async def close(self) -> None:
        """End whatever still runs."""
        all_tasks = [*(one.task for one in self._previews.values()), *(one.task for one in self.begun.values())]
        tasks = {task for task in all_tasks if not task.done()}
        for task in tasks:
            task.cancel()
        if tasks:
            _, deaf = await asyncio.wait(tasks, timeout=END_SECONDS)
            if deaf:
                log.warning("a preview or tool did not end within %s s of being cancelled", END_SECONDS)

    def _begin(self, call_id: str, name: str, value: Any) -> None:
        tool = self._context.tools.get(name)
        if tool is None or tool not in self._context.tools.offered():
            return
        if tool.has_preview:
            self._previews[call_id] = _Preview(self._context, tool, call_id)
        alone = len(self._known) == 1
        if isinstance(tool, StreamingTool) and tool.approve is False and (alone or self._context.parallel_tools):
            arriving = Arriving()
            execution = Execution(self._context, call_id, name)
            arguments = value if isinstance(value, dict) else {}
            task = asyncio.create_task(execution.run(tool, arguments, arriving), name=f"chatwidget tool {name}")
            task.add_done_callback(_retrieved)
            self.begun[call_id] = Begun(tool, arriving, execution, task)


class _Preview:
    """The previews of one call."""

    def __init__(self, context: RunContext, tool: Tool[..., Any], call_id: str) -> None:
        self._context = context
        self._tool = tool
        self._call_id = call_id
        self._news = asyncio.Event()
        self._ended = asyncio.Event()
        self._value: Any = None
        self._text: str | None = None
        self._failed = False
        self._shown: tuple[DisplayPart | None, str | None] = (None, None)
        self.task = asyncio.create_task(self._work(), name=f"chatwidget preview of {tool.name}")

    def offer(self, value: Any, text: str | None) -> None:
        self._value, self._text = value, text
        self._news.set()
        if text is not None:
            self._ended.set()

    def give_up(self) -> None:
        """End what takes too long after the arguments are whole."""
        self.task.cancel()
        error = self._note(TimeoutError(f"it took longer than {LAST_SECONDS:g} s and was given up."))
        self._context.emit(PreviewShown(self._call_id, self._shown[0], error, final=True))

    def _note(self, failure: Exception) -> str:
        """Log a failure, the first one as a warning; returns what the card says."""
        level = logging.DEBUG if self._failed else logging.WARNING
        log.log(level, "the preview of %s failed", self._tool.name, exc_info=failure)
        self._failed = True
        return f"The preview failed: {type(failure).__name__}: {text_of(failure)}"[:300]

    async def _work(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            value, text = self._value, self._text
            final = text is not None
            try:
                arguments = self._tool.partial(value) if text is None else self._tool.validate(text)
            except (ToolArgumentsError, ToolExit):  # the call's result will say so
                return
            await self._show(arguments, final)
            if final:
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(PACE):
                    await self._ended.wait()

    async def _show(self, arguments: Mapping[str, Any], final: bool) -> None:
        call = ToolContext(self._call_id, self._tool.name, final=final)
        printed, displayed = Printed(), list[Displayed]()
        error = None
        part = None
        try:
            with self._context.calls.shown.collecting():
                with capture(printed.write, displayed.append):
                    value = await self._tool.show(arguments, call)
                    figures = left_figures()
                if figures or not isinstance(value, str | None):  # other people's code
                    part = await call_in_thread(_part, value, figures, displayed, printed)
                else:
                    part = _part(value, figures, displayed, printed)
        except Exception as failure:
            error = self._note(failure)
        if (part, error) != self._shown or final:
            self._shown = (part, error)
            self._context.emit(PreviewShown(self._call_id, part, error, final))


def _part(value: Any, figures: list[Any], displayed: list[Displayed], printed: Printed) -> DisplayPart | None:
    """Return what a preview shows: what it returned, or else displayed last, or else printed."""
    if isinstance(value, str):
        return DisplayPart({"text/plain": value})
    if parts := displays_of(value, figures):
        return parts[-1]
    if value is not None:
        return DisplayPart({"text/plain": to_content(value)})
    if displayed and displayed[-1].bundle:
        return DisplayPart(displayed[-1].bundle)
    text = printed.take()
    return DisplayPart({"text/plain": text + printed.rest()}) if text else None


def _retrieved(task: asyncio.Task[None]) -> None:
    """A tool that failed before anybody waited for it is no unheard error."""
    if not task.cancelled():
        task.exception()
