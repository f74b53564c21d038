"""Where a chat's messages are kept between runs, and what of them a model is sent.

    memory = TokenWindow(SQLiteMemory("chats.db", chat="ada"), tokens=8_000)

Stores keep messages: `ListMemory`, `JSONLMemory`, `SQLiteMemory`, `RedisMemory`, or a subclass of `Memory` of your own.
Views go around a store or another view and choose what is sent: `LastPairs`, `TokenWindow`, `Summarised`, `Retrieved`.
"""

from __future__ import annotations

from chatwidget.memory.base import Memory, MemoryUnavailable
from chatwidget.memory.jsonl import JSONLMemory
from chatwidget.memory.last_pairs import LastPairs
from chatwidget.memory.list import ListMemory
from chatwidget.memory.reader import Damaged
from chatwidget.memory.redis import RedisMemory
from chatwidget.memory.retrieved import Retrieved
from chatwidget.memory.sqlite import SQLiteMemory
from chatwidget.memory.summarised import Summarised
from chatwidget.memory.token_window import TokenWindow
from chatwidget.memory.view import View

__all__ = [
    "Damaged",
    "JSONLMemory",
    "LastPairs",
    "ListMemory",
    "Memory",
    "MemoryUnavailable",
    "RedisMemory",
    "Retrieved",
    "SQLiteMemory",
    "Summarised",
    "TokenWindow",
    "View",
]
