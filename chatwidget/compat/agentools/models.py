"""The models of AgenTools' names: mocked ones with delays, `echo`, `replay:0`, and all others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import cast

from chatwidget.compat.agentools.recordings import GLOBAL_RECORDINGS
from chatwidget.models import get_model
from chatwidget.models.base import Model, ModelDelta, ModelRequest, TextDelta

_MOCKED = ("mock", "mocked")


class _Delays:
    initial = 0.0
    streaming = 0.0


def set_mock_initial_delay(delay: float) -> None:
    """Let mocked models wait so many seconds before they answer; 0 unless set."""
    _Delays.initial = delay


def set_mock_streaming_delay(delay: float) -> None:
    """Let mocked models wait so many seconds before each character; 0 unless set."""
    _Delays.streaming = delay


def model_of(spec: str | Model) -> Model:
    """Return the model of a name: `mocked`, `mocked:TEXT`, `echo`, `replay:NUMBER`, or one that `get_model` knows."""
    if not isinstance(spec, str):
        return get_model(spec)
    kind, colon, rest = spec.partition(":")
    if kind == "replay" and rest.isdecimal():
        return GLOBAL_RECORDINGS.model(int(rest))
    if kind in _MOCKED:
        return _Mock(get_model(f"mocked{colon}{rest}"))
    return _Mock(get_model(spec)) if spec == "echo" else get_model(spec)


class _Mock:
    """A model that says what another says, character by character."""

    def __init__(self, model: Model) -> None:
        self.name, self.note = model.name, model.note
        self._model = model

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        await asyncio.sleep(_Delays.initial)
        async with aclosing(cast("AsyncGenerator[ModelDelta, None]", self._model.stream(request))) as deltas:
            async for delta in deltas:
                if not isinstance(delta, TextDelta):
                    yield delta
                    continue
                for character in delta.text:
                    await asyncio.sleep(_Delays.streaming)
                    yield TextDelta(character)
