"""Plain functions as chats: sync and async, returning and yielding, stopped and failing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from chatwidget import Assistant, DisplayPart, Message, ModelError, ReasoningPart, Session, TextPart
from chatwidget.events import PartDelta, RunEnded
from tests.core_strategies import record, ticks


def last(messages: list[Message]) -> str:
    return messages[-1].text.upper()


async def last_async(messages: list[Message]) -> str:
    await asyncio.sleep(0)
    return messages[-1].text.upper()


def letters(messages: list[Message]) -> Iterator[str]:
    yield from messages[-1].text.upper()


async def letters_async(messages: list[Message]) -> Any:
    for letter in messages[-1].text.upper():
        await asyncio.sleep(0)
        yield letter


def gives_coroutine(messages: list[Message]) -> Any:
    return last_async(messages)


def gives_async_generator(messages: list[Message]) -> Any:
    return letters_async(messages)


class Shouter:
    async def __call__(self, messages: list[Message]) -> str:
        return last(messages)


def with_option(messages: list[Message], option: int = 1) -> str:
    return last(messages)


@pytest.mark.parametrize(
    "handler",
    [
        last,
        last_async,
        letters,
        letters_async,
        gives_coroutine,
        gives_async_generator,
        Shouter(),
        with_option,
        partial(with_option, option=2),
    ],
)
async def test_any_kind_of_function_of_the_messages_is_a_chat(handler: Any) -> None:
    session = Session(handler)
    for text in ("hello", "again"):
        reply = await session.send(text)
        assert reply is not None
        assert (reply.text, reply.status) == (text.upper(), "complete")
    assert session.screen.field("model")["note"] == "your own function"


async def test_a_yielded_text_is_a_delta() -> None:
    session = Session(letters_async)
    events = record(session)
    await session.send("abc")
    assert [event.text for event in events if isinstance(event, PartDelta)] == ["A", "B", "C"]


async def test_a_handler_gets_the_conversation_as_messages() -> None:
    heard: list[list[str]] = []

    def listen(messages: list[Message]) -> str:
        heard.append([message.text for message in messages])
        return "Yes."

    session = Session(listen)
    await session.send("1")
    await session.send("2")
    assert heard == [["1"], ["1", "Yes.", "2"]]


async def test_a_message_given_is_taken_over_with_its_parts() -> None:
    reply = await Session(lambda messages: Assistant([ReasoningPart("Hm."), TextPart("Yes.")])).send("Hi")
    assert reply is not None
    assert reply.parts == (ReasoningPart("Hm."), TextPart("Yes."))


async def test_a_part_that_a_reply_cannot_hold_is_not_swallowed() -> None:
    session = Session(lambda messages: Assistant(["Look: ", DisplayPart({"text/plain": "a plot"})]))
    with pytest.raises(ModelError, match="a part of type display"):
        await session.send("Hi")
    assert session.messages[-1].text == "Look: "


async def test_none_adds_nothing() -> None:
    reply = await Session(lambda messages: None).send("Hi")
    assert reply is not None
    assert (reply.parts, reply.status) == ((), "complete")


@pytest.mark.parametrize("value", [42, b"bytes", ["a"], object(), Exception("not raised")])
async def test_a_bad_value_is_refused_with_its_name_and_the_cure(value: object) -> None:
    def confused(messages: list[Message]) -> object:
        return value

    with pytest.raises(ModelError, match=r"confused gave .*returns or yields text"):
        await Session(confused).send("Hi")


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_what_was_yielded_before_an_exception_is_kept(kind: str) -> None:
    def fails(messages: list[Message]) -> Iterator[str]:
        yield "Half "
        raise ValueError("no more")

    async def fails_async(messages: list[Message]) -> Any:
        yield "Half "
        raise ValueError("no more")

    session = Session(fails if kind == "sync" else fails_async)
    with pytest.raises(ModelError, match="failed: ValueError: no more") as caught:
        await session.send("Hi")
    assert (session.messages[-1].text, session.messages[-1].status) == ("Half ", "interrupted")
    assert isinstance(caught.value.__cause__, ValueError)


@pytest.mark.parametrize("exit_with", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_an_exit_in_a_handler_stops_the_turn_with_its_text(exit_with: type[BaseException], kind: str) -> None:
    def leaves(messages: list[Message]) -> Iterator[str]:
        yield "Half "
        raise exit_with

    async def leaves_async(messages: list[Message]) -> Any:
        yield "Half "
        raise exit_with

    session = Session(leaves if kind == "sync" else leaves_async)
    reply = await session.send("Hi")
    assert reply is not None
    assert (reply.text, reply.status) == ("Half ", "stopped")


async def test_a_stop_closes_an_async_generator_before_the_turn_has_ended() -> None:
    order: list[str] = []

    async def endless(messages: list[Message]) -> Any:
        try:
            while True:
                await asyncio.sleep(0)
                yield "x"
        finally:
            order.append("closed")

    session = Session(endless)
    turn = session.submit("Hi")
    session.on(PartDelta, lambda _: asyncio.ensure_future(session.stop()))
    reply = await turn.done
    assert reply is not None
    assert (reply.status, order) == ("stopped", ["closed"])


async def test_a_generator_that_never_waits_can_be_stopped_and_is_closed_before_the_run_has_ended() -> None:
    order: list[str] = []

    async def busy(messages: list[Message]) -> Any:
        try:
            while True:
                yield "x"
        finally:
            await ticks(5)
            order.append("closed")

    session = Session(busy)
    session.on(RunEnded, lambda event: order.append(event.verdict))
    turn = session.submit("Hi")
    await ticks(3)
    assert await session.stop()
    await turn.done
    assert order == ["closed", "stopped"]


async def test_a_handler_that_swallows_the_stop_is_stopped_at_its_next_word() -> None:
    async def deaf(messages: list[Message]) -> Any:
        while True:
            try:
                yield "x"
                await asyncio.sleep(0)
            except asyncio.CancelledError:
                continue

    session = Session(deaf)
    turn = session.submit("Hi")
    session.on(PartDelta, lambda _: asyncio.ensure_future(session.stop()))
    reply = await turn.done
    assert reply is not None
    assert reply.status == "stopped"


async def test_a_stop_does_not_wait_for_a_handler_that_blocks() -> None:
    release, running = threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def blocks(messages: list[Message]) -> str:
        loop.call_soon_threadsafe(running.set)
        release.wait()
        return "too late"

    session = Session(blocks)
    turn = session.submit("Hi")
    await running.wait()
    assert await session.stop()
    reply = await turn.done
    release.set()
    assert reply is not None
    assert (reply.text, reply.status) == ("", "stopped")


async def test_a_sync_generator_can_be_stopped() -> None:
    def endless(messages: list[Message]) -> Iterator[str]:
        while True:
            yield "x"

    session = Session(endless)
    turn = session.submit("Hi")
    session.on(PartDelta, lambda _: asyncio.ensure_future(session.stop()))
    reply = await turn.done
    assert reply is not None
    assert reply.status == "stopped"
