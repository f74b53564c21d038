"""One reply with its tools: what hangs, fails, floods or exits, and what the model is sent next."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Any

import pytest

from chatwidget import Session, function_tool
from chatwidget.events import LimitReached, ToolEnded, ToolOutput, ToolStarted
from chatwidget.models.scripted import ScriptedModel, ToolCall
from tests.core_strategies import Mirror, assert_valid, record, ticks


def answers(session: Session) -> list[str]:
    return [item["content"] for item in session.history if item["role"] == "tool"]


def card(session: Session, number: int = 0) -> dict[str, Any]:
    """The tool card number `number` on screen."""
    messages = session.screen.field("messages")
    cards = [part for message in messages for part in message["parts"] if part["type"] == "tool_call"]
    return dict(cards[number])


# Tools that misbehave.


@pytest.mark.parametrize("kind", ["async", "sync"])
async def test_a_tool_that_hangs_is_given_up_at_its_limit(kind: str) -> None:
    release = threading.Event()

    @function_tool(timeout=0.02)
    async def hang() -> str:
        """Hang."""
        await asyncio.Event().wait()
        return "never"

    @function_tool(timeout=0.02, name="hang")
    def block() -> str:
        """Block."""
        release.wait()
        return "never"

    session = Session(model=ScriptedModel(ToolCall("hang"), "On we go."), tools=[hang if kind == "async" else block])
    reply = await session.send("Hi")
    release.set()
    assert reply is not None
    assert reply.text == "On we go."
    assert answers(session) == ["hang took longer than its limit of 0.02 s and was given up."]
    assert card(session)["state"] == "output-error"


async def test_a_tool_that_hangs_without_a_limit_is_stopped_with_the_turn() -> None:
    async def hang() -> str:
        """Hang."""
        await asyncio.Event().wait()
        return "never"

    def block() -> str:
        """Block."""
        release.wait()
        return "never"

    release = threading.Event()
    session = Session(model=ScriptedModel([ToolCall("hang"), ToolCall("block")]), tools=[hang, block])
    events = record(session)
    turn = session.submit("Hi")
    await ticks(50)
    assert sum(isinstance(event, ToolStarted) for event in events) == 2
    await session.stop()
    release.set()
    await turn.done
    assert answers(session) == ["This tool was stopped before it had finished."] * 2
    assert_valid(session.history)


async def test_a_tool_that_raises_tells_the_model_and_logs_the_traceback(caplog: pytest.LogCaptureFixture) -> None:
    class UnreadableError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    def fail() -> str:
        """Fail."""
        raise FileNotFoundError("no such file: a.csv")

    def fail_badly() -> str:
        """Fail badly."""
        raise UnreadableError

    session = Session(model=ScriptedModel([ToolCall("fail"), ToolCall("fail_badly")], "Oh."), tools=[fail, fail_badly])
    with caplog.at_level(logging.WARNING):
        await session.send("Hi")
    assert answers(session) == [
        "fail raised FileNotFoundError: no such file: a.csv",
        "fail_badly raised UnreadableError: (its text cannot be read)",
    ]
    assert "Traceback" not in str(session.screen.state())
    assert all(record.exc_info for record in caplog.records)


async def test_a_result_of_100_megabytes_is_cut_for_model_and_page() -> None:
    def flood() -> str:
        """Give much."""
        return "x" * 100_000_000

    session = Session(model=ScriptedModel(ToolCall("flood"), "Much."), tools=[flood])
    await session.send("Hi")
    assert len(answers(session)[0]) <= 256 * 1024
    assert "characters left out" in answers(session)[0]
    assert len(card(session)["result"]) < 65_000


async def test_a_result_that_json_cannot_say_is_shown_as_it_can_be() -> None:
    cyclic: list[Any] = [float("nan"), {1, 2}, object]
    cyclic.append(cyclic)

    def odd() -> Any:
        """Give odd things."""
        return cyclic

    session = Session(model=ScriptedModel(ToolCall("odd"), "Odd."), tools=[odd])
    await session.send("Hi")
    assert answers(session) == ['["nan", [1, 2], "<class \'object\'>", "<cycle>"]']


async def test_what_a_tool_prints_is_shown_in_its_card_and_bounded() -> None:
    def chatter() -> str:
        """Talk."""
        print("half a pair: \ud83d")
        for _ in range(200):
            print("x" * 1000)
        return "done"

    session = Session(model=ScriptedModel(ToolCall("chatter"), "Done."), tools=[chatter])
    mirror = Mirror(session)
    events = record(session)
    await session.send("Hi")
    assert "".join(event.text for event in events if isinstance(event, ToolOutput)) == card(session)["output"][:64_000]
    assert card(session)["output"].startswith("half a pair: \ufffd\n")
    assert "more characters were left out" in card(session)["output"]
    assert answers(session) == ["done"]
    session.screen.flush()
    assert mirror.state == session.screen.state()


async def test_parallel_tools_keep_their_outputs_apart_and_their_order() -> None:
    second_done = asyncio.Event()

    async def slow(name: str) -> str:
        """Speak late for the first, early for the second."""
        if name == "first":
            await second_done.wait()
        print(name)
        second_done.set()
        return name

    calls = [ToolCall("slow", {"name": "first"}), ToolCall("slow", {"name": "second"})]
    session = Session(model=ScriptedModel(calls, "Done."), tools=[slow])
    events = record(session)
    await session.send("Hi")
    ended = [event.result.content for event in events if isinstance(event, ToolEnded)]
    assert (ended, answers(session)) == (["second", "first"], ["first", "second"])
    assert [card(session, number)["output"] for number in (0, 1)] == ["first\n", "second\n"]


async def test_a_model_that_calls_unknown_tools_three_times_in_a_row_is_asked_once_more_without_tools() -> None:
    def known() -> str:
        """Do something."""
        return "done"

    model = ScriptedModel(
        *[ToolCall("nothing")] * 2, ToolCall("known"), *[[ToolCall("nothing"), ToolCall("nope")]] * 3, "I give up."
    )
    session = Session(model=model, tools=[known])
    events = record(session)
    reply = await session.send("Hi")
    assert reply is not None
    assert reply.text == "I give up."
    assert [len(request.tools) for request in model.requests] == [1] * 6 + [0]
    assert [event.limit for event in events if isinstance(event, LimitReached)] == ["calls"]
    assert_valid(session.history)
