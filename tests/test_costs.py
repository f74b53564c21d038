"""What a turn may cost, counted rather than timed: frames, bytes, calls and memory. `bench/` has the clock's side."""

from __future__ import annotations

import gc
import heapq
import json
import sys
import tracemalloc
import weakref
from collections.abc import AsyncIterator, Callable, Iterable
from itertools import count, pairwise
from typing import Any

import pytest

from chatwidget import Message, Session, TextPart
from chatwidget.errors import ToolError
from chatwidget.events import Event, MessageStarted, PartDelta, PartStarted
from chatwidget.frames import INTERVAL, Frame
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.screen import Screen
from chatwidget.transcript import Transcript

ENVELOPE = 590  # bytes of Jupyter's message around a frame: channel, headers, comm id (as `bench/` finds them)
TOKEN = "tok "


class HandClock:
    """A clock that goes on only when told."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._number = count()

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[[], None], /) -> None:
        heapq.heappush(self._due, (self.now + delay, next(self._number), callback))

    def advance(self, seconds: float) -> None:
        end = self.now + seconds
        while self._due and self._due[0][0] <= end:
            self.now, _, callback = heapq.heappop(self._due)
            callback()
        self.now = end


class Shown:
    """The frames of one turn, and when each left."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.times: list[float] = []

    @property
    def bytes(self) -> int:
        return sum(ENVELOPE + len(json.dumps(frame, ensure_ascii=False).encode()) for frame in self.frames)


def earlier(messages: int) -> list[Message]:
    ids = [f"m{number}" for number in range(messages)]
    return [
        Message(role="user", id=own, parent_id=before, parts=(TextPart("What was said."),))
        for before, own in zip([None, *ids], ids, strict=False)
    ]


async def turn(tokens: int, per_second: float, messages: int = 0) -> Shown:
    """Stream one reply through a session, its frames timed by hand; `per_second` 0 is all at one moment."""
    clock, shown = HandClock(), Shown()

    async def reply(_: list[Message]) -> AsyncIterator[str]:
        for _number in range(tokens):
            clock.advance(1 / per_second if per_second else 0)
            yield TOKEN

    def show(frame: Frame) -> None:
        shown.frames.append(frame)
        shown.times.append(clock.time())

    session = Session(reply, history=earlier(messages))
    session.screen.clock = clock
    session.screen.attach(show)
    answer = await session.send("Go on")
    clock.advance(1)
    await session.close()
    assert answer is not None
    assert answer.text == TOKEN * tokens
    return shown


@pytest.mark.parametrize("messages", [0, 1000])
@pytest.mark.parametrize(("tokens", "per_second"), [(1000, 100), (5000, 100), (5000, 5000), (1000, 0), (20_000, 0)])
async def test_a_turn_costs_its_text_and_600_bytes_a_frame_and_at_most_three_tenths_more(
    tokens: int, per_second: float, messages: int
) -> None:
    shown = await turn(tokens, per_second, messages)
    assert shown.bytes <= 1.3 * (600 * len(shown.frames) + tokens * len(TOKEN))


async def test_a_turn_costs_the_same_after_a_thousand_messages() -> None:
    alone, late = await turn(1000, 100), await turn(1000, 100, messages=1000)
    digits = sum(len(frame["patches"]) for frame in late.frames) * len("1001")
    assert len(late.frames) == len(alone.frames)
    assert late.bytes <= alone.bytes + digits + 2 * len('"m999"')


async def test_twice_the_tokens_cost_at_most_twice_the_bytes() -> None:
    once, twice = await turn(2000, 100), await turn(4000, 100)
    digits = len(twice.frames)  # of the offsets, which grow
    assert twice.bytes <= 2 * once.bytes + digits


@pytest.mark.parametrize("per_second", [20, 49, 60, 100, 1000])
async def test_at_most_one_frame_leaves_in_20_milliseconds_at_any_speed(per_second: float) -> None:
    shown = await turn(500, per_second)
    assert all(later - sooner >= INTERVAL - 1e-9 for sooner, later in pairwise(shown.times))


async def test_all_that_comes_at_one_moment_leaves_in_one_frame_behind_the_one_that_opens_the_turn() -> None:
    assert len((await turn(20_000, 0)).frames) == 2


async def test_the_first_token_after_a_pause_leaves_at_once() -> None:
    shown = await turn(50, 10)
    tokens = [time for time, frame in zip(shown.times, shown.frames, strict=True) if _has_text(frame)]
    assert tokens == pytest.approx([number / 10 for number in range(1, 51)]), "each left when it came"


def _has_text(frame: Frame) -> bool:
    return any(patch["op"] == "append" for patch in frame["patches"])


def calls_of(work: Callable[[], object]) -> int:
    """Count the calls, of Python and of C, that some work makes."""
    calls = 0

    def note(_frame: Any, what: str, _argument: Any) -> None:
        nonlocal calls
        calls += what in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


def fold(messages: int, tokens: int) -> int:
    """Count the calls of folding one reply into a screen with earlier messages."""
    screen = Screen(Transcript(earlier(messages)), {}, HandClock())
    screen.attach(lambda frame: None)
    parent = screen.field("messages")[-1]["id"] if messages else None
    head = Message(role="assistant", id="reply", parent_id=parent, status="arriving")
    events: Iterable[Event] = [
        MessageStarted(head),
        PartStarted("reply", 0, TextPart()),
        *(PartDelta("reply", 0, TOKEN) for _ in range(tokens)),
    ]

    def work() -> None:
        for event in events:
            screen.apply(event)
        screen.flush()

    return calls_of(work)


def test_a_token_costs_the_same_work_however_long_reply_and_transcript_are() -> None:
    first, second, third = fold(0, 1000), fold(0, 2000), fold(0, 3000)
    assert third - second == second - first
    assert fold(1000, 2000) - fold(1000, 1000) == second - first


@pytest.mark.parametrize(("replies", "tokens"), [(1, 20_000), (400, 100)])
async def test_a_session_holds_at_most_three_times_its_text_and_a_megabyte(replies: int, tokens: int) -> None:
    async def reply(_: list[Message]) -> AsyncIterator[str]:
        for number in range(tokens):
            yield f"{number:03x} "[-4:]

    warm = Session(reply)  # what is loaded once is no session's
    await warm.send("Go on")
    await warm.close()
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        session = Session(reply)
        for _ in range(replies):
            await session.send("Go on")
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    text = sum(len(message.text) for message in session.messages)
    await session.close()
    assert text >= replies * tokens * 4
    assert after - before <= 3 * text + 1_000_000


class Large:
    """An object that says how many bytes it holds."""

    def __init__(self, nbytes: int) -> None:
        self.nbytes = nbytes


def big_text() -> str:
    """Return it."""
    return "x" * 100_000_000


def big_bytes() -> bytes:
    """Return it."""
    return bytes(100_000_000)


def big_list() -> list[str]:
    """Return it."""
    return ["x" * 1_000_000] * 100


@pytest.mark.parametrize("tool", [big_text, big_bytes, big_list])
async def test_a_result_of_100_megabytes_costs_frames_of_64_thousand_characters(tool: Callable[[], Any]) -> None:
    clock, shown = HandClock(), Shown()
    session = Session(model=ScriptedModel(ToolCall(tool.__name__), "Much."), tools=[tool])
    session.screen.clock = clock
    session.screen.attach(shown.frames.append)
    await session.send("Go on")
    clock.advance(1)
    await session.close()
    assert shown.bytes <= 70_000
    assert len(session.history[2]["content"]) <= 256 * 1024


async def test_a_result_of_100_megabytes_is_let_go_of_when_its_turn_has_ended_and_a_small_one_kept() -> None:
    made: list[weakref.ref[Large]] = []

    def make(megabytes: int) -> Large:
        """Make one."""
        large = Large(megabytes * 1_000_000)
        made.append(weakref.ref(large))
        return large

    calls = [ToolCall("make", {"megabytes": 100}), ToolCall("make", {"megabytes": 1})]
    session = Session(model=ScriptedModel(calls[0], calls[1], "Done."), tools=[make])
    await session.send("Go on")
    gc.collect()
    first, second = session.calls.values()
    assert made[0]() is None
    assert second.result is made[1]()
    with pytest.raises(ToolError, match="100,000,000 bytes"):
        _ = first.result
    await session.close()
