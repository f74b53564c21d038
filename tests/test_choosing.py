"""Several replies to one request, and the choice of the one to go on with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from pydantic import BaseModel

from chatwidget import Generate, GetUserInput, Session, User, app
from chatwidget.errors import AppError, ModelError
from chatwidget.events import ToolEnded, ToolStarted
from chatwidget.messages import Message
from chatwidget.models.scripted import BreakOff, ScriptedModel, ToolCall
from chatwidget.streaming_tools import streaming_function_tool
from tests.core_strategies import Mirror, assert_valid, quiet, record, ticks
from tests.gated import others


def chatting(**options: Any) -> Any:
    """An app whose replies are made with these options of `Generate`."""

    @app
    async def program() -> Any:
        while True:
            yield User((yield GetUserInput()))
            yield Generate(**options)

    return program


def longest(messages: list[Message]) -> Message:
    return max(messages, key=lambda message: len(message.text))


async def longest_later(messages: list[Message]) -> Message:
    await ticks(3)
    return longest(messages)


def assert_each_call_answered_once(events: list[Any], session: Session) -> None:
    """Also of the replies that were not chosen."""
    ended = [event.result.tool_call_id for event in events if isinstance(event, ToolEnded)]
    assert sorted(ended) == sorted(session.transcript.calls)
    assert_valid(session.history)


def versions(session: Session) -> list[Any]:
    return [message["sibling"] for message in session.screen.field("messages")]


@pytest.mark.parametrize(
    ("choice", "chosen"),
    [
        (None, "a"),
        (longest, "bbb"),
        (longest_later, "bbb"),
        (lambda messages: 1, "bbb"),
        (lambda messages: -1, "cc"),
        (lambda messages: messages[2], "cc"),
    ],
)
async def test_the_chosen_reply_is_the_turns_and_goes_on(choice: Any, chosen: str) -> None:
    model = ScriptedModel("a", "bbb", "cc", "1", "22", "3")
    session = Session(chatting(n=3, choice=choice), model=model)
    mirror = Mirror(session)
    reply = await session.send("Hi")
    assert reply is not None
    assert reply.text == chosen
    assert session.history == [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": chosen}]
    assert versions(session)[1] == {"index": ["a", "bbb", "cc"].index(chosen), "count": 3}
    await session.send("Go on")
    assert [message.text for message in model.requests[3].messages] == ["Hi", chosen, "Go on"]
    first, *others = model.requests[:3]
    assert [replace(other, version=0) for other in others] == [first, first]
    assert [request.version for request in model.requests[:3]] == [0, 1, 2]
    session.screen.flush()
    assert mirror.state == session.screen.state()


@pytest.mark.parametrize("n", [0, -1, 1.5, "2", True])
def test_a_number_that_is_none_is_refused(n: Any) -> None:
    with pytest.raises(AppError, match="n="):
        Generate(n=n)


def fail(messages: list[Message]) -> None:
    raise KeyError("no")


@pytest.mark.parametrize(
    ("choice", "error"),
    [
        (fail, KeyError),
        (lambda messages: None, AppError),
        (lambda messages: 7, AppError),
        (lambda messages: -3, AppError),
        (lambda messages: True, AppError),
        (lambda messages: "1", AppError),
        (lambda messages: Message(role="assistant"), AppError),
        (lambda: 0, TypeError),
    ],
)
async def test_a_choice_that_is_none_fails_at_the_yield_and_leaves_a_valid_history(
    choice: Any, error: type[Exception]
) -> None:
    calls: list[Any] = [["x", ToolCall("look")], ["y", ToolCall("look")]]

    def look() -> str:
        """Look."""
        raise AssertionError("it ran")

    session = Session(chatting(n=2, choice=choice), model=ScriptedModel(*calls, "fine", "too"), tools=[look])
    events = record(session)
    with pytest.raises(error):
        await session.send("Hi")
    assert_each_call_answered_once(events, session)


async def test_a_choice_that_exits_ends_the_turn_as_stopped() -> None:
    def leave(messages: list[Message]) -> None:
        raise SystemExit

    session = Session(chatting(n=2, choice=leave), model=ScriptedModel("a", "b", "c", "d"))
    await session.send("Hi")
    assert session.status == "idle"
    assert_valid(session.history)


async def test_only_the_tools_of_the_chosen_reply_run_and_all_calls_are_answered() -> None:
    ran: list[str] = []

    def note(text: str) -> str:
        """Note it."""
        ran.append(text)
        return text

    calls = [ToolCall("note", {"text": text}) for text in ("a", "bb", "c")]
    model = ScriptedModel(*calls, "1", "22", "3")
    session = Session(chatting(n=3, choice=lambda messages: 1), model=model, tools=[note])
    mirror = Mirror(session)
    events = record(session)
    reply = await session.send("Hi")
    assert reply is not None
    assert (ran, reply.text) == (["bb"], "22")
    assert [item["content"] for item in session.history] == ["Hi", None, "bb", "22"]
    assert_each_call_answered_once(events, session)
    first = session.screen.field("messages")[1]["id"]
    await session.select(first, 0)
    assert "was not chosen" in session.history[2]["content"]
    assert_valid(session.history)
    session.screen.flush()
    assert mirror.state == session.screen.state()


class Article(BaseModel):
    title: str


async def test_a_streaming_tool_begins_only_when_its_reply_was_chosen() -> None:
    seen: list[str] = []

    @streaming_function_tool
    async def write(articles: AsyncIterator[Article]) -> str:
        """Write."""
        seen.extend([article.title async for article in articles])
        return "written"

    shown: list[str] = []
    write.preview(lambda title="": shown.append(title))
    calls = [ToolCall("write", {"title": "a" * 20}), ToolCall("write", {"title": "b" * 20})]
    session = Session(chatting(n=2, choice=lambda messages: 1), model=ScriptedModel(*calls, "1", "2"), tools=[write])
    events = record(session)
    await session.send("Hi")
    assert seen == ["b" * 20]
    assert not [title for title in shown if "a" in title]
    assert sum(isinstance(event, ToolStarted) for event in events) == 1
    assert_each_call_answered_once(events, session)


@pytest.mark.parametrize("broken", [ModelError("away"), ValueError("x"), BreakOff()])
@pytest.mark.parametrize("place", [0, 1, 2])
async def test_replies_that_fail_are_no_choice(broken: Any, place: int) -> None:
    given: list[str] = []

    def note(text: str) -> str:
        """Note it."""
        raise AssertionError("it ran")

    def choose(messages: list[Message]) -> int:
        given.extend(message.text for message in messages)
        return -1

    replies: list[Any] = ["a", "b"]
    replies.insert(place, ["half", ToolCall("note", {"text": "x"}), broken])
    session = Session(chatting(n=3, choice=choose), model=ScriptedModel(*replies), tools=[note])
    mirror = Mirror(session)
    events = record(session)
    reply = await session.send("Hi")
    assert reply is not None
    assert (given, reply.text, session.messages[-1].text) == (["a", "b"], "b", "b")
    assert_each_call_answered_once(events, session)
    session.screen.flush()
    assert mirror.state == session.screen.state()


async def test_when_all_fail_the_first_failure_is_told() -> None:
    model = ScriptedModel(ModelError("first"), ["half", ModelError("second")])
    session = Session(chatting(n=2), model=model)
    mirror = Mirror(session)
    with pytest.raises(ModelError, match="first"):
        await session.send("Hi")
    assert versions(session)[1]["count"] == 2
    assert_valid(session.history)
    session.screen.flush()
    assert mirror.state == session.screen.state()


@pytest.mark.parametrize("choice", [None, longest_later])
async def test_a_stop_at_any_point_answers_all_calls_and_leaves_nothing_running(choice: Any) -> None:
    async def note(text: str) -> str:
        """Note it."""
        await ticks(5)
        return text

    before = others()
    for moment in range(0, 90, 3):
        replies: list[Any] = [
            ["x", ToolCall("note", {"text": "a" * 9})],
            ["yy", ToolCall("note", {"text": "b" * 30})],
            "1",
            "2",
        ]
        session = Session(chatting(n=2, choice=choice), model=ScriptedModel(*replies), tools=[note])
        mirror = Mirror(session)
        events = record(session)
        turn = session.submit("Hi")
        await ticks(moment)
        await session.stop()
        await turn.done
        await quiet(session)
        assert_each_call_answered_once(events, session)
        assert not session.transcript.drafts
        session.screen.flush()
        assert mirror.state == session.screen.state()
        await session.close()
        assert others() <= before


async def test_the_replies_are_asked_for_at_the_same_time() -> None:
    waiting: list[Any] = []
    together = asyncio.Event()

    class Meeting(ScriptedModel):
        async def stream(self, request: Any) -> Any:
            waiting.append(request)
            if len(waiting) == 3:
                together.set()
            await together.wait()
            async for delta in super().stream(request):
                yield delta

    session = Session(chatting(n=3), model=Meeting("a", "b", "c"))
    await session.send("Hi")
    assert session.usage.chat.requests == 3
