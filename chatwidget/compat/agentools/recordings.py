"""Recording what models stream, to play it again in this process.

For a file that outlives it, and for replies found by their request, there is `chatwidget.models.recording`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from copy import deepcopy
from typing import Any, cast

from chatwidget.errors import ModelUnavailable
from chatwidget.models.base import Finish, Model, ModelDelta, ModelRequest


class AsyncGeneratorRecorder:
    """Records what async generators give, each with its pauses, and plays it in order, the first after the last."""

    def __init__(self) -> None:
        self.recordings: list[list[tuple[float, Any]]] = []
        self.replay_index = 0

    async def record(self, async_generator: AsyncIterator[Any]) -> AsyncGenerator[Any, None]:
        """Return an async generator that gives the same, and keeps it when it has come to its end."""
        return self._record(async_generator)

    async def _record(self, async_generator: AsyncIterator[Any]) -> AsyncGenerator[Any, None]:
        clock = asyncio.get_running_loop().time
        recording: list[tuple[float, Any]] = []
        before = clock()
        async with aclosing(cast("AsyncGenerator[Any, None]", async_generator)) as items:
            async for item in items:
                now = clock()
                recording.append((now - before, deepcopy(item)))
                before = now
                yield item
        self.recordings.append(recording)

    async def replay(self) -> AsyncGenerator[Any, None]:
        """Return an async generator of the next recording; ValueError when there is none."""
        if not self.recordings:
            raise ValueError("Nothing was recorded.")
        recording = self.recordings[self.replay_index]
        self.replay_index = (self.replay_index + 1) % len(self.recordings)
        return self._replay(recording)

    @staticmethod
    async def _replay(recording: list[tuple[float, Any]]) -> AsyncGenerator[Any, None]:
        for pause, item in recording:
            await asyncio.sleep(pause)
            yield deepcopy(item)


class Recordings:
    """Recordings of replies: all that is streamed between `start` and `stop` can be had again as `replay:0`, ..."""

    def __init__(self) -> None:
        self.recordings: list[AsyncGeneratorRecorder] = []
        self.current_recorder: AsyncGeneratorRecorder | None = None

    def start(self) -> None:
        """Begin a recording."""
        self.current_recorder = AsyncGeneratorRecorder()

    def stop(self) -> None:
        """End the recording; an empty one is not kept."""
        if self.current_recorder is not None and self.current_recorder.recordings:
            self.recordings.append(self.current_recorder)
        self.current_recorder = None

    @property
    def replay_models(self) -> list[str]:
        """The names of the models that play the recordings."""
        return [f"replay:{number}" for number in range(len(self.recordings))]

    def model(self, number: int) -> Model:
        """Return the model that plays a recording; raises ModelUnavailable when there is none of this number."""
        if number >= len(self.recordings):
            raise ModelUnavailable(
                f"There is no recording {number}; there are {len(self.recordings)}. Call GLOBAL_RECORDINGS.start(), "
                "prompt with stream=True, and call stop()."
            )
        return _Replayed(f"replay:{number}", self.recordings[number])

    def recorded(self, model: Model) -> Model:
        """Return the model, recorded where a recording is under way."""
        return model if self.current_recorder is None else _Recorded(model, self.current_recorder)


class _Recorded:
    def __init__(self, model: Model, recorder: AsyncGeneratorRecorder) -> None:
        self.name, self.note = model.name, model.note
        self._model, self._recorder = model, recorder

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        finish = None
        async with aclosing(await self._recorder.record(self._model.stream(request))) as deltas:
            async for delta in deltas:
                if isinstance(delta, Finish):
                    finish = delta  # held back until it is recorded: nobody reads on after it
                else:
                    yield delta
        if finish is not None:
            yield finish


class _Replayed:
    note = "Plays what was recorded in this process."

    def __init__(self, name: str, recorder: AsyncGeneratorRecorder) -> None:
        self.name = name
        self._recorder = recorder

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        async with aclosing(await self._recorder.replay()) as deltas:
            async for delta in deltas:
                yield delta


GLOBAL_RECORDINGS = Recordings()
"""The recordings that assistants and `openai_chat` make and play."""
