"""Steering where a turn has apps, a memory, or versions in it; and that nothing a person sent is lost by it."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chatwidget import Generate, GetUserInput, ListMemory, Session, User, app, gather
from chatwidget.models.scripted import ScriptedModel, ToolCall
from tests.core_strategies import assert_valid, quiet, ticks
from tests.steering import Working, said


async def test_an_app_inside_the_app_leaves_it_to_the_app_around_it() -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def work() -> str:
        """Work."""
        begun.set()
        await go.wait()
        return "worked"

    @app(tools=[work])
    async def inside() -> Any:
        yield User("Inside")
        yield Generate()

    @app
    async def around() -> Any:
        yield User((yield GetUserInput()))
        yield gather(inside(), inside())
        yield Generate()

    model = ScriptedModel(ToolCall("work"), ToolCall("work"), "inner", "inner", "outer")
    session = Session(around, model=model)
    turn = session.submit("Go")
    await begun.wait()
    steering = session.submit("More", when_busy="steer")
    go.set()
    assert (await turn.done) is (await steering.done)
    (message,) = (message for message in session.messages if message.text == "More")
    assert message.scope == ""
    assert [m.text for m in model.requests[-1].messages] == ["Go", "More"]
    assert all("More" not in [m.text for m in request.messages] for request in model.requests[:-1])


async def test_an_app_used_as_a_tool_leaves_it_to_who_uses_it() -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    @app
    async def helper(task: str) -> Any:
        """Help.

        Args:
            task: What with.
        """
        begun.set()
        await go.wait()
        yield User(task)
        yield Generate()

    model = ScriptedModel(ToolCall("helper", {"task": "count"}), "helped", "Done.")
    session = Session(model=model, tools=[helper.as_tool()])
    turn = session.submit("Go")
    await begun.wait()
    session.submit("More", when_busy="steer")
    go.set()
    await turn.done
    assert [m.text for m in model.requests[1].messages] == ["count"]
    assert [m.text for m in model.requests[2].messages][-1] == "More"


async def test_a_memory_keeps_it_where_it_stands() -> None:
    memory = ListMemory()
    at = Working(ToolCall("work"), "Done.", memory=memory)
    turn = await at.begin()
    at.session.submit("Be brief", when_busy="steer")
    at.go.set()
    await turn.done
    kept = await memory.since(None)
    assert [message.role for message in kept] == ["user", "assistant", "tool", "user", "assistant"]
    again = Session(model=ScriptedModel("x"), memory=memory)
    await again.send("Hi")
    assert [text for role, text in said(again) if role == "user"] == ["Go", "Be brief", "Hi"]


async def test_asking_again_asks_from_what_was_said_last() -> None:
    at = Working(ToolCall("work"), "Done.", "Done again.")
    turn = await at.begin()
    at.session.submit("Be brief", when_busy="steer")
    at.go.set()
    await turn.done
    await (await at.session.retry()).done
    assert [text for _, text in said(at.session)] == ["Go", "", "Be brief", "Done again."]
    assert at.roles(2) == ["user", "assistant", "tool", "user"]


deeds = st.tuples(st.sampled_from(["queue", "steer", "steer", "interrupt", "stop", "unqueue"]), st.integers(0, 25))


@settings(max_examples=100)
@given(st.lists(deeds, min_size=1, max_size=8), st.lists(st.sampled_from(["call", "answer"]), max_size=20))
def test_whatever_a_person_does_each_text_is_said_once_or_was_taken_back_and_each_sender_is_told(
    script: Any, replies: Any
) -> None:
    async def slow() -> str:
        """Take a while."""
        await ticks(6)
        return "late"

    async def play() -> None:
        made = [ToolCall("slow") if reply == "call" else "Done." for reply in replies]
        model = ScriptedModel(*made, *["The end."] * 20)
        session = Session(model=model, tools=[slow])
        turns, taken = {}, set()
        for number, (deed, pause) in enumerate(script):
            if deed == "stop":
                await session.stop()
            elif deed == "unqueue":
                for entry in session.screen.field("queued")[:1]:
                    session.unqueue(entry["id"])
                    taken.add(entry["text"])
            else:
                turns[str(number)] = session.submit(str(number), when_busy=deed)
            await ticks(pause)
        await asyncio.gather(*(turn.done for turn in turns.values()))
        await quiet(session)
        said = [message.text for message in session.transcript.all_messages() if message.role == "user"]
        assert sorted([*said, *taken]) == sorted(turns)
        assert_valid(session.history)

    asyncio.run(play())
