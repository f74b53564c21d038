"""Plain handlers: a function of the messages, used as a model.

`def answer(messages)` may be sync or async, return or yield. A yielded `str` is a delta; a returned `str` is the
whole reply; None adds nothing; a `Message`'s parts are taken over. Sync handlers run in a thread of their own, so that
one that blocks holds up neither the screen nor Stop.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from typing import Any

from chatwidget.apps import App
from chatwidget.errors import AppError
from chatwidget.handler_calls import handler_items
from chatwidget.messages import Message, ReasoningPart, TextPart, ToolCallPart
from chatwidget.models.base import Finish, ModelDelta, ModelRequest, ReasoningDelta, TextDelta, ToolCallDelta


def is_handler(value: object) -> bool:
    """Whether `value` is a function that takes the messages: callable with exactly one argument."""
    if inspect.isclass(value) or isinstance(value, App) or not callable(value):
        return False
    try:
        parameters = list(inspect.signature(value).parameters.values())
    except (TypeError, ValueError):
        return False
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = [p for p in parameters if p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    return bool(positional) and len(needed) <= 1 and all(p in positional for p in needed)


class HandlerModel:
    """A handler function behind the `Model` protocol."""

    NOTE = "your own function"

    def __init__(self, handler: Callable[[list[Message]], Any]) -> None:
        self.handler = handler
        self.name = str(getattr(handler, "__name__", "handler"))
        self.note = self.NOTE

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        """Call the handler with the history and stream what it gives."""
        async with aclosing(handler_items(self.handler, list(request.messages))) as items:
            async for item, _ in items:
                for delta in self._deltas(item):
                    yield delta
        yield Finish()

    def _deltas(self, item: Any) -> Iterator[ModelDelta]:
        if item is None:
            return
        if isinstance(item, str):
            yield TextDelta(item)
        elif isinstance(item, Message):
            yield from _message_deltas(item)
        elif isinstance(item, TextDelta | ReasoningDelta | ToolCallDelta):
            yield item
        else:
            raise AppError(
                f"{self.name} gave {item!r:.80}. A handler returns or yields text (str), a Message, or None."
            )


def _message_deltas(message: Message) -> Iterator[ModelDelta]:
    for index, part in enumerate(message.parts):
        if isinstance(part, TextPart):
            yield TextDelta(part.text)
        elif isinstance(part, ReasoningPart):
            yield ReasoningDelta(part.text)
        elif isinstance(part, ToolCallPart):
            yield ToolCallDelta(index, part.id, part.name, part.arguments)
        else:
            raise AppError(
                f"A handler's Message holds text, reasoning and tool calls; this one has a part of type {part.type}. "
                "Write an @app and yield the message there."
            )
