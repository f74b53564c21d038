"""Steering: what a person writes while the assistant works joins the running turn, where that is possible."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chatwidget import AppError, Generate, GetUserInput, ModelError, Session, User, app
from chatwidget.events import TurnEnded, TurnStarted
from chatwidget.models.scripted import Delay, ScriptedModel, ToolCall
from chatwidget.openai_format import to_openai
from tests.core_strategies import assert_valid, quiet, record, ticks
from tests.gated import GatedModel, until
from tests.steering import Working, said

FOREVER = Delay(3600)


async def test_it_joins_the_running_turn_after_the_results_of_its_tools() -> None:
    at = Working(ToolCall("work"), "Done, in French.")
    turn = await at.begin()
    steering = at.session.submit("In French, please", when_busy="steer")
    assert at.session.screen.field("queued") == [{"id": steering.id, "text": "In French, please", "steer": True}]
    at.go.set()
    reply = await turn.done
    assert await steering.done is reply
    assert reply is not None and reply.text == "Done, in French."
    assert at.roles(1) == ["user", "assistant", "tool", "user"]
    assert_valid(to_openai(at.model.requests[1].messages))
    assert said(at.session) == [
        ("user", "Go"),
        ("assistant", ""),
        ("user", "In French, please"),
        ("assistant", "Done, in French."),
    ]
    at.session.screen.flush()
    assert at.mirror.state == at.session.screen.state()
    assert at.mirror.state["queued"] == []
    assert [message["role"] for message in at.mirror.state["messages"]] == ["user", "assistant", "user", "assistant"]


async def test_it_is_one_turn_for_whoever_listens() -> None:
    at = Working(ToolCall("work"), "Done.")
    events = record(at.session)
    turn = await at.begin()
    at.session.submit("Be brief", when_busy="steer")
    at.go.set()
    await turn.done
    assert sum(isinstance(event, TurnStarted) for event in events) == 1
    await quiet(at.session)
    assert sum(isinstance(event, TurnEnded) for event in events) == 1


async def test_send_gives_the_reply_of_the_turn_it_has_joined() -> None:
    at = Working(ToolCall("work"), "Done.")
    await at.begin()
    sending = asyncio.ensure_future(at.session.send("Be brief", when_busy="steer"))
    await ticks(1)
    at.go.set()
    reply = await sending
    assert reply is not None
    assert reply.text == "Done."


async def test_it_is_told_what_the_turn_it_has_joined_has_failed_with() -> None:
    at = Working(ToolCall("work"), ModelError("The model is away."))
    await at.begin()
    steering = at.session.submit("Be brief", when_busy="steer")
    at.go.set()
    with pytest.raises(ModelError, match="away"):
        await steering.done


async def test_where_the_turn_ends_first_it_is_the_next_turn_before_those_who_only_wait() -> None:
    go = asyncio.Event()
    model = GatedModel([go, "a"], ["b"], ["c"])
    session = Session(model=model)
    turns = [session.submit("1"), session.submit("2")]
    await until(lambda: model.requests)
    turns.append(session.submit("3", when_busy="steer"))
    go.set()
    await asyncio.wait({turn.done for turn in turns})
    assert [text for _, text in said(session)] == ["1", "a", "3", "b", "2", "c"]
    replies = [turn.done.result() for turn in turns]
    assert [reply.text for reply in replies if reply is not None] == ["a", "c", "b"]


async def test_without_a_turn_it_is_one() -> None:
    session = Session(model=ScriptedModel("a"))
    reply = await session.send("Hi", when_busy="steer")
    assert reply is not None
    assert reply.text == "a"


async def test_several_join_in_the_order_they_were_sent() -> None:
    at = Working(ToolCall("work"), "Done.", "Later.")
    await at.begin()
    at.session.submit("waits")
    steering = [at.session.submit(text, when_busy="steer") for text in ("first", "second")]
    assert [entry["text"] for entry in at.session.screen.field("queued")] == ["first", "second", "waits"]
    at.go.set()
    await asyncio.wait({turn.done for turn in steering})
    await quiet(at.session)
    assert [text for role, text in said(at.session) if role == "user"] == ["Go", "first", "second", "waits"]
    assert len(at.model.requests) == 3


async def test_it_can_be_taken_back_as_long_as_it_has_not_joined() -> None:
    at = Working(ToolCall("work"), "Done.", "You are welcome.")
    turn = await at.begin()
    steering = at.session.submit("Stop that", when_busy="steer")
    taken = at.session.unqueue(steering.id)
    assert taken is not None
    at.go.set()
    await turn.done
    assert await steering.done is None
    assert ("user", "Stop that") not in said(at.session)
    joined = at.session.submit("Thanks", when_busy="steer")
    await joined.done
    assert at.session.unqueue(joined.id) is None


async def test_a_stop_before_it_has_joined_makes_it_the_next_turn() -> None:
    at = Working(ToolCall("work"), "Done.")
    turn = await at.begin()
    steering = at.session.submit("Rather this", when_busy="steer")
    await at.session.stop()
    stopped = await turn.done
    assert stopped is not None
    assert stopped.status == "stopped"
    reply = await steering.done
    assert reply is not None
    assert reply.text == "Done."
    assert [text for role, text in said(at.session) if role == "user"] == ["Go", "Rather this"]
    assert_valid(to_openai(at.model.requests[-1].messages))


async def test_a_stop_after_it_has_joined_leaves_it_in_the_transcript() -> None:
    at = Working(ToolCall("work"), ["Begun", FOREVER])
    await at.begin()
    steering = at.session.submit("Rather this", when_busy="steer")
    at.go.set()
    await until(lambda: at.session.messages[-1].text == "Begun")
    await at.session.stop()
    reply = await steering.done
    assert reply is not None
    assert (reply.text, reply.status) == ("Begun", "stopped")
    assert ("user", "Rather this") in said(at.session)
    assert_valid(at.session.history)


async def test_closing_keeps_what_has_not_joined_off_the_record() -> None:
    at = Working(ToolCall("work"))
    await at.begin()
    steering = at.session.submit("Too late", when_busy="steer")
    await at.session.close()
    assert await steering.done is None
    assert [(m.text, m.off_record) for m in at.session.messages if m.role == "user"][-1] == ("Too late", True)


async def test_a_reply_without_tools_takes_what_came_before_its_request_only() -> None:
    session = Session(model=ScriptedModel("both", "later"))
    first = session.submit("1")
    second = session.submit("2", when_busy="steer")
    assert (await first.done) is (await second.done)
    assert [text for _, text in said(session)] == ["1", "2", "both"]


async def test_a_run_that_was_left_behind_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatwidget.turns.STOP_SECONDS", 0.0)
    deaf = asyncio.Event()
    begun = asyncio.Event()

    @app
    async def stubborn() -> Any:
        yield User((yield GetUserInput()))
        if not begun.is_set():
            begun.set()
            while not deaf.is_set():
                try:
                    await deaf.wait()
                except asyncio.CancelledError:
                    continue
        yield Generate()

    session = Session(stubborn, model=ScriptedModel(["slow", Delay(0)], "b"))
    session.submit("1")
    await begun.wait()
    await session.stop()
    second = session.submit("2")
    third = session.submit("3", when_busy="steer")
    deaf.set()
    assert (await second.done) is (await third.done)
    assert [text for role, text in said(session) if role == "user"][-2:] == ["2", "3"]


async def test_what_it_says_of_a_mode_it_does_not_know_names_those_it_knows() -> None:
    session = Session(model="echo")
    with pytest.raises(AppError, match="'queue', 'steer', 'interrupt', 'refuse'"):
        session.submit("Hi", when_busy="shout")  # type: ignore[arg-type]
