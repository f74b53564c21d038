"""What a session is not for: waiting for itself, and another loop; and what a stopped turn says."""

from __future__ import annotations

import asyncio

import pytest

from chatwidget import Session, function_tool
from chatwidget.errors import RequestError
from chatwidget.messages import ToolResultPart
from chatwidget.models.scripted import ScriptedModel, ToolCall
from tests.gated import until


async def test_a_tool_that_waits_for_the_next_turn_of_its_own_chat_is_told_and_one_that_queues_is_not() -> None:
    async def again() -> str:
        """Send something."""
        session.submit("queued")
        reply = await session.send("waited for")
        return str(reply)

    session = Session(model=ScriptedModel(ToolCall("again"), "One.", "Two."))
    session.tools.add(again)
    reply = await session.send("Hi")
    assert reply is not None and reply.text == "One."
    await until(lambda: session.messages[-1].text == "Two.")
    [result] = [part for message in session.messages for part in message.parts if isinstance(part, ToolResultPart)]
    assert "would wait for ever" in result.content and result.outcome == "output-error"


async def test_a_session_says_that_it_belongs_to_another_loop() -> None:
    session = Session(model="echo")
    await session.send("Hi")
    with pytest.raises(RequestError, match="belongs to the event loop"):
        await asyncio.to_thread(asyncio.run, session.send("from elsewhere"))


def test_a_session_goes_on_where_its_loop_has_ended() -> None:
    session = Session(model="echo")
    assert asyncio.run(session.send("one")) is not None


async def test_a_turn_that_was_stopped_while_its_tool_ran_says_so() -> None:
    started = asyncio.Event()

    @function_tool
    async def wait() -> None:
        """Wait."""
        started.set()
        await asyncio.Event().wait()

    session = Session(model=ScriptedModel(["I look.", ToolCall("wait")]), tools=[wait])
    turn = session.submit("Hi")
    await started.wait()
    await session.stop()
    reply = await turn.done
    assert reply is not None and (reply.text, reply.status) == ("I look.", "stopped")


async def test_a_tool_that_exits_says_why_in_its_card() -> None:
    def leave() -> None:
        """Leave."""
        raise SystemExit("bad usage")

    session = Session(model=ScriptedModel(ToolCall("leave")), tools=[leave])
    reply = await session.send("Hi")
    assert reply is not None and reply.status == "stopped"
    [result] = [part for message in session.messages for part in message.parts if isinstance(part, ToolResultPart)]
    assert "bad usage" in result.content
