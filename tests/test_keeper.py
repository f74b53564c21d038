"""A session with a memory: it is kept, resumed, shared, and what goes wrong with it is said and made good."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from chatwidget import Generate, GetUserInput, Return, Session, User, app
from chatwidget.errors import MemoryUnavailable
from chatwidget.events import Noticed
from chatwidget.memory import JSONLMemory, LastPairs, ListMemory, Memory, SQLiteMemory
from chatwidget.messages import Message
from chatwidget.testing import ScriptedModel, ToolCall, play
from tests.core_strategies import Mirror, assert_valid, record
from tests.gated import until


class Moody(ListMemory):
    """A memory that fails when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.fails: set[str] = set()

    async def since(self, message_id: str | None) -> Sequence[Message]:
        if "load" in self.fails:
            raise MemoryUnavailable("The disk is away.")
        return await super().since(message_id)

    async def append(self, messages: Sequence[Message]) -> None:
        if "append" in self.fails:
            raise MemoryUnavailable("The disk is full.")
        await super().append(messages)

    async def view(self, messages: Sequence[Message], model: str) -> Sequence[Message]:
        if "view" in self.fails:
            raise RuntimeError("no idea")
        return messages


def texts(messages: Sequence[Message]) -> list[str]:
    return [message.text for message in messages]


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


@pytest.mark.parametrize("kind", ["list", "jsonl", "sqlite"])
async def test_a_conversation_goes_on_where_it_was(kind: str, tmp_path: Path) -> None:
    shared = ListMemory()

    def memory() -> Memory:
        if kind == "list":
            return shared
        return JSONLMemory(tmp_path / "talk.jsonl") if kind == "jsonl" else SQLiteMemory(tmp_path / "talk.db")

    first = Session(model=ScriptedModel([ToolCall("add", {"a": 1, "b": 2})], "Three."), tools=[add], memory=memory())
    await first.send("1 + 2?")
    await first.close()
    model = ScriptedModel("Six.")
    again = Session(model=model, tools=[add], memory=memory())
    await again.send("And twice that?")
    assert [message.role for message in again.messages] == [
        "user",
        "assistant",
        "tool",
        "assistant",
        "user",
        "assistant",
    ]
    assert texts(model.requests[0].messages)[-1] == "And twice that?"
    assert_valid(again.history)
    assert texts(await memory().load())[-1] == "Six."
    await again.close()


async def test_what_a_turn_showed_is_kept_when_send_returns() -> None:
    memory = ListMemory()
    session = Session(model=ScriptedModel("Hello.", "Bye."), memory=memory)
    await session.send("Hi")
    assert texts(await memory.load()) == ["Hi", "Hello."]
    await session.send("Bye")
    assert texts(await memory.load()) == ["Hi", "Hello.", "Bye", "Bye."]


async def test_a_stopped_reply_is_kept_as_far_as_it_came() -> None:
    memory = ListMemory()
    session = Session(model=ScriptedModel("A long answer.", delay=0.001), memory=memory)
    turn = session.submit("Hi")
    await until(lambda: len(session.messages) > 1 and session.messages[1].text)
    await session.stop()
    await turn.done
    kept = await memory.load()
    assert kept[-1].status == "stopped" and kept[-1].text


async def test_two_sessions_on_one_memory_see_each_other_in_order() -> None:
    memory = ListMemory()
    ada, bob = ScriptedModel("1", "3"), ScriptedModel("2")
    one, two = Session(model=ada, memory=memory), Session(model=bob, memory=memory)
    mirror = Mirror(two)
    await one.send("a")
    await two.send("b")
    await one.send("c")
    assert texts(one.messages) == ["a", "1", "b", "2", "c", "3"]
    assert texts(ada.requests[1].messages) == ["a", "1", "b", "2", "c"]
    assert texts(bob.requests[0].messages) == ["a", "1", "b"]
    two.screen.flush()
    assert mirror.state == two.screen.state()


async def test_a_view_chooses_what_the_model_is_sent_and_nothing_else() -> None:
    model = ScriptedModel("1", "2", "3")
    session = Session(model=model, memory=LastPairs(ListMemory(), 1))
    for text in "abc":
        await session.send(text)
    assert texts(model.requests[2].messages) == ["b", "2", "c"]
    assert texts(session.messages) == ["a", "1", "b", "2", "c", "3"]


@pytest.mark.parametrize("what", ["load", "append", "view"])
async def test_a_memory_that_fails_is_told_and_takes_nothing_from_the_chat(what: str) -> None:
    memory = Moody()
    memory.fails = {what}
    session = Session(model=ScriptedModel("1", "2"), memory=memory)
    events = record(session)
    reply = await session.send("a")
    assert reply is not None and reply.text == "1"
    told = [event.text for event in events if isinstance(event, Noticed)]
    assert told and all("no idea" in text or "The disk is" in text for text in told)
    memory.fails = set()
    await session.send("b")
    assert texts(await memory.load()) == ["a", "1", "b", "2"], "what was not saved is saved with the next turn"


async def test_a_memory_of_ones_own_needs_three_methods() -> None:
    notes: list[Message] = []

    class Notes(Memory):
        async def load(self) -> list[Message]:
            return list(notes)

        async def append(self, messages: Sequence[Message]) -> None:
            notes.extend(messages)

        async def clear(self) -> None:
            notes.clear()

    await Session(model=ScriptedModel("1"), memory=Notes()).send("a")
    model = ScriptedModel("2")
    await Session(model=model, memory=Notes()).send("b")
    assert texts(model.requests[0].messages) == ["a", "1", "b"]


async def test_an_app_names_its_memory_fresh_or_shared_and_is_given_it() -> None:
    shared = ListMemory()

    async def talk(memory: Memory) -> Any:
        yield User((yield GetUserInput()))
        yield Generate()
        yield Return(memory)

    keeps, forgets = app(memory=shared)(talk), app(memory=ListMemory)(talk)
    first, second = ScriptedModel("1"), ScriptedModel("2")
    assert (await play(keeps, ["a"], model=first)).value is shared
    await play(keeps, ["b"], model=second)
    assert texts(second.requests[0].messages) == ["a", "1", "b"]
    third = ScriptedModel("3")
    assert (await play(forgets, ["c"], model=third)).value is not shared
    assert texts(third.requests[0].messages) == ["c"]


async def test_editing_and_retrying_are_kept_as_branches() -> None:
    memory = ListMemory()
    session = Session(model=ScriptedModel("1", "2"), memory=memory)
    await session.send("a")
    await (await session.retry()).done
    again = Session(model=ScriptedModel(), memory=memory)
    again.start()
    await until(lambda: again.status == "waiting")
    assert texts(again.messages) == ["a", "2"]
    assert sorted(texts(tuple(again.transcript.all_messages()))) == ["1", "2", "a"]
    assert len(again.transcript.siblings(again.transcript.ids[1])) == 2
