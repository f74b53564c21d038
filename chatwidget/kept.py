"""Objects that a chat keeps for as long as there is room: results of tools, and what was shown of them."""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KEPT_BYTES = 64 * 1024 * 1024
"""How much the objects of one chat may hold together; the oldest give way."""

GONE: Any = object()
"""What stands in the place of an object that was let go."""

_SAMPLE = 1000


@dataclass(slots=True)
class Cell:
    """The place of one object: `value` is GONE once it has given way, `bytes` is about what it holds."""

    value: Any = field(repr=False)
    bytes: int


class Kept:
    """Objects of one chat, at most `limit` bytes together. One that is kept twice counts once, as the newest.

    Any thread may keep something. Sizes are estimates: exact for texts, bytes and whatever tells its `nbytes`, from a
    sample for containers.
    """

    def __init__(self, limit: int = KEPT_BYTES) -> None:
        self.limit = limit
        self._cells: OrderedDict[int, Cell] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, value: Any) -> Cell:
        """Keep an object, and let go of the oldest ones where it becomes too much; one that is too large is GONE."""
        size = size_of(value)
        gone: list[Any] = []  # whose end may run code of theirs, so not while the lock is held
        with self._lock:
            cell = self._cells.pop(id(value), None) or Cell(value, size)
            cell.bytes = size
            if size > self.limit:
                cell.value = GONE
                return cell
            self._cells[id(value)] = cell  # while it is in here, no other object can have this id
            excess = sum(one.bytes for one in self._cells.values()) - self.limit
            while excess > 0:
                _, oldest = self._cells.popitem(last=False)
                gone.append(oldest.value)
                oldest.value = GONE
                excess -= oldest.bytes
        return cell


def size_of(value: Any, depth: int = 0) -> int:
    """Estimate how many bytes an object holds; at least 1."""
    try:
        nbytes = getattr(value, "nbytes", None)
        if isinstance(nbytes, int):
            return max(nbytes, 1)
        usage = getattr(value, "memory_usage", None)
        if callable(usage):  # a DataFrame, or a Series
            return max(int(getattr(usage(deep=False), "sum", lambda: 0)()), 1)
        measure = getattr(value, "estimated_size", None)
        if callable(measure):  # polars
            return max(int(measure()), 1)
        size = sys.getsizeof(value)
        if isinstance(data := getattr(value, "data", None), str):  # a file
            size += len(data)
        if depth < 4 and isinstance(value, Mapping | list | tuple | set | frozenset):
            items = [item for pair in value.items() for item in pair] if isinstance(value, Mapping) else list(value)
            sample = items[:_SAMPLE]
            size += sum(size_of(item, depth + 1) for item in sample) * len(items) // max(len(sample), 1)
        return max(size, 1)
    except Exception:  # anybody's object
        return 1
