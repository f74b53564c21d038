"""What `import chatwidget` costs, against the two packages nobody can do without."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median

from bench.table import Section, ratio_of

ROOT = Path(__file__).resolve().parent.parent
FLOOR = "import anywidget, openai"
SUBJECTS = (
    "import chatwidget",
    "from chatwidget import ChatWidget",
    "from chatwidget import *",
    "from chatwidget import ChatWidget; ChatWidget(model='gpt-5-mini')",
)
# CPU time, not the clock: other work on the machine stretches only the latter.
TIMED = "import time; began = time.process_time(); {}; print(time.process_time() - began)"
KEY = {"OPENAI_API_KEY": "none"}  # making an OpenAI model asks for one; nothing is sent


def measure(quick: bool) -> Section:
    """Import in fresh processes, floor and subjects in turn."""
    section = Section("imports", "Import")
    seconds: dict[str, list[float]] = {statement: [] for statement in (FLOOR, *SUBJECTS)}
    for statement in seconds:  # bytecode and disk cache, as on every start but the first
        _import(statement)
    for _ in range(3 if quick else 9):
        for statement, measured in seconds.items():
            measured.append(_import(statement))
    floor = seconds.pop(FLOOR)
    section.add(f"`{FLOOR}` (floor)", f"{median(floor):.2f} s")
    for statement, measured in seconds.items():
        ratio = ratio_of(list(zip(measured, floor, strict=True)))
        section.ratio(f"`{statement}`", ratio, 1.3, f"{median(measured):.2f} s")
    section.notes.append(
        "CPU seconds of fresh processes with warm caches, without the interpreter's own start; medians."
    )
    return section


def _import(statement: str) -> float:
    command = [sys.executable, "-c", TIMED.format(statement)]
    return float(
        subprocess.run(command, cwd=ROOT, env=_environment(), check=True, capture_output=True, text=True).stdout
    )


def _environment() -> dict[str, str]:
    import os

    return os.environ | KEY
