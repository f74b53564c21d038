"""What tool calls cost: checking arguments, running many at once, and letting go of a large result."""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Literal, get_type_hints

from pydantic import create_model

from bench import large_result
from bench.table import Row, Section, ratio_of
from chatwidget import Session, function_tool
from chatwidget.models.scripted import ScriptedModel, ToolCall

ROOT = Path(__file__).resolve().parent.parent
NAP = 0.05
MANY = 100
PATIENCE = 10.0
LARGEST_FRAME = 70_000  # a page is sent 64,000 characters of a result


def book(
    name: str, email: str, street: str, city: str, country: str, arrival: str, departure: str, note: str,
    nights: int, adults: int, children: int, floor: int, price: float, deposit: float,
    smoking: bool, breakfast: bool, bed: Literal["single", "double"],
    wishes: list[str], ages: list[int], extras: dict[str, str],
) -> None:  # fmt: skip
    """Book a room."""


ARGUMENTS = json.dumps({
    "name": "Ada Lovelace", "email": "ada@example.org", "street": "12 St James's Square", "city": "London",
    "country": "England", "arrival": "2026-05-01", "departure": "2026-05-04", "note": "We arrive late in the evening.",
    "nights": 3, "adults": 2, "children": 1, "floor": 4, "price": 412.5, "deposit": 80,
    "smoking": False, "breakfast": True, "bed": "double",
    "wishes": ["a quiet room", "a desk"], "ages": [7], "extras": {"parking": "one small car"},
})  # fmt: skip


async def nap(seconds: float) -> str:
    """Wait."""
    await asyncio.sleep(seconds)
    return "rested"


def doze(seconds: float) -> str:
    """Wait, and block."""
    time.sleep(seconds)
    return "rested"


def measure(quick: bool) -> Section:
    """Check arguments, run calls at the same time, and return 100 MB."""
    section = Section("tools", "Tools")
    _arguments(section, 5 if quick else 25)
    for tool, goal in ((nap, 2.0), (doze, None)):
        asyncio.run(_at_once(section, tool, goal, 3 if quick else 9))
    for kind in large_result.KINDS:
        _large(section, kind)
    section.notes += [
        "Arguments: CPU time, and the floor is pydantic itself: `model_validate_json` of a model with the same 20 "
        "fields; `create_model` and `model_json_schema` of it.",
        f"At once: whole turns by the clock, from `send` to the answer after the results; each call waits {NAP} s.",
        "Large results: fresh processes, resident memory as the system counts it, with the session and a screen still "
        "open. What is kept of results by design (`chat.calls`, 64 MiB in all) is not measured here.",
    ]
    return section


def _arguments(section: Section, times: int) -> None:
    tool = function_tool(book)
    hints = get_type_hints(book)
    del hints["return"]
    fields: dict[str, Any] = {name: (hint, ...) for name, hint in hints.items()}
    model = create_model("Book", **fields)
    pairs = [
        (_cpu(lambda: tool.validate(ARGUMENTS), 3000), _cpu(lambda: model.model_validate_json(ARGUMENTS), 3000))
        for _ in range(times)
    ]
    section.ratio("`Tool.validate`, 20 fields", ratio_of(pairs), 2, f"{median(pair[0] for pair in pairs) * 1e6:.1f} µs")
    exponent = ARGUMENTS.replace("412.5", "4.125e2")
    took = median(_cpu(lambda: tool.validate(exponent), 3000) for _ in range(times))
    section.add("the same with a number like 4.1e2, which is looked at more closely", f"{took * 1e6:.1f} µs")
    pairs = [
        (_cpu(lambda: function_tool(book), 5), _cpu(lambda: create_model("Book", **fields).model_json_schema(), 5))
        for _ in range(times)
    ]
    detail = f"{median(pair[0] for pair in pairs) * 1e3:.1f} ms"
    section.ratio("`function_tool`, 20 parameters, schema included", ratio_of(pairs), 2, detail)


async def _at_once(section: Section, tool: Callable[..., Any], goal: float | None, times: int) -> None:
    await _turn(tool, 1)
    pairs = [(await _turn(tool, MANY), await _turn(tool, 1)) for _ in range(times)]
    many, one = (median(pair[place] for pair in pairs) * 1e3 for place in (0, 1))
    what = f"{MANY} {'async' if asyncio.iscoroutinefunction(tool) else 'sync'} calls at once, against one"
    ratio, detail = ratio_of(pairs), f"{many:.0f} against {one:.0f} ms"
    if goal is None:
        section.add(what, f"{ratio:.2f} × ({detail})")
    else:
        section.ratio(what, ratio, goal, detail)


async def _turn(tool: Callable[..., Any], calls: int) -> float:
    """Return the seconds of a turn whose reply has so many calls."""
    reply = [ToolCall(tool.__name__, {"seconds": NAP}) for _ in range(calls)]
    session = Session(model=ScriptedModel(reply, "Done."), tools=[tool])
    session.attach(lambda frame: None)
    began = time.monotonic()
    await session.send("Go on")
    took = time.monotonic() - began
    await session.close()
    return took


def _large(section: Section, kind: str) -> None:
    command = [sys.executable, "-m", "bench.large_result", kind, str(PATIENCE)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout)
    before, after, peak = (found[key] / 1e6 for key in ("before", "after", "peak"))
    seconds = found["seconds"]
    waited = f"not within {PATIENCE:g} s" if seconds is None else f"{seconds:.1f} s"
    got = f"{waited} (from {before:.0f} to {peak:.0f} and back to {after:.0f} MB)"
    section.rows.append(Row(f"100 MB of {kind} out of memory", got, f"≤ {PATIENCE:g} s", seconds is not None))
    largest = found["largest"]
    what = f"the largest frame of that turn, {kind}"
    section.rows.append(Row(what, f"{largest:,} bytes", f"≤ {LARGEST_FRAME:,} bytes", largest <= LARGEST_FRAME))


def _cpu(work: Callable[[], object], rounds: int) -> float:
    gc.collect()
    gc.disable()
    try:
        began = time.process_time()
        for _ in range(rounds):
            work()
        return (time.process_time() - began) / rounds
    finally:
        gc.enable()
