"""What a screen shows besides messages: the status, the queue, the open questions, the tools, what was used."""

from __future__ import annotations

from chatwidget.asking import Asks
from chatwidget.events import Event, GenerateEnded, PartStarted, RetryScheduled
from chatwidget.messages import FilePart, ImagePart
from chatwidget.models.base import Model
from chatwidget.patches import JSON
from chatwidget.renderers import Renderers
from chatwidget.screen import Screen
from chatwidget.spending import Spending
from chatwidget.tool_display import ToolDisplays
from chatwidget.tool_list import ToolList
from chatwidget.transcript import Transcript
from chatwidget.turn import Turn
from chatwidget.turns import Turns
from chatwidget.views import view_ask, view_request, view_tools, view_usage

_NAMED = (FilePart, ImagePart)


class Panel:
    """The fields of a screen's state that are set, not folded from events; `screen` is the screen they belong to."""

    def __init__(self, transcript: Transcript, model: Model, tools: ToolList) -> None:
        self._tools = tools
        self.displays = ToolDisplays()
        fields: dict[str, JSON] = {
            "status": "idle",
            "input_request": None,
            "queued": [],
            "model": {"name": model.name, "note": model.note},
            "tools": view_tools(tools),
            "tool_displays": self.displays.view(tools),
            "asks": [],
            "usage": None,
            "retrying": None,
            "notice": None,
            "undo": None,
            "renderers": {},
        }
        self.screen = Screen(transcript, fields)
        self._retries = ""

    def show_turns(self, turns: Turns) -> None:
        """Show what the app is doing, what it wants and who waits."""
        asked = turns.request
        question = "" if asked is None or asked.recorded else asked.message
        self.screen.set("status", turns.status)
        self.screen.set("input_request", None if asked is None else view_request(asked, question))
        self.screen.set("queued", [_queued(turn) for turn in turns.queued])

    def show_asks(self, asks: Asks) -> None:
        """Show the open questions."""
        self.screen.set("asks", [view_ask(ask) for ask in asks.open])

    def show_tools(self) -> None:
        """Show the tools as they are now."""
        self.screen.set("tools", view_tools(self._tools))
        self.screen.set("tool_displays", self.displays.view(self._tools))

    def show_usage(self, spending: Spending) -> None:
        """Show what the turn and the chat have used."""
        self.screen.set("usage", view_usage(spending.turn, spending.chat, spending.fullest()))

    def show_retry(self, event: Event) -> None:
        """Show that a model is asked again in a while, until it is."""
        if isinstance(event, RetryScheduled):
            wait = {"reason": event.reason, "seconds": event.seconds, "attempt": event.attempt, "of": event.of}
            self._retries = event.message_id
            self.screen.set("retrying", wait)
        elif self._retries and isinstance(event, PartStarted | GenerateEnded) and event.message_id == self._retries:
            self._retries = ""
            self.screen.set("retrying", None)

    def show_undo(self, kind: str | None) -> None:
        """Show what can be undone."""
        self.screen.set("undo", kind)

    def show_renderers(self, renderers: Renderers) -> None:
        """Show which MIME types the user has a renderer for."""
        self.screen.set("renderers", renderers.view())

    def clear_notice(self) -> None:
        """Take the notice away."""
        self.screen.set("notice", None)


def _queued(turn: Turn) -> JSON:
    """Return one who waits as a screen shows it, by the names of its files where it has no text.

    `steer` is there where it may join the turn that runs.
    """
    parts = turn.input.message.parts if turn.input.message is not None else ()
    names = [part.name if isinstance(part, FilePart) else part.alt for part in parts if isinstance(part, _NAMED)]
    text = str(turn.input) or ", ".join(name for name in names if name)
    return {"id": turn.id, "text": text, **({"steer": True} if turn.steers else {})}
