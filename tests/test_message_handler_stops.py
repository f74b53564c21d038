"""Handlers that are stopped: what they wrote is kept, what they write later is not heard."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from chatwidget import Session
from chatwidget.events import PartDelta
from tests.core_strategies import assert_valid
from tests.gated import until
from tests.handled import session_of, shown


async def test_a_stop_closes_an_async_handler_and_keeps_its_text() -> None:
    closed: list[str] = []

    async def endless(messages: list[dict[str, Any]]) -> AsyncIterator[str]:
        try:
            while True:
                yield "x"
                await asyncio.sleep(0)
        finally:
            closed.append("closed")

    session = session_of(lambda _: endless)
    turn = session.submit("Hi")
    session.on(PartDelta, lambda _: asyncio.ensure_future(session.stop()))
    reply = await turn.done
    assert reply is not None
    assert (set(reply.text), reply.status, closed) == ({"x"}, "stopped", ["closed"])


async def test_late_updates_of_a_stopped_handler_go_nowhere_not_even_into_the_next_turn() -> None:
    go_on, told = threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    ends: list[BaseException] = []
    wrote: list[str] = []

    def blocks(session: Session) -> Any:
        def answer(messages: list[dict[str, Any]]) -> str | None:
            if messages[-1]["content"] == "next":
                return "Next."
            message_id = session.updates.update({"content": "Half "}, id="half")
            go_on.wait(30)
            try:
                session.updates.update({"content": "late"}, id=message_id)
                wrote.append("late")
            except BaseException as error:
                ends.append(error)
            loop.call_soon_threadsafe(told.set)
            return "too late"

        return answer

    session = session_of(blocks)
    turn = session.submit("Hi")
    await until(lambda: "half" in session.transcript)
    await session.stop()
    following = session.submit("next")
    go_on.set()
    await told.wait()
    await turn.done
    await following.done
    assert shown(session) == [("Half ", "stopped"), ("Next.", "complete")]
    assert wrote == []
    assert [type(end) for end in ends] == [asyncio.CancelledError], "a handler in a thread ends there"


async def test_a_stream_is_closed_when_its_turn_is_stopped() -> None:
    closed = asyncio.Event()

    async def stream() -> AsyncIterator[Any]:
        try:
            while True:
                yield {"choices": [{"delta": {"content": "x"}}]}
                await asyncio.sleep(0)
        finally:
            closed.set()

    def make(session: Session) -> Any:
        async def answer(messages: list[dict[str, Any]]) -> None:
            await session.updates.stream(stream())

        return answer

    session = session_of(make)
    turn = session.submit("Hi")
    await until(lambda: len(session.messages) > 1 and session.messages[1].text)
    await session.stop()
    reply = await turn.done
    assert closed.is_set()
    assert reply is not None
    assert reply.status == "stopped"


@pytest.mark.parametrize("exit_with", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_an_exit_in_a_handler_stops_the_turn_with_its_text(exit_with: type[BaseException], kind: str) -> None:
    def leaves(messages: list[dict[str, Any]]) -> Iterator[str]:
        yield "Half "
        raise exit_with

    async def leaves_async(messages: list[dict[str, Any]]) -> AsyncIterator[str]:
        yield "Half "
        raise exit_with

    session = session_of(lambda _: leaves if kind == "sync" else leaves_async)
    reply = await session.send("Hi")
    assert reply is not None
    assert (reply.text, reply.status) == ("Half ", "stopped")


async def test_a_sync_stream_in_a_thread_is_closed_when_its_turn_is_stopped() -> None:
    closed, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()
    returned: list[Any] = []

    def stream() -> Iterator[Any]:
        try:
            yield {"choices": [{"delta": {"content": "Half"}}]}
            go_on.wait(30)
            while True:
                yield {"choices": [{"delta": {"content": "late"}}]}
        finally:
            loop.call_soon_threadsafe(closed.set)

    def make(session: Session) -> Any:
        return lambda messages: returned.append(session.updates.stream(stream()))

    session = session_of(make)
    turn = session.submit("Hi")
    await until(lambda: len(session.messages) > 1)
    await session.stop()
    go_on.set()
    await closed.wait()
    await turn.done
    assert shown(session) == [("Half", "stopped")]
    assert returned == [], "the handler does not go on with half a reply"


async def test_a_thread_that_knows_no_turn_cannot_add_to_a_stopped_message() -> None:
    written = asyncio.Event()

    def make(session: Session) -> Any:
        async def answer(messages: list[dict[str, Any]]) -> None:
            session.updates.update({"content": "Half"}, id="a")
            written.set()
            await asyncio.Event().wait()

        return answer

    session = session_of(make)
    turn = session.submit("Hi")
    await written.wait()
    await session.stop()
    await turn.done
    thread = threading.Thread(target=lambda: session.updates.update({"content": "late"}, id="a"))
    thread.start()
    await asyncio.to_thread(thread.join)
    session.updates.set({"role": "assistant", "content": "Whole"}, id="b")
    assert shown(session) == [("Half", "stopped"), ("Whole", "complete")]


async def test_calls_of_a_stopped_turn_are_answered() -> None:
    written = asyncio.Event()

    def make(session: Session) -> Any:
        async def answer(messages: list[dict[str, Any]]) -> None:
            call = {"index": 0, "id": "c", "function": {"name": "f", "arguments": "{"}}
            session.updates.update({"tool_calls": [call]}, id="a")
            written.set()
            await asyncio.Event().wait()

        return answer

    session = session_of(make)
    turn = session.submit("Hi")
    await written.wait()
    await session.stop()
    await turn.done
    assert_valid(session.history)
    (card,) = session.screen.field("messages")[1]["parts"]
    assert (card["state"], card["result"]) == ("output-error", "This tool was stopped before it had finished.")
