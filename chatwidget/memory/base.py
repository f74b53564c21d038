"""What a memory is.

Rules for whoever writes one:

1. `append` returns when the messages are kept for good: after that, killing the process loses none of them. Where it
   raises, they may or may not be kept, and the caller may append them again.
2. A message whose id is kept already is not kept twice.
3. The order is the order in which appends were acknowledged, whoever made them.
4. Nothing blocks the event loop, and nothing waits for ever: what does not answer raises `MemoryUnavailable`.
5. Stores that write messages down keep a `live` message with the text it has at that moment. Leaving it out would
   leave the messages after it without their parent; when the app runs again, its newer message takes the place.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chatwidget.errors import AppError, MemoryUnavailable
from chatwidget.messages import Message, clean_text

__all__ = ["Memory", "MemoryUnavailable", "as_memory", "chat_name", "held_by_another"]


def held_by_another(path: Path, seconds: float) -> str:
    """Say that another program does not let go of a file."""
    return f"Another program has held {path} for {seconds:g} seconds; close it there, then try again."


class Memory:
    """Keep messages; a subclass with `load`, `append` and `clear` is complete.

    See the rules at the head of this module. One memory may serve several sessions, which then see each other's
    messages.

        class Notes(Memory):
            async def load(self):
                return list(notes)

            async def append(self, messages):
                notes.extend(messages)

            async def clear(self):
                notes.clear()
    """

    async def load(self) -> Sequence[Message]:
        """Return everything kept, oldest first; parent ids may make a tree of it.

        Raises `MemoryUnavailable`. A single message that cannot be read is reported in the log and left out.
        """
        raise NotImplementedError(f"{type(self).__name__} has no `async def load(self)` that returns all messages.")

    async def append(self, messages: Sequence[Message]) -> None:
        """Keep messages behind all others, those with a known id excepted; on return they are safe.

        Raises `MemoryUnavailable`, or `FormatError` for a message that JSON cannot say; then it may be called again.
        """
        raise NotImplementedError(f"{type(self).__name__} has no `async def append(self, messages)` that keeps them.")

    async def clear(self) -> None:
        """Forget everything kept, for all who use it."""
        raise NotImplementedError(f"{type(self).__name__} has no `async def clear(self)` that forgets all messages.")

    async def since(self, message_id: str | None) -> Sequence[Message]:
        """Return what was kept behind a message; everything for None and for an id that is not there (any more).

        To follow a memory that others write to, give the last id that `load` or `since` returned, not that of a
        message appended meanwhile: somebody else's may stand before it. One's own messages come back as well.
        """
        messages = await self.load()
        places = [place for place, message in enumerate(messages) if message.id == message_id]
        return messages[places[-1] + 1 :] if places else messages

    async def view(self, messages: Sequence[Message], model: str) -> Sequence[Message]:
        """Return what the model of that name is sent of a valid history, which stays valid; here all of it."""
        return messages

    async def close(self) -> None:
        """Let go of files and connections; the memory may be used again."""


def as_memory(value: Any) -> Memory | None:
    """Return what was passed as `memory=`, if it is a memory or None; else raise AppError, which says what to pass."""
    if value is None or isinstance(value, Memory):
        return value
    if isinstance(value, str | Path):
        cure = f'pass `SQLiteMemory("{value}")`, or another memory'
    elif isinstance(value, type) and issubclass(value, Memory):
        cure = f'pass an object of the class, as in `memory={value.__name__}(...)`; for a file, `SQLiteMemory("x.db")`'
    else:
        cure = 'pass one such as `SQLiteMemory("x.db")`, or an object of your own subclass of `Memory`'
    shown = value.__name__ if isinstance(value, type) else repr(value)
    raise AppError(f"memory={shown:.80} is no memory: {cure}.")


def chat_name(chat: Any, memory: Memory) -> str:
    """Return the name of a chat as it is stored; raises AppError for what is no text."""
    if not isinstance(chat, str):
        cure = 'name it with a text, as in chat="ada", or leave it out'
        raise AppError(f"{type(memory).__name__}(chat={chat!r:.80}) does not name a chat: {cure}.")
    return clean_text(chat)
