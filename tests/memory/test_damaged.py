"""Files that somebody else, a crash or a full disk has spoilt."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatwidget.export import export_file
from chatwidget.memory import JSONLMemory, MemoryUnavailable, SQLiteMemory
from chatwidget.messages import Message, User
from tests.memory.conversations import run

SAID = [User("one"), User("zwei 😀"), User("three")]
MORE = [User("four"), User("five")]


async def written(path: Path, messages: list[Message]) -> None:
    memory = JSONLMemory(path)
    await memory.append(messages)
    await memory.close()


def cut(path: Path, place: int) -> int:
    """Cut a file, and return how many of its lines are whole."""
    whole = path.read_bytes()
    left = whole[: place % (len(whole) + 1)]
    path.write_bytes(left)
    return len(set(left.split(b"\n")) & set(whole.splitlines()))


def tear(path: Path, torn: bytes) -> None:
    """Append what somebody was killed in the middle of."""
    with path.open("ab") as file:
        file.write(b'{"' + torn)


@settings(max_examples=40)
@given(place=st.integers(0, 10_000), torn=st.binary(min_size=1, max_size=20).filter(lambda text: b"\n" not in text))
def test_wherever_a_file_is_cut_the_lines_before_and_all_later_ones_are_read(place: int, torn: bytes) -> None:
    async def spoil() -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "chat.jsonl")
            await written(path, SAID)
            whole = cut(path, place)
            memory = JSONLMemory(path)
            await memory.append(MORE)
            tear(path, torn)
            await memory.append(SAID)
            assert list(await memory.load()) == [*SAID[:whole], *MORE, *SAID[whole:]]
            await memory.close()

    run(spoil)


async def test_a_cut_line_is_reported_and_put_aside_and_the_file_is_clean_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "chat.jsonl"
    await written(path, SAID)
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([lines[0], lines[1][:40], lines[2], b""]))
    memory = JSONLMemory(path)
    assert list(await memory.load()) == [SAID[0], SAID[2]]
    (damaged,) = memory.damaged
    assert damaged.where == "chat.jsonl, line 2" and damaged.text == lines[1][:40].decode()
    assert "chat.jsonl, line 2 holds no message" in caplog.text
    assert (tmp_path / "chat.jsonl.damaged").read_bytes() == lines[1][:40] + b"\n"
    await memory.append(SAID)
    await memory.close()
    caplog.clear()
    again = JSONLMemory(path)
    assert list(await again.load()) == [SAID[0], SAID[2], SAID[1]]
    assert list(await again.since(SAID[0].id)) == [SAID[2], SAID[1]]
    assert not again.damaged and not caplog.records
    await again.close()


async def test_a_line_of_a_later_version_is_left_out_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "chat.jsonl"
    await written(path, SAID[:1])
    with path.open("ab") as file:
        file.write(b'{"role": "user", "id": "new", "mood": "good"}\n[1]\n')
    before = path.read_bytes()
    memory = JSONLMemory(path)
    for _ in range(2):
        assert list(await memory.load()) == SAID[:1]
    assert [damaged.reason for damaged in memory.damaged] == [
        "mood: is not a key this version knows",
        "the message: must be an object, not list",
    ]
    await memory.close()
    assert path.read_bytes() == before


async def test_of_two_lines_with_one_id_the_first_counts(tmp_path: Path) -> None:
    path = tmp_path / "chat.jsonl"
    await written(path, [*SAID, *MORE])
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines, lines[1].replace(b"zwei", b"two")]))
    memory = JSONLMemory(path)
    assert list(await memory.load()) == [*SAID, *MORE]
    await memory.close()


async def test_an_exported_conversation_can_be_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "talk.jsonl"
    said = [SAID[0], Message(role="assistant", parent_id=SAID[0].id)]
    export_file(path, said, said[-1].id)
    memory = JSONLMemory(path)
    await memory.append(MORE)
    assert list(await memory.load()) == [*said, *MORE]
    assert not memory.damaged
    await memory.close()


async def test_a_file_that_was_replaced_or_emptied_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "chat.jsonl"
    memory = JSONLMemory(path)
    await memory.append(SAID)
    await written(tmp_path / "other", [*MORE, User("a long message" * 100)])
    (tmp_path / "other").replace(path)
    await memory.append(SAID[:1])
    assert [message.id for message in await memory.load()][::3] == [MORE[0].id, SAID[0].id]
    path.write_bytes(b"")
    await memory.append(SAID[:2])
    assert list(await memory.load()) == SAID[:2]
    path.unlink()
    assert not await memory.load()
    await memory.append(SAID)
    assert list(await memory.load()) == SAID
    await memory.close()


@pytest.mark.parametrize("make", [JSONLMemory, SQLiteMemory])
async def test_a_place_that_cannot_be_written_to_is_named(
    make: type[JSONLMemory] | type[SQLiteMemory], tmp_path: Path
) -> None:
    for path in (tmp_path / "nowhere" / "chat", tmp_path):
        memory = make(path)
        with pytest.raises(MemoryUnavailable, match=str(path)):
            await memory.append(SAID)
        await memory.close()


async def test_a_full_disk_keeps_nothing_of_an_append_and_the_next_one_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = JSONLMemory(tmp_path / "chat.jsonl")
    await memory.append(SAID[:1])
    with monkeypatch.context() as patch:

        def full(descriptor: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        patch.setattr(os, "fsync", full)
        with pytest.raises(MemoryUnavailable, match="No space left on device"):
            await memory.append(SAID[1:])
    assert list(await memory.load()) == SAID[:1]
    await memory.append(SAID)
    assert list(await memory.load()) == SAID
    await memory.close()


async def test_poisoned_rows_cost_no_other_row(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    memory = SQLiteMemory(tmp_path / "chats.db")
    await memory.append(SAID)
    with sqlite3.connect(memory.path) as connection:
        for number, poison in enumerate(("'{'", "x'00ff'", "7", "cast(x'ff41' as text)", '\'{"role": "user"}\'', "''")):
            connection.execute(
                f"INSERT INTO chatwidget_messages (chat, id, json) VALUES ('default', {number}, {poison})"
            )
        connection.execute("UPDATE chatwidget_messages SET json = 'null' WHERE id = ?", (SAID[1].id,))
    connection.close()
    await memory.append(MORE)
    for _ in range(2):
        assert list(await memory.load()) == [SAID[0], SAID[2], *MORE]
    assert len(memory.damaged) == 7
    assert caplog.text.count("holds no message") == 7
    await memory.close()


async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ada, " * 100)
    memory = SQLiteMemory(path)
    with pytest.raises(MemoryUnavailable, match="no SQLite database"):
        await memory.load()
    await memory.close()
    assert path.read_text().startswith("Dear Ada")


@pytest.mark.parametrize("path", [":memory:", ""])
def test_a_database_that_would_be_forgotten_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="ListMemory"):
        SQLiteMemory(path)
