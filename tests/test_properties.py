"""What holds in every conversation, found by trying thousands of them."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatwidget import Session
from chatwidget.events import (
    Event,
    MessageEnded,
    MessageStarted,
    RunEnded,
    RunStarted,
    ToolEnded,
    ToolStarted,
)
from chatwidget.models.base import ReasoningDelta
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.transcript import Transcript
from tests.core_strategies import (
    TOOLS,
    Mirror,
    assert_valid,
    conversations,
    converse,
    make_session,
    outer,
    quiet,
    record,
    replies,
    ticks,
)

programs = st.sampled_from([None, outer])
scripts = st.lists(replies, min_size=8, max_size=14)


@pytest.fixture(autouse=True, scope="module")
def _quiet_log() -> Any:
    """Tools fail on purpose, thousands of times."""
    logging.getLogger("chatwidget").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("chatwidget").setLevel(logging.NOTSET)


def assert_orderly(events: list[Event]) -> None:
    """Each message ends once, each call has one result, each tool ran at most once, runs do not overlap."""
    started = Counter(event.message.id for event in events if isinstance(event, MessageStarted))
    ended = Counter(event.message.id for event in events if isinstance(event, MessageEnded))
    assert started == ended
    assert max(started.values(), default=1) == 1
    settled = [event.message for event in events if isinstance(event, MessageEnded)]
    assert not [message for message in settled if message.status == "arriving"]
    called = Counter(call.id for message in settled for call in message.tool_calls)
    results = Counter(event.result.tool_call_id for event in events if isinstance(event, ToolEnded))
    ran = Counter(event.tool_call_id for event in events if isinstance(event, ToolStarted))
    assert called == results
    assert max(called.values(), default=1) == 1
    assert max(ran.values(), default=1) == 1
    open_runs: list[str] = []
    for event in events:
        if isinstance(event, RunStarted):
            assert event.scope or not open_runs
            open_runs.append(event.run_id)
        elif isinstance(event, RunEnded):
            assert open_runs.pop() == event.run_id
    assert len(open_runs) <= 1  # the one that waits for input


@settings(max_examples=150)
@given(conversations, scripts, programs)
def test_folding_the_events_of_any_conversation_gives_its_transcript(script: Any, replies: Any, program: Any) -> None:
    async def play() -> None:
        session = make_session(replies, program)
        events = record(session)
        await converse(session, script)
        again = Transcript()
        for event in events:
            again.apply(event)
        assert list(again.all_messages()) == list(session.transcript.all_messages())
        assert (again.ids, again.leaf, again.calls) == (
            session.transcript.ids,
            session.transcript.leaf,
            session.transcript.calls,
        )
        assert_orderly(events)
        assert_valid(session.history)
        await session.close()

    asyncio.run(play())


@settings(max_examples=150)
@given(conversations, scripts, programs)
def test_frames_lead_from_any_snapshot_to_the_state_that_is(script: Any, replies: Any, program: Any) -> None:
    async def play() -> None:
        session = make_session(replies, program)
        mirrors = [Mirror(session)]

        def watch(kind: str, _: int) -> None:
            if kind == "attach":
                mirrors.append(Mirror(session))
            elif kind == "flush":
                session.screen.flush()
                assert mirrors[0].state == session.screen.state()

        await converse(session, script, watch)
        for mirror in mirrors:
            assert mirror.state == session.screen.state()
        await session.close()
        session.screen.flush()
        for mirror in mirrors:
            assert mirror.state == session.screen.state()

    asyncio.run(play())


RICH: tuple[Any, ...] = (
    [ReasoningDelta("Let me "), ReasoningDelta("add."), "So: ", ToolCall("add", {"a": 2, "b": 40}), ToolCall("slow")],
    [ToolCall("boom", {"a": 1}), ToolCall("nope"), ToolCall("add", "{")],
    "It is 42.",
    [ToolCall("slow"), "From inside."],
    "The end.",
)


def play_rich(stop_at: int | None, patience: int) -> int:
    """Play the rich conversation, stopped so many ticks after an event; return the number of events."""

    async def play() -> int:
        session = Session(outer, model=ScriptedModel(*RICH, "Yes.", "Inside again.", "And again."), tools=TOOLS)
        events = record(session)
        stops: list[asyncio.Task[None]] = []

        async def stop() -> None:
            await ticks(patience)
            await session.stop()

        def look(event: Event) -> None:
            if len(events) - 1 == stop_at:
                stops.append(asyncio.ensure_future(stop()))

        off = session.on(Event, look)
        await session.send("What is 2 + 40?")
        off()
        await asyncio.gather(*stops)
        await quiet(session)
        number = len(events)
        assert_orderly(events)
        assert_valid(session.history)
        if session.status == "idle":
            assert isinstance(events[-1], RunEnded)
            assert (events[-1].verdict, events[-1].scope) == ("stopped", "")
        reply = await session.send("Next?")
        assert reply is not None
        assert reply.status == "complete"
        assert_orderly(events)
        assert_valid(session.history)
        await session.close()
        assert isinstance(events[-1], RunEnded)
        assert_orderly(events)
        return number

    return asyncio.run(play())


def test_a_stop_at_any_event_leaves_a_valid_conversation_that_goes_on() -> None:
    number = play_rich(None, 0)
    assert number > 100
    for stop_at in range(number):
        play_rich(stop_at, 0)


@settings(max_examples=60)
@given(st.integers(0, 150), st.integers(0, 12))
def test_a_stop_some_time_after_any_event_does_too(stop_at: int, patience: int) -> None:
    play_rich(stop_at, patience)
