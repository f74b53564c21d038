"""A cached model answers again without being asked, and says so; only whole replies are kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget import Session
from chatwidget.cache import Cache, MemoryCache
from chatwidget.errors import ModelError
from chatwidget.messages import User
from chatwidget.models import get_model
from chatwidget.models._cache_entry import PIECE, pieces
from chatwidget.models.base import (
    Finish,
    ImageDelta,
    Model,
    ModelDelta,
    ModelRequest,
    ReasoningDelta,
    StepDelta,
    TextDelta,
    ToolCallDelta,
)
from chatwidget.models.caching import cached
from chatwidget.models.logged import logged
from chatwidget.models.scripted import ScriptedModel, ToolCall
from tests.caching import HI, Keeps, Says, ask, say, says, text_of
from tests.core_strategies import assert_valid

deltas_of_any_kind = st.one_of(
    st.builds(TextDelta, st.text(max_size=9)),
    st.builds(ReasoningDelta, st.text(max_size=9)),
    st.builds(ToolCallDelta, st.integers(0, 2), st.none() | st.text(), st.none() | st.text(), st.text()),
    st.builds(StepDelta, st.text(), st.text(), st.text(), st.sampled_from(["running", "done", "failed"])),
    st.builds(ImageDelta, st.text(), st.text()),
)


async def test_what_was_answered_is_not_asked_again_by_another_model_of_the_same_name_either() -> None:
    cache, first, second = MemoryCache(), says(), says("Goodbye")
    assert await say(cached(first, cache)) == await say(cached(first, cache)) == "Hello"
    assert await say(cached(second, cache)) == "Hello"
    assert (first.asked, second.asked) == (1, 0)


async def test_a_hit_streams_in_pieces_lets_others_run_and_costs_nothing() -> None:
    model = cached(says("word " * 200), MemoryCache())
    whole = await ask(model)
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    again, between = [], set()
    async for delta in model.stream(HI):
        again.append(delta)
        between.add(turns)
    task.cancel()
    assert text_of(again) == text_of(whole) == "word " * 200
    assert 10 <= len(again) < len(whole) / 10
    assert len(between) >= len(again) / 2, "the loop was held until all of it was played"
    assert whole[-1] == Finish(usage={"input_tokens": 7, "output_tokens": 1000})
    assert again[-1] == Finish(usage={"input_tokens": 0, "output_tokens": 0, "cached": True})


@given(st.lists(deltas_of_any_kind, min_size=1, max_size=20))
async def test_a_hit_says_the_same_as_the_model_did(said: list[ModelDelta]) -> None:
    model = Says(TextDelta("x"), *said, Finish(note="odd"))
    again = cached(model, MemoryCache())
    await ask(again)
    played = await ask(again)
    assert model.asked == 1
    assert played == [*pieces(model.deltas[:-1]), Finish(note="odd", usage=played[-1].usage)]  # type: ignore[union-attr]


@given(st.lists(deltas_of_any_kind, max_size=30))
def test_pieces_hold_all_that_was_said_in_order(said: list[ModelDelta]) -> None:
    def spread(deltas: list[ModelDelta]) -> list[object]:
        found: list[object] = []
        for delta in deltas:
            if isinstance(delta, TextDelta | ReasoningDelta):
                found += [(type(delta), sign) for sign in delta.text]
            elif isinstance(delta, ToolCallDelta):
                found += [(delta.index, delta.id, delta.name)] if delta.id is not None or delta.name is not None else []
                found += [(delta.index, sign) for sign in delta.arguments]
            else:
                found.append(delta)
        return found

    assert spread(list(pieces(said))) == spread(said)


def test_pieces_are_of_about_a_line_and_calls_stay_apart() -> None:
    assert {len(delta.text) for delta in pieces([TextDelta("abc")] * 270) if isinstance(delta, TextDelta)} == {
        PIECE + 1
    }
    calls: list[ModelDelta] = [
        ToolCallDelta(0, "a", "add"),
        ToolCallDelta(1, "b", "add"),
        ToolCallDelta(0, None, None, "{}"),
    ]
    assert list(pieces(calls)) == calls


@pytest.mark.parametrize(
    "model",
    [
        Says(TextDelta("Hel"), error=ModelError("The line is dead.")),
        Says(error=ModelError("Too many requests.")),
        Says(TextDelta("Hel")),
        Says(TextDelta("Hel"), Finish("length")),
        Says(TextDelta("Hel"), Finish("filtered")),
        Says(Finish()),
        Says(TextDelta(""), ReasoningDelta("Hm."), Finish()),
    ],
    ids=["failed", "failed at once", "broke off", "length", "filtered", "empty", "only thoughts"],
)
async def test_what_is_not_whole_is_not_kept_and_comes_as_without_a_cache(model: Says) -> None:
    cache = Keeps()

    async def outcome(asked: Model) -> tuple[list[ModelDelta], str]:
        heard: list[ModelDelta] = []
        try:
            async for delta in asked.stream(HI):
                heard += [delta]
        except ModelError as error:
            return heard, str(error)
        return heard, ""

    plain = await outcome(model)
    assert await outcome(cached(model, cache)) == await outcome(cached(model, cache)) == plain
    assert model.asked == 3
    assert not cache.entries


async def test_a_reply_is_used_until_it_is_too_old_for_who_asks() -> None:
    now = 1000.0
    model, cache = says(), Keeps()
    short = cached(model, cache, ttl=60, clock=lambda: now)
    await ask(short)
    now = 1059.9
    await ask(short)
    assert model.asked == 1
    now = 1060.0
    await ask(cached(model, cache, clock=lambda: now))
    assert model.asked == 1, "who sets no ttl takes any"
    await ask(short)
    assert model.asked == 2
    now = 1119.0
    await ask(short)
    assert model.asked == 2, "what was asked anew is new"
    now = 0.0
    await ask(short)
    assert model.asked == 3, "what comes from the future was written by a clock that is wrong"
    assert cache.ttls == [60, 60, 60]


async def test_another_version_of_a_reply_is_another_reply() -> None:
    model = ScriptedModel("one", "two")
    asked = cached(model, MemoryCache())
    for _ in range(2):
        assert await say(asked, HI) == "one"
        assert await say(asked, replace(HI, version=1)) == "two"


async def test_a_request_with_options_that_are_no_data_is_not_cached_which_is_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    model, cache = says(), Keeps()
    asked = cached(model, cache)
    for _ in range(2):
        assert await say(asked, replace(HI, options={"choose": min})) == "Hello"
    assert model.asked == 2
    assert not cache.entries
    assert caplog.messages == ["requests to says with options that JSON cannot say are not cached"]


async def test_sessions_share_replies_and_only_the_first_pays() -> None:
    cache = MemoryCache()
    asked: list[ScriptedModel] = []
    usages = []

    def add(a: int, b: int) -> int:
        """Add two numbers.

        Args:
            a: The first.
            b: The second.
        """
        return a + b

    for _ in range(2):
        asked.append(ScriptedModel(ToolCall("add", {"a": 2, "b": 40}), "It is 42."))
        session = Session(model=cached(asked[-1], cache), tools=[add])
        reply = await session.send("What is 2 + 40?")
        assert reply is not None and reply.text == "It is 42." and reply.status == "complete"
        assert_valid(session.history)
        assert [message.role for message in session.messages] == ["user", "assistant", "tool", "assistant"]
        assert reply.usage is None or reply.usage["cached"] is True
        usages.append((session.usage.chat.tokens, session.usage.chat.tool_calls, session.usage.chat.estimated))
    assert [len(model.requests) for model in asked] == [2, 0]
    assert reply is not None and reply.usage == {"input_tokens": 0, "output_tokens": 0, "cached": True}
    assert usages[0][0] > 0 and usages[1] == (0, 1, False)


async def test_without_a_cache_of_its_own_it_uses_the_one_of_this_process() -> None:
    model = Says(TextDelta("Here."), Finish(), name="the one of this process")
    await ask(cached(model))
    assert await say(cached(model)) == "Here."
    assert model.asked == 1


async def test_it_looks_like_the_model_and_lets_it_prepare() -> None:
    prepared = []

    class Paid(Says):
        provider = "openai"

        def prepare(self) -> None:
            prepared.append(self)

    model = Paid(name="gpt-5")
    asked = cached(logged(model))
    assert (asked.name, asked.note) == ("gpt-5", "For tests. Replies are cached.")
    assert getattr(asked, "provider", None) == "openai"
    assert get_model(asked) is asked
    asked.prepare()  # type: ignore[attr-defined]
    assert prepared == [model]


@pytest.mark.parametrize("ttl", [0, -1, float("nan"), float("inf"), True, "60"])
def test_a_ttl_that_is_no_time_is_refused(ttl: float) -> None:
    with pytest.raises(ValueError, match=r"seconds above 0, or None"):
        cached("echo", ttl=ttl)


@pytest.mark.parametrize("cache", ["replies.db", MemoryCache, {}])
def test_what_is_no_cache_is_refused_with_the_cure(cache: Cache) -> None:
    with pytest.raises(TypeError, match=r"is no cache\. Give a MemoryCache\(\), SQLiteCache\(path\)"):
        cached("echo", cache)


async def test_a_subclass_with_get_and_set_is_enough_and_one_without_says_what_is_missing() -> None:
    class Simple(Cache):
        def __init__(self) -> None:
            self.entries: dict[str, str] = {}

        def get(self, key: str) -> str | None:  # type: ignore[override]
            return self.entries.get(key)

        def set(self, key: str, entry: str, ttl: float | None) -> None:  # type: ignore[override]
            self.entries[key] = entry

    model = says()
    asked = cached(model, Simple())
    assert [await say(asked), await say(asked)] == ["Hello", "Hello"]
    assert model.asked == 1
    for call in (Cache().get("k"), Cache().set("k", "e", None), Cache().clear()):
        with pytest.raises(NotImplementedError, match="Cache has no `"):
            await call
    await Simple().close()


async def test_messages_of_the_request_are_not_written_into_a_cache() -> None:
    cache = Keeps()
    secret = ModelRequest((User("My name is Rumpelstiltskin."),), options={"api_key": "sesame-open", "seed": 4})
    await ask(cached(says(), cache), secret)
    written = repr(cache.entries)
    assert "Rumpelstiltskin" not in written and "sesame" not in written
