"""What a streaming tool may be made of, and when it must not begin."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import BaseModel

from chatwidget import Generate, GetUserInput, Session, User, app
from chatwidget.errors import ToolDefinitionError
from chatwidget.events import ToolEnded, ToolOutput, ToolStarted
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.streaming_tools import streaming_function_tool
from tests.core_strategies import Mirror, assert_valid, record


class Article(BaseModel):
    title: str


def writing(log: list[str]) -> Any:
    @streaming_function_tool
    async def write(articles: AsyncIterator[Article]) -> str:
        """Write."""
        try:
            log.extend([article.title async for article in articles])
        finally:
            print("cleaned up")
        return "written"

    return write


async def test_after_the_last_round_no_body_begins() -> None:
    log: list[str] = []
    session = Session(
        model=ScriptedModel(*[ToolCall("write", {"title": f"{n}" * 20}) for n in range(3)]),
        tools=[writing(log)],
        max_tool_rounds=1,
    )
    events = record(session)
    await session.send("Hi")
    assert sum(isinstance(event, ToolStarted) for event in events) == 1
    assert "0" * 20 in log
    assert not [title for title in log if title and "1" in title]
    assert_valid(session.history)


async def test_a_tool_that_is_off_does_not_begin() -> None:
    log: list[str] = []
    tool = writing(log)
    tool.enabled = False
    session = Session(model=ScriptedModel(ToolCall("write", {"title": "a" * 20}), "Sorry."), tools=[tool])
    await session.send("Hi")
    assert log == []
    assert "There is no tool" in session.history[2]["content"]


async def test_a_body_that_began_beside_an_accepted_output_says_nothing_after_its_result() -> None:
    log: list[str] = []

    @app
    async def program() -> Any:
        yield User((yield GetUserInput()))
        yield Generate(output_type=Article)

    reply = [ToolCall("write", {"title": "a" * 20}), ToolCall("Article", {"title": "b"})]
    session = Session(program, model=ScriptedModel(reply), tools=[writing(log)])
    mirror = Mirror(session)
    events = record(session)
    await session.send("Hi")
    ended = [place for place, event in enumerate(events) if isinstance(event, ToolEnded)]
    assert len(ended) == 2
    assert not [event for event in events[ended[0] :] if isinstance(event, ToolOutput | ToolStarted)]
    assert_valid(session.history)
    session.screen.flush()
    assert mirror.state == session.screen.state()


async def test_the_record_of_a_call_has_the_arguments_it_was_run_with() -> None:
    session = Session(model=ScriptedModel(ToolCall("write", {"title": "Happy"}), "Done."), tools=[writing([])])
    await session.send("Hi")
    assert session.calls["call_1"].result == "written"
    assert session.calls["call_1"].arguments == {"title": "Happy"}


async def test_from_python_it_is_the_function_it_was() -> None:
    async def articles() -> AsyncIterator[Article]:
        yield Article(title="a")

    assert await writing([])(articles()) == "written"


async def test_called_with_the_whole_it_is_given_the_whole() -> None:
    log: list[str] = []
    tool = writing(log)
    assert await tool.call(tool.validate('{"title": "a"}')) == "written"
    assert log == ["a"]


def refused(function: Any, **options: Any) -> str:
    with pytest.raises(ToolDefinitionError) as caught:
        streaming_function_tool(**options)(function)
    return str(caught.value)


def test_what_cannot_stream_is_refused_with_the_culprit_and_the_cure() -> None:
    def sync(articles: AsyncIterator[Article]) -> None:
        """Sync."""

    async def nothing() -> None:
        """Take nothing."""

    async def two(articles: AsyncIterator[Article], other: int) -> None:
        """Take two."""

    async def unhinted(articles) -> None:  # type: ignore[no-untyped-def]
        """Hint nothing."""

    async def no_model(articles: AsyncIterator[int]) -> None:
        """Take numbers."""

    async def bare(articles: AsyncIterator) -> None:  # type: ignore[type-arg]
        """Take anything."""

    assert "async def" in refused(sync)
    assert "takes the arriving arguments" in refused(nothing)
    assert "takes the arriving arguments" in refused(two)
    assert "nothing says what `articles` holds" in refused(unhinted)
    assert "does not say what arrives" in refused(no_model)
    assert "does not say what arrives" in refused(bare)
    assert "no option 'run_on'" in refused(no_model, run_on="thread")
    for function in (nothing, two, unhinted, no_model):
        assert function.__name__ in refused(function)
