"""What one tool call prints and displays, handed to the loop in batches."""

from __future__ import annotations

import asyncio
import logging

from chatwidget.context import RunContext
from chatwidget.displays import Displayed
from chatwidget.events import ToolDisplayed, ToolOutput
from chatwidget.messages import DisplayPart
from chatwidget.printed import Printed

log = logging.getLogger("chatwidget")

MOST_DISPLAYS = 50


class Output:
    """Takes text and displays on any thread; after `close` it takes nothing."""

    def __init__(self, context: RunContext, call_id: str) -> None:
        self._context = context
        self._call_id = call_id
        self._loop = asyncio.get_running_loop()
        self._printed = Printed()
        self._shown: list[str] = []
        self._displays: list[DisplayPart] = []
        self._places: dict[str, int] = {}
        self._closed = False

    def write(self, text: str) -> None:
        """Take what was printed."""
        if not self._closed and self._printed.write(text):
            self._soon(self._drain)

    def note(self, text: str) -> None:
        """Put a line of our own among what was printed."""
        self.write(text + "\n")

    def display(self, displayed: Displayed) -> None:
        """Take what was displayed, a new version of it, or the wish to clear all there is."""
        self._soon(self._show, displayed)

    def close(self) -> tuple[str, tuple[DisplayPart, ...]]:
        """Return all there was."""
        self._drain()
        self._closed = True
        return "".join(self._shown) + self._printed.rest(), tuple(self._displays)

    def _soon(self, function: object, *args: object) -> None:
        try:
            self._loop.call_soon_threadsafe(function, *args)  # type: ignore[arg-type]
        except RuntimeError:
            log.debug("a tool printed after its loop had ended")

    def _drain(self) -> None:
        text = self._printed.take()
        if text and not self._closed:
            self._shown.append(text)
            self._context.emit(ToolOutput(self._call_id, text))

    def _show(self, displayed: Displayed) -> None:
        if self._closed:
            return
        self._drain()
        part = DisplayPart(displayed.bundle)
        if displayed.clear:
            self._shown.clear()
            self._displays.clear()
            self._places.clear()
            self._context.emit(ToolDisplayed(self._call_id, None, DisplayPart()))
            if not displayed.bundle:
                return
        place = self._places.get(displayed.display_id or "")
        if place is None:
            if displayed.update or len(self._displays) >= MOST_DISPLAYS:
                return
            place = len(self._displays)
            self._displays.append(part)
            if displayed.display_id:
                self._places[displayed.display_id] = place
        self._displays[place] = part
        self._context.emit(ToolDisplayed(self._call_id, place, part))
