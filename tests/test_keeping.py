"""What was said is kept while a turn runs, in its order and once, whatever the memory does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from chatwidget import Session
from chatwidget.errors import MemoryUnavailable
from chatwidget.events import Noticed
from chatwidget.memory import LastPairs, ListMemory, Memory, Retrieved
from chatwidget.messages import Message
from chatwidget.testing import ScriptedModel, ToolCall
from tests.core_strategies import record
from tests.gated import GatedModel, until


class Plain(Memory):
    """A memory that keeps what it is given, twice what it is given twice; `slow` and `broken` as told."""

    def __init__(self) -> None:
        self.kept: list[Message] = []
        self.free = asyncio.Event()
        self.free.set()
        self.appends = 0
        self.broken = False
        self.unreadable = False

    async def load(self) -> list[Message]:
        if self.unreadable:
            raise MemoryUnavailable("The disk is away.")
        return list(self.kept)

    async def append(self, messages: Sequence[Message]) -> None:
        self.appends += 1
        await self.free.wait()
        if self.broken:
            raise MemoryUnavailable("The disk is full.")
        self.kept.extend(messages)

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.kept]


def told(events: list[Any]) -> list[str]:
    return [event.text for event in events if isinstance(event, Noticed)]


async def test_what_a_person_said_is_kept_before_the_model_has_answered() -> None:
    memory, gate = Plain(), asyncio.Event()
    session = Session(model=GatedModel([gate, "Hello."]), memory=memory)
    turn = session.submit("Hi")
    await until(lambda: bool(memory.kept))
    assert memory.texts == ["Hi"] and not turn.done.done()
    gate.set()
    await turn.done
    assert memory.texts == ["Hi", "Hello."]


async def test_the_results_of_tools_are_kept_before_the_turn_ends() -> None:
    memory, gate = Plain(), asyncio.Event()

    async def first() -> str:
        """Look."""
        return "seen"

    async def second() -> str:
        """Wait."""
        await gate.wait()
        return "done"

    model = ScriptedModel([ToolCall("first")], [ToolCall("second")], "Bye.")
    session = Session(model=model, tools=[first, second], memory=memory)
    turn = session.submit("Hi")
    await until(lambda: len(memory.kept) == 3)
    assert [message.role for message in memory.kept] == ["user", "assistant", "tool"]
    gate.set()
    await turn.done
    assert [message.id for message in memory.kept] == [message.id for message in session.messages]


async def test_a_slow_memory_holds_up_the_end_of_a_turn_only_and_gets_nothing_twice() -> None:
    memory = Plain()
    memory.free.clear()
    session = Session(model=ScriptedModel("Hello.", "Bye."), memory=memory)
    turn = session.submit("Hi")
    await until(lambda: len(session.messages) == 2 and session.messages[1].status == "complete")
    assert memory.appends == 1 and not turn.done.done()
    memory.free.set()
    await turn.done
    await session.send("And?")
    assert memory.texts == ["Hi", "Hello.", "And?", "Bye."]


async def test_what_a_stop_left_is_kept_once_and_in_order() -> None:
    memory = Plain()
    memory.free.clear()
    session = Session(model=GatedModel(["A long", asyncio.Event()]), memory=memory)
    turn = session.submit("Hi")
    await until(lambda: memory.appends == 1 and len(session.messages) == 2)
    stopping = asyncio.create_task(session.stop())
    await asyncio.sleep(0)
    memory.free.set()
    await stopping
    await turn.done
    assert memory.texts == ["Hi", "A long"] and memory.kept[1].status == "stopped"


async def test_what_could_not_be_kept_while_the_turn_ran_is_told_once_and_kept_with_the_next() -> None:
    memory = Plain()
    memory.broken = True
    session = Session(model=ScriptedModel("Hello.", "Bye."), memory=memory)
    events = record(session)
    await session.send("Hi")
    assert memory.appends == 2 and memory.kept == []
    assert [text for text in told(events) if "not saved" in text and "The disk is full." in text] == told(events)
    assert len(told(events)) == 1
    memory.broken = False
    await session.send("And?")
    assert memory.texts == ["Hi", "Hello.", "And?", "Bye."]


async def test_a_memory_that_cannot_be_read_is_told_once_until_it_could_be() -> None:
    memory = Plain()
    session = Session(model=ScriptedModel("1", "2", "3", "4"), memory=memory)
    events = record(session)
    counts = []
    for memory.unreadable in (True, True, False, True):
        await session.send("Hi")
        counts.append(len(told(events)))
    assert counts == [1, 1, 1, 2] and all("could not be read" in text for text in told(events))


async def test_a_search_that_fails_is_told_with_its_name_and_the_views_inside_still_choose() -> None:
    model = ScriptedModel("1", "2")
    session = Session(model=model, memory=Retrieved(LastPairs(ListMemory(), 0), lambda question: 1 / 0))  # type: ignore[arg-type]
    events = record(session)
    await session.send("a")
    await session.send("b")
    assert told(events)[0].startswith("Retrieved could not choose") and "ZeroDivisionError: division" in told(events)[0]
    assert [message.text for message in model.requests[1].messages] == ["b"]
