"""Messages kept in this process."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from chatwidget.memory.base import Memory
from chatwidget.messages import Message


class ListMemory(Memory):
    """Keep messages in this process for as long as it lives, as they are (`live` ones stay live).

    Sessions on any thread may share it.
    """

    def __init__(self, messages: Iterable[Message] = ()) -> None:
        self._lock = threading.Lock()
        self._messages: list[Message] = []
        self._places: dict[str, int] = {}
        self._add(messages)

    async def load(self) -> Sequence[Message]:
        """Return everything kept, oldest first."""
        return await self.since(None)

    async def append(self, messages: Sequence[Message]) -> None:
        """Keep messages behind all others, those with a known id excepted."""
        self._add(messages)

    async def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._messages, self._places = [], {}

    async def since(self, message_id: str | None) -> Sequence[Message]:
        """Return what was kept behind a message; its cost is that of what it returns."""
        with self._lock:
            start = 0 if message_id is None else self._places.get(message_id, -1) + 1
            return tuple(self._messages[start:])

    def _add(self, messages: Iterable[Message]) -> None:
        with self._lock:
            for message in messages:
                if message.id not in self._places:
                    self._places[message.id] = len(self._messages)
                    self._messages.append(message)
