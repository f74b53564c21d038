"""Equal requests at the same time are one request, whoever of those who asked fails or leaves."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncGenerator, AsyncIterator
from typing import cast

import pytest

from chatwidget.cache import MemoryCache
from chatwidget.errors import ModelError, RateLimited
from chatwidget.messages import User
from chatwidget.models._cache_keeper import CacheKeeper
from chatwidget.models.base import Finish, Model, ModelDelta, ModelRequest, RetryDelta, TextDelta, ToolCallDelta
from chatwidget.models.caching import cached
from tests.caching import HI, ask, cut, say, text_of
from tests.gated import GatedModel, Step, others, until

FREE = {"input_tokens": 0, "output_tokens": 0, "cached": True}


def is_cached(delta: ModelDelta) -> bool:
    return isinstance(delta, Finish) and delta.usage == FREE


def waiting(cache: MemoryCache) -> int:
    """How many replies are on their way."""
    return len(CacheKeeper.of(cache).flights)


async def test_who_asks_while_it_is_answered_hears_it_live_from_its_beginning() -> None:
    gate = asyncio.Event()
    model, cache = GatedModel(["Hel", gate, "lo"]), MemoryCache()
    streams = [cast("AsyncGenerator[ModelDelta, None]", cached(model, cache).stream(HI)) for _ in range(3)]
    assert [await anext(stream) for stream in streams] == [TextDelta("Hel")] * 3
    gate.set()
    rest = [[delta async for delta in stream] for stream in streams]
    assert [text_of(deltas) for deltas in rest] == ["lo"] * 3
    assert [is_cached(deltas[-1]) for deltas in rest] == [False, True, True], "the first one pays"
    assert len(model.requests) == 1
    assert not waiting(cache) and not others()


async def test_a_hundred_equal_requests_are_one_and_two_others_are_two() -> None:
    model, cache = GatedModel(["one"], ["two"], ["three"]), MemoryCache()
    asked = cached(model, cache)
    more = [ModelRequest((User(text),)) for text in ("Hey", "Ho")]
    said = await asyncio.gather(*(say(asked) for _ in range(100)), *(say(asked, request) for request in more))
    assert said == ["one"] * 100 + ["two", "three"]
    assert len(model.requests) == 3


DELTAS: list[Step] = [
    TextDelta("a"),
    ToolCallDelta(0, "call_1", "add"),
    ToolCallDelta(0, None, None, "{}"),
    TextDelta("b"),
]


@pytest.mark.parametrize("how", ["cancelled", "closed"])
@pytest.mark.parametrize("after", range(len(DELTAS) + 1))
async def test_a_reply_nobody_waits_for_ends_at_once_and_is_not_kept(after: int, how: str) -> None:
    steps: list[Step] = [step for delta in DELTAS for step in (delta, asyncio.Event())]
    for step in steps[: 2 * (after - 1)]:
        if isinstance(step, asyncio.Event):
            step.set()
    model, cache = GatedModel(steps if after else [asyncio.Event()], ["anew"]), MemoryCache()
    await cut(cached(model, cache), after, how)
    assert not len(cache) and not waiting(cache) and not others()
    if model.requests:
        assert await say(cached(model, cache)) == "anew"


@pytest.mark.parametrize("how", ["cancelled", "closed"])
@pytest.mark.parametrize("after", range(1, len(DELTAS) + 1))
async def test_the_others_hear_it_whole_when_the_first_one_leaves(after: int, how: str) -> None:
    gate = asyncio.Event()
    model, cache = GatedModel([*DELTAS[:after], gate, *DELTAS[after:]]), MemoryCache()
    first = asyncio.create_task(cut(cached(model, cache), after, how))
    await until(lambda: waiting(cache))
    second = asyncio.create_task(ask(cached(model, cache)))
    await first
    gate.set()
    assert await second == [*DELTAS, Finish()], "and one of them pays"
    assert len(model.requests) == 1 and len(cache) == 1
    assert not others()


async def test_one_who_follows_may_leave_without_harm() -> None:
    gate = asyncio.Event()
    model, cache = GatedModel(["Hel", gate, "lo"]), MemoryCache()
    first = asyncio.create_task(say(cached(model, cache)))
    await until(lambda: waiting(cache))
    await cut(cached(model, cache), 1, "cancelled")
    gate.set()
    assert await first == "Hello"
    assert len(model.requests) == 1


async def outcomes(model: Model, many: int) -> list[str]:
    """Ask at the same time; what each heard, or the error it got."""
    said = await asyncio.gather(*(say(model) for _ in range(many)), return_exceptions=True)
    return [text if isinstance(text, str) else f"{type(text).__name__}: {text}" for text in said]


async def test_when_the_first_one_fails_at_once_another_takes_over_for_all() -> None:
    async def others_ask() -> None:
        await asyncio.sleep(0)

    replies: list[list[Step]] = [[others_ask, ModelError("Down.")], [others_ask, "Hello"]]
    model = GatedModel(*replies)
    assert await outcomes(cached(model, MemoryCache()), 20) == ["ModelError: Down.", *["Hello"] * 19]
    assert len(model.requests) == 2


async def test_a_model_that_stays_away_is_asked_twice_not_by_everyone() -> None:
    async def others_ask() -> None:
        await asyncio.sleep(0)

    error = RateLimited("Later.", retry_after=7.0)
    replies: list[list[Step]] = [[others_ask, error] for _ in range(20)]
    model = GatedModel(*replies)
    asked = cached(model, MemoryCache())
    caught = await asyncio.gather(*(say(asked) for _ in range(20)), return_exceptions=True)
    assert [repr(each) for each in caught] == [repr(error)] * 20
    assert all(isinstance(each, RateLimited) and each.retry_after == 7.0 for each in caught)
    assert len({id(each) for each in caught}) == 20, "each has an exception of its own"
    assert len(model.requests) == 2
    assert not others()


async def test_who_has_heard_a_part_is_told_that_it_failed_and_never_hears_another_reply() -> None:
    gate = asyncio.Event()
    model = GatedModel(["Hel", gate, ModelError("Down.")], ["Goodbye"])
    asked = cached(model, MemoryCache())
    streams = [cast("AsyncGenerator[ModelDelta, None]", asked.stream(HI)) for _ in range(2)]
    assert [await anext(stream) for stream in streams] == [TextDelta("Hel")] * 2
    gate.set()
    for stream in streams:
        with pytest.raises(ModelError, match="Down"):
            await anext(stream)
    assert len(model.requests) == 1


async def test_who_has_only_heard_that_it_waits_for_a_retry_is_helped_by_another() -> None:
    gate = asyncio.Event()
    model = GatedModel([RetryDelta("busy", 5.0), gate, ModelError("Down.")], ["Hello"])
    asked = cached(model, MemoryCache())
    streams = [cast("AsyncGenerator[ModelDelta, None]", asked.stream(HI)) for _ in range(2)]
    assert [type(await anext(stream)) for stream in streams] == [RetryDelta] * 2
    gate.set()
    with pytest.raises(ModelError, match="Down"):
        await anext(streams[0])
    assert text_of([delta async for delta in streams[1]]) == "Hello"


async def test_a_stream_that_breaks_off_at_once_is_taken_over_as_well() -> None:
    class Breaks:
        name, note, asked = "breaks", "", 0

        async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
            self.asked += 1
            await asyncio.sleep(0)
            if self.asked > 1:
                yield TextDelta("Hello")
                yield Finish()

    model = Breaks()
    assert await outcomes(cached(model, MemoryCache()), 3) == ["", "Hello", "Hello"]
    assert model.asked == 2


async def test_a_wait_before_a_retry_is_told_while_it_lasts_and_is_no_part_of_the_reply() -> None:
    gates = [asyncio.Event(), asyncio.Event()]
    wait = RetryDelta("busy", 5.0)
    model, cache = GatedModel([wait, gates[0], "Hello", gates[1]]), MemoryCache()
    first = cast("AsyncGenerator[ModelDelta, None]", cached(model, cache).stream(HI))
    assert await anext(first) == wait
    gates[0].set()
    assert await anext(first) == TextDelta("Hello")
    late = cast("AsyncGenerator[ModelDelta, None]", cached(model, cache).stream(HI))
    assert await anext(late) == TextDelta("Hello")
    gates[1].set()
    assert [len([delta async for delta in stream]) for stream in (first, late)] == [1, 1]
    assert [type(delta) for delta in await ask(cached(model, cache))] == [TextDelta, Finish]


def test_loops_of_several_threads_do_not_wait_for_each_other_s_tasks() -> None:
    model, cache = GatedModel(["Hello"], ["Hello"]), MemoryCache()
    asked = cached(model, cache)

    async def many() -> list[str]:
        return await asyncio.gather(*(say(asked) for _ in range(5)))

    assert asyncio.run(many()) == ["Hello"] * 5
    assert asyncio.run(many()) == ["Hello"] * 5
    assert len(model.requests) == 1


async def test_nothing_of_a_stream_that_was_never_begun_stays() -> None:
    model, cache = GatedModel(["Hello"]), MemoryCache()
    stream = cached(model, cache).stream(HI)
    del stream
    gc.collect()
    assert not waiting(cache) and not others() and not model.requests
