"""What every view is: a memory around another."""

from __future__ import annotations

from collections.abc import Sequence

from chatwidget.errors import AppError
from chatwidget.memory.base import Memory
from chatwidget.messages import Message


class View(Memory):
    """Choose what a model is sent, and leave keeping messages to the memory inside; a subclass overrides `view`.

    Views may be put around views; the innermost chooses first. They never lose a system message, nor the newest
    message, and never part a tool call from its results.
    """

    def __init__(self, memory: Memory) -> None:
        if not isinstance(memory, Memory):
            name = type(self).__name__
            cure = f"the memory it goes around comes first, as in `{name}(ListMemory(), ...)`"
            raise AppError(f"{name}({memory!r:.80}, ...) is given no memory: {cure}.")
        self.memory = memory

    async def load(self) -> Sequence[Message]:
        """Return everything kept, oldest first."""
        return await self.memory.load()

    async def append(self, messages: Sequence[Message]) -> None:
        """Keep messages in the memory inside."""
        await self.memory.append(messages)

    async def clear(self) -> None:
        """Forget everything kept."""
        await self.memory.clear()

    async def since(self, message_id: str | None) -> Sequence[Message]:
        """Return what was kept behind a message."""
        return await self.memory.since(message_id)

    async def view(self, messages: Sequence[Message], model: str) -> Sequence[Message]:
        """Return what the memory inside would send."""
        return await self.memory.view(messages, model)

    async def close(self) -> None:
        """Close the memory inside."""
        await self.memory.close()
