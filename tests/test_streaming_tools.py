"""Tools that work while a model is still writing their arguments."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import BaseModel, Field, model_validator

from chatwidget import Session, function_tool
from chatwidget.events import MessageEnded, ToolEnded, ToolStarted
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.streaming_tools import streaming_function_tool
from chatwidget.tool_context import ToolContext
from chatwidget.toolkit import Toolkit
from tests.asking import question, result
from tests.core_strategies import Mirror, record, ticks
from tests.gated import GatedModel, call, more, until
from tests.streaming import Article, Desk


class Song(BaseModel):
    name: str = Field(alias="songName")
    bars: int = 4
    key: str | None = None

    @model_validator(mode="after")
    def _key(self) -> Song:
        self.key = f"{self.name} in C"
        return self


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatwidget.growing.SECONDS", 0.0)


async def test_the_body_is_given_growing_objects_and_last_the_whole_validated_one() -> None:
    desk = Desk()
    steps: list[Any] = [call("write", '{"title": "Ha'), lambda: until(lambda: desk.seen)]
    steps += [more('ppy", "text": "'), lambda: ticks(3)]
    session = Session(model=GatedModel([*steps, more("12345"), more('678"}')], ["Done."]), tools=[desk.tool])
    mirror = Mirror(session)
    events = record(session)
    await session.send("Hi")
    assert (desk.seen[0].title, desk.seen[0].text) == ("Ha", None)
    assert desk.seen[-1] == Article(title="Happy", text="12345678")
    assert len(desk.seen) > 2
    assert (result(session).content, result(session).outcome) == ("Happy: 8", "output-available")
    assert result(session).output.startswith("Ha\nHappy\n")
    kinds = [type(event) for event in events if isinstance(event, ToolStarted | ToolEnded)]
    assert kinds == [ToolStarted, ToolEnded]
    started = next(place for place, event in enumerate(events) if isinstance(event, ToolStarted))
    settled = [
        place for place, event in enumerate(events) if isinstance(event, MessageEnded) and event.message.tool_calls
    ]
    assert started < settled[0]
    session.screen.flush()
    assert mirror.state == session.screen.state()


async def test_with_a_raw_schema_the_body_is_given_growing_dicts() -> None:
    seen: list[Any] = []
    schema = {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]}

    @streaming_function_tool(schema=schema)
    async def write(things: AsyncIterator[dict[str, Any]]) -> int:
        """Write."""
        seen.extend([thing async for thing in things])
        return len(seen)

    session = Session(model=ScriptedModel(ToolCall("write", {"title": "Hello you"}), "Done."), tools=[write])
    await session.send("Hi")
    assert seen[-1] == {"title": "Hello you"}
    assert all("Hello you".startswith(thing.get("title", "")) for thing in seen)
    assert len(seen) > 2


async def test_a_schema_by_alias_and_with_a_validator_gives_what_the_validator_made() -> None:
    seen: list[Any] = []

    @streaming_function_tool
    async def play(songs: AsyncIterator[Song]) -> str:
        """Play."""
        seen.extend([song async for song in songs])
        return "played"

    session = Session(model=ScriptedModel(ToolCall("play", {"songName": "Moon", "bars": "3"}), "Done."), tools=[play])
    await session.send("Hi")
    assert result(session).content == "played"
    assert (seen[-1].name, seen[-1].bars, seen[-1].key) == ("Moon", 3, "Moon in C")


async def test_a_tool_that_needs_approval_is_asked_for_first_and_given_the_whole_only() -> None:
    desk = Desk(approve=True)
    model = ScriptedModel(ToolCall("write", {"title": "Happy", "text": "x" * 50}), "Done.")
    session = Session(model=model, tools=[desk.tool])
    session.asks.attended = True
    events = record(session)
    turn = session.submit("Hi")
    await question(session)
    assert (desk.seen, [event for event in events if isinstance(event, ToolStarted)]) == ([], [])
    session.asks.approve(arguments={"title": "Other"})
    await turn.done
    assert desk.seen == [Article(title="Other")]
    assert result(session).content.endswith("Other: 4")


async def test_a_call_that_comes_in_one_piece_gives_nothing_but_the_whole() -> None:
    desk = Desk()
    session = Session(model=GatedModel([call("write", '{"title": "Happy"}')], ["Done."]), tools=[desk.tool])
    await session.send("Hi")
    assert desk.seen[-1] == Article(title="Happy")
    assert [article.title for article in desk.seen] == ["Happy"] * len(desk.seen)
    assert result(session).content == "Happy: 4"


async def test_a_method_of_a_toolkit_streams_and_is_told_its_call() -> None:
    class Editor(Toolkit):
        def __init__(self) -> None:
            self.text = ""

        @streaming_function_tool
        async def write(self, articles: AsyncIterator[Article], call: ToolContext) -> str:
            """Write."""
            async for article in articles:
                self.text = article.title
            return call.tool_call_id

    one, other = Editor(), Editor()
    session = Session(model=ScriptedModel(ToolCall("write", {"title": "Happy"}), "Done."), tools=[one])
    await session.send("Hi")
    assert (one.text, other.text, result(session).content) == ("Happy", "", "call_1")


async def test_two_interleaved_calls_stream_side_by_side() -> None:
    seen: dict[str, list[str | None]] = {}

    @streaming_function_tool
    async def write(articles: AsyncIterator[Article], call: ToolContext) -> str:
        """Write."""
        async for article in articles:
            seen.setdefault(call.tool_call_id, []).append(article.title)
        return str(article.title)

    def has(number: int) -> Any:
        return lambda: until(lambda: seen.get(f"call_{number}"))

    steps = [call("write", '{"title": "A'), call("write", '{"title": "B', 1), has(0), has(1)]
    session = Session(model=GatedModel([*steps, more('B"}', 1), more('A"}')], ["Done."]), tools=[write])
    await session.send("Hi")
    assert [(titles[0], titles[-1]) for titles in (seen["call_0"], seen["call_1"])] == [("A", "AA"), ("B", "BB")]
    assert [item["content"] for item in session.history if item["role"] == "tool"] == ["AA", "BB"]


async def test_without_parallel_tools_no_two_bodies_run_at_once() -> None:
    log: list[str] = []

    @function_tool
    async def plain() -> str:
        """Do something."""
        log.append("+plain")
        await ticks(5)
        log.append("-plain")
        return "ok"

    @streaming_function_tool
    async def write(articles: AsyncIterator[Article], call: ToolContext) -> str:
        """Write."""
        log.append(f"+{call.tool_call_id}")
        async for _ in articles:
            await ticks(2)
        log.append(f"-{call.tool_call_id}")
        return "ok"

    calls = [ToolCall("write", {"title": "a" * 20}), ToolCall("plain"), ToolCall("write", {"title": "b" * 20})]
    session = Session(model=ScriptedModel(calls, "Done."), tools=[plain, write], parallel_tools=False)
    await session.send("Hi")
    assert log == ["+call_1", "-call_1", "+plain", "-plain", "+call_3", "-call_3"]
