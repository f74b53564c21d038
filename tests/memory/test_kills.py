"""Processes that are killed, and two at a time on one file."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from chatwidget.memory import JSONLMemory, SQLiteMemory
from tests.memory.appender import TASKS, made

ROOT = Path(__file__).resolve().parents[2]
KILLS = 50

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="os.fork and SIGKILL are Unix's")


@contextmanager
def appender(kind: str, path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.memory.appender", kind, str(path)]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with process:
        yield process
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait() == 0


def begin(process: subprocess.Popen[str], limit: int = 0) -> int:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(f"{limit}\n")
    process.stdin.flush()
    return int(process.stdout.readline())


def told(process: subprocess.Popen[str], most: int | None = None) -> Iterator[str]:
    """The ids a child prints, until it is dead or has printed so many."""
    assert process.stdout is not None
    while most is None or (most := most - 1) >= 0:
        line = process.stdout.readline().strip()
        if line == "-":
            return
        yield line


def check_order(ids: Sequence[str]) -> None:
    """What one task appended stands in its order."""
    numbers = defaultdict(list)
    for name in ids:
        pid, task, number, _ = name.split("-")
        numbers[pid, task].append(int(number))
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())


@pytest.mark.parametrize("kind", ["sqlite", "jsonl"])
async def test_50_kills_in_mid_append_lose_no_acknowledged_message(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "chat"
    chance = random.Random(kind)
    acknowledged: list[str] = []
    with appender(kind, path) as process:
        for _ in range(KILLS):
            child = begin(process)
            acknowledged += told(process, chance.randint(0, 12))
            os.kill(child, signal.SIGKILL)
            acknowledged += told(process)
    memory = made(kind, path)
    kept = [message.id for message in await memory.load()]
    await memory.close()
    assert len(acknowledged) > KILLS
    assert not set(acknowledged) - set(kept)
    assert len(kept) == len(set(kept))
    check_order(kept)


@pytest.mark.parametrize("kind", ["sqlite", "jsonl"])
async def test_two_processes_on_one_file_keep_each_other_s_messages_whole_and_in_order(
    kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "chat"
    with appender(kind, path) as first, appender(kind, path) as second:
        for process in (first, second):
            begin(process, limit=40)
        ids = [*told(first), *told(second)]
    memory = made(kind, path)
    kept = [message.id for message in await memory.load()]
    await memory.close()
    assert len(ids) == 2 * TASKS * 40
    assert sorted(kept) == sorted(ids)
    check_order(kept)
    assert not caplog.records


@pytest.mark.parametrize("kind", ["sqlite", "jsonl"])
async def test_one_process_follows_what_another_appends(kind: str, tmp_path: Path) -> None:
    memory = made(kind, tmp_path / "chat")
    assert not await memory.load()
    seen: list[str] = []
    with appender(kind, tmp_path / "chat") as process:
        for _ in range(5):
            begin(process, limit=3)
            ids = list(told(process))
            new = [message.id for message in await memory.since(seen[-1] if seen else None)]
            assert sorted(new) == sorted(ids)
            seen += new
    assert seen == [message.id for message in await memory.load()]
    await memory.close()


async def test_a_program_that_holds_the_file_is_named_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl
    import sqlite3

    from chatwidget.memory import MemoryUnavailable
    from chatwidget.messages import User

    monkeypatch.setattr("chatwidget.memory.lines_file.PATIENCE", 0.05)
    monkeypatch.setattr("chatwidget.memory.database.PATIENCE", 0.05)
    lines, database = JSONLMemory(tmp_path / "a.jsonl"), SQLiteMemory(tmp_path / "a.db")
    for memory in (lines, database):
        await memory.append([User("Hello")])
        await memory.close()
    with lines.path.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(MemoryUnavailable, match=r"Another program has held .*a\.jsonl"):
            await lines.append([User("Are you there?")])
    other = sqlite3.connect(database.path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(MemoryUnavailable, match=r"Another program has held .*a\.db"):
        await database.append([User("Are you there?")])
    other.close()
    for memory in (lines, database):
        await asyncio.gather(*(memory.append([User("Now")]) for _ in range(3)))
        assert len(await memory.load()) == 4
        await memory.close()
