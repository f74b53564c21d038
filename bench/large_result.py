"""`python -m bench.large_result KIND SECONDS`: a tool returns 100 MB; print what it did to memory and frames, as JSON.

A process of its own, so that nothing else grows or shrinks in it. `seconds` is how long memory took to be within
`SLACK` of what it was before, counted from the end of the turn; None when it was not after SECONDS.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import psutil

from chatwidget import Session
from chatwidget.frames import Frame
from chatwidget.models.scripted import ScriptedModel, ToolCall

MB = 1_000_000
SLACK = 10 * MB
KINDS: dict[str, Callable[[int], Any]] = {
    "str": lambda size: "x" * size,
    "bytes": lambda size: b"x" * size,
    "list of str": lambda size: [f"{number:999}" for number in range(size // 1048)],
}

_process = psutil.Process()


def resident() -> int:
    """Return the bytes of memory this process holds now."""
    size: int = _process.memory_info().rss
    return size


async def main(kind: str, patience: float) -> dict[str, Any]:
    """Return what the memory was before, at most and at the end, and how large the largest frame."""

    def flood(size: int) -> Any:
        """Return much."""
        return KINDS[kind](size)

    frames: list[int] = []

    def show(frame: Frame) -> None:
        frames.append(len(json.dumps(frame).encode()))

    replies = [step for size in (MB, 100 * MB) for step in (ToolCall("flood", {"size": size}), "Much.")]
    session = Session(model=ScriptedModel(*replies), tools=[flood])
    session.attach(show)
    await session.send("A little first")  # what is loaded or allocated once
    before = resident()
    await session.send("Now much")
    session.screen.flush()
    peak, ended = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    while resident() > before + SLACK and time.monotonic() - ended < patience:  # noqa: ASYNC110
        await asyncio.sleep(0.05)  # the loop, too, may have to let go
    after, took = resident(), time.monotonic() - ended
    seconds = took if after <= before + SLACK else None
    return {"before": before, "peak": peak, "after": after, "seconds": seconds, "largest": max(frames)}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1], float(sys.argv[2])))))
