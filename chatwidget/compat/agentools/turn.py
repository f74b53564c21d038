"""One prompt of one assistant, from its start until it was answered or left."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from chatwidget.compat.agentools.histories import MessageHistory
from chatwidget.compat.agentools.response import Response
from chatwidget.compat.agentools.serving import SERVING
from chatwidget.compat.agentools.toolkits import ToolList
from chatwidget.errors import AppError, SessionBusy
from chatwidget.models.base import Model

if TYPE_CHECKING:
    from chatwidget.compat.agentools.translation import Translation


class Turn:
    """What one prompt is answered with.

    `handed_over`: whoever reads the events has one in hand. `left`: nobody reads them any more.
    """

    translation: Translation

    def __init__(
        self,
        history: MessageHistory,
        tools: ToolList,
        model: Model,
        model_name: str,
        max_calls: int,
        parallel: bool,
        openai_kwargs: dict[str, Any],
    ) -> None:
        self.history = history
        self.tools = tools
        self.model = model
        self.model_name = model_name
        self.max_calls = max_calls
        self.parallel = parallel
        self.openai_kwargs = openai_kwargs
        self.response: Response | None = None
        self.handed_over = False
        self.left = False
        self._end = asyncio.Event()

    def refuse_inside(self) -> None:
        """Raise SessionBusy in a tool of this very prompt, which would wait for itself."""
        serving: Any = SERVING.get()
        while serving is not None:
            if serving is self.response:
                raise SessionBusy("A tool cannot prompt the assistant that it runs for. Make another assistant for it.")
            serving = serving.parent

    async def record(self) -> None:
        """Put what has settled into the history."""
        if self.response is not None:
            for message in self.response.settled():
                await self.history.append(message)

    async def stop(self) -> None:
        """End the response, if it goes on, and put what there is of it into the history."""
        if self.response is not None:
            await self.response.stop()
            await self.record()

    async def ended(self) -> None:
        """Wait for the end."""
        await self._end.wait()

    def end(self) -> None:
        """Let those who wait go on."""
        self._end.set()


def turn_of(turn: Turn | None) -> Turn:
    """Return the turn under way; raises AppError when there is none."""
    if turn is None:
        raise AppError("This gives events while a prompt is answered; it is called by response_events().")
    return turn
