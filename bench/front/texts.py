"""The texts of the front-end bench: seeded, the same in each run; four characters a token."""

from __future__ import annotations

import random

_WORDS = [
    "the",
    "model",
    "reads",
    "a",
    "long",
    "table",
    "and",
    "says",
    "what",
    "it",
    "means",
    "for",
    "every",
    "row",
    "in",
    "this",
    "small",
    "but",
    "honest",
    "example",
]


def mixed(tokens: int, seed: int = 7) -> str:
    """Return Markdown of all kinds: headings, marks, lists, code, tables, formulas, links."""
    rng = random.Random(seed)
    parts: list[str] = []
    while sum(map(len, parts)) < tokens * 4:
        parts.append(rng.choice(_KINDS)(rng))
    return "".join(parts)[: tokens * 4]


def table(tokens: int) -> str:
    """Return one table."""
    rng = random.Random(3)
    rows = ["| name | what | number |\n|---|:--|--:|\n"]
    while sum(map(len, rows)) < tokens * 4:
        rows.append(f"| {_line(rng, 2)} | **{_line(rng, 3)}** `x` | {rng.randrange(9999)} |\n")
    return "".join(rows)[: tokens * 4]


def bullets(tokens: int) -> str:
    """Return one list."""
    rng = random.Random(4)
    rows: list[str] = []
    while sum(map(len, rows)) < tokens * 4:
        rows.append(f"{'  ' * rng.randrange(3)}- {_line(rng, 8)} and *{_line(rng, 2)}*\n")
    return "".join(rows)[: tokens * 4]


def code(lines: int) -> str:
    """Return one block of Python."""
    rng = random.Random(5)
    body = (f"    value_{n} = compute('{_line(rng, 2)}', {n}, key={n * 3})  # {_line(rng, 3)}" for n in range(lines))
    return "```python\ndef all_of_it():\n" + "\n".join(body) + "\n```\n"


def transcript(count: int) -> list[str]:
    """Return the texts of a conversation: short questions, answers of a few lines."""
    rng = random.Random(count)
    return [f"Question {n}: {_line(rng, 9)}?" if n % 2 == 0 else f"Answer {n}. {mixed(60, n)}" for n in range(count)]


def pieces(text: str, size: int) -> list[str]:
    """Cut a text into what one frame carries."""
    return [text[at : at + size] for at in range(0, len(text), size)]


def _line(rng: random.Random, words: int) -> str:
    return " ".join(rng.choice(_WORDS) for _ in range(words))


def _heading(rng: random.Random) -> str:
    return f"\n{'#' * rng.randrange(1, 4)} {_line(rng, 4)}\n\n"


def _paragraph(rng: random.Random) -> str:
    return f"{_line(rng, 20)} **{_line(rng, 2)}** and *{_line(rng, 2)}*, `{_line(rng, 1)}` [{_line(rng, 2)}](https://example.org).\n\n"


def _list(rng: random.Random) -> str:
    return "".join(f"{'  ' * (n % 2)}- {_line(rng, 7)}\n" for n in range(5)) + "\n"


def _fence(rng: random.Random) -> str:
    return "```python\n" + "".join(f"{_line(rng, 1)} = {n} * len('{_line(rng, 2)}')\n" for n in range(6)) + "```\n\n"


def _table(rng: random.Random) -> str:
    return "| a | b |\n|---|--:|\n" + "".join(f"| {_line(rng, 2)} | {rng.randrange(99)} |\n" for _ in range(4)) + "\n"


def _formula(rng: random.Random) -> str:
    return f"{_line(rng, 6)} $x^{{{rng.randrange(9)}}}$ {_line(rng, 3)}.\n\n"


_KINDS = (_heading, _paragraph, _paragraph, _paragraph, _list, _fence, _table, _formula)
