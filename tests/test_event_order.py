"""Which events there are, and in what order: the table of docs/events.md, kept true."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any, get_args

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from traitlets.config import Config

from chatwidget import Session, app, function_tool
from chatwidget.asker import ask
from chatwidget.asking import allow_all
from chatwidget.asks import Allow
from chatwidget.commands import Generate, GetUserInput
from chatwidget.errors import ModelError, ModelTimeout
from chatwidget.events import ApprovalRequested, Event, InputRequested, MessageEnded
from chatwidget.messages import User
from chatwidget.models.base import Finish, RetryDelta, TextDelta
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.usage import Budget
from tests.core_strategies import record

DOCS = Path(__file__).parent.parent / "docs" / "events.md"

BEGIN = "RunStarted InputRequested TurnStarted InputReceived MessageStarted MessageEnded"
TEXT = "GenerateStarted MessageStarted PartStarted PartDelta* PartEnded MessageEnded GenerateEnded"
END = "InputRequested TurnEnded"
CALL = "GenerateStarted MessageStarted PartStarted (PartDelta|ToolPreviewed)* PartEnded MessageEnded GenerateEnded"
RESULT = "MessageStarted MessageEnded"

CASES = {
    "plain": f"{BEGIN} {TEXT} {END}",
    "streamed": f"{BEGIN} {TEXT} {END}",
    "tool": f"{BEGIN} {CALL} ToolStarted ToolEnded {RESULT} {TEXT} {END}",
    "previewed": f"{BEGIN} {CALL} PreviewShown ToolStarted ToolEnded {RESULT} {TEXT} {END}",
}


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


def previewed() -> Any:
    tool = function_tool(name="add")(add)
    tool.preview(lambda a, b: f"{a} + {b}")
    return tool


def names(events: list[Any]) -> str:
    """The names of the events; texts and previews in a row, as often as they come, as one."""
    kinds = [type(event).__name__ for event in events]
    growing = {"PartDelta", "ToolPreviewed"}
    runs = [(many, list(run)) for many, run in groupby(kinds, growing.__contains__)]
    found: list[str] = []
    for many, run in runs:
        mixed = "(PartDelta|ToolPreviewed)*" if "ToolPreviewed" in run else "PartDelta*"
        found += [mixed] if many else run
    return " ".join(found)


@pytest.mark.parametrize("case", CASES)
async def test_the_events_of_a_turn_come_in_this_order(case: str) -> None:
    reply: Any = {"plain": [TextDelta("Five.")], "streamed": "It is five."}.get(case, ToolCall("add", {"a": 2, "b": 3}))
    tools: list[Any] = [previewed() if case == "previewed" else add] if case in ("tool", "previewed") else []
    session = Session(model=ScriptedModel(reply, *(["It is five."] if tools else [])), tools=tools)
    events = record(session)
    await session.send("2 + 3?")
    await asyncio.sleep(0)
    assert names(events) == CASES[case]


# No event is declared and never emitted.


async def talk(session: Session) -> None:
    with suppress(ModelError):
        await session.ask("Go")


class TooSlow(ScriptedModel):
    async def stream(self, request: Any) -> Any:
        raise ModelTimeout("It took too long.")
        yield


def tools() -> list[Any]:
    @function_tool(approve=True)
    async def careful() -> str:
        """Ask and print."""
        print(await ask("Sure?", type=bool))
        return "done"

    @function_tool(timeout=0.001)
    async def hang() -> None:
        """Hang."""
        await asyncio.Event().wait()

    @function_tool
    def show() -> None:
        """Show a table."""
        display({"text/html": "<b>1</b>"}, raw=True)  # type: ignore[no-untyped-call]

    return [careful, hang, show, previewed()]


async def withdrawn() -> list[Any]:
    session = Session(model=ScriptedModel(ToolCall("careful")), tools=tools())
    session.attach(lambda frame: None)
    events = record(session)
    session.on(Event, lambda event: asyncio.ensure_future(session.stop()) if session.asks.open else None)
    await session.send("Go")
    return events


async def answered() -> list[Any]:
    calls = [ToolCall(name) for name in ("careful", "hang", "show")]
    session = Session(model=ScriptedModel([*calls, ToolCall("add", {"a": 1, "b": 2})], "Done."), tools=tools())
    session.attach(lambda frame: None)
    events = record(session)

    def agree(_: Any) -> None:
        for open_ask in session.asks.open:
            answer = Allow() if open_ask.kind == "approval" else True
            asyncio.get_running_loop().call_soon(session.asks.respond, open_ask.id, answer)

    session.on(ApprovalRequested | InputRequested, lambda event: asyncio.get_running_loop().call_soon(agree, event))
    await session.send("Go")
    return events


async def structured() -> list[Any]:
    session = Session(model=ScriptedModel("words", '{"value": [1]}'))
    events = record(session)
    assert await session.ask("Go", output_type=list[int]) == [1]
    return events


async def budgeted() -> list[Any]:
    session = Session(model=ScriptedModel("x", "y"), budget=Budget(requests=1, per="chat"))
    events = record(session)
    await talk(session)
    await talk(session)
    return events


async def ended() -> list[Any]:
    @app
    async def once() -> Any:
        yield User((yield GetUserInput()))
        yield Generate()

    session = Session(once, model=TooSlow())
    events = record(session)
    await talk(session)
    await session.clear()
    return events


async def limits() -> list[Any]:
    session = Session(
        model=ScriptedModel(
            [RetryDelta("busy", 1.0), TextDelta("cu"), Finish("length")], ToolCall("add"), ToolCall("add"), "Stop."
        ),
        tools=[add],
        max_tool_rounds=1,
        policy=allow_all,
    )
    events = record(session)
    await session.send("Go")
    await session.send("Go")
    session.feedback("up")
    return events


@pytest.fixture
def shell() -> Iterator[None]:
    """A running IPython, whose `display` a tool calls."""
    InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    yield
    InteractiveShell.clear_instance()


@pytest.fixture
async def emitted(shell: None) -> list[Any]:
    stories: list[Callable[[], Awaitable[list[Any]]]] = [withdrawn, answered, structured, budgeted, ended, limits]
    return [event for story in stories for event in await story()]


async def test_every_event_that_is_declared_is_emitted(emitted: list[Any]) -> None:
    declared = {kind.__name__ for kind in get_args(Event)}
    assert declared - {type(event).__name__ for event in emitted} == set()
    limits = {event.limit for event in emitted if type(event).__name__ == "LimitReached"}
    assert limits == {"tokens", "calls", "time", "budget"}


def test_the_table_of_events_names_them_all() -> None:
    text = DOCS.read_text(encoding="utf-8")
    named = set(re.findall(r"`([A-Z]\w+)`", text))
    assert {kind.__name__ for kind in get_args(Event)} - named == set()


async def test_leaving_the_loop_early_stops_the_turn_and_keeps_what_had_arrived() -> None:
    session = Session(model=ScriptedModel("A long answer that nobody wants to the end."))
    stream = session.stream("Go")
    async for event in stream:
        if type(event).__name__ == "PartDelta":
            break
    await stream.aclose()  # type: ignore[attr-defined]
    last = session.messages[-1]
    assert last.status == "stopped"
    assert last.text.startswith("A lo")
    assert isinstance(MessageEnded(last), get_args(Event))
