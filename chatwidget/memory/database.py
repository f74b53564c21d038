"""One SQLite file and the thread that works on it.

All memories of this process on one file share one `Database`, so that they share its commits. Other processes are
kept out by SQLite's own locks while a commit is made, for at most `PATIENCE` seconds.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, TypeVar
from weakref import WeakValueDictionary

from chatwidget.memory.base import MemoryUnavailable, held_by_another
from chatwidget.memory.worker import Worker

PATIENCE = 10.0
_PAUSE = 0.01

P = TypeVar("P")
R = TypeVar("R")

# AUTOINCREMENT: the number of a message that was cleared is never given again.
SCHEMA = """
CREATE TABLE IF NOT EXISTS chatwidget_messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    chat TEXT NOT NULL,
    id TEXT NOT NULL,
    json TEXT NOT NULL,
    UNIQUE (chat, id)
);
CREATE INDEX IF NOT EXISTS chatwidget_messages_chat ON chatwidget_messages (chat);
"""


class Database:
    """An SQLite file in WAL mode, synced at each commit; it is open only while it is used."""

    _known: ClassVar[WeakValueDictionary[Path, Database]] = WeakValueDictionary()

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._worker = Worker(f"database {path.name}", self._batch, self._rest)

    @classmethod
    def at(cls, path: Path) -> Database:
        """Return this process's database of a file."""
        path = path.expanduser().resolve()
        database = cls._known.get(path)
        if database is None:
            database = cls._known[path] = cls(path)
        return database

    async def do(
        self, prepare: Callable[[], P], act: Callable[[sqlite3.Connection, P], R], *, writes: bool = False
    ) -> R:
        """Do something in a transaction, which is committed when this returns; raises `MemoryUnavailable`."""
        return await self._worker.do(prepare, act, writes=writes)

    async def close(self) -> None:
        """Close the file unless it is in use; the next job opens it again."""
        await self._worker.close()

    @contextmanager
    def _batch(self, writes: bool) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._opened()
            _patiently(connection, "BEGIN IMMEDIATE" if writes else "BEGIN")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            self._rest()
            raise MemoryUnavailable(self._sentence(error)) from error

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            # Each thread of the worker opens its own; `isolation_level=None`: transactions begin where we say.
            connection = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
            connection.text_factory = bytes  # text that is no UTF-8 must not hide the rows beside it
            try:
                _patiently(connection, "PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=FULL")
                _patiently(connection, "BEGIN IMMEDIATE")
                for statement in SCHEMA.strip().rstrip(";").split(";"):
                    connection.execute(statement)
                connection.execute("COMMIT")
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _rest(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _sentence(self, error: sqlite3.Error) -> str:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith("SQLITE_BUSY"):
            return held_by_another(self.path, PATIENCE)
        if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
            return f"{self.path} is no SQLite database, or a damaged one: move it away, or choose another path."
        if name.startswith("SQLITE_CANTOPEN"):
            lacking = "" if self.path.parent.is_dir() else f": there is no folder {self.path.parent}"
            return f"{self.path} cannot be opened{lacking}. Choose a path where files can be made."
        return f"{self.path} cannot be used: {error}."


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    """Execute what must wait for other processes: for some locks SQLite's own busy timeout does not."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute(statement)
            return
        except sqlite3.OperationalError as error:
            if not getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY") or time.monotonic() > deadline:
                raise
        time.sleep(_PAUSE)
