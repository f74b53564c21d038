"""What it costs to show arguments while a model writes them: parsing what has come, and the frames of it."""

from __future__ import annotations

import asyncio
import gc
import json
import selectors
import threading
import time
from collections.abc import AsyncIterator, Callable
from statistics import median
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import chatwidget.chat_state
from bench.table import Section, ratio_of
from chatwidget import Session
from chatwidget.growing import Growing
from chatwidget.models.base import Finish, ModelDelta, ModelRequest, ToolCallDelta
from chatwidget.tools import Tool, function_tool

STEP = 200  # characters a delta
SIZES = (200_000, 400_000, 800_000)
LINE = "What is written here, line by line.\n"


class _Selector(selectors.DefaultSelector):
    """Waits for nothing but threads: a second that nobody works in passes at once."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        waits = timeout is None or threading.active_count() > 1
        events = super().select(0.001 if waits else 0.0)
        if timeout is not None and not waits and not events:
            self.now += timeout
        return events


class QuickLoop(asyncio.SelectorEventLoop):
    """A loop whose clock goes on when there is nothing to do, so that a stream of ten seconds takes none."""

    def __init__(self) -> None:
        self._quick = _Selector()
        super().__init__(self._quick)

    def time(self) -> float:
        """Return the seconds that have passed."""
        return self._quick.now


class WritingModel:
    """Writes one call whose argument has `size` characters, `pace` seconds a delta."""

    name = "writing"
    note = "Calls a tool."

    def __init__(self, size: int, pace: float) -> None:
        text = json.dumps({"text": (LINE * (size // len(LINE) + 1))[:size]})
        self._pieces = [text[start : start + STEP] for start in range(0, len(text), STEP)]
        self._pace = pace

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        """Stream the call, and nothing once it was answered."""
        if request.messages[-1].role == "user":
            yield ToolCallDelta(0, "call", "write")
            for piece in self._pieces:
                await asyncio.sleep(self._pace)
                yield ToolCallDelta(0, arguments=piece)
        yield Finish()


def bare() -> Tool[..., Any]:
    """Make a tool without a preview function."""

    @function_tool
    async def write(text: str) -> None:
        """Write it."""

    return write


def previewed() -> Tool[..., Any]:
    """Make one with it."""
    tool = bare()

    @tool.preview
    def show(text: str = "") -> str:
        return text[-80:]

    return tool


def measure(quick: bool) -> Section:
    """Stream arguments of several lengths, with previews and without."""
    section = Section("previews", "Previews of arguments")
    for pace, speed in ((0.01, "100 deltas/s"), (0.0, "as fast as possible")):
        for make, kind in ((bare, ""), (previewed, ", `@tool.preview`")):
            costs = {size: [_pair(make, size, pace) for _ in range(3 if quick else 9)] for size in SIZES}
            pairs = costs[SIZES[0]]
            subject, floor = (median(pair[place] for pair in pairs) * 1e3 for place in (0, 1))
            what = f"kernel CPU, {SIZES[0] // 1000} kB in {SIZES[0] // STEP:,} deltas, {speed}{kind}"
            ratio, detail = ratio_of(pairs), f"{subject:.1f} against {floor:.1f} ms"
            if pace and make is previewed:
                section.add(what, f"{ratio:.2f} × ({detail})")
            else:
                section.ratio(what, ratio, 1.5, detail)
            cpu = [median(pair[0] for pair in costs[size]) for size in SIZES]
            section.growth(f"kernel CPU, {speed}{kind}", SIZES, cpu)
    section.notes += [
        f"A call of a tool whose one argument is a long text, in deltas of {STEP} characters, with a screen that "
        "takes the frames. Floor: the same call without previews, so that its arguments are shown when they are whole.",
        "CPU time of the whole turn, from `send` to the last frame. Pauses between deltas are skipped: the loop's "
        "clock goes on at once when nothing is left to do. `@tool.preview`: a plain function that returns the end of "
        "the text, at most every 50 ms and in a thread each time. At a pace it costs by the second and not by the "
        "delta, so that its ratio has no goal.",
    ]
    return section


def _pair(make: Callable[[], Tool[..., Any]], size: int, pace: float) -> tuple[float, float]:
    with patch.object(Growing, "feed", _only_feed):
        floor = _turn(bare(), size, pace)
    return _turn(make(), size, pace), floor


def _only_feed(growing: Growing, text: str) -> bool:
    growing._json.feed(text)
    return False


def _turn(tool: Tool[..., Any], size: int, pace: float) -> float:
    """Return the CPU seconds of a turn in which a model writes an argument."""
    with asyncio.Runner(loop_factory=QuickLoop if pace else None) as runner:
        return runner.run(_measured(tool, size, pace))


async def _measured(tool: Tool[..., Any], size: int, pace: float) -> float:
    clock = SimpleNamespace(monotonic=asyncio.get_running_loop().time, time=time.time)
    with patch.object(chatwidget.chat_state, "time", clock):
        session = Session(model=WritingModel(size, pace), tools=[tool])
    session.attach(lambda frame: None)
    gc.collect()
    gc.disable()
    try:
        began = time.process_time()
        await session.send("Write")
        session.screen.flush()
        took = time.process_time() - began
    finally:
        gc.enable()
    await session.close()
    return took
