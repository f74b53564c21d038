"""Messages kept in an SQLite file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chatwidget.memory.base import Memory, chat_name
from chatwidget.memory.reader import Damaged, Reader, Record, records, settled
from chatwidget.messages import Message, clean_text
from chatwidget.threads import call_in_thread

if TYPE_CHECKING:
    import sqlite3

    from chatwidget.memory.database import Database

_INSERT = "INSERT OR IGNORE INTO chatwidget_messages (chat, id, json) VALUES (?, ?, ?)"
_SINCE = """
SELECT number, json FROM chatwidget_messages
WHERE chat = ?1 AND number > coalesce((SELECT number FROM chatwidget_messages WHERE chat = ?1 AND id = ?2), 0)
ORDER BY number
"""
_CLEAR = "DELETE FROM chatwidget_messages WHERE chat = ?"


class SQLiteMemory(Memory):
    """Keep a chat's messages in an SQLite file (WAL, synced at each commit), which may hold many chats.

    Appends that wait at the same time share a commit, those of other memories on the file included. Other processes
    may use the file as well. `~` in the path is your home; the file is made when first needed.

        memory = SQLiteMemory("~/chats.db", chat="ada")
    """

    def __init__(self, path: str | Path, chat: str = "default") -> None:
        if str(path) in ("", ":memory:"):
            raise ValueError(
                f"SQLiteMemory({str(path)!r}) would be forgotten at once; use ListMemory(), or a file's path."
            )
        self.path = Path(path).expanduser()
        self.chat = chat_name(chat, self)
        self._reader = Reader()
        self._file: Database | None = None

    @property
    def damaged(self) -> tuple[Damaged, ...]:
        """The rows that could not be read; they stay where they are."""
        return self._reader.damaged

    async def load(self) -> Sequence[Message]:
        """Return everything kept, oldest first; raises `MemoryUnavailable`."""
        return await self.since(None)

    async def append(self, messages: Sequence[Message]) -> None:
        """Keep messages behind all others, those with a known id excepted; on return they are on the disk.

        Raises `MemoryUnavailable`, or `FormatError` for a message that JSON cannot say; then none of them is kept.
        """
        kept = settled(messages)

        def insert(connection: sqlite3.Connection, rows: list[Record]) -> None:
            connection.executemany(_INSERT, [(self.chat, *row) for row in rows])

        await self._database.do(lambda: records(kept), insert, writes=True)

    async def clear(self) -> None:
        """Forget this chat's messages; other chats of the file stay."""

        def delete(connection: sqlite3.Connection, _: object) -> None:
            connection.execute(_CLEAR, (self.chat,))

        await self._database.do(lambda: None, delete, writes=True)

    async def since(self, message_id: str | None) -> Sequence[Message]:
        """Return what was kept behind a message; its cost is that of what it returns."""
        after = None if message_id is None else clean_text(message_id)

        def select(connection: sqlite3.Connection, _: object) -> list[tuple[int, object]]:
            return connection.execute(_SINCE, (self.chat, after)).fetchall()

        rows = await self._database.do(lambda: None, select)
        return await call_in_thread(self._read, rows) if rows else ()

    async def close(self) -> None:
        """Close the file unless another memory is using it; the next call opens it again."""
        await self._database.close()

    @property
    def _database(self) -> Database:
        if self._file is None:
            # sqlite3 is loaded when a file is first used.
            from chatwidget.memory.database import Database

            self._file = Database.at(self.path)
        return self._file

    def _read(self, rows: list[tuple[int, object]]) -> list[Message]:
        # What is no text was put there by somebody else: SQLite lets any value into any column.
        lines = [(number, line if isinstance(line, bytes) else repr(line)) for number, line in rows]
        return self._reader.read((f"{self.path.name}, row {number}", line) for number, line in lines)
