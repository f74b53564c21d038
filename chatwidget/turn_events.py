"""The events of one turn, as they happen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

from chatwidget.events import Event
from chatwidget.turn import Turn
from chatwidget.turns import Turns

_END = object()


async def turn_events(
    turns: Turns, on: Callable[[Any, Callable[[Any], object]], Callable[[], None]], submit: Callable[[], Turn]
) -> AsyncGenerator[Event, None]:
    """Submit a turn and give its events; leaving the loop stops the turn. Raises at the end what it failed with."""
    events: asyncio.Queue[Any] = asyncio.Queue()
    turn: Turn | None = None

    def forward(event: Event) -> None:
        if turns.current in (turn, None):
            events.put_nowait(event)

    off = on(Event, forward)
    try:
        turn = submit()
        turn.done.add_done_callback(lambda _: events.put_nowait(_END))
        while (event := await events.get()) is not _END:
            yield event
        await turn.done
    finally:
        off()
        if turn is not None:
            await turns.give_up(turn)
