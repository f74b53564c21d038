"""Several replies of a type, and the choice among those that fit."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from chatwidget import Generate, GetUserInput, Session, User, app, function_tool
from chatwidget.errors import OutputError
from chatwidget.events import ToolEnded
from chatwidget.messages import Message
from chatwidget.models.scripted import ScriptedModel, ToolCall
from tests.core_strategies import Mirror, assert_valid, record


def chatting(**options: Any) -> Any:
    """An app whose replies are made with these options of `Generate`."""

    @app
    async def program() -> Any:
        while True:
            yield User((yield GetUserInput()))
            yield Generate(**options)

    return program


def assert_each_call_answered_once(events: list[Any], session: Session) -> None:
    """Also of the replies that were not chosen."""
    ended = [event.result.tool_call_id for event in events if isinstance(event, ToolEnded)]
    assert sorted(ended) == sorted(session.transcript.calls)
    assert_valid(session.history)


class Article(BaseModel):
    title: str


async def test_replies_of_a_type_are_chosen_among_those_that_fit() -> None:
    given: list[str] = []

    def choose(messages: list[Message]) -> int:
        given.extend(message.text for message in messages)
        return 0

    options = {"n": 3, "choice": choose}
    session = Session(chatting(**options), model=ScriptedModel("[1]", "words", "[2]", "x", "y", "z"))
    assert await session.ask("Hi", output_type=list[int]) == [1]
    assert given == ["[1]", "[2]"]
    with pytest.raises(OutputError) as caught:
        await session.ask("Again", output_type=list[int], max_attempts=1)
    assert caught.value.text == "x"


async def test_when_none_fits_all_are_asked_again() -> None:
    model = ScriptedModel("x", "y", "[3]", "z")
    session = Session(chatting(n=2), model=model)
    mirror = Mirror(session)
    assert await session.ask("Hi", output_type=list[int]) == [3]
    assert [message.text for message in model.requests[2].messages][:2] == ["Hi", "x"]
    assert [item["content"] for item in session.history] == ["Hi", "[3]"]
    session.screen.flush()
    assert mirror.state == session.screen.state()


async def test_a_chosen_reply_can_be_a_call_of_the_type() -> None:
    @function_tool
    def look() -> str:
        """Look."""
        return "seen"

    replies = [ToolCall("Article", {"title": "a"}), ToolCall("Article", {"title": "b"})]
    session = Session(chatting(n=2, choice=lambda messages: 1), model=ScriptedModel(*replies), tools=[look])
    events = record(session)
    assert await session.ask("Hi", output_type=Article) == Article(title="b")
    assert_each_call_answered_once(events, session)
