"""What tests of cached models share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import cast

from chatwidget.cache import Cache
from chatwidget.messages import User
from chatwidget.models.base import Finish, Model, ModelDelta, ModelRequest, TextDelta
from tests.gated import until

HI = ModelRequest((User("Hi"),))


class Says:
    """A model that says just this each time; `asked` counts."""

    note = "For tests."

    def __init__(self, *deltas: ModelDelta, name: str = "says", error: Exception | None = None) -> None:
        self.name = name
        self.deltas = deltas
        self.error = error
        self.asked = 0

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        self.asked += 1
        for delta in self.deltas:
            yield delta
        if self.error is not None:
            raise self.error


def says(text: str = "Hello") -> Says:
    """Make a model that answers in single characters."""
    usage = {"input_tokens": 7, "output_tokens": len(text)}
    return Says(*map(TextDelta, text), Finish(usage=usage))


class Keeps(Cache):
    """A cache of few lines, as anyone would write it."""

    def __init__(self) -> None:
        self.entries: dict[str, object] = {}
        self.ttls: list[float | None] = []

    async def get(self, key: str) -> str | bytes | None:
        return self.entries.get(key)  # type: ignore[return-value]  # what else there is in it, tests put there

    async def set(self, key: str, entry: str, ttl: float | None) -> None:
        self.entries[key] = entry
        self.ttls.append(ttl)


async def ask(model: Model, request: ModelRequest = HI) -> list[ModelDelta]:
    return [delta async for delta in model.stream(request)]


def text_of(deltas: list[ModelDelta]) -> str:
    return "".join(delta.text for delta in deltas if isinstance(delta, TextDelta))


async def say(model: Model, request: ModelRequest = HI) -> str:
    return text_of(await ask(model, request))


async def cut(model: Model, after: int, how: str) -> None:
    """Hear `after` deltas and leave, being cancelled or closing."""
    heard = 0

    async def hear() -> None:
        nonlocal heard
        async with aclosing(cast("AsyncGenerator[ModelDelta, None]", model.stream(HI))) as stream:
            if how == "closed" and after == 0:
                return
            async for _ in stream:
                heard += 1
                if heard == after and how == "closed":
                    return

    task = asyncio.create_task(hear())
    await until(lambda: heard == after)
    if how == "cancelled":
        task.cancel()
    await asyncio.wait({task})
    assert task.cancelled() == (how == "cancelled")
