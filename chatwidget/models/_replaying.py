"""A model that plays a recording."""

from __future__ import annotations

import asyncio
import copy
import threading
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, cast

from chatwidget.errors import ModelError
from chatwidget.models._marks import Marks, asked, difference, marks_of, nearest
from chatwidget.models._take import Take
from chatwidget.models._tape import Tape
from chatwidget.models.base import Finish, Model, ModelDelta, ModelRequest

SHOWN = 80
STOPPED = "This reply was stopped while it was recorded."


class ReplayModel:
    """Play the replies of a tape; made by `replay`."""

    def __init__(self, tape: Tape, speed: float = 1.0, otherwise: Model | None = None) -> None:
        if not _is_speed(speed):
            raise ValueError(f"speed must be a number above 0, math.inf for no pauses; not {speed!r:.40}.")
        self.name = "replay"
        self.note = f"Plays {tape.path.name}."
        if otherwise is not None:
            self.note = f"Plays {tape.path.name}; asks {otherwise.name} for what is not in it, and records it."
        self._tape = tape
        self._speed = speed
        self._otherwise = otherwise
        self._lock = threading.Lock()
        self._played: Counter[str] = Counter()

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        """Stream the recorded reply; a request asked again gets the next one recorded for it, then the last again."""
        marks = marks_of(request)
        take = self._next(marks)
        if take is not None:
            answer = self._play(take)
        elif self._otherwise is not None:
            answer = self._otherwise.stream(request)
        else:
            raise ModelError(self._missing(marks, request))
        async with aclosing(cast("AsyncGenerator[ModelDelta, None]", answer)) as stream:
            async for delta in stream:
                yield delta

    def _next(self, marks: Marks) -> Take | None:
        takes = self._tape.takes(marks)
        with self._lock:
            number = self._played[marks.key]
            self._played[marks.key] += 1
        return takes[min(number, len(takes) - 1)] if takes else None

    async def _play(self, take: Take) -> AsyncIterator[ModelDelta]:
        begun = asyncio.get_running_loop().time()
        for at, delta in take.deltas:
            await self._until(begun, at)
            yield delta
        await self._until(begun, take.end.at)
        if take.end.error is not None:
            raise copy.copy(take.end.error)  # each raise adds to an exception's traceback
        if take.end.how == "cancelled":
            # Length, for then no tool call of the reply is run: none was when it was recorded.
            yield Finish("length", note=STOPPED)

    async def _until(self, begun: float, at: float) -> None:
        # Counted from the beginning, so that what a consumer takes for itself does not add up.
        await asyncio.sleep(max(0.0, begun + at / self._speed - asyncio.get_running_loop().time()))

    def _missing(self, marks: Marks, request: ModelRequest) -> str:
        takes = self._tape.all()
        sentence = f"The recording {self._tape.path.name!r} has no reply to {asked(request)[:SHOWN]!r}"
        like = nearest(marks, [take.marks for take in takes])
        if like is None:
            sentence += "; it is empty"
        else:
            text = next(take.request.get("text") for take in reversed(takes) if take.marks is like)
            sentence += f". The nearest request in it, {str(text)[:SHOWN]!r}, has other {difference(marks, like)}"
        return f"{sentence}. Record it with record(path), or give replay(path, otherwise=...) a model to ask."


def _is_speed(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0
