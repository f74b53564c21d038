"""One tool at work on one call: what it is told, what it prints and shows, and what becomes its result."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from itertools import takewhile
from typing import Any

from chatwidget.asker import asked_by
from chatwidget.capture import capture, left_figures
from chatwidget.context import RunContext
from chatwidget.displays import displays_of
from chatwidget.events import ToolStarted
from chatwidget.history import history
from chatwidget.messages import Approval, DisplayPart, Message, Outcome, ToolResultPart
from chatwidget.results import to_content
from chatwidget.threads import call_in_thread
from chatwidget.tool_context import ToolContext
from chatwidget.tool_display import Display
from chatwidget.tool_output import Output
from chatwidget.tools import Tool

STOPPED = "This tool was stopped before it had finished."

# What a text says all of.
_PLAIN = (str, int, float, dict, list, tuple, type(None))


class Execution:
    """What is known of a call so far; all of it goes into its result, however it ends."""

    def __init__(self, context: RunContext, call_id: str, name: str) -> None:
        self.content = STOPPED
        self.outcome: Outcome = "output-error"
        self.approval: Approval | None = None
        self._context = context
        self._call_id = call_id
        self._name = name
        self._output = Output(context, call_id)
        self._displays: tuple[DisplayPart, ...] = ()
        self._started: float | None = None
        self._display: Display | None = None

    async def run(
        self,
        tool: Tool[..., Any],
        arguments: Mapping[str, Any],
        arriving: AsyncIterator[Any] | None = None,
    ) -> None:
        """Run the tool with validated arguments, or, one that streams, with those that are `arriving`.

        Raises what the tool raises.
        """
        self._display = tool.display
        context = self._context
        with context.spending.working(context.clock), context.calls.shown.collecting():
            await self._run(tool, arguments, arriving)

    async def _run(
        self, tool: Tool[..., Any], arguments: Mapping[str, Any], arriving: AsyncIterator[Any] | None
    ) -> None:
        context = self._context
        context.emit(ToolStarted(self._call_id, self._name, arguments))
        record = context.calls.begin(self._call_id, self._name, arguments)
        self._started = context.clock()
        call = ToolContext(self._call_id, self._name, self._seen() if tool.wants_context else ())
        output = self._output
        try:
            with (
                capture(output.write, output.display),
                asked_by(context, self._call_id, self._name, output.note),
            ):
                value = await tool.call(arguments, call=call, arriving=arriving)
                figures = left_figures()
        except BaseException as error:
            record.error = error
            raise
        if figures or type(value) not in _PLAIN:
            # Other people's code, and drawing a figure takes a while.
            self._displays, self.content = await call_in_thread(
                lambda: (displays_of(value, figures), to_content(value))
            )
        else:
            self.content = to_content(value)
        self.outcome = "output-available"
        context.calls.keep(record, value)

    def result(self) -> ToolResultPart:
        """Close the execution and return all that there was."""
        seconds = None if self._started is None else self._context.clock() - self._started
        text, displays = self._output.close()
        result = ToolResultPart(
            self._call_id,
            self._name,
            self.content,
            self.outcome,
            text,
            seconds,
            (*displays, *self._displays),
            self.approval,
        )
        return result if self._display is None else self._display.shown(result)

    def _seen(self) -> tuple[Message, ...]:
        """Return what the model saw when it called."""
        caller = self._context.transcript.calls[self._call_id].message_id
        before = takewhile(lambda message: message.id != caller, self._context.transcript.path)
        return history(before, self._context.scope)
