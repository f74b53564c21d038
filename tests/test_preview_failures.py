"""Previews that raise, exit, hang or are stopped; what they show, and how it reaches a screen."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
from typing import Any

import pytest
from pydantic import BaseModel, field_validator

from chatwidget import Session, function_tool
from chatwidget.events import Event, PreviewShown, ToolStarted
from chatwidget.models.base import Finish
from chatwidget.models.scripted import ScriptedModel, ToolCall
from tests.core_strategies import Mirror, assert_valid, quiet, record, ticks
from tests.gated import GatedModel, call, others, until
from tests.previewing import TEXT, card, noting, session_of


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatwidget.preview_runs.PACE", 0.0)
    monkeypatch.setattr("chatwidget.growing.SECONDS", 0.0)


def errors(events: list[Event]) -> list[str]:
    return [event.error for event in events if isinstance(event, PreviewShown) and event.error]


@pytest.mark.parametrize("failure", [ValueError("no"), SystemExit(1), KeyboardInterrupt(), asyncio.CancelledError()])
@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_a_preview_that_fails_is_warned_of_once_noted_in_the_card_and_the_tool_still_runs(
    failure: BaseException, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    tool = noting()
    if kind == "sync":

        @tool.preview
        def show(text: str = "") -> None:
            raise failure

    else:

        @tool.preview
        async def show_async(text: str = "") -> None:
            raise failure

    before = others()
    session, events = session_of(tool)
    with caplog.at_level(logging.WARNING):
        reply = await session.send("Hi")
    assert reply is not None
    assert reply.text == "Done."
    assert session.history[2]["content"] == f"noted {len(TEXT)}"
    assert [entry.getMessage() for entry in caplog.records] == ["the preview of note failed"]
    assert card(session)["preview"]["error"].startswith("The preview failed: ")
    assert (type(failure).__name__ in errors(events)[0], "Traceback" in errors(events)[0]) == (True, False)
    await session.close()
    assert others() <= before


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_a_preview_that_hangs_is_given_up_noted_and_the_tool_still_runs(
    kind: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatwidget.preview_runs.LAST_SECONDS", 0.01)
    release = threading.Event()
    tool = noting()
    if kind == "sync":
        tool.preview(lambda text="": release.wait() and None)
    else:

        @tool.preview
        async def hang(text: str = "") -> None:
            await asyncio.Event().wait()

    before = others()
    session, events = session_of(tool)
    with caplog.at_level(logging.WARNING):
        await session.send("Hi")
    release.set()
    assert session.history[2]["content"] == f"noted {len(TEXT)}"
    assert len([entry for entry in caplog.records if "preview of note" in entry.getMessage()]) == 1
    assert "took longer" in card(session)["preview"]["error"]
    kinds = [type(event) for event in events if isinstance(event, PreviewShown | ToolStarted)]
    assert kinds[-1] is ToolStarted
    await session.close()
    assert others() <= before


async def test_one_call_of_a_preview_has_a_limit_and_the_next_one_may_be_well(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("chatwidget.tools.PREVIEW_SECONDS", 0.01)
    tool = noting()
    calls: list[str] = []

    @tool.preview
    async def show(text: str = "") -> str:
        calls.append(text)
        if len(calls) == 1:
            await asyncio.Event().wait()
        return text

    session, events = session_of(tool)
    with caplog.at_level(logging.WARNING):
        await session.send("Hi")
    assert "0.01 s" in errors(events)[0]
    assert card(session)["preview"] == {"bundle": {"text/plain": TEXT}, "error": None}


@pytest.mark.parametrize("slow", [False, True])
async def test_a_stop_at_any_point_leaves_no_task_and_a_valid_history(slow: bool) -> None:
    tool = noting()

    @tool.preview
    async def show(text: str = "") -> str:
        await ticks(7 if slow else 0)
        return text

    before = others()
    for moment in range(0, 140, 3):
        session, events = session_of(tool, "x" * 40)
        mirror = Mirror(session)
        turn = session.submit("Hi")
        await ticks(moment)
        await session.stop()
        await turn.done
        await quiet(session)
        assert_valid(session.history)
        number = len(events)
        session.screen.flush()
        assert mirror.state == session.screen.state()
        await session.close()
        assert others() <= before, moment
        await ticks(5)
        assert not [event for event in events[number:] if isinstance(event, PreviewShown)]


async def test_a_model_that_fails_ends_the_previews() -> None:
    tool = noting()
    seen = asyncio.Event()

    @tool.preview
    async def hang(text: str = "") -> None:
        seen.set()
        await asyncio.Event().wait()

    before = others()
    model = GatedModel([call("note", '{"text": "a'), seen, RuntimeError("away")])
    session = Session(model=model, tools=[tool])
    turn = session.submit("Hi")
    await until(turn.done.done)
    assert turn.done.exception() is not None
    await session.close()
    assert others() <= before
    assert_valid(session.history)


def noted(text: str, title: str = "none") -> str:
    """Note a text."""
    return text


class Exiting(BaseModel):
    name: str

    @field_validator("name")
    @classmethod
    def _exit(cls, value: str) -> str:
        raise SystemExit


async def test_a_validator_that_exits_ends_the_preview_and_the_turn(caplog: pytest.LogCaptureFixture) -> None:
    @function_tool
    def pick(mood: Exiting) -> str:
        """Pick."""
        return "never"

    pick.preview(lambda mood=None: "picking")
    before = others()
    session = Session(model=ScriptedModel(ToolCall("pick", {"mood": {"name": "x"}}), "never"), tools=[pick])
    await session.send("Hi")
    assert session.messages[-1].role == "tool"
    await session.close()
    assert others() <= before
    gc.collect()
    assert not caplog.records  # of an error that nobody took


async def test_arguments_that_turn_out_wrong_have_no_final_preview_and_the_tool_does_not_run(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tool = function_tool(noted)
    tool.preview(lambda text="": f"<{text}>")
    session = Session(model=ScriptedModel(ToolCall("noted", '{"text": "abc", "no": 1}'), "Sorry."), tools=[tool])
    events = record(session)
    with caplog.at_level(logging.WARNING):
        await session.send("Hi")
    assert not any(event.final for event in events if isinstance(event, PreviewShown))
    assert not [event for event in events if isinstance(event, ToolStarted)]
    assert [event for event in events if isinstance(event, PreviewShown)]
    assert not caplog.records
    assert_valid(session.history)


@pytest.mark.parametrize("reason", ["length", "filtered"])
async def test_previews_of_a_cut_reply_leave_nothing_running(reason: Any) -> None:
    tool = function_tool(noted)

    @tool.preview
    async def hang(text: str = "") -> None:
        await asyncio.Event().wait()

    before = others()
    cut: list[Any] = [ToolCall("noted", '{"text": "ab'), Finish(reason)]
    session = Session(model=ScriptedModel(cut), tools=[tool])
    mirror = Mirror(session)
    await session.send("Hi")
    await session.close()
    assert others() <= before
    session.screen.flush()
    assert mirror.state == session.screen.state()
    assert_valid(session.history)
