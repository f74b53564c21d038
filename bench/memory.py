"""What keeping messages costs, and what it costs to choose those that a model is sent."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from statistics import median

from bench.table import Row, Section, ratio_of
from chatwidget.history import history
from chatwidget.memory import ListMemory, SQLiteMemory, TokenWindow
from chatwidget.memory.database import SCHEMA
from chatwidget.memory.reader import records
from chatwidget.messages import Assistant, Message, User

SESSIONS = 8
APPENDS = 100
TEXT = "Forty words or so are what a person writes. " * 5
SHORT, LONG = 100, 10_000
WINDOW = 2_000  # tokens: less than the short history has
MODEL = "gpt-4o"


def measure(quick: bool) -> Section:
    """Append to SQLite from several sessions, and cut windows out of histories."""
    section = Section("memory", "Memory")
    _appends(section, 5 if quick else 25)
    asyncio.run(_windows(section, 5 if quick else 25))
    section.notes += [
        f"Appends: messages of {len(TEXT)} characters, an append each, by the clock; the next is asked for when the "
        "last is acknowledged. WAL and synchronous=FULL everywhere, floor and subject in turn on fresh files. One "
        "commit each: a session alone, which shares with nobody. Bare sqlite3: a loop of transactions, without an "
        "event loop, threads or making the JSON.",
        f"Window: {WINDOW:,} tokens of messages of {len(TEXT)} characters; CPU time of `view`, with one message more "
        "each time that is counted then. The history is given: what it costs to make it stands beside.",
    ]
    return section


def _appends(section: Section, times: int) -> None:
    found: list[tuple[float, float, float]] = []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder:
            eight = asyncio.run(_shared(Path(folder, "eight.db"), SESSIONS))
            one = asyncio.run(_shared(Path(folder, "one.db"), 1))
            found.append((eight, one, _bare(Path(folder, "bare.db"))))
    eight, one, bare = (median(rates[place] for rates in found) for place in range(3))
    ratio = ratio_of([(rates[0], rates[1]) for rates in found])
    what = f"acknowledged appends/s of {SESSIONS} sessions on one SQLite file, against one commit each"
    section.rows.append(Row(what, f"{ratio:.1f} × ({eight:,.0f} against {one:,.0f})", "≥ 4 ×", ratio >= 4))
    section.add("the same against bare sqlite3", f"{ratio_of([(r[0], r[2]) for r in found]):.1f} × ({bare:,.0f})")


async def _shared(path: Path, sessions: int) -> float:
    """Return the appends a second of so many sessions at once."""
    memories = [SQLiteMemory(path, chat=f"{number}") for number in range(sessions)]
    await memories[0].load()

    async def append(memory: SQLiteMemory, messages: Sequence[Message]) -> None:
        for message in messages:
            await memory.append([message])

    said = [_said(APPENDS) for _ in memories]
    began = time.perf_counter()
    await asyncio.gather(*map(append, memories, said))
    took = time.perf_counter() - began
    await memories[0].close()
    return sessions * APPENDS / took


def _bare(path: Path) -> float:
    lines = records(_said(APPENDS))
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.executescript(SCHEMA)
    began = time.perf_counter()
    for line in lines:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO chatwidget_messages (chat, id, json) VALUES ('bare', ?, ?)", line)
        connection.execute("COMMIT")
    took = time.perf_counter() - began
    connection.close()
    return APPENDS / took


async def _windows(section: Section, times: int) -> None:
    histories = {size: _said(size) for size in (SHORT, LONG)}
    windows = {size: TokenWindow(ListMemory(), WINDOW) for size in histories}
    began = time.process_time()
    for size, window in windows.items():
        assert len(await window.view(histories[size], MODEL)) < SHORT, "the window must be full"
    first = time.process_time() - began
    pairs = [
        (await _request(windows[LONG], histories[LONG]), await _request(windows[SHORT], histories[SHORT]))
        for _ in range(times)
    ]
    long, short = (median(pair[place] for pair in pairs) for place in (0, 1))
    what = f"a request after the first, {LONG:,} messages, against {SHORT}"
    section.ratio(what, ratio_of(pairs), 2, f"{long * 1e6:.0f} against {short * 1e6:.0f} µs")
    section.add("both first requests, nothing counted yet", f"{first * 1e3:.1f} ms")
    made = time.process_time()
    history(histories[LONG])
    section.add(
        f"`history` of {LONG:,} messages, made for each request", f"{(time.process_time() - made) * 1e3:.1f} ms"
    )


async def _request(window: TokenWindow, said: list[Message], rounds: int = 20) -> float:
    """Return the CPU seconds of a request, each with a message more."""
    await window.view(said, MODEL)
    gc.collect()
    gc.disable()
    try:
        took = 0.0
        for message in _said(rounds):
            said.append(message)
            began = time.process_time()
            await window.view(said, MODEL)
            took += time.process_time() - began
        del said[-rounds:]
        return took / rounds
    finally:
        gc.enable()


_numbers = count()


def _said(number: int) -> list[Message]:
    return [(User if n % 2 == 0 else Assistant)(f"{next(_numbers)} {TEXT}") for n in range(number)]
