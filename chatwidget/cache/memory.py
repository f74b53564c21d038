"""Replies kept in this process."""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict

from chatwidget.cache.base import Cache

LIMIT = 64 * 2**20


class MemoryCache(Cache):
    """Keep replies until this process ends, or until together they are larger than `limit` bytes.

    Then those that were not used for longest go first. Raises ValueError for a limit that is no number above 0.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        if type(limit) is not int or limit <= 0:
            raise ValueError(f"MemoryCache(limit=...) takes a whole number of bytes above 0, not {limit!r:.40}.")
        self.limit = limit
        self._size = 0
        self._entries: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """How many bytes the keys and entries take."""
        return self._size

    def __len__(self) -> int:
        return len(self._entries)

    def __bool__(self) -> bool:
        return True  # an empty cache is a cache

    async def get(self, key: str) -> str | None:
        """Return an entry, which now counts as used."""
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
            return self._entries.get(key)

    async def set(self, key: str, entry: str, ttl: float | None) -> None:
        """Keep an entry, and let go of others where it takes their room; one larger than the limit is not kept."""
        with self._lock:
            self._drop(key)
            if _size(key, entry) > self.limit:
                return
            self._entries[key] = entry
            self._size += _size(key, entry)
            while self._size > self.limit:
                self._drop(next(iter(self._entries)))

    async def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self._size = 0

    def _drop(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._size -= _size(key, entry)


def _size(key: str, entry: str) -> int:
    return sys.getsizeof(key) + sys.getsizeof(entry)
