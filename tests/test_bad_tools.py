"""What a tool may do wrong, the whole way through: events, transcript, screen, and each next request."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Any

import pytest

from chatwidget import Session, function_tool
from chatwidget.errors import SessionBusy
from chatwidget.events import ToolOutput, ToolStarted
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.openai_format import to_openai
from tests.core_strategies import Mirror, assert_valid, quiet, ticks
from tests.played import echo, play

# Rows 29 to 34: what tools do.


async def test_a_blocked_tool_holds_up_nothing_and_what_it_returns_late_is_logged_and_dropped(
    caplog: pytest.LogCaptureFixture,
) -> None:
    release, left = threading.Event(), threading.Event()

    @function_tool(timeout=0.02)
    def block() -> str:
        """Block."""
        print("before")
        release.wait()
        print("late")
        left.set()
        return "late"

    played = await play([ToolCall("block"), ToolCall("echo", {"text": "b"})], "Done.", tools=[block, echo])
    before = played.session.screen.state()
    with caplog.at_level(logging.DEBUG, logger="chatwidget"):
        release.set()
        await asyncio.to_thread(left.wait)
        for thread in [thread for thread in threading.enumerate() if "block" in thread.name]:
            await asyncio.to_thread(thread.join)
        await ticks(3)
    assert "given up" in played.answers[0]
    assert played.answers[1] == "b"
    assert played.session.screen.state() == before
    assert "given up" in caplog.text


class _Odd:
    def __repr__(self) -> str:
        raise SystemExit("no repr")


@pytest.mark.parametrize(
    "value",
    [_Odd(), float("nan"), {"a": float("inf"), 1: {2}}, 10**5000, "\ud800", b"\xff", object, {("a", "b"): _Odd()}],
    ids=lambda value: type(value).__name__,
)
async def test_a_result_that_json_cannot_say_is_answered_all_the_same(value: Any) -> None:
    def odd() -> Any:
        """Return it."""
        return value

    played = await play(ToolCall("odd"), "Done.", tools=[odd])
    assert played.text == "Done."
    assert played.answers[0]
    assert played.cards[0]["state"] == "output-available"


async def test_a_tool_may_say_more_which_waits_for_the_end_of_the_turn() -> None:
    async def more() -> str:
        """Send."""
        session.submit("And this.")
        with pytest.raises(SessionBusy):
            session.submit("And that?", when_busy="refuse")
        return "sent"

    session = Session(model=ScriptedModel(ToolCall("more"), "First.", "Second."))
    session.tools.add(more)
    mirror = Mirror(session)
    reply = await session.send("Hi")
    assert reply is not None
    assert reply.text == "First."
    await quiet(session)
    said = [message.text for message in session.messages if message.role in ("user", "assistant") and message.text]
    assert said == ["Hi", "First.", "And this.", "Second."]
    assert_valid(session.history)
    session.screen.flush()
    assert mirror.state == session.screen.state()


@pytest.mark.parametrize("change", ["edit", "retry", "clear", "select"])
async def test_a_tool_that_edits_the_history_it_is_part_of_leaves_the_chat_valid_and_at_work(change: str) -> None:
    async def meddle() -> str:
        """Change what was said."""
        mine = session.messages[0].id
        match change:
            case "edit":
                await session.edit(mine, "Hello")
            case "retry":
                await session.retry(mine)
            case "clear":
                await session.clear()
            case "select":
                await session.select(mine, 0)
        return "changed"

    model = ScriptedModel(ToolCall("meddle"), "Again.", "Once more.")
    session = Session(model=model)
    session.tools.add(meddle)
    mirror = Mirror(session)
    await asyncio.wait({session.submit("Hi").done})
    await ticks(20)
    await quiet(session)
    reply = await session.send("And now?")
    assert reply is not None
    assert reply.text in ("Again.", "Once more.")
    assert_valid(session.history)
    for request in model.requests:
        assert_valid(to_openai(request.messages))
    session.screen.flush()
    assert mirror.state == session.screen.state()


async def test_a_tool_that_prints_megabytes_costs_the_page_a_bounded_text_and_the_model_nothing() -> None:
    def chatter() -> str:
        """Print."""
        for number in range(20_000):
            print(f"{number:0100}")
        return "done"

    played = await play(ToolCall("chatter"), "Done.", tools=[chatter])
    assert played.answers == ["done"]
    assert sum(len(event.text) for event in played.of(ToolOutput)) < 1_000_000
    assert len(played.cards[0]["output"]) < 1_000_000


@pytest.mark.parametrize("exit_with", [KeyboardInterrupt, SystemExit, asyncio.CancelledError])
async def test_a_tool_that_exits_stops_the_turn_and_the_calls_beside_it_and_the_chat_goes_on(
    exit_with: type[BaseException],
) -> None:
    waiting = asyncio.Event()

    async def wait() -> str:
        """Never end."""
        waiting.set()
        await asyncio.Event().wait()
        return "never"

    async def leave() -> str:
        """Leave."""
        await waiting.wait()
        raise exit_with

    played = await play([ToolCall("wait"), ToolCall("leave"), ToolCall("wait")], "Next.", tools=[wait, leave])
    assert len(played.of(ToolStarted)) == 3
    assert len(played.answers) == 3
    assert {card["state"] for card in played.cards} == {"output-error"}
    reply = await played.session.send("Go on")
    assert reply is not None
    assert reply.text == "Next."
    assert_valid(to_openai(played.model.requests[-1].messages))


@pytest.mark.parametrize(
    ("change", "said"),
    [("edit", ["Hello", "Again."]), ("retry", ["Hi", "Again."]), ("clear", [])],
)
async def test_what_a_tool_wants_changed_in_the_history_is_done_when_its_turn_has_been_stopped(
    change: str, said: list[str]
) -> None:
    async def meddle() -> str:
        """Change what was said."""
        mine = session.messages[0].id
        work: Any = {"edit": lambda: session.edit(mine, "Hello"), "retry": lambda: session.retry(mine)}
        await work.get(change, session.clear)()
        return "changed"

    session = Session(model=ScriptedModel(ToolCall("meddle"), "Again."))
    session.tools.add(meddle)
    await asyncio.wait({session.submit("Hi").done})
    await ticks(20)
    await quiet(session)
    assert [message.text for message in session.messages] == said
    assert_valid(session.history)
