"""What folding events into a transcript costs, and what a session weighs."""

from __future__ import annotations

import asyncio
import gc
import time
import tracemalloc
from collections.abc import Callable, Iterator
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
    for what, messages, length in WEIGHED[: 2 if quick else None]:
        _weigh(section, what, messages, length)
    section.notes += [
        "Floor: a loop that builds the same event objects and appends their text to a list. CPU time, medians of "
        "repetitions in which floor and subject take turns.",
        "Memory is what tracemalloc sees of a `Session` after its text has arrived, in ASCII (1 byte a character).",
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
    ("one reply of 20k tokens", 1, 80_000),
    ("1,000 replies of 400 characters", 1000, 400),
    ("one reply of 250k tokens", 1, 1_000_000),
    ("5,000 replies of 1,000 characters", 5000, 1000),
    ("5,000 replies of 40 characters", 5000, 40),
)


def _weigh(section: Section, what: str, messages: int, length: int) -> None:
    text, weight, peak = asyncio.run(_session_weight(messages, length))
    limit = 3 * text + MB
    got = f"{weight / MB:.2f} MB for {text / MB:.2f} MB of text (peak {peak / MB:.2f} MB)"
    section.rows.append(Row(f"memory, {what}", got, f"≤ {limit / MB:.2f} MB", weight <= limit))


async def _session_weight(messages: int, length: int) -> tuple[int, int, int]:
    """Return the characters of a session, its bytes at the end, and at most."""
    tokens = length // 4

    async def handler(_: list[Message]) -> object:
        for number in range(tokens):
            yield f"{number:03x} "[-4:]

    warm = Session(handler)  # whatever is loaded once
    await warm.send("Go on")
    await warm.close()
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    session = Session(handler)
    for _ in range(messages):
        await session.send("Go on")
    gc.collect()
    after, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    text = sum(len(message.text) for message in session.messages)
    await session.close()
    return text, after - before, peak - before
