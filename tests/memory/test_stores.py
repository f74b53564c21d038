"""What every store promises: order, ids kept once, a tree as it was, messages as they were."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatwidget.errors import FormatError
from chatwidget.memory import JSONLMemory, ListMemory, Memory, SQLiteMemory
from chatwidget.memory.database import Database
from chatwidget.messages import DisplayPart, Message, System, User
from tests.memory.conversations import run
from tests.memory.stores import FILES, on_file
from tests.strategies import trees


@pytest.fixture(params=["list", *FILES])
async def memory(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Memory]:
    memory = ListMemory() if request.param == "list" else on_file(request.param, tmp_path)
    yield memory
    await memory.close()


def ids(messages: Sequence[Message]) -> list[str]:
    return [message.id for message in messages]


async def test_messages_come_back_in_order_and_a_known_id_is_kept_once(memory: Memory) -> None:
    assert not await memory.load()
    said = [User(f"number {number}") for number in range(6)]
    await memory.append(said[:4])
    await memory.append([])
    await memory.append([*said[2:], said[5], replace(said[0], name="somebody else")])
    assert list(await memory.load()) == said
    assert list(await memory.since(said[3].id)) == said[4:]
    assert not await memory.since(said[5].id)
    for unknown in (None, "unknown", "\ud800"):
        assert list(await memory.since(unknown)) == said


async def test_what_was_cleared_is_gone_and_ids_are_free_again(memory: Memory) -> None:
    said = [User("one"), User("two")]
    await memory.append(said)
    await memory.clear()
    assert not await memory.load()
    assert not await memory.since(said[0].id)
    await memory.append(said[1:])
    assert list(await memory.load()) == said[1:]


async def test_a_memory_that_was_closed_goes_on(memory: Memory) -> None:
    said = [User("one"), User("two")]
    await memory.append(said[:1])
    await memory.close()
    await memory.append(said[1:])
    await memory.close()
    assert list(await memory.load()) == said


@pytest.mark.parametrize("kind", FILES)
async def test_a_live_message_is_kept_with_its_text_of_that_moment(
    kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    memory = on_file(kind, tmp_path)
    broken = System(lambda: str(1 / 0))
    await memory.append([System(lambda: "It is late.", label="clock"), broken, User("Hello")])
    assert [message.text for message in await memory.load()] == ["It is late.", "", "Hello"]
    assert "could not be made" in caplog.text
    await memory.close()


async def test_a_list_keeps_live_messages_live() -> None:
    texts = iter("ab")
    memory = ListMemory([System(lambda: next(texts))])
    (kept,) = await memory.load()
    assert kept.live is not None and [kept.live(), kept.live()] == ["a", "b"]


@pytest.mark.parametrize("kind", FILES)
async def test_a_message_that_json_cannot_say_is_refused_with_its_append_and_no_other(
    kind: str, tmp_path: Path
) -> None:
    memory = on_file(kind, tmp_path)
    bad = Message(role="assistant", parts=(DisplayPart({"application/json": object()}),))
    good = [User("one"), User("two")]
    outcomes = await asyncio.gather(
        memory.append(good[:1]), memory.append([User("lost"), bad]), memory.append(good[1:]), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [type(None), FormatError, type(None)]
    assert list(await memory.load()) == good
    await memory.close()


@pytest.mark.parametrize("kind", FILES)
@settings(max_examples=30)
@given(nodes=trees())
def test_any_tree_of_messages_comes_back_as_it_was(kind: str, nodes: list[Message]) -> None:
    async def there_and_back() -> None:
        with tempfile.TemporaryDirectory() as folder:
            memory = on_file(kind, Path(folder))
            await memory.append(nodes)
            await memory.close()
            again = on_file(kind, Path(folder))
            assert list(await again.load()) == nodes
            await again.close()

    run(there_and_back)


@pytest.mark.parametrize("kind", FILES)
@settings(max_examples=25)
@given(steps=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 3), st.booleans()), max_size=16))
def test_appends_of_two_memories_on_one_file_load_as_one_order_that_keeps_each_one_s(
    kind: str, steps: list[tuple[int, int, bool]]
) -> None:
    """A step is who appends, how many messages, and whether it is waited for before the next begins."""

    async def interleave() -> None:
        with tempfile.TemporaryDirectory() as folder:
            both = [on_file(kind, Path(folder)) for _ in range(2)]
            sent: list[list[Message]] = [[], []]
            running: list[asyncio.Future[None]] = []
            for who, number, waits in steps:
                batch = [User(f"{who}") for _ in range(number)]
                sent[who] += batch
                running.append(asyncio.ensure_future(both[who].append(batch)))
                if waits:
                    await asyncio.gather(*running)
                    assert ids(await both[1 - who].load()) == ids(await both[who].load())
            await asyncio.gather(*running)
            kept = await both[0].load()
            assert list(await both[1].load()) == list(kept)
            assert len(kept) == len(sent[0]) + len(sent[1])
            for messages in sent:
                assert [message for message in kept if message in messages] == messages
            for memory in both:
                await memory.close()

    run(interleave)


async def test_several_chats_share_a_file_and_know_nothing_of_each_other(tmp_path: Path) -> None:
    ada, bob = (SQLiteMemory(tmp_path / "chats.db", chat=name) for name in ("ada", "bob"))
    said = User("Hello")
    await asyncio.gather(ada.append([said]), bob.append([User("I am Bob"), said]))
    await bob.clear()
    assert list(await ada.load()) == [said]
    assert not await bob.load()
    await ada.close()


async def test_appends_that_wait_together_share_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[bool] = []
    batch = Database._batch

    def watched(self: Database, writes: bool) -> AbstractContextManager[sqlite3.Connection]:
        batches.append(writes)
        return batch(self, writes)

    monkeypatch.setattr(Database, "_batch", watched)
    sessions = [SQLiteMemory(tmp_path / "chats.db", chat=f"{number}") for number in range(8)]

    async def append(memory: Memory) -> None:
        for _ in range(20):
            await memory.append([User("Hello")])

    await asyncio.gather(*(append(memory) for memory in sessions))
    assert len(batches) <= 40
    assert [len(await memory.load()) for memory in sessions] == [20] * 8
    await sessions[0].close()


async def test_a_file_is_made_by_the_first_append_only(tmp_path: Path) -> None:
    memory = JSONLMemory(tmp_path / "chat.jsonl")
    assert not await memory.load()
    assert not memory.path.exists()
    await memory.append([User("Hello")])
    assert memory.path.read_bytes().count(b"\n") == 1
    await memory.close()
