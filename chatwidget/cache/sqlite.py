"""Replies kept in an SQLite file."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from chatwidget.cache.base import Cache

if TYPE_CHECKING:
    import sqlite3

    from chatwidget.memory.database import Database

T = TypeVar("T")

_TABLE = "CREATE TABLE IF NOT EXISTS chatwidget_cache (key TEXT PRIMARY KEY, entry TEXT NOT NULL, expires REAL)"
_INDEX = "CREATE INDEX IF NOT EXISTS chatwidget_cache_expires ON chatwidget_cache (expires) WHERE expires IS NOT NULL"


class SQLiteCache(Cache):
    """Keep replies in an SQLite file (WAL), which other processes may use as well, and an `SQLiteMemory` too.

    `~` in the path is your home; the file is made when first needed. What has outlived its `ttl` is deleted when
    something is added; without a `ttl` the file grows until `clear()`.

        cache = SQLiteCache("~/replies.db")
    """

    def __init__(self, path: str | Path) -> None:
        if str(path) in ("", ":memory:"):
            raise ValueError(f"SQLiteCache({str(path)!r}) would be forgotten at once; use MemoryCache(), or a path.")
        self.path = Path(path).expanduser()
        self._file: Database | None = None

    async def get(self, key: str) -> str | bytes | None:
        """Return an entry; raises `MemoryUnavailable` or sqlite3.Error."""

        def select(connection: sqlite3.Connection) -> str | bytes | None:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'chatwidget_cache'").fetchone():
                return None
            row = connection.execute("SELECT entry FROM chatwidget_cache WHERE key = ?", (key,)).fetchone()
            return row[0] if row else None

        return await self._do(select)

    async def set(self, key: str, entry: str, ttl: float | None) -> None:
        """Keep an entry, delete what has expired; raises `MemoryUnavailable` or sqlite3.Error."""

        def insert(connection: sqlite3.Connection) -> None:
            now = time.time()
            connection.execute(_TABLE)
            connection.execute(_INDEX)
            connection.execute("DELETE FROM chatwidget_cache WHERE expires < ?", (now,))
            row = (key, entry, None if ttl is None else now + ttl)
            connection.execute("INSERT OR REPLACE INTO chatwidget_cache (key, entry, expires) VALUES (?, ?, ?)", row)

        await self._do(insert, writes=True)

    async def clear(self) -> None:
        """Forget all replies of the file; messages that a memory keeps in it stay."""
        await self._do(lambda connection: connection.execute("DROP TABLE IF EXISTS chatwidget_cache"), writes=True)

    async def close(self) -> None:
        """Close the file unless a memory is using it; the next call opens it again."""
        await self._database.close()

    async def _do(self, act: Callable[[sqlite3.Connection], T], *, writes: bool = False) -> T:
        import sqlite3

        def apart(connection: sqlite3.Connection, _: None) -> T | sqlite3.Error:
            # A batch is one transaction: what fails here must not undo what a memory appends beside it.
            connection.execute("SAVEPOINT chatwidget_cache")
            try:
                return act(connection)
            except sqlite3.Error as error:
                connection.execute("ROLLBACK TO chatwidget_cache")
                return error
            finally:
                connection.execute("RELEASE chatwidget_cache")

        answer = await self._database.do(lambda: None, apart, writes=writes)
        if isinstance(answer, sqlite3.Error):
            raise answer
        return answer

    @property
    def _database(self) -> Database:
        # sqlite3 is loaded when a file is first used.
        from chatwidget.memory.database import Database

        if self._file is None:
            self._file = Database.at(self.path)
        return self._file
