"""Models that end in odd ways, or slowly, leave nobody waiting and nothing running."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from chatwidget.cache import MemoryCache
from chatwidget.models.base import Finish, ModelDelta, ModelRequest, TextDelta
from chatwidget.models.caching import cached
from chatwidget.threads import Exited
from tests.caching import ask, cut, say
from tests.gated import others, until


class Slow:
    """A model that takes its time to close its first stream, until `may_close`."""

    name, note = "slow", ""

    def __init__(self) -> None:
        self.asked = 0
        self.closing = self.closed = False
        self.may_close, self.may_end = asyncio.Event(), asyncio.Event()

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        self.asked += 1
        if self.asked > 1:
            yield TextDelta("anew")
            await self.may_end.wait()
            yield Finish()
            return
        try:
            yield TextDelta("a")
            await asyncio.Event().wait()
        finally:
            self.closing = True
            await self.may_close.wait()
            self.closed = True


async def test_who_leaves_returns_when_the_model_has_closed_its_stream() -> None:
    model = Slow()
    leaving = asyncio.create_task(cut(cached(model, MemoryCache()), 1, "closed"))
    await until(lambda: model.closing)
    for _ in range(5):
        await asyncio.sleep(0)
    assert not leaving.done()
    model.may_close.set()
    await leaving
    assert model.closed and not others()


async def test_who_asks_while_a_stream_that_nobody_wants_is_closing_is_answered_anew_and_followed() -> None:
    model, cache = Slow(), MemoryCache()
    leaving = asyncio.create_task(cut(cached(model, cache), 1, "cancelled"))
    await until(lambda: model.closing)
    second = asyncio.create_task(say(cached(model, cache)))
    await until(lambda: model.asked == 2)
    model.may_close.set()
    await leaving
    third = asyncio.create_task(say(cached(model, cache)))
    for _ in range(5):
        await asyncio.sleep(0)
    model.may_end.set()
    assert [await second, await third] == ["anew", "anew"]
    assert model.asked == 2


async def test_what_must_not_reach_a_loop_reaches_who_asked() -> None:
    class Exits:
        name, note = "exits", ""

        async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
            yield TextDelta("a")
            raise SystemExit(3)

    with pytest.raises(Exited, match="SystemExit: 3"):
        await ask(cached(Exits(), MemoryCache()))


async def test_a_model_that_swallows_its_cancellation_ends_at_its_next_delta() -> None:
    class Stubborn:
        name, note, said = "stubborn", "", 0

        async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
            while True:
                self.said += 1
                yield TextDelta("a")
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    continue

    model = Stubborn()
    await cut(cached(model, MemoryCache()), 1, "cancelled")
    assert model.said == 2
    assert not others()


async def test_a_model_that_cancels_itself_leaves_nobody_waiting() -> None:
    class Cancels:
        name, note = "cancels", ""

        async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
            yield TextDelta("a")
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await ask(cached(Cancels(), MemoryCache()))
    assert not others()
