"""Whose turn it is: queue, interrupt, take back; and what the app hears."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chatwidget import AppError, Assistant, Generate, GetUserInput, Return, Session, SessionBusy, System, User, app
from chatwidget.events import InputRequested, MessageEnded, PartDelta, RunEnded
from chatwidget.models.scripted import Delay, ScriptedModel
from tests.core_strategies import quiet, record, ticks

FOREVER = Delay(3600)


def texts(session: Session) -> list[str]:
    return [message.text for message in session.messages]


async def test_queued_messages_are_shown_and_answered_in_order() -> None:
    session = Session(model=ScriptedModel("a", "b", "c"))
    turns = [session.submit(text) for text in "123"]
    await ticks(1)
    assert [entry["text"] for entry in session.screen.field("queued")] == ["2", "3"]
    await asyncio.wait({turn.done for turn in turns})
    assert texts(session) == ["1", "a", "2", "b", "3", "c"]
    assert session.screen.field("queued") == []


async def test_a_queued_message_can_be_taken_back_and_its_sender_is_told() -> None:
    session = Session(model=ScriptedModel("a", "c"))
    first, second, third = (session.submit(text) for text in "123")
    await ticks(1)
    taken = session.unqueue(second.id)
    assert taken is not None
    assert taken.text == "2"
    assert session.unqueue(second.id) is None
    assert await second.done is None
    await asyncio.wait({first.done, third.done})
    assert texts(session) == ["1", "a", "3", "c"]


async def test_the_message_under_way_cannot_be_taken_back() -> None:
    session = Session(model=ScriptedModel("a"))
    turn = session.submit("1")
    assert session.unqueue(turn.id) is None
    await turn.done
    assert texts(session) == ["1", "a"]


async def test_two_sends_at_once_do_not_both_find_the_session_free() -> None:
    session = Session(model=ScriptedModel("a", "b"))
    await session.send("1")
    turn = session.submit("2", when_busy="refuse")
    with pytest.raises(SessionBusy):
        session.submit("3", when_busy="refuse")
    await turn.done


async def test_an_interruption_goes_first_even_while_the_app_is_only_starting() -> None:
    ready = asyncio.Event()

    @app
    async def slow_starter() -> Any:
        await ready.wait()
        while True:
            yield User((yield GetUserInput()))
            yield Generate()

    session = Session(slow_starter, model=ScriptedModel("b"))
    first = session.submit("1")
    await ticks(2)
    second = session.submit("2", when_busy="interrupt")
    await ticks(5)
    ready.set()
    assert await first.done is None
    await second.done
    assert texts(session) == ["1", "2", "b"]
    assert session.messages[0].off_record


async def test_the_reply_is_what_was_said_not_the_question_that_follows() -> None:
    @app
    async def fortune_teller(name: str) -> Any:
        while True:
            yield User((yield GetUserInput(f"{name}, what do you want to know?")))
            yield Generate()

    session = Session(fortune_teller("Ada"), model=ScriptedModel("It will rain."))
    reply = await session.send("Will it rain?")
    assert reply is not None
    assert reply.text == "It will rain."


async def test_the_question_is_the_reply_where_nothing_else_was_said() -> None:
    @app
    async def form() -> Any:
        yield GetUserInput("Your name?")
        yield GetUserInput("Your age?")

    session = Session(form, model="echo")
    reply = await session.send("Ada")
    assert reply is not None
    assert reply.text == "Your age?"


async def test_a_question_is_recorded_or_shown_above_the_input_only() -> None:
    @app
    async def asks() -> Any:
        yield GetUserInput("Recorded?")
        yield GetUserInput("Not recorded?", record=False)

    session = Session(asks, model="echo")
    events = record(session)
    session.start()
    await ticks(5)
    assert session.screen.field("input_request")["message"] == ""
    await session.send("Yes")
    assert session.screen.field("input_request")["message"] == "Not recorded?"
    assert texts(session) == ["Recorded?", "Yes"]
    assert [event.recorded for event in events if isinstance(event, InputRequested)] == [True, False]


async def test_an_app_started_again_after_a_stop_repeats_neither_instructions_nor_its_question() -> None:
    @app
    async def guide() -> Any:
        yield System("Be kind.")
        while True:
            yield User((yield GetUserInput("Where to?")))
            yield Generate()

    model = ScriptedModel(["Well", FOREVER], "North.", "East.")
    session = Session(guide, model=model)
    turn = session.submit("Somewhere")
    await ticks(10)
    await session.stop()
    await turn.done
    await session.send("Anywhere")
    assert [message.text for message in model.requests[-1].messages].count("Be kind.") == 1
    asked = next(message for message in session.messages if message.text == "Somewhere")
    await (await session.edit(asked.id, "There")).done
    assert texts(session) == ["Be kind.", "Where to?", "There", "East.", "Where to?"]


async def test_an_app_that_ends_without_asking_tells_the_sender_and_keeps_the_message() -> None:
    @app
    async def deaf() -> Any:
        yield Assistant("Hello and goodbye.")

    session = Session(deaf, model="echo")
    with pytest.raises(AppError, match="deaf ended without asking for input"):
        await session.send("Hi")
    assert ("Hi", True) in [(message.text, message.off_record) for message in session.messages]
    assert session.screen.field("notice")["level"] == "warning"
    with pytest.raises(AppError, match="deaf ended"):
        await session.send("Hi again")


async def test_an_app_with_an_end_is_started_again_for_the_next_message() -> None:
    @app
    async def once() -> Any:
        yield User((yield GetUserInput()))
        yield Generate()
        yield Return("done")

    session = Session(once, model=ScriptedModel("a", "b"))
    events = record(session)
    await session.send("1")
    await session.send("2")
    assert texts(session) == ["1", "a", "2", "b"]
    assert [event.value for event in events if isinstance(event, RunEnded)] == ["done", "done"]


async def test_status_is_told_at_every_change() -> None:
    session = Session(model=ScriptedModel(["a", FOREVER]))
    told: list[str] = []
    session.on(PartDelta, lambda _: told.append(session.screen.field("status")))
    session.on(MessageEnded, lambda _: told.append(session.screen.field("status")))
    turn = session.submit("Hi")
    await ticks(10)
    await session.stop()
    await turn.done
    await quiet(session)
    assert told == ["running", "running", "stopping"]
    assert session.screen.field("status") == "idle"
