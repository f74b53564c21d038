"""Caches in memory and in SQLite files keep what they are given, within their limits, for other processes too."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget.cache import MemoryCache, SQLiteCache
from chatwidget.memory import SQLiteMemory
from chatwidget.messages import User
from chatwidget.models.caching import cached
from tests.caching import say, says

ROOT = Path(__file__).parents[1]

PROCESS = """
import asyncio, sys
from chatwidget.cache import SQLiteCache
from chatwidget.messages import User
from chatwidget.models.base import ModelRequest
from chatwidget.models.caching import cached
from tests.caching import say, says

async def main():
    model = says()
    asked = cached(model, SQLiteCache(sys.argv[1]))
    for _ in range(int(sys.argv[2])):
        for number in range(int(sys.argv[3])):
            assert await say(asked, ModelRequest((User(f"number {number}"),))) == "Hello"
    print(model.asked)

asyncio.run(main())
"""


@pytest.fixture
async def cache(tmp_path: Path) -> AsyncIterator[SQLiteCache]:
    cache = SQLiteCache(tmp_path / "replies.db")
    yield cache
    await cache.close()


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 300), st.booleans()), max_size=40))
async def test_memory_stays_within_its_limit_and_forgets_what_was_not_used_for_longest(
    steps: list[tuple[str, int, bool]],
) -> None:
    cache = MemoryCache(limit=1000)
    kept: dict[str, str] = {}  # the oldest first
    for key, length, writes in steps:
        if writes:
            await cache.set(key, "x" * length, None)
            kept.pop(key, None)
            kept[key] = "x" * length
            while sum(map(sys.getsizeof, [*kept, *kept.values()])) > 1000:
                kept.pop(next(iter(kept)))
        else:
            assert await cache.get(key) == kept.get(key)
            if key in kept:
                kept[key] = kept.pop(key)
        assert len(cache) == len(kept)
        assert cache.size == sum(map(sys.getsizeof, [*kept, *kept.values()])) <= cache.limit


async def test_what_is_larger_than_the_limit_is_not_kept_and_drives_nothing_out() -> None:
    cache = MemoryCache(limit=1000)
    await cache.set("a", "small", None)
    await cache.set("b", "x" * 1000, None)
    assert (await cache.get("a"), await cache.get("b")) == ("small", None)
    await cache.set("a", "x" * 1000, None)
    assert await cache.get("a") is None, "what it was before is not what it is now"
    await cache.set("a", "small", None)
    await cache.clear()
    assert (len(cache), cache.size, await cache.get("a")) == (0, 0, None)
    assert cache


def test_threads_do_not_spoil_the_count_of_a_memory_cache() -> None:
    cache = MemoryCache(limit=2000)

    def use(start: int) -> None:
        async def many() -> None:
            for number in range(start, start + 500):
                await cache.set(str(number % 20), "x" * (number % 100), None)
                await cache.get(str(number % 7))

        asyncio.run(many())

    threads = [threading.Thread(target=use, args=(start,)) for start in range(0, 40, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cache.size == sum(sys.getsizeof(key) + sys.getsizeof(entry) for key, entry in cache._entries.items()) <= 2000


@pytest.mark.parametrize("limit", [0, -1, 1.5, True, "64"])
def test_a_limit_that_is_no_number_of_bytes_is_refused(limit: int) -> None:
    with pytest.raises(ValueError, match="bytes above 0"):
        MemoryCache(limit)


async def test_a_file_has_what_was_kept_the_newest_of_each_key(cache: SQLiteCache) -> None:
    assert await cache.get("a") is None
    await cache.set("a", "one", None)
    await cache.set("a", "two", 60)
    await cache.set("b", "three", None)
    await cache.close()
    again = SQLiteCache(str(cache.path))
    assert [await again.get(key) for key in "abc"] == [b"two", b"three", None]
    await again.clear()
    assert await again.get("a") is None
    await again.clear()
    await again.close()


async def test_what_has_outlived_its_ttl_is_deleted_when_something_is_added(cache: SQLiteCache) -> None:
    await cache.set("old", "x", 1e-9)
    await cache.set("young", "x", 3600)
    await cache.set("new", "x", None)
    assert [await cache.get(key) for key in ("old", "young", "new")] == [None, b"x", b"x"]


@pytest.mark.parametrize("path", ["", ":memory:"])
def test_a_cache_that_would_be_forgotten_at_once_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r"use MemoryCache\(\)"):
        SQLiteCache(path)


async def test_a_memory_and_a_cache_may_share_a_file(cache: SQLiteCache) -> None:
    memory = SQLiteMemory(cache.path)
    said = [User(f"number {number}") for number in range(10)]
    await asyncio.gather(
        *(memory.append([message]) for message in said), *(cache.set(message.id, "x", None) for message in said)
    )
    assert len(await memory.load()) == 10
    await cache.clear()
    assert len(await memory.load()) == 10
    await memory.close()


async def test_a_foreign_table_of_that_name_undoes_nothing_that_a_memory_appends_beside_it(cache: SQLiteCache) -> None:
    with sqlite3.connect(cache.path) as connection:
        connection.execute("CREATE TABLE chatwidget_cache (surprise TEXT)")
    connection.close()
    memory = SQLiteMemory(cache.path)
    appended, kept, got = await asyncio.gather(
        memory.append([User("Hi")]), cache.set("a", "x", None), cache.get("a"), return_exceptions=True
    )
    assert appended is None
    assert isinstance(kept, sqlite3.Error) and isinstance(got, sqlite3.Error)
    assert len(await memory.load()) == 1
    model = says()
    assert await say(cached(model, cache)) == "Hello"
    await memory.close()


async def test_a_file_that_is_no_database_costs_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ada, " * 1000)
    model = says()
    asked = cached(model, SQLiteCache(path))
    assert [await say(asked), await say(asked)] == ["Hello", "Hello"]
    assert model.asked == 2
    assert len(caplog.messages) == 1 and "is no SQLite database" in caplog.text
    assert path.read_text().startswith("Dear Ada, ")


def begun(path: Path, rounds: int, requests: int) -> subprocess.Popen[str]:
    """Start a process that makes so many requests, so many times, and prints how often its model was asked."""
    command = [sys.executable, "-c", PROCESS, str(path), str(rounds), str(requests)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def asked_by(process: subprocess.Popen[str]) -> int:
    out, err = process.communicate()
    assert process.returncode == 0 and not err, err
    return int(out)


def test_two_processes_on_one_file_answer_for_each_other(tmp_path: Path) -> None:
    path = tmp_path / "replies.db"
    asked = [asked_by(process) for process in [begun(path, 2, 20) for _ in range(2)]]
    assert max(asked) <= 20 <= sum(asked), "neither asks for what is there"
    assert asked_by(begun(path, 1, 20)) == 0


def test_a_program_that_ends_right_after_a_reply_has_kept_it(tmp_path: Path) -> None:
    assert [asked_by(begun(tmp_path / "replies.db", 1, 1)) for _ in range(2)] == [1, 0]
