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
from chatwidget.models._recorded_reply import RecordedReply
from chatwidget.models._recording_file import RecordingFile
from chatwidget.models._request_hashes import RequestHashes, asked, difference, hashes_of, nearest
from chatwidget.models.base import Finish, Model, ModelDelta, ModelRequest

SHOWN = 80
STOPPED = "This reply was stopped while it was recorded."


class ReplayModel:
    """Play the replies of a recording; made by `replay`."""

    def __init__(self, file: RecordingFile, speed: float = 1.0, otherwise: Model | None = None) -> None:
        if not _is_speed(speed):
            raise ValueError(f"speed must be a number above 0, math.inf for no pauses; not {speed!r:.40}.")
        self.name = "replay"
        self.note = f"Plays {file.path.name}."
        if otherwise is not None:
            self.note = f"Plays {file.path.name}; asks {otherwise.name} for what is not in it, and records it."
        self._file = file
        self.identity = str(file.path)
        self._speed = speed
        self._otherwise = otherwise
        self._lock = threading.Lock()
        self._played: Counter[str] = Counter()

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        """Stream the recorded reply; a request asked again gets the next one recorded for it, then the last again."""
        hashes = hashes_of(request)
        reply = self._next(hashes)
        if reply is not None:
            answer = self._play(reply)
        elif self._otherwise is not None:
            answer = self._otherwise.stream(request)
        else:
            raise ModelError(self._missing(hashes, request))
        async with aclosing(cast("AsyncGenerator[ModelDelta, None]", answer)) as stream:
            async for delta in stream:
                yield delta

    def _next(self, hashes: RequestHashes) -> RecordedReply | None:
        replies = self._file.replies(hashes)
        with self._lock:
            number = self._played[hashes.key]
            self._played[hashes.key] += 1
        return replies[min(number, len(replies) - 1)] if replies else None

    async def _play(self, reply: RecordedReply) -> AsyncIterator[ModelDelta]:
        begun = asyncio.get_running_loop().time()
        for at, delta in reply.deltas:
            await self._until(begun, at)
            yield delta
        await self._until(begun, reply.end.at)
        if reply.end.error is not None:
            raise copy.copy(reply.end.error)  # each raise adds to an exception's traceback
        if reply.end.how == "cancelled":
            # Length, for then no tool call of the reply is run: none was when it was recorded.
            yield Finish("length", note=STOPPED)

    async def _until(self, begun: float, at: float) -> None:
        # Counted from the beginning, so that what a consumer takes for itself does not add up.
        await asyncio.sleep(max(0.0, begun + at / self._speed - asyncio.get_running_loop().time()))

    def _missing(self, hashes: RequestHashes, request: ModelRequest) -> str:
        replies = self._file.all()
        sentence = f"The recording {self._file.path.name!r} has no reply to {asked(request)[:SHOWN]!r}"
        like = nearest(hashes, [reply.hashes for reply in replies])
        if like is None:
            sentence += "; it is empty"
        else:
            text = next(reply.request.get("text") for reply in reversed(replies) if reply.hashes is like)
            sentence += f". The nearest request in it, {str(text)[:SHOWN]!r}, has other {difference(hashes, like)}"
        return f"{sentence}. Record it with record(path), or give replay(path, otherwise=...) a model to ask."


def _is_speed(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0
