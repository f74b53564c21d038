"""What driving an app costs: its yields, against a bare loop over the same generator."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncGenerator
from statistics import median
from typing import Any

from bench.table import Section
from chatwidget import Assistant, app
from chatwidget.messages import Message
from chatwidget.testing import play

SIZES = (1_250, 2_500, 5_000, 10_000)


async def steps(messages: list[Message]) -> AsyncGenerator[Any, Any]:
    for message in messages:
        yield message


talk = app(steps)


def measure(quick: bool) -> Section:
    """Measure CPU seconds of driving apps of many message yields."""
    section = Section("apps", "Driving an app")
    costs = {size: [_pair(size) for _ in range(3 if quick else 7)] for size in SIZES}
    floor, driven = (median(pair[place] for pair in costs[SIZES[-1]]) for place in (0, 1))
    each = driven / SIZES[-1] * 1e6
    section.ratio(f"{SIZES[-1]:,} message yields, against bare `asend`", driven / floor, 25, f"{each:.1f} µs a yield")
    section.growth("message yields", SIZES, [median(pair[1] for pair in costs[size]) for size in SIZES])
    section.notes.append(
        "CPU time. The floor sends into the same generator, in a task, and keeps what comes; the subject is a whole "
        "session: transcript, screen, events."
    )
    return section


def _pair(size: int) -> tuple[float, float]:
    messages = [Assistant(f"message {number}") for number in range(size)]
    return _cpu(_bare(messages)), _cpu(play(talk(messages), model="echo"))


async def _bare(messages: list[Message]) -> None:
    generator = steps(messages)
    kept, answer = [], None
    try:
        while True:
            answer = await generator.asend(answer)
            kept.append(answer)
    except StopAsyncIteration:
        await generator.aclose()


def _cpu(work: Any) -> float:
    async def without_result() -> None:  # `asyncio.run` writes the repr of what it returns
        await work

    gc.collect()
    gc.disable()  # when it runs is chance, and a run of it costs as much as a thousand yields
    try:
        began = time.process_time()
        asyncio.run(without_result())
        return time.process_time() - began
    finally:
        gc.enable()
