"""turbo-chat's memories: `BaseMemory` with defaults that work, so that a subclass overrides what it keeps elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from chatwidget.compat.turbo_chat.messages import BaseMessageCollection, Message, from_core, to_core
from chatwidget.compat.turbo_chat.tokens import get_max_tokens_length
from chatwidget.memory import ListMemory, Memory, Summarised, TokenWindow
from chatwidget.models.base import Model

__all__ = ["BaseMemory", "LocalMemory", "LocalSummarizeMemory", "LocalTruncatedMemory", "MemorySummarization"]
__all__ += ["MemoryTruncation"]

SUMMARISE_FROM = 0.75
"""How full the model's window may get before older messages are summarised: the summary itself takes a request."""


class BaseMemory(BaseMessageCollection):
    """Keep an app's messages and state; in this process unless a subclass does it elsewhere.

    A subclass of the first releases has `init(context)`, `append(item)` and `clear()`, one of the last `setup(...)`,
    `get()`, `extend(items)`, `get_state()` and `set_state(...)`; any of them may be left out. Methods are async.
    """

    model: str | None = None
    messages: list[Message] = []  # noqa: RUF012 - each instance has its own, see __new__
    state: dict[str, Any] = {}  # noqa: RUF012

    def __new__(cls, *_: Any, **__: Any) -> Any:
        """Give the instance its own lists and dicts in place of those of the class."""
        memory = super().__new__(cls)
        for base in reversed(cls.__mro__):
            shared = {name: value for name, value in vars(base).items() if isinstance(value, list | dict | set)}
            memory.__dict__ |= {name: copy(value) for name, value in shared.items() if not name.startswith("__")}
        return memory

    def __init__(self, **fields: Any) -> None:
        vars(self).update(fields)

    async def init(self, context: Any) -> None:
        """Prepare for a run; `context` is the argument of that name, or else the first, the app was called with."""

    async def setup(self, *_: Any, **fields: Any) -> None:
        """Prepare once; given the `memory_args` of the call of the app."""
        vars(self).update(fields)

    async def get(self) -> list[Message]:
        """Return all messages, oldest first."""
        return self.messages

    async def append(self, item: Message) -> None:
        """Keep a message."""
        if type(self).extend is not BaseMemory.extend:
            await self.extend([item])
        else:
            self.messages.append(item)

    async def extend(self, items: Sequence[Message]) -> None:
        """Keep messages."""
        for item in items:
            await self.append(item)

    async def clear(self) -> None:
        """Forget all messages."""
        self.messages.clear()

    async def get_state(self) -> dict[str, Any]:
        """Return the app's state."""
        return self.state

    async def set_state(self, new_state: Mapping[str, Any], merge: bool = False) -> None:
        """Keep a state in place of the one there is, or with `merge` over it."""
        self.state = {**(self.state if merge else {}), **new_state}

    async def prepare_prompt(self, max_tokens: int = 0) -> list[dict[str, Any]]:
        """Return what a model would be sent, leaving `max_tokens` for its reply."""
        messages: Sequence[Any] = [to_core(message) for message in await self.get() or ()]
        window = self.window(self.model or "", max_tokens, None)
        if window is not None:
            messages = await window.view(messages, self.model or "")
        return [dict(from_core(message).dict()) for message in messages]

    def window(self, model: str, max_tokens: int, asked: Model | None) -> Memory | None:
        """Return the view that chooses what a model is sent; None for everything. `asked` writes summaries."""
        return None


class LocalMemory(BaseMemory):
    """Keep messages and state in this process."""


class MemoryTruncation(BaseMemory):
    """Send what fits the model: the first message, the newest, and as many before the newest as there is room for.

    `tokens` is the room, where it is not the model's own window less what its reply may take. For a model whose window
    is not known all is sent.
    """

    tokens: int | None = None

    def room(self, model: str, max_tokens: int) -> int | None:
        """Return how many tokens may be sent; None where that is not known."""
        if self.tokens is not None:
            return self.tokens
        try:
            return max(get_max_tokens_length(model) - max_tokens, 1)
        except ValueError:
            return None

    def window(self, model: str, max_tokens: int, asked: Model | None) -> Memory | None:
        """Return a `TokenWindow` of that size."""
        room = self.room(model, max_tokens)
        return None if room is None else TokenWindow(ListMemory(), room)


class MemorySummarization(MemoryTruncation):
    """Send a summary in place of the older messages, once they fill three quarters of the room."""

    def window(self, model: str, max_tokens: int, asked: Model | None) -> Memory | None:
        """Return a `Summarised` view that the app's own model writes the summaries of."""
        room = self.room(model, max_tokens)
        if room is None or (asked is None and not model):
            return None
        return Summarised(ListMemory(), asked or model, above=max(int(room * SUMMARISE_FROM), 1))


class LocalTruncatedMemory(MemoryTruncation, LocalMemory):
    """A `LocalMemory` of which only what fits is sent."""


class LocalSummarizeMemory(MemorySummarization, LocalMemory):
    """A `LocalMemory` of which the older part is sent as a summary."""
