"""What differs between two texts, line by line, and within lines word by word.

The work is bounded, whatever the texts are: where it would be more, the rest counts as replaced. That is still right,
only longer than it could be.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from itertools import groupby
from typing import Any, Literal

Op = Literal["=", "-", "+"]
Piece = tuple[Op, str]

# Steps of the search: about a second of Python for the lines of a text, and a tenth for the words of all of them.
LINE_STEPS = 1_000_000
WORD_STEPS = 100_000

# Lines longer than this are replaced as a whole.
WORDS_LIMIT = 2_000

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


def compare(old: str, new: str) -> dict[str, Any]:
    """Return how one text becomes another one, as JSON data.

    `lines` are pairs of an op and a line: "=" stays, "-" goes, "+" comes. `words` has, by the number of a line, the
    pieces of a line that goes or comes and resembles the one across, in the same form.
    """
    lines = list(_lines(old.split("\n"), new.split("\n")))
    return {"lines": [list(line) for line in lines], "words": _words(lines)}


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    """Give the lines; of those that are replaced, first all that go, then all that come."""
    changed = list(_search(old, new, [LINE_STEPS]))
    for is_same, group in groupby(changed, lambda piece: piece[0] == "="):
        pieces = list(group)
        yield from pieces if is_same else sorted(pieces, key=lambda piece: piece[0] == "+")


def _words(lines: Sequence[Piece]) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    steps = [WORD_STEPS]
    for is_same, group in groupby(range(len(lines)), lambda place: lines[place][0] == "="):
        places = list(group)
        goes = [place for place in places if lines[place][0] == "-"]
        comes = places[len(goes) :]
        for before, after in zip(goes, comes, strict=False) if not is_same else ():
            pieces = _line(lines[before][1], lines[after][1], steps)
            if pieces is not None:
                found[str(before)] = [list(piece) for piece in _side(pieces, "-")]
                found[str(after)] = [list(piece) for piece in _side(pieces, "+")]
    return found


def _line(old: str, new: str, steps: list[int]) -> list[Piece] | None:
    """Return the pieces of two lines; None where they are too long, or have too little in common."""
    if max(len(old), len(new)) > WORDS_LIMIT:
        return None
    pieces = list(_search(_WORDS.findall(old), _WORDS.findall(new), steps))
    kept = sum(len(text.strip()) for op, text in pieces if op == "=")
    return pieces if 3 * kept >= max(len(old.strip()), len(new.strip())) and kept else None


def _side(pieces: Sequence[Piece], op: Op) -> Iterator[Piece]:
    """Give one side of a comparison, what stands next to each other and is alike in one piece."""
    for kind, group in groupby((piece for piece in pieces if piece[0] in ("=", op)), lambda piece: piece[0]):
        yield kind, "".join(text for _, text in group)


def _search(old: Sequence[str], new: Sequence[str], steps: list[int]) -> Iterator[Piece]:
    """Give the ops in order. `steps` holds how many are left, and is used up."""
    ids: dict[str, int] = {}
    a = [ids.setdefault(text, len(ids)) for text in old]
    b = [ids.setdefault(text, len(ids)) for text in new]
    start = _common(a, b)
    end = _common(a[start:][::-1], b[start:][::-1])
    stop_a, stop_b = len(a) - end, len(b) - end
    yield from (("=", text) for text in old[:start])
    path = _shortest(a[start:stop_a], b[start:stop_b], steps)
    x, y = start, start
    for op in path if path is not None else "-" * (stop_a - start) + "+" * (stop_b - start):
        yield ("+", new[y]) if op == "+" else (op, old[x])  # type: ignore[misc]
        x, y = x + (op != "+"), y + (op != "-")
    yield from (("=", text) for text in old[stop_a:])


def _common(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """Count the items that both begin with."""
    pairs = enumerate(zip(a, b, strict=False))
    return next((place for place, (left, right) in pairs if left != right), min(len(a), len(b)))


def _shortest(a: Sequence[int], b: Sequence[int], steps: list[int]) -> str | None:
    """Return the shortest way from `a` to `b` as ops (Myers, "An O(ND) Difference Algorithm"); None: too many steps."""
    if not a or not b:
        return "-" * len(a) + "+" * len(b)
    reached = {1: 0}
    history: list[dict[int, int]] = []
    for distance in range(len(a) + len(b) + 1):
        history.append(reached.copy())
        steps[0] -= 2 * distance  # the copy
        for diagonal in range(-distance, distance + 1, 2):
            x = _furthest(reached, diagonal, distance)
            begin = x
            while x < len(a) and x - diagonal < len(b) and a[x] == b[x - diagonal]:
                x += 1
            reached[diagonal] = x
            steps[0] -= 1 + x - begin
            if x >= len(a) and x - diagonal >= len(b):
                return _walked_back(history, x, x - diagonal)
            if steps[0] < 0:
                return None
    return None


def _furthest(reached: dict[int, int], diagonal: int, distance: int) -> int:
    """Return how far in `a` a diagonal is entered: by an insertion from above, or by a deletion from below."""
    above, below = reached.get(diagonal + 1, -1), reached.get(diagonal - 1, -1)
    return above if diagonal == -distance or (diagonal != distance and below < above) else below + 1


def _walked_back(history: Sequence[dict[int, int]], x: int, y: int) -> str:
    ops: list[str] = []
    for distance in range(len(history) - 1, 0, -1):
        reached, diagonal = history[distance], x - y
        start = _furthest(reached, diagonal, distance)
        inserted = diagonal == -distance or (
            diagonal != distance and reached.get(diagonal - 1, -1) < reached.get(diagonal + 1, -1)
        )
        ops += "=" * (x - start)
        ops.append("+" if inserted else "-")
        x, y = (start, start - diagonal - 1) if inserted else (start - 1, start - diagonal)
    return "".join(reversed(ops + ["="] * x))
