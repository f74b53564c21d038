"""One memory of each kind, on one place and on several."""

from __future__ import annotations

from pathlib import Path

from chatwidget.memory import JSONLMemory, Memory, SQLiteMemory
from chatwidget.memory.database import Database

FILES = ("jsonl", "sqlite", "sqlite apart")


def on_file(kind: str, folder: Path) -> Memory:
    """Make a memory on a file of the folder; with "apart" it has a connection of its own, as in another process."""
    if kind == "jsonl":
        return JSONLMemory(folder / "chat.jsonl")
    memory = SQLiteMemory(folder / "chats.db")
    if kind == "sqlite apart":
        memory._file = Database(folder / "chats.db")
    return memory
