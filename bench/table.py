"""Rows of figures beside their goals, and how they get into `bench/README.md`."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median

README = Path(__file__).with_name("README.md")


@dataclass(frozen=True)
class Row:
    """One figure: what it is, what was measured, its goal; `met` is None where there is no goal."""

    what: str
    got: str
    goal: str = ""
    met: bool | None = None


@dataclass
class Section:
    """What one part of the bench found. `head` names the columns, `notes` says what the figures are not."""

    name: str
    title: str
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, what: str, got: str) -> None:
        """Add a figure without a goal."""
        self.rows.append(Row(what, got))

    def ratio(self, what: str, value: float, goal: float, detail: str = "") -> None:
        """Add a ratio that should be at most `goal`."""
        shown = f"{value:.2f} ×" + (f" ({detail})" if detail else "")
        self.rows.append(Row(what, shown, f"≤ {goal:g} ×", value <= goal))

    def growth(
        self, what: str, sizes: Sequence[int], costs: Sequence[float], goal: float = 1.1, detail: str = ""
    ) -> None:
        """Add the exponents k of cost ~ n^k, one a step of size."""
        pairs = list(zip(sizes, costs, strict=True))
        steps = [exponent(*low, *high) for low, high in pairwise(pairs)]
        arrow = " → ".join(f"{size // 1000}k" for size in sizes)
        shown = ", ".join(f"{step:.2f}" for step in steps) + (f" ({detail})" if detail else "")
        self.rows.append(Row(f"growth of {what}, {arrow}", shown, f"≤ {goal:g}", max(steps) <= goal))

    def markdown(self) -> str:
        """Return the section as Markdown, its marks included."""
        lines = [f"<!-- {self.name} -->", f"## {self.title}", "", "| figure | measured | goal | |", "|---|---|---|---|"]
        signs = {True: "met", False: "**missed**", None: ""}
        lines += [f"| {row.what} | {row.got} | {row.goal} | {signs[row.met]} |" for row in self.rows]
        lines += ["", *(f"- {note}" for note in self.notes)] if self.notes else []
        return "\n".join([*lines, f"<!-- /{self.name} -->"])


def exponent(size: float, cost: float, larger: float, higher: float) -> float:
    """Return k, where cost grows with size^k between two points."""
    if cost <= 0 or higher <= 0:
        return 0.0
    return math.log(higher / cost) / math.log(larger / size)


def ratio_of(pairs: Sequence[tuple[float, float]]) -> float:
    """Return the median of subject / floor over repetitions that ran next to each other."""
    return median(subject / floor for subject, floor in pairs)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def write(sections: Sequence[Section]) -> None:
    """Put each section in its place in `bench/README.md`, behind the others when it is new."""
    text = README.read_text(encoding="utf-8")
    for section in sections:
        place = re.compile(rf"<!-- {section.name} -->.*<!-- /{section.name} -->", re.DOTALL)
        if not place.search(text):
            text = f"{text.rstrip()}\n\n<!-- {section.name} --><!-- /{section.name} -->\n"
        body = section.markdown()
        text = place.sub(lambda _, body=body: body, text)  # type: ignore[misc]
    README.write_text(text, encoding="utf-8")
