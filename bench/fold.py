"""What folding events into a transcript costs, and what a session weighs."""

from __future__ import annotations

import asyncio
import gc
import time
import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from statistics import median

from bench.table import Row, Section, ratio_of
from chatwidget import Message, Session, TextPart
from chatwidget.events import Event, MessageEnded, MessageStarted, PartDelta, PartEnded, PartStarted
from chatwidget.screen import Screen
from chatwidget.transcript import Transcript

SIZES = (1000, 5000, 20_000, 80_000)
HEAD = Message(role="assistant", id="reply", status="arriving")
MB = 1_000_000


class ManualClock:
    """A clock that stands still: a screen then gathers patches and sends them by `flush` only."""

    def time(self) -> float:
        """Return no time at all."""
        return 0.0

    def call_later(self, delay: float, callback: Callable[[], None], /) -> None:
        """Forget the call."""


def reply(tokens: int) -> Iterator[Event]:
    """Give the events of one reply of 4-character tokens."""
    yield MessageStarted(HEAD)
    yield PartStarted("reply", 0, TextPart())
    for _ in range(tokens):
        yield PartDelta("reply", 0, "tok ")


def conversation(tokens: int) -> Iterator[Event]:
    """Give the events of many messages of 40 tokens each."""
    parent = None
    for number in range(tokens // 40):
        head = Message(role="assistant", id=str(number), parent_id=parent, status="arriving")
        yield MessageStarted(head)
        yield PartStarted(head.id, 0, TextPart())
        for _ in range(40):
            yield PartDelta(head.id, 0, "tok ")
        part = TextPart("tok " * 40)
        yield PartEnded(head.id, 0, part)
        yield MessageEnded(Message(role="assistant", id=head.id, parent_id=parent, parts=(part,)))
        parent = head.id


def floor(events: Iterator[Event]) -> None:
    """Append the text of every event to a list."""
    texts: list[str] = []
    for event in events:
        if isinstance(event, PartDelta):
            texts.append(event.text)  # noqa: PERF401 - the loop is the thing


def transcript(events: Iterator[Event]) -> None:
    """Fold into a transcript."""
    fold = Transcript()
    for event in events:
        fold.apply(event)


def screen(events: Iterator[Event]) -> None:
    """Fold into a transcript and note what changes on screen, a frame every 200 events."""
    shown = Screen(Transcript(), {}, ManualClock())
    shown.attach(lambda frame: None)
    for number, event in enumerate(events):
        shown.apply(event)
        if number % 200 == 0:
            shown.flush()


def measure(quick: bool) -> Section:
    """Fold streams of several lengths and weigh sessions."""
    section = Section("fold", "Folding and memory")
    sizes = SIZES[:3] if quick else SIZES
    goals: dict[Callable[[Iterator[Event]], None], tuple[str, float]] = {
        transcript: ("`Transcript.apply`", 4),
        screen: ("`Screen.apply` (folds, and gathers frames)", 4),
    }
    for label, events in (("one reply", reply), ("messages of 40 tokens", conversation)):
        for subject, (name, goal) in goals.items():
            costs = {size: _pairs(subject, events, size, 5 if quick else 15) for size in sizes}
            size = sizes[-1]
            took = median(pair[0] for pair in costs[size]) / size * 1e6
            section.ratio(
                f"{name}, {label}, {size // 1000}k tokens", ratio_of(costs[size]), goal, f"{took:.2f} µs a token"
            )
            section.growth(f"{name}, {label}", sizes, [median(pair[0] for pair in costs[size]) for size in sizes])
    for weighed in WEIGHED[: 2 if quick else None]:
        _weigh(section, *weighed)
    section.notes += [
        "Floor: a loop that builds the same event objects and appends their text to a list. CPU time, medians of "
        "repetitions in which floor and subject take turns.",
        "Memory is what tracemalloc sees of a `Session` that holds its text, in ASCII (1 byte a character).",
    ]
    return section


def _pairs(
    subject: Callable[[Iterator[Event]], None], events: Callable[[int], Iterator[Event]], size: int, times: int
) -> list[tuple[float, float]]:
    rounds = max(1, 20_000 // size)  # long enough for the clock of CPU time
    return [(_time(subject, events, size, rounds), _time(floor, events, size, rounds)) for _ in range(times)]


def _time(
    work: Callable[[Iterator[Event]], None], events: Callable[[int], Iterator[Event]], size: int, rounds: int
) -> float:
    gc.collect()
    gc.disable()
    try:
        began = time.process_time()
        for _ in range(rounds):
            work(events(size))
        return (time.process_time() - began) / rounds
    finally:
        gc.enable()


WEIGHED = (
    ("one reply of 20k tokens", 1, 80_000, True),
    ("500 replies of 400 characters", 500, 400, True),
    ("one reply of 250k tokens", 1, 1_000_000, True),
    ("5,000 messages of 1,000 characters, given as history", 5000, 1000, False),
    ("5,000 messages of 40 characters, given as history", 5000, 40, False),
)


def _weigh(section: Section, what: str, messages: int, length: int, streamed: bool) -> None:
    weigh = _streamed_session if streamed else _given_session
    text, weight, peak = asyncio.run(weigh(messages, length))
    limit = 3 * text + MB
    got = f"{weight / MB:.2f} MB for {text / MB:.2f} MB of text (peak {peak / MB:.2f} MB)"
    section.rows.append(Row(f"memory, {what}", got, f"≤ {limit / MB:.2f} MB", weight <= limit))


async def _streamed_session(messages: int, length: int) -> tuple[int, int, int]:
    """Return the characters of a session whose text a handler wrote, its bytes at the end, and at most."""

    async def handler(_: list[Message]) -> AsyncIterator[str]:
        for number in range(length // 4):
            yield f"{number:03x} "[-4:]

    warm = Session(handler)  # whatever is loaded once
    await warm.send("Go on")
    await warm.close()
    with traced() as memory:
        session = Session(handler)
        for _ in range(messages):
            await session.send("Go on")
    await session.close()
    return _text(session), memory[0], memory[1]


async def _given_session(messages: int, length: int) -> tuple[int, int, int]:
    """Return the same of a session that starts with messages."""
    Session(history=_messages(1, 10))
    with traced() as memory:
        session = Session(model="echo", history=_messages(messages, length))
    return _text(session), memory[0], memory[1]


def _messages(count: int, length: int) -> Iterator[Message]:
    parent = None
    for number in range(count):
        text = f"{number:04} " + "x" * (length - 5)
        message = Message(role="assistant" if number % 2 else "user", parent_id=parent, parts=(TextPart(text),))
        parent = message.id
        yield message


def _text(session: Session) -> int:
    return sum(len(message.text) for message in session.messages)


@contextmanager
def traced() -> Iterator[list[int]]:
    """Put into a list what a block has left in memory, and the most it held, in bytes."""
    memory: list[int] = []
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    try:
        yield memory
        gc.collect()
        memory.extend(size - before for size in tracemalloc.get_traced_memory())
    finally:
        tracemalloc.stop()
