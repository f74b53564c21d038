"""What a model said is played again as it came: deltas, timing, errors."""

from __future__ import annotations

import asyncio
import math
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget.errors import ContextTooLong, EndpointError, ModelError, RateLimited
from chatwidget.messages import Assistant, System, User
from chatwidget.models.base import (
    Finish,
    Model,
    ModelDelta,
    ModelRequest,
    ReasoningDelta,
    StepDelta,
    TextDelta,
    ToolCallDelta,
)
from chatwidget.models.recording import record, replay
from chatwidget.models.scripted import BreakOff, Delay, ScriptedModel
from tests.strategies import json_values

HALVES = ["a\ud83d", "\ude00b", "\x00", "e\u0301", "\u2028"]
texts = st.text(max_size=9) | st.sampled_from(HALVES)
deltas_of_any_kind = st.one_of(
    st.builds(TextDelta, texts),
    st.builds(ReasoningDelta, texts),
    st.builds(ToolCallDelta, st.integers(0, 9), st.none() | texts, st.none() | texts, texts),
    st.builds(StepDelta, texts, texts, texts, st.sampled_from(["running", "done", "failed"])),
)
finishes = st.builds(
    Finish,
    st.sampled_from(["complete", "length", "filtered"]),
    st.none() | texts,
    st.none() | st.dictionaries(st.text(max_size=5), json_values, max_size=3),
)
ends = st.one_of(
    finishes,
    st.none(),
    st.builds(ModelError, st.text(max_size=20)),
    st.builds(RateLimited, st.text(max_size=20), st.none() | st.floats(0, 1e6)),
)
HI = ModelRequest((User("Hi"),))


class Says:
    """A model that says just this, and nothing of its own."""

    name = "says"
    note = "For tests."

    def __init__(self, *deltas: ModelDelta, error: Exception | None = None) -> None:
        self.deltas = deltas
        self.error = error

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        for delta in self.deltas:
            yield delta
        if self.error is not None:
            raise self.error


async def ask(model: Model, request: ModelRequest = HI) -> list[ModelDelta]:
    return [delta async for delta in model.stream(request)]


async def say(model: Model, request: ModelRequest = HI) -> str:
    return "".join(delta.text for delta in await ask(model, request) if isinstance(delta, TextDelta))


async def heard(model: Model) -> tuple[list[ModelDelta], tuple[Any, ...]]:
    """All that comes of a request: its deltas, and its error as class, text and wait."""
    came: list[ModelDelta] = []
    try:
        async for delta in model.stream(HI):
            came += [delta]
    except ModelError as error:
        return came, (type(error), str(error), getattr(error, "retry_after", None))
    return came, ()


def lines_in(path: Path) -> int:
    return path.read_text().count("\n")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "talk.jsonl"


@given(st.lists(deltas_of_any_kind, max_size=6), ends)
def test_a_replay_gives_the_deltas_and_the_end_that_were_recorded(deltas: list[ModelDelta], end: Any) -> None:
    said = [*deltas, end] if isinstance(end, Finish) else deltas
    model = Says(*said, error=end if isinstance(end, Exception) else None)

    async def both() -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "talk.jsonl")
            live = await heard(record(path, model))
            assert live[0] == said
            assert await heard(replay(path, math.inf)) == live

    asyncio.run(both())


class Clock:
    """Time that only sleeping moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self.slept: list[float] = []
        self._turn = asyncio.sleep
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: self.now)
        monkeypatch.setattr(asyncio, "sleep", self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await self._turn(0)


async def arrivals(model: Model, clock: Clock) -> list[float]:
    begun = clock.now
    return [clock.now - begun async for _ in model.stream(HI)]


@pytest.mark.parametrize(("speed", "times"), [(1.0, [2, 3.5, 7.5]), (2, [1, 1.75, 3.75]), (0.5, [4, 7, 15])])
async def test_the_timing_is_that_of_the_recording_divided_by_speed(
    path: Path, monkeypatch: pytest.MonkeyPatch, speed: float, times: list[float]
) -> None:
    clock = Clock(monkeypatch)
    live = record(path, ScriptedModel([Delay(2), "a", Delay(1.5), "b", Delay(4)]))
    assert await arrivals(live, clock) == [2, 3.5, 7.5]
    assert await arrivals(replay(path, speed), clock) == pytest.approx(times)


async def test_infinite_speed_has_no_pauses_but_lets_others_run(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    await ask(record(path, ScriptedModel([Delay(3600), "a", "b"])))
    clock.slept.clear()
    assert await arrivals(replay(path, speed=math.inf), clock) == [0, 0, 0]
    assert len(clock.slept) >= 3, "each delta gave the loop a turn"


async def test_what_the_consumer_takes_for_itself_does_not_add_up(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    await ask(record(path, ScriptedModel([Delay(2), "a", Delay(2), "b", Delay(2), "c"])))
    begun = clock.now
    came = []
    async for _ in replay(path).stream(HI):
        came.append(clock.now - begun)
        clock.now += 1.0
    assert came == pytest.approx([2, 4, 6, 7])


@pytest.mark.parametrize("speed", [0, -1, math.nan, True, "fast", None])
async def test_a_speed_that_is_none_is_refused(path: Path, speed: Any) -> None:
    record(path, "echo")
    with pytest.raises(ValueError, match=r"a number above 0, math\.inf for no pauses"):
        replay(path, speed)


async def test_a_request_asked_again_gets_its_replies_in_order_and_then_the_last_again(path: Path) -> None:
    live = record(path, ScriptedModel("One.", "Two."))
    assert [await say(live) for _ in range(2)] == ["One.", "Two."]
    played = replay(path)
    assert [await say(played) for _ in range(4)] == ["One.", "Two.", "Two.", "Two."]
    assert await say(replay(path)) == "One.", "each replay begins at the first"


async def test_recording_again_adds_to_the_file_and_the_newest_recording_counts(path: Path) -> None:
    other = ModelRequest((User("And you?"),))
    first = record(path, ScriptedModel("Old.", "Old too.", "Kept."))
    await say(first), await say(first), await say(first, other)
    await say(record(path, ScriptedModel("New.")))
    played = replay(path)
    assert [await say(played), await say(played), await say(played, other)] == ["New.", "New.", "Kept."]
    assert lines_in(path) == 4


async def test_a_model_can_be_named_and_shows_what_it_is(path: Path) -> None:
    live = record(path, "mocked:Hi!")
    assert await say(live) == "Hi!"
    assert (live.name, live.note) == ("mocked", "Always the same answer, for tests. Recorded in talk.jsonl.")
    assert (replay(path).name, replay(path).note) == ("replay", "Plays talk.jsonl.")


async def test_the_recorded_model_is_prepared_where_it_can_be(path: Path) -> None:
    prepared = []
    model = Says()
    cast(Any, model).prepare = lambda: prepared.append(1)
    cast(Any, record(path, model)).prepare()
    cast(Any, record(path, Says())).prepare()
    assert prepared == [1]


class Stranger(ContextTooLong):
    """An error of someone else's model."""


@pytest.mark.parametrize(
    ("error", "kind", "text"),
    [
        (EndpointError("It is away."), EndpointError, "It is away."),
        (Stranger("Too long."), ContextTooLong, "Too long."),
        (KeyError("private"), ModelError, "says failed with KeyError when it was recorded."),
    ],
)
async def test_errors_are_played_as_the_nearest_of_our_own(
    path: Path, error: Exception, kind: type[ModelError], text: str
) -> None:
    with pytest.raises(type(error)):
        await ask(record(path, Says(TextDelta("Well"), error=error)))
    came, (found, told, _) = await heard(replay(path, math.inf))
    assert came == [TextDelta("Well")] and found is kind and told == text


async def test_a_stream_that_broke_off_breaks_off_again(path: Path) -> None:
    await ask(record(path, ScriptedModel(["Hal", BreakOff()])))
    assert await ask(replay(path)) == [TextDelta("Hal")]


async def cancelled(model: Model, request: ModelRequest = HI) -> None:
    """Take one delta and close the stream, as a stop does."""
    async with aclosing(cast(Any, model.stream(request))) as stream:
        await anext(stream)


async def test_a_cancelled_reply_is_kept_only_for_want_of_another(path: Path) -> None:
    live = record(path, ScriptedModel(["Sto", "p"], ["Stop", " again"], "Whole.", "Late."))
    await cancelled(live)
    await cancelled(live)
    assert lines_in(path) == 1
    came = await ask(replay(path))
    assert came[0] == TextDelta("Sto")
    assert came[1:] == [Finish("length", "This reply was stopped while it was recorded.")]
    assert await say(live) == "Whole."
    await cancelled(live)
    assert [await say(replay(path)) for _ in range(2)] == ["Whole.", "Whole."]


async def test_who_leaves_at_the_finish_has_not_cancelled(path: Path) -> None:
    async with aclosing(cast(Any, record(path, ScriptedModel(["All"])).stream(HI))) as stream:
        async for delta in stream:
            if isinstance(delta, Finish):
                break
    assert await ask(replay(path)) == [TextDelta("All"), Finish()]


async def test_closing_a_recorded_or_played_stream_closes_what_is_below(path: Path) -> None:
    closed = []

    class Watched(Says):
        async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
            try:
                yield TextDelta("a")
                yield TextDelta("b")
            finally:
                closed.append(1)

    makes: list[Callable[[], Model]] = [
        lambda: record(path, Watched()),
        lambda: replay(path.with_name("new.jsonl"), otherwise=Watched()),
    ]
    for number, make in enumerate(makes, 1):
        await cancelled(make())
        assert len(closed) == number


async def test_what_is_missing_is_asked_of_otherwise_once_and_recorded(path: Path) -> None:
    model = ScriptedModel("One.", "Two.")
    both = replay(path, otherwise=model)
    questions = [ModelRequest((System("Be brief."), User(text))) for text in ("a", "b", "a")]
    assert [await say(both, request) for request in questions] == ["One.", "Two.", "One."]
    assert len(model.requests) == 2
    assert "asks scripted for what is not in it" in both.note
    offline = replay(path)
    assert [await say(offline, request) for request in questions] == ["One.", "Two.", "One."]


async def test_messages_said_at_another_time_with_other_ids_are_the_same_request(path: Path) -> None:
    def request() -> ModelRequest:
        return ModelRequest((User("Hi"), Assistant("Yes?"), User("What?")))

    await say(record(path, "mocked:That."), request())
    assert await say(replay(path), request()) == "That."
