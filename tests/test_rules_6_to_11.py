"""Rules 6 to 11 of the eleven of the core, each with the program that would break it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from chatwidget import (
    AppError,
    Assistant,
    Generate,
    GetUserInput,
    Message,
    ModelError,
    Session,
    SessionBusy,
    System,
    User,
    app,
)
from chatwidget.errors import RateLimited
from chatwidget.events import InputReceived, MessageEnded, MessageStarted
from chatwidget.models.scripted import Delay, ScriptedModel, ToolCall
from chatwidget.transcript import Transcript
from tests.core_strategies import record, ticks

FOREVER = Delay(3600)


async def settled(session: Session, text: str = "Hi") -> Message:
    """Send, wait for the turn's end however it ends, and return the assistant's last message."""
    await asyncio.wait({session.submit(text).done})
    return next(message for message in reversed(session.messages) if message.role == "assistant")


# Rule 6: failures are thrown at the app's yield.


async def test_rule_6_an_app_catches_a_failure_where_it_asked() -> None:
    @app
    async def patient() -> Any:
        yield User((yield GetUserInput()))
        try:
            yield Generate()
        except RateLimited as error:
            yield Assistant(f"Sorry: {error}")

    session = Session(patient, model=ScriptedModel([RateLimited("Too many requests.")]))
    reply = await session.send("Hi")
    assert reply is not None
    assert reply.text == "Sorry: Too many requests."


async def test_rule_6_unhandled_a_failure_is_one_sentence_on_screen_and_a_traceback_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    @app
    async def broken() -> Any:
        yield GetUserInput()
        yield dict[str, Any]()["key"]

    session = Session(broken, model="echo")
    with pytest.raises(KeyError):
        await session.send("Hi")
    notice = session.screen.field("notice")
    assert notice == {"level": "error", "text": "The app broken failed: KeyError: 'key'"}
    assert "Traceback" not in str(session.screen.state())
    assert [record.exc_info is not None for record in caplog.records if record.levelno == logging.ERROR] == [True]


async def test_rule_6_a_model_failure_is_told_once_in_the_message_that_failed() -> None:
    session = Session(model=ScriptedModel(["Half", ToolCall("f"), ModelError("The line is dead.")]))
    with pytest.raises(ModelError):
        await session.send("Hi")
    state = session.screen.state()
    assert [message["error"] for message in state["messages"]] == [None, "The line is dead."]
    assert state["notice"] is None


# Rule 7: nothing is swallowed.


async def test_rule_7_input_is_delivered_once_and_an_empty_one_is_legal() -> None:
    heard: list[str] = []

    @app
    async def listener() -> Any:
        while True:
            heard.append((yield GetUserInput()))

    session = Session(listener, model="echo")
    events = record(session)
    for text in ("a", "", "b"):
        await session.send(text)
    assert heard == ["a", "", "b"]
    assert [event.text for event in events if isinstance(event, InputReceived)] == heard


async def test_rule_7_what_an_app_yields_is_an_event() -> None:
    @app
    async def talker() -> Any:
        yield System("rules")
        yield Assistant("a")
        yield User("b")
        yield Assistant("c", off_record=True)

    session = Session(talker, model="echo")
    events = record(session)
    session.start()
    await ticks(10)
    started = [event.message.id for event in events if isinstance(event, MessageStarted)]
    ended = [event.message for event in events if isinstance(event, MessageEnded)]
    assert [message.text for message in ended] == ["rules", "a", "b", "c"]
    assert started == [message.id for message in ended]


@pytest.mark.parametrize("value", [42, None, "text", object, ["a"], ...])
async def test_rule_7_a_bad_yield_names_the_app_the_value_and_the_cure(value: object) -> None:
    @app
    async def confused() -> Any:
        yield User((yield GetUserInput()))
        yield value

    session = Session(confused, model="echo")
    with pytest.raises(AppError) as caught:
        await session.send("Hi")
    assert all(word in str(caught.value) for word in ("confused", repr(value), type(value).__name__, "Generate"))
    assert session.screen.field("notice")["text"] == str(caught.value)


# Rule 8: see also test_properties.py, which tries it on thousands of conversations.


async def test_rule_8_folding_all_events_gives_the_transcript() -> None:
    session = Session(model=ScriptedModel(["Let me see. ", ToolCall("f")], "There is no f."))
    events = record(session)
    await session.send("Call f")
    again = Transcript()
    for event in events:
        again.apply(event)
    assert again.path == session.messages
    assert again.calls == session.transcript.calls


# Rule 9: one run at a time.


async def test_rule_9_a_second_send_waits_its_turn() -> None:
    session = Session(model=ScriptedModel(["a", Delay(0)], "b"))
    first, second = session.submit("1"), session.submit("2")
    await asyncio.wait({first.done, second.done})
    assert [message.text for message in session.messages] == ["1", "a", "2", "b"]


async def test_rule_9_a_second_send_interrupts_when_asked_to() -> None:
    session = Session(model=ScriptedModel(["a", FOREVER], "b", "c"))
    first, queued = session.submit("1"), session.submit("3")
    await ticks(10)
    second = session.submit("2", when_busy="interrupt")
    await asyncio.wait({first.done, second.done, queued.done})
    said = [(message.text, message.status) for message in session.messages if message.role == "assistant"]
    assert said == [("a", "stopped"), ("b", "complete"), ("c", "complete")]
    assert [message.text for message in session.messages if message.role == "user"] == ["1", "2", "3"]


async def test_rule_9_a_second_send_is_refused_when_asked_to() -> None:
    session = Session(model=ScriptedModel("a", "b"))
    first = session.submit("1")
    with pytest.raises(SessionBusy, match="stop it"):
        await session.send("2", when_busy="refuse")
    await first.done
    reply = await session.send("2", when_busy="refuse")
    assert reply is not None
    assert reply.text == "b"


# Rule 10: a tree from the first day.


async def test_rule_10_retry_and_edit_make_siblings_and_destroy_nothing() -> None:
    session = Session(model=ScriptedModel("a", "b", "c"))
    await session.send("one")
    asked, first = session.messages
    await (await session.retry(first.id)).done
    await (await session.edit(asked.id, "two")).done
    shown = session.screen.state()["messages"]
    assert [(message["parts"][0]["text"], message["sibling"]) for message in shown] == [
        ("two", {"index": 1, "count": 2}),
        ("c", {"index": 0, "count": 1}),
    ]
    await session.select(session.messages[0].id, 0)
    assert [message.text for message in session.messages] == ["one", "b"]
    await session.select(session.messages[1].id, 0)
    assert [message.text for message in session.messages] == ["one", "a"]
    assert sorted(message.text for message in session.transcript.all_messages()) == ["a", "b", "c", "one", "two"]


# Rule 11: what is shown and what is sent.


async def test_rule_11_off_record_is_shown_only_labels_are_sent_once_and_callables_at_each_request() -> None:
    numbers = iter(range(1, 10))

    @app
    async def careful() -> Any:
        yield System(lambda: f"Request number {next(numbers)}.")
        yield System("Mood: calm.", label="mood")
        yield Assistant("Not for the model.", off_record=True)
        while True:
            yield User((yield GetUserInput()))
            yield System("Mood: hasty.", label="mood")
            yield Generate()

    model = ScriptedModel("a", "b")
    session = Session(careful, model=model)
    await session.send("1")
    await session.send("2")
    sent = [[message.text for message in request.messages] for request in model.requests]
    assert sent == [
        ["Request number 1.", "Mood: hasty.", "1"],
        ["Request number 2.", "Mood: hasty.", "1", "a", "2"],
    ]
    assert "Not for the model." in [message.text for message in session.messages]
