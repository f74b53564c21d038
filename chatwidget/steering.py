"""Steering: what a person writes while a turn runs joins that turn, before its next request to a model.

Rules:

1. Who steers waits in the queue, before those who only wait for their turn. So it is on screen, it can be taken back,
   and it is the next turn where the running one ends, fails or is stopped without asking a model again.
2. Only a reply of the app's own conversation takes it (`generate.py`), when all its tool calls have their results:
   apps inside the app know nothing of it.
3. From then on it stands in the transcript, and shares the fate of the turn that it has joined.
"""

from __future__ import annotations

from collections import deque

from chatwidget.messages import Message
from chatwidget.turn import Turn


def place_in(queue: deque[Turn], turn: Turn, taken: int, *, first: bool) -> int:
    """Return where a turn goes in the queue; the first `taken` of it are as good as begun."""
    if first:
        return taken
    if not turn.steers:
        return len(queue)
    return next((place for place in range(taken, len(queue)) if not queue[place].steers), len(queue))


def join(queue: deque[Turn], current: Turn | None) -> list[Message]:
    """Let those who steer join the current turn, if there is one, and return what they said."""
    joining = [] if current is None else [turn for turn in queue if turn.steers]
    for turn in joining:
        queue.remove(turn)
    if current is not None:
        current.joined += joining
    return [turn.input.message for turn in joining if turn.input.message is not None]
