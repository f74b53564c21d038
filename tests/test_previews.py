"""Previews: what a tool shows of its arguments while a model writes them."""

from __future__ import annotations

import asyncio
import datetime
import enum
import json
import threading
from itertools import pairwise
from typing import Any

import pytest
from pydantic import BaseModel

from chatwidget import Session, function_tool
from chatwidget.events import Event, PreviewShown, ToolEnded, ToolStarted
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.tool_context import ToolContext
from chatwidget.toolkit import Toolkit
from tests.core_strategies import record, ticks
from tests.gated import GatedModel, call, more, until


class Mood(enum.Enum):
    CALM = "calm"
    CALMER = "calmer"


class Place(BaseModel):
    city: str
    street: str = "Main"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatwidget.preview_runs.PACE", 0.0)
    monkeypatch.setattr("chatwidget.growing.SECONDS", 0.0)


def noted(text: str, title: str = "none") -> str:
    """Note a text."""
    return text


def shown(events: list[Event]) -> list[str | None]:
    """What was shown, as plain text."""
    previews = [event for event in events if isinstance(event, PreviewShown)]
    return [None if event.part is None else event.part.bundle["text/plain"] for event in previews]


def call_parts(session: Session) -> list[dict[str, Any]]:
    messages = session.screen.field("messages")
    return [part for message in messages for part in message["parts"] if part["type"] == "tool_call"]


async def test_a_preview_is_given_typed_arguments_as_far_as_they_are_there() -> None:
    seen: list[dict[str, Any]] = []

    @function_tool
    def plan(place: Place, mood: Mood, day: datetime.date, stops: list[str]) -> str:
        """Plan."""
        return "ok"

    @plan.preview
    def show(**arguments: Any) -> None:
        seen.append(arguments)

    whole = {"place": {"city": "Oslo", "street": "B"}, "mood": "calm", "day": "2030-01-02", "stops": ["a", "b"]}
    text = json.dumps(whole)

    def seen_so_far(number: int) -> Any:
        return lambda: until(lambda: len(seen) >= number)

    cuts = [text.index("slo"), text.index(', "mood'), text.index('m", "day'), text.index("-02"), text.index('b"]')]
    edges = pairwise([0, *cuts, len(text)])
    steps: list[Any] = [call("plan")]
    for number, (start, end) in enumerate(edges, 1):
        steps += [more(text[start:end]), seen_so_far(number)]
    session = Session(model=GatedModel(steps, ["Done."]), tools=[plan])
    await session.send("Hi")
    assert seen[0]["place"].city == "O"
    assert seen[0]["place"].street is None
    assert not [one for one in seen[:3] if "mood" in one]
    assert seen[3]["mood"] is Mood.CALM
    assert "day" not in seen[3]
    assert seen[4]["day"] == datetime.date(2030, 1, 2)
    assert seen[-1] == {
        "place": Place(city="Oslo", street="B"),
        "mood": Mood.CALM,
        "day": datetime.date(2030, 1, 2),
        "stops": ["a", "b"],
    }


@pytest.mark.parametrize("tool_kind", ["sync", "async"])
@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_sync_and_async_previews_go_with_sync_and_async_tools(tool_kind: str, kind: str) -> None:
    loop_thread = threading.current_thread()
    threads = set()

    async def noted_async(text: str) -> str:
        """Note a text."""
        return text

    tool = function_tool(name="note")(noted if tool_kind == "sync" else noted_async)

    def show(text: str = "") -> str:
        threads.add(threading.current_thread() is loop_thread)
        return f"<{text}>"

    async def show_async(text: str = "") -> str:
        return show(text)

    assert tool.preview(show if kind == "sync" else show_async) in (show, show_async)
    session = Session(model=ScriptedModel(ToolCall("note", {"text": "abcdef"}), "Done."), tools=[tool])
    events = record(session)
    await session.send("Hi")
    assert shown(events)[-1] == "<abcdef>"
    assert threads == {kind == "async"}
    assert call_parts(session)[0]["preview"] == {"bundle": {"text/plain": "<abcdef>"}, "error": None}


async def test_the_last_call_is_final_validated_and_before_the_tool_starts() -> None:
    log: list[Any] = []

    @function_tool
    def repeat(text: str, times: int = 2) -> str:
        """Repeat."""
        log.append("ran")
        return text * times

    @repeat.preview
    def show(text: str, times: int = 0, *, call: ToolContext) -> str:
        log.append((text, times, call.final, call.tool_call_id, call.tool_name))
        return text

    session = Session(model=ScriptedModel(ToolCall("repeat", {"text": "abc", "times": "3"}), "Done."), tools=[repeat])
    events = record(session)
    await session.send("Hi")
    assert log[-2:] == [("abc", 3, True, "call_1", "repeat"), "ran"]
    assert [entry[2] for entry in log[:-2]] == [False] * (len(log) - 2)
    order = [type(event) for event in events if isinstance(event, PreviewShown | ToolStarted | ToolEnded)]
    assert order[-3:] == [PreviewShown, ToolStarted, ToolEnded]
    finals = [event.final for event in events if isinstance(event, PreviewShown)]
    assert finals.count(True) == 1
    assert finals[-1]


@pytest.mark.parametrize("blocks", [False, True])
async def test_a_slow_preview_never_delays_the_stream_and_gets_the_newest_arguments(blocks: bool) -> None:
    seen: list[str] = []
    go_on, go_on_thread = asyncio.Event(), threading.Event()
    tool = function_tool(noted)

    if blocks:

        @tool.preview
        def block(text: str = "") -> None:
            seen.append(text)
            go_on_thread.wait()

    else:

        @tool.preview
        async def wait(text: str = "") -> None:
            seen.append(text)
            await go_on.wait()

    pieces: list[Any] = [call("noted", '{"text": "'), lambda: until(lambda: seen), *[more("x") for _ in range(50)]]
    model = GatedModel([*pieces, more('"}')], ["Done."])
    session = Session(model=model, tools=[tool])
    turn = session.submit("Hi")
    await model.ended.wait()
    assert len(seen) == 1
    go_on.set()
    go_on_thread.set()
    await turn.done
    assert seen == ["", "x" * 50]


async def test_previews_of_a_call_are_made_one_at_a_time_and_in_order() -> None:
    running = 0
    seen: list[str] = []
    tool = function_tool(noted)

    @tool.preview
    async def show(text: str = "") -> None:
        nonlocal running
        running += 1
        assert running == 1
        seen.append(text)
        await ticks(3)
        running -= 1

    session = Session(model=ScriptedModel(ToolCall("noted", {"text": "x" * 300}), "Done."), tools=[tool])
    await session.send("Hi")
    assert 2 < len(seen) < 100
    assert seen == sorted(seen, key=len)
    assert seen[-1] == "x" * 300


async def test_the_last_preview_does_not_wait_for_the_pace_of_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatwidget.preview_runs.PACE", 3600.0)
    tool = function_tool(noted)
    seen: list[str] = []
    tool.preview(lambda text="": seen.append(text))
    session = Session(model=ScriptedModel(ToolCall("noted", {"text": "x" * 90}), "Done."), tools=[tool])
    await session.send("Hi")
    assert len(seen) == 2
    assert seen[-1] == "x" * 90


async def test_what_shows_nothing_new_is_not_told_again() -> None:
    tool = function_tool(noted)

    @tool.preview
    async def show(text: str = "") -> str:
        return "writing"

    session = Session(model=ScriptedModel(ToolCall("noted", {"text": "x" * 90}), "Done."), tools=[tool])
    events = record(session)
    await session.send("Hi")
    assert [event.final for event in events if isinstance(event, PreviewShown)] == [False, True]


async def test_only_the_call_that_changed_is_previewed() -> None:
    seen: dict[str, list[str]] = {"call_0": [], "call_1": []}
    tool = function_tool(noted)

    @tool.preview
    def show(text: str, call: ToolContext) -> None:
        seen[call.tool_call_id].append(text)

    def has(number: int, text: str) -> Any:
        return lambda: until(lambda: text in seen[f"call_{number}"])

    steps = [call("noted", '{"text": "a'), call("noted", '{"text": "A', 1), has(0, "a"), has(1, "A")]
    steps += [more("bbbbbbb"), has(0, "abbbbbbb"), more("ccccccc"), has(0, "abbbbbbbccccccc")]
    steps += [lambda: ticks(20), more('BBBBB"}', 1), more('"}')]
    session = Session(model=GatedModel(steps, ["Done."]), tools=[tool])
    await session.send("Hi")
    assert seen["call_0"][-1] == "abbbbbbbccccccc"
    assert seen["call_1"][0] == "A"
    assert seen["call_1"][1:] in (["ABBBBB"], ["ABBBBB", "ABBBBB"])


async def test_previews_of_methods_are_bound_to_the_instance_of_the_tool() -> None:
    class Pad(Toolkit):
        def __init__(self, name: str) -> None:
            self.name = name
            self.seen: list[str] = []

        @function_tool
        def note(self, text: str) -> str:
            """Note it."""
            return self.name

        @note.preview
        async def show(self, text: str = "") -> str:
            self.seen.append(text)
            return f"{self.name}: {text}"

    ada, bob = Pad("Ada"), Pad("Bob")
    for pad in (ada, bob):
        session = Session(model=ScriptedModel(ToolCall("note", {"text": "hello"}), "Done."), tools=[pad])
        events = record(session)
        await session.send("Hi")
        assert shown(events)[-1] == f"{pad.name}: hello"
        assert pad.seen[-1] == "hello"
    before = len(ada.seen)
    assert "hello" in bob.seen
    assert len(ada.seen) == before
