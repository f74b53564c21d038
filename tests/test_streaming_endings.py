"""How a streaming tool ends: early, never, by a stop, by an exit, by arguments that are none."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from chatwidget import Session
from chatwidget.errors import ModelError
from chatwidget.models.base import Finish
from chatwidget.models.scripted import BreakOff, ScriptedModel, ToolCall
from chatwidget.streaming_tools import streaming_function_tool
from tests.asking import result
from tests.core_strategies import Mirror, assert_valid, ticks
from tests.gated import others
from tests.streaming import Article, Desk


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatwidget.growing.SECONDS", 0.0)


@pytest.mark.parametrize("arguments", ['{"title": ""}', '{"text": "only"}', '{"title": 1}', '{"title": "a"'])
async def test_arguments_that_turn_out_wrong_cancel_the_body_and_are_told_to_the_model(arguments: str) -> None:
    desk = Desk()
    before = others()
    session = Session(model=ScriptedModel(ToolCall("write", arguments), "Sorry."), tools=[desk.tool])
    await session.send("Hi")
    assert desk.cancelled
    assert result(session).outcome == "output-error"
    assert "arguments" in result(session).content
    assert_valid(session.history)
    await session.close()
    assert others() <= before


async def test_a_body_that_returned_before_its_arguments_turned_out_wrong_has_failed() -> None:
    @streaming_function_tool
    async def write(articles: AsyncIterator[Article]) -> str:
        """Write an article."""
        return "written"

    call = ToolCall("write", '{"text": "only"}')
    session = Session(model=ScriptedModel(call, "Sorry."), tools=[write])
    await session.send("Hi")
    assert result(session).outcome == "output-error" and "title" in result(session).content


@pytest.mark.parametrize("end", [Finish("length"), Finish("filtered"), BreakOff(), ModelError("away"), ValueError("x")])
async def test_a_reply_that_breaks_off_cancels_the_body_and_keeps_what_it_printed(end: Any) -> None:
    desk = Desk()
    before = others()
    session = Session(model=ScriptedModel([ToolCall("write", '{"title": "Hap'), end]), tools=[desk.tool])
    mirror = Mirror(session)
    turn = session.submit("Hi")
    await asyncio.wait({turn.done})
    assert desk.cancelled
    assert (result(session).outcome, result(session).output[:2]) == ("output-error", "No")
    assert_valid(session.history)
    await session.close()
    assert others() <= before
    session.screen.flush()
    assert mirror.state == session.screen.state()


async def test_a_stop_at_any_point_cancels_the_body_and_leaves_a_valid_history() -> None:
    before = others()
    for moment in range(0, 60, 2):
        desk = Desk()
        session = Session(model=ScriptedModel(ToolCall("write", {"title": "x" * 40}), "Done."), tools=[desk.tool])
        mirror = Mirror(session)
        turn = session.submit("Hi")
        await ticks(moment)
        await session.stop()
        await turn.done
        assert_valid(session.history)
        session.screen.flush()
        assert mirror.state == session.screen.state()
        await session.close()
        assert others() <= before


async def test_a_body_that_never_ends_is_stopped_with_the_turn() -> None:
    ended: list[str] = []

    @streaming_function_tool
    async def write(articles: AsyncIterator[Article]) -> str:
        """Write."""
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cleaned up")
        return ""

    session = Session(model=ScriptedModel(ToolCall("write", {"title": "a"}), "Done."), tools=[write])
    turn = session.submit("Hi")
    await ticks(40)
    await session.stop()
    await turn.done
    assert ended == ["cleaned up"]
    assert "stopped" in result(session).content


async def test_a_body_may_return_or_raise_before_the_arguments_are_whole(caplog: pytest.LogCaptureFixture) -> None:
    @streaming_function_tool
    async def early(articles: AsyncIterator[Article]) -> str:
        """Return early."""
        async for _ in articles:
            return "early"
        return "late"

    @streaming_function_tool
    async def fail(articles: AsyncIterator[Article]) -> str:
        """Raise early."""
        raise ValueError("no room")

    calls = [ToolCall("early", {"title": "a" * 30}), ToolCall("fail", {"title": "a" * 30})]
    session = Session(model=ScriptedModel(calls, "Done."), tools=[early, fail])
    with caplog.at_level(logging.WARNING):
        await session.send("Hi")
    answers = [item["content"] for item in session.history if item["role"] == "tool"]
    assert answers == ["early", "fail raised ValueError: no room"]
    assert [entry.getMessage() for entry in caplog.records] == ["tool fail failed"]


async def test_a_body_that_exits_ends_the_turn_as_stopped() -> None:
    @streaming_function_tool
    async def write(articles: AsyncIterator[Article]) -> str:
        """Exit."""
        raise SystemExit

    session = Session(model=ScriptedModel(ToolCall("write", {"title": "a" * 30}), "Done."), tools=[write])
    await session.send("Hi")
    assert len(session.model.requests) == 1  # type: ignore[attr-defined]
    assert_valid(session.history)
