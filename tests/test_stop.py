"""Stop: what it ends, what it leaves, and runs that do not want to end."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from chatwidget import Assistant, Generate, GetUserInput, Return, Session, User, app
from chatwidget import turns as turns_module
from chatwidget.events import MessageEnded, MessageStarted, RunEnded, RunStarted, ToolEnded, TurnEnded
from chatwidget.models.base import TextDelta, ToolCallDelta
from chatwidget.models.scripted import Delay, ScriptedModel
from tests.core_strategies import Mirror, assert_valid, record, ticks

FOREVER = Delay(3600)


def texts(session: Session) -> list[str]:
    return [message.text for message in session.messages]


async def test_a_stop_ends_one_turn_and_what_is_queued_goes_on() -> None:
    session = Session(model=ScriptedModel(["a", FOREVER], "b"))
    first, second = session.submit("1"), session.submit("2")
    await ticks(10)
    assert await session.stop()
    stopped, reply = await first.done, await second.done
    assert stopped is not None
    assert reply is not None
    assert (stopped.status, reply.status) == ("stopped", "complete")
    assert texts(session) == ["1", "a", "2", "b"]


async def test_stop_says_whether_there_was_anything_to_stop() -> None:
    session = Session(model=ScriptedModel("a"))
    assert not await session.stop()
    await session.send("1")
    assert session.status == "waiting"
    assert not await session.stop()
    assert session.status == "waiting"


async def test_a_stop_right_after_a_send_stops_that_turn() -> None:
    session = Session(model=ScriptedModel("a", "b"))
    events = record(session)
    turn = session.submit("1")
    assert await session.stop()
    assert await turn.done is None
    assert [type(event) for event in events if isinstance(event, RunStarted | RunEnded)] == [RunStarted, RunEnded]
    assert [(message.text, message.off_record) for message in session.messages] == [("1", True)]
    await session.send("2")
    turn = session.submit("3")
    assert await session.stop()
    assert await turn.done is None
    assert texts(session) == ["1", "2", "a", "3"]


async def test_an_app_that_never_yields_can_be_stopped() -> None:
    @app
    async def thinker() -> Any:
        await asyncio.Event().wait()
        yield

    session = Session(thinker, model="echo")
    turn = session.submit("Hi")
    await ticks(3)
    assert session.status == "running"
    await session.stop()
    assert await turn.done is None
    assert session.status == "idle"


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns_module, "STOP_SECONDS", 0.05)


@pytest.mark.usefixtures("_impatient")
async def test_a_run_that_refuses_to_end_is_left_behind_and_heard_no_more(caplog: pytest.LogCaptureFixture) -> None:
    release = asyncio.Event()

    @app
    async def stubborn() -> Any:
        yield User((yield GetUserInput()))
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue
        yield Assistant("Still here!")

    session = Session(stubborn, model="echo")
    mirror = Mirror(session)
    events = record(session)
    turn = session.submit("Hi")
    await ticks(5)
    with caplog.at_level(logging.WARNING):
        assert await session.stop()
    assert "left behind" in caplog.text
    assert await turn.done is None
    assert (session.status, [event.verdict for event in events if isinstance(event, RunEnded)]) == ("idle", ["stopped"])
    number = len(events)
    release.set()
    await ticks(20)
    assert len(events) == number
    assert "Still here!" not in texts(session)
    session.screen.flush()
    assert mirror.state == session.screen.state()


@pytest.mark.usefixtures("_impatient")
async def test_what_a_run_left_behind_held_open_is_settled() -> None:
    class Deaf(ScriptedModel):
        async def stream(self, request: Any) -> Any:
            yield TextDelta("Half")
            yield ToolCallDelta(0, "c", "f", '{"a"')
            while not release.is_set():
                try:
                    await release.wait()
                except asyncio.CancelledError:
                    continue

    release = asyncio.Event()
    session = Session(model=Deaf())
    mirror = Mirror(session)
    events = record(session)
    turn = session.submit("Hi")
    await ticks(10)
    await session.stop()
    reply = await turn.done
    assert reply is not None
    assert (reply.text, reply.status) == ("Half", "stopped")
    assert [type(event) for event in events[-5:]] == [ToolEnded, MessageStarted, MessageEnded, TurnEnded, RunEnded]
    assert_valid(session.history)
    release.set()
    await ticks(20)
    session.screen.flush()
    assert mirror.state == session.screen.state()
    assert isinstance(events[-1], RunEnded)


async def test_an_app_that_swallows_the_stop_is_closed_at_its_next_yield() -> None:
    @app
    async def swallower() -> Any:
        yield User((yield GetUserInput()))
        while True:
            try:
                yield Generate()
            except BaseException:
                yield Assistant("Ha!")

    session = Session(swallower, model=ScriptedModel(["a", FOREVER], "b"))
    turn = session.submit("Hi")
    await ticks(10)
    await session.stop()
    await turn.done
    assert session.status == "idle"
    assert "Ha!" not in texts(session)


async def test_an_app_that_catches_generator_exit_is_stopped_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    @app
    async def clinger() -> Any:
        try:
            yield Return("over")
        except GeneratorExit:
            yield Assistant("No!")

    session = Session(clinger, model="echo")
    events = record(session)
    session.start()
    await ticks(10)
    assert [event.value for event in events if isinstance(event, RunEnded)] == ["over"]
    assert "failed while it was closed" in caplog.text


async def test_a_timeout_around_a_yield_works_as_around_an_await() -> None:
    @app
    async def hurried() -> Any:
        yield User((yield GetUserInput()))
        try:
            async with asyncio.timeout(0.01):
                yield Generate()
        except TimeoutError:
            yield Assistant("That took too long.")
        yield User((yield GetUserInput()))
        yield Generate()

    session = Session(hurried, model=ScriptedModel(["Hm", FOREVER], "Quick."))
    reply = await session.send("Hi")
    assert reply is not None
    assert reply.text == "That took too long."
    await session.send("Again")
    assert [(m.text, m.status) for m in session.messages if m.role == "assistant"] == [
        ("Hm", "stopped"),
        ("That took too long.", "complete"),
        ("Quick.", "complete"),
    ]
