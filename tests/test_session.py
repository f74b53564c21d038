"""A conversation as its owner sees it: send, stream, retry, edit, select, clear, and what is refused."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chatwidget import (
    Assistant,
    Generate,
    GetUserInput,
    ImagePart,
    ModelError,
    Session,
    TextPart,
    User,
    app,
)
from chatwidget.errors import RequestError
from chatwidget.events import Event, MessageStarted, PartDelta, RunEnded, RunStarted
from chatwidget.models.scripted import Delay, ScriptedModel
from tests.core_strategies import Mirror, quiet, ticks

FOREVER = Delay(3600)
PIXEL = ImagePart("data:image/gif;base64,R0lGODlhAQABAAAAACw=", alt="a pixel")


def texts(session: Session) -> list[str]:
    return [message.text for message in session.messages]


# Sending.


async def test_send_gives_the_reply() -> None:
    reply = await Session(model="echo").send("Hello")
    assert reply is not None
    assert (reply.text, reply.status, reply.model) == ("Hello", "complete", "echo")


async def test_cancelling_a_send_leaves_the_turn_running() -> None:
    session = Session(model=ScriptedModel("An answer."))
    sending = asyncio.ensure_future(session.send("Hi"))
    await ticks(3)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    await quiet(session)
    assert texts(session) == ["Hi", "An answer."]


async def test_stream_gives_the_events_of_its_turn_and_no_others() -> None:
    session = Session(model=ScriptedModel("first", "second"))
    other = session.submit("1")
    events = [event async for event in session.stream("2")]
    await other.done
    heads = [event.message.role for event in events if isinstance(event, MessageStarted)]
    assert heads == ["user", "assistant"]
    assert "".join(event.text for event in events if isinstance(event, PartDelta)) == "second"


async def test_stream_of_the_first_turn_begins_with_the_runs_start() -> None:
    events = [event async for event in Session(model="echo").stream("Hi")]
    assert isinstance(events[0], RunStarted)


async def test_leaving_a_stream_early_stops_its_turn() -> None:
    session = Session(model=ScriptedModel(["One ", FOREVER], "Next."))
    stream = session.stream("Hi")
    async for event in stream:
        if isinstance(event, PartDelta):
            break
    await stream.aclose()  # type: ignore[attr-defined]
    assert [(message.text, message.status) for message in session.messages][1:] == [("One ", "stopped")]
    await session.send("Go on")
    assert texts(session)[-1] == "Next."


async def test_leaving_a_stream_that_still_waits_takes_its_message_back() -> None:
    session = Session(model=ScriptedModel(["a", FOREVER]))
    session.submit("1")
    stream = session.stream("2")
    waiting = asyncio.ensure_future(anext(aiter(stream)))
    await ticks(10)
    waiting.cancel()
    await asyncio.wait({waiting})
    assert session.screen.field("queued") == []
    assert session.status == "running"
    await session.close()


async def test_stream_raises_what_the_turn_failed_with() -> None:
    session = Session(model=ScriptedModel([ModelError("The line is dead.")]))
    seen: list[Event] = []
    with pytest.raises(ModelError, match="dead"):
        async for event in session.stream("Hi"):
            seen.append(event)  # noqa: PERF401 - the loop raises
    assert isinstance(seen[-1], RunEnded)


async def test_a_listener_that_fails_or_exits_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    session = Session(model="echo")

    def leave(_: Any) -> None:
        raise SystemExit

    off = session.on(MessageStarted, leave)
    reply = await session.send("Hello")
    assert reply is not None
    assert reply.text == "Hello"
    assert "a listener for MessageStarted failed" in caplog.text
    off()
    caplog.clear()
    await session.send("Hello")
    assert not caplog.records
    with pytest.raises(TypeError, match="event type"):
        session.on("MessageStarted", leave)


# Siblings.


async def test_retry_without_an_id_asks_again_for_the_last_reply() -> None:
    session = Session(model=ScriptedModel("a", "b"))
    await session.send("Hi")
    reply = await (await session.retry()).done
    assert reply is not None
    assert texts(session) == ["Hi", "b"]


async def test_retry_in_mid_reply_stops_it_and_goes_before_what_is_queued() -> None:
    session = Session(model=ScriptedModel(["a", FOREVER], "b", "c"))
    session.submit("1")
    queued = session.submit("2")
    await ticks(10)
    await (await session.retry()).done
    await queued.done
    assert texts(session) == ["1", "b", "2", "c"]
    assert sorted(message.text for message in session.transcript.all_messages()) == ["1", "2", "a", "b", "c"]


async def test_retry_reaches_a_message_its_app_failed_to_pass_on() -> None:
    failures = iter([True, False])

    @app
    async def shaky() -> Any:
        text = yield GetUserInput()
        if next(failures):
            raise ConnectionError("no database")
        yield User(text)
        yield Generate()

    model = ScriptedModel("Here I am.")
    session = Session(shaky, model=model)
    with pytest.raises(ConnectionError):
        await session.send(["Hello?", PIXEL])
    assert session.messages[-1].off_record
    await (await session.retry()).done
    assert [message.text for message in model.requests[0].messages] == ["Hello?"]
    assert session.messages[0].parts[1] == PIXEL


async def test_edit_keeps_what_was_attached() -> None:
    model = ScriptedModel("A cat.", "A dog.")
    session = Session(model=model)
    await session.send(["What is this?", PIXEL])
    await (await session.edit(session.messages[0].id, "And now?")).done
    assert session.messages[0].parts == (TextPart("And now?"), PIXEL)
    assert model.requests[1].messages[0].parts == (TextPart("And now?"), PIXEL)
    assert len(session.transcript.siblings(session.messages[0].id)) == 2


async def test_a_refused_wish_disturbs_nothing() -> None:
    session = Session(model=ScriptedModel(["a", FOREVER]))
    session.submit("1")
    await ticks(10)
    reply = session.messages[-1]
    for wish in (
        session.retry("nothing"),
        session.edit("nothing", "x"),
        session.edit(reply.id, "x"),
        session.select("nothing", 0),
        session.select(reply.id, 7),
    ):
        with pytest.raises(RequestError):
            await wish
    assert session.status == "running"
    await session.close()


async def test_there_is_nothing_to_ask_again_in_an_empty_chat() -> None:
    with pytest.raises(RequestError, match="nothing to ask again"):
        await Session(model="echo").retry()


async def test_select_during_a_reply_does_not_mix_the_branches() -> None:
    session = Session(model=ScriptedModel("a", "b", ["c", FOREVER], "d"))
    await session.send("1")
    await (await session.retry()).done
    session.submit("2")
    queued = session.submit("3")
    await ticks(10)
    await session.select(session.messages[1].id, 0)
    await queued.done
    assert texts(session) == ["1", "a", "3", "d"]


async def test_clear_begins_anew_and_keeps_the_other_branch() -> None:
    model = ScriptedModel("a", "b")
    session = Session(model=model)
    await session.send("1")
    await session.clear()
    assert (session.messages, session.screen.field("messages")) == ((), [])
    await session.send("2")
    assert [message.text for message in model.requests[1].messages] == ["2"]
    assert session.screen.field("messages")[0]["sibling"] == {"index": 1, "count": 2}
    await session.select(session.messages[0].id, 0)
    assert texts(session) == ["1", "a"]


async def test_clear_in_mid_reply_leaves_no_queued_message_running() -> None:
    session = Session(model=ScriptedModel(["a", FOREVER], "b"))
    mirror = Mirror(session)
    session.submit("1")
    queued = session.submit("2")
    await ticks(10)
    await session.clear()
    assert await queued.done is None
    assert (session.status, session.messages) == ("idle", ())
    assert [message.text for message in session.transcript.all_messages()] == ["1", "a", "2"]
    session.screen.flush()
    assert mirror.state == session.screen.state()


async def test_an_app_that_was_shown_greets_again_after_a_clear() -> None:
    hello = Assistant("Hello!")

    @app
    async def greeter() -> Any:
        yield hello
        while True:
            yield User((yield GetUserInput()))

    session = Session(greeter, model="echo")
    session.greet()
    await ticks(5)
    session.greet()
    await session.clear()
    await ticks(5)
    assert texts(session) == ["Hello!"]
    assert session.status == "waiting"
