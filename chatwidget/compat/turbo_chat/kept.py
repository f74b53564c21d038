"""A `BaseMemory` in the place of this library's `Memory`.

Rules:

1. Messages reach it one by one, as they are said, so that an app that looks into its memory finds them there. What it
   did not take is offered again at the end of the turn; then the person is told if it fails.
2. A store that keeps role and content only, and not the objects it was given, is read once a run: later its messages
   could not be told from those of the run.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chatwidget import messages as core
from chatwidget.compat.turbo_chat.memory import BaseMemory
from chatwidget.compat.turbo_chat.messages import Message, from_core, from_dict, to_core
from chatwidget.errors import AppError
from chatwidget.history import as_messages
from chatwidget.memory import Memory
from chatwidget.models.base import Model

log = logging.getLogger("chatwidget")

_SET_UP = "_chatwidget_set_up"


class Kept(Memory):
    """One run's way to a `BaseMemory`; `reserved` tokens are left for the reply."""

    def __init__(self, memory: BaseMemory, fields: Mapping[str, Any], argument: Any = None, reserved: int = 0) -> None:
        self.memory = memory
        self.ask: Callable[[], Model] | None = None
        self._fields = fields
        self._argument = argument
        self._reserved = reserved
        self._known: set[str] = set()
        self._ready = self._read = False
        self._windows: dict[str, Memory | None] = {}

    async def ready(self) -> None:
        """Let the memory prepare, once."""
        if self._ready:
            return
        if self._fields or not getattr(self.memory, _SET_UP, False):
            await settled(self.memory.setup(**self._fields))
            vars(self.memory)[_SET_UP] = True
        await settled(self.memory.init(self._argument))
        self._ready = True

    async def load(self) -> Sequence[core.Message]:
        """Return everything kept, oldest first."""
        await self.ready()
        items = [_old(item) for item in await settled(self.memory.get()) or ()]
        return [to_core(item) if item.message is None else item.message for item in items if item.role != "tool"]

    async def since(self, message_id: str | None) -> Sequence[core.Message]:
        """Return what was kept behind a message; of a store that keeps no ids, everything at first, then nothing."""
        await self.ready()
        items = [_old(item) for item in await settled(self.memory.get()) or ()]
        if all(item.message is not None for item in items):
            found = await super().since(message_id)
        else:
            found = [] if self._read else await self.load()
        self._read = True
        self._known.update(message.id for message in found)
        return found

    async def append(self, messages: Sequence[core.Message]) -> None:
        """Keep what is not kept yet, and is part of what a model is sent."""
        await self.ready()
        new = [message for message in messages if not (message.off_record or message.scope)]
        await self._add(new)

    async def note(self, messages: Sequence[core.Message]) -> None:
        """Keep what was just said; a failure is told at the end of the turn."""
        try:
            await self.ready()
            await self._add(messages)
        except Exception:
            log.debug("%s did not take a message", type(self.memory).__name__, exc_info=True)

    async def clear(self) -> None:
        """Forget everything kept."""
        await settled(self.memory.clear())

    async def view(self, messages: Sequence[core.Message], model: str) -> Sequence[core.Message]:
        """Return what the memory chooses to send."""
        if type(self.memory).prepare_prompt is not BaseMemory.prepare_prompt:
            return as_messages(await settled(self.memory.prepare_prompt(self._reserved)))
        if model not in self._windows:
            asked = None if self.ask is None else self.ask()
            self._windows[model] = self.memory.window(model, self._reserved, asked)
        window = self._windows[model]
        return messages if window is None else await window.view(messages, model)

    async def close(self) -> None:
        """Stop what is being written."""
        for window in self._windows.values():
            if window is not None:
                await window.close()

    async def _add(self, messages: Sequence[core.Message]) -> None:
        new = [message for message in messages if message.id not in self._known]
        if not new:
            return
        if type(self.memory).extend is not BaseMemory.extend:
            await settled(self.memory.extend([from_core(message) for message in new]))
            self._known.update(message.id for message in new)
            return
        for message in new:
            await settled(self.memory.append(from_core(message)))
            self._known.add(message.id)


async def settled(value: Any) -> Any:
    """Return a value, awaited where it is to be: somebody's method may be async or not."""
    return await value if inspect.isawaitable(value) else value


def checked_fields(made: Callable[..., Any], setup: Callable[..., Any], fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the arguments of a `setup`; raises AppError that names what is missing or not taken."""
    try:
        inspect.signature(setup).bind(None, **fields)
    except TypeError as error:
        name = getattr(made, "__name__", type(made).__name__)
        raise AppError(f"{name}.setup() cannot be called: {error}. Give memory_args= or cache_args=.") from None
    return fields


def _old(item: Any) -> Message:
    if isinstance(item, Message):
        return item
    return from_dict(item) if isinstance(item, Mapping) else from_core(item)
