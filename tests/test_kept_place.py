"""Whatever was done to a conversation, a session made anew on its memory shows it as it was."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatwidget import Session
from chatwidget.errors import MemoryUnavailable
from chatwidget.memory import JSONLMemory, ListMemory, Memory, SQLiteMemory
from chatwidget.messages import Message
from chatwidget.models.scripted import ScriptedModel
from chatwidget.place_notes import is_place
from tests.core_strategies import act, conversations, converse, make_session, quiet, replies
from tests.gated import until

KINDS = ("list", "jsonl", "sqlite")


def places(kind: str, folder: Path) -> Any:
    """What makes a memory of the kind, each time on the same place."""
    shared = ListMemory()
    made = {"list": lambda: shared, "jsonl": lambda: JSONLMemory(folder / "talk.jsonl")}
    return made.get(kind, lambda: SQLiteMemory(folder / "talk.db"))


async def anew(memory: Memory, **options: Any) -> Session:
    """A session made anew on a memory, as far as it goes before anybody says something."""
    session = Session(model=ScriptedModel("new"), memory=memory, **options)
    session.start()
    await until(lambda: session.status == "waiting")
    return session


def shown(session: Session) -> Any:
    return [(message.id, message.role, message.text, message.feedback) for message in session.messages]


def forest(session: Session) -> Any:
    """All conversations with all their versions."""
    return [(message.id, message.parent_id) for message in session.transcript.all_messages()]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(script=st.lists(replies, max_size=6), talk=conversations)
def test_a_session_made_anew_shows_the_same(kind: str, script: list[Any], talk: Any) -> None:
    async def play() -> None:
        with tempfile.TemporaryDirectory() as folder:
            memory = places(kind, Path(folder))
            session = make_session(script, memory=memory())
            await converse(session, talk)
            await session.close()
            again = await anew(memory())
            assert shown(again) == shown(session)
            assert dict(forest(again)) == dict(forest(session))
            assert [chat.id for chat in again.chats if chat.current] == [c.id for c in session.chats if c.current]
            await again.close()

    asyncio.run(play())


deeds = st.lists(
    st.tuples(
        st.sampled_from(["send", "edit", "retry", "select", "delete", "undo", "clear", "open"]), st.integers(0, 9)
    )
)


@settings(max_examples=60)
@given(deeds)
def test_it_does_so_after_each_step_without_an_orderly_end(steps: list[tuple[str, int]]) -> None:
    async def play() -> None:
        memory = ListMemory()
        session = make_session(["reply"] * 40, memory=memory)
        for kind, number in [("send", 0), *steps]:
            await act(session, (kind, "text"), number)
            await quiet(session)
            assert shown(await anew(ListMemory(await memory.load()))) == shown(session)
            loaded = Session(model="echo", history=await memory.load())
            assert shown(loaded) == shown(session), "also where its messages are passed on as a history"

    asyncio.run(play())


@pytest.mark.parametrize("kind", KINDS)
async def test_a_deleted_message_does_not_come_back_and_undo_brings_it_back(kind: str, tmp_path: Path) -> None:
    memory = places(kind, tmp_path)
    session = Session(model=ScriptedModel("a", "b"), memory=memory())
    await session.send("1")
    await session.send("2")
    await session.delete(session.transcript.ids[2])
    assert [message.text for message in (await anew(memory())).messages] == ["1", "a"]
    await session.undo()
    again = await anew(memory())
    assert [message.text for message in again.messages] == ["1", "a", "2", "b"]
    await again.send("3")
    assert [message.text for message in (await anew(memory())).messages] == ["1", "a", "2", "b", "3", "new"]


async def test_conversations_stay_apart_and_the_one_that_was_open_is_shown() -> None:
    memory = ListMemory()
    session = Session(model=ScriptedModel("a", "b", "c"), memory=memory)
    await session.send("1")
    await session.clear()
    await session.send("2")
    await session.clear()
    assert (await anew(memory)).messages == (), "after `clear` a session made anew is empty too"
    again = await anew(memory)
    assert [chat.title for chat in again.chats] == ["2", "1"]
    await again.open_chat(again.chats[1].id)
    assert [message.text for message in (await anew(memory)).messages] == ["1", "a"]


async def test_talking_leaves_no_notes() -> None:
    memory = ListMemory()
    session = Session(model=ScriptedModel("a", "b", "c", "d"), memory=memory)
    await session.send("1")
    await (await session.retry()).done
    await (await session.edit(session.transcript.ids[0], "one")).done
    await session.send("2")
    notes = [message for message in await memory.load() if is_place(message)]
    assert len(notes) == 1, "only that the edited first message begins a conversation of its own"


async def test_no_model_and_no_view_is_told_of_a_note() -> None:
    class Watched(ListMemory):
        seen: Sequence[Message] = ()

        async def view(self, messages: Sequence[Message], model: str) -> Sequence[Message]:
            Watched.seen = messages
            return messages

    memory = Watched()
    session = Session(model=ScriptedModel("a", "b"), memory=memory)
    await session.send("1")
    await session.delete(session.transcript.ids[1])
    model = ScriptedModel("c")
    again = Session(model=model, memory=memory)
    await again.send("2")
    assert [message.text for message in Watched.seen] == ["1", "2"]
    assert [message.text for message in model.requests[0].messages] == ["1", "2"]
    assert not any(map(is_place, again.transcript.all_messages()))


async def test_another_session_on_the_memory_follows_at_its_next_turn() -> None:
    memory = ListMemory()
    one, two = (Session(model=ScriptedModel(*"abcd"), memory=memory) for _ in range(2))
    await one.send("1")
    await two.send("2")
    await one.send("3")
    await one.delete(one.transcript.ids[2])
    await two.send("4")
    assert [message.text for message in two.messages] == ["1", "a", "4", "b"]
    assert [message.text for message in (await anew(memory)).messages] == ["1", "a", "4", "b"]


async def test_a_note_whose_message_cannot_be_read_leads_nowhere(tmp_path: Path) -> None:
    memory = JSONLMemory(tmp_path / "talk.jsonl")
    session = Session(model=ScriptedModel("a", "b"), memory=memory)
    await session.send("1")
    await session.send("2")
    await session.delete(session.transcript.ids[2])
    await session.close()
    lines = memory.path.read_text().splitlines(keepends=True)
    memory.path.write_text("".join(lines[:1] + lines[2:]))  # the reply it names is gone
    again = await anew(JSONLMemory(memory.path))
    assert [message.text for message in again.messages] == ["1", "2", "b"]
    await again.close()
    kept = await JSONLMemory(memory.path).load()
    assert [message.text for message in Session(model="echo", history=kept).messages] == ["1", "2", "b"]


async def test_what_a_failing_memory_has_taken_after_all_is_not_begun_twice() -> None:
    class Late(ListMemory):
        fails = False

        async def append(self, messages: Sequence[Message]) -> None:
            await super().append(messages)
            if self.fails:
                raise MemoryUnavailable("The line is cut.")

    memory = Late()
    session = Session(model=ScriptedModel("a", "b", "c"), memory=memory)
    await session.send("1")
    memory.fails = True
    await session.clear()
    await session.send("2")
    memory.fails = False
    await session.send("3")
    assert shown(await anew(memory)) == shown(session)
