"""An assistant whose answers are objects."""

from __future__ import annotations

import functools
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any, Generic, TypeVar

from chatwidget.compat.agentools.assistant import (
    Prompt,
    StructCreatedEvent,
    StructFailedEvent,
    StructPartialEvent,
    format_event,
)
from chatwidget.compat.agentools.chatgpt import ChatGPT
from chatwidget.compat.agentools.histories import MessageHistory
from chatwidget.compat.agentools.turn import Turn
from chatwidget.models.base import Model
from chatwidget.output_attempts import OutputAttempts
from chatwidget.output_type import OutputType
from chatwidget.threads import call_anyhow

log = logging.getLogger("chatwidget")

S = TypeVar("S")


class StructGPT(ChatGPT, Generic[S]):
    """An assistant that answers each prompt with an object of `struct`, and remembers none.

    `struct` is a pydantic model, or whatever else an `OutputType` is made of; the model is told its docstring, and
    `tool_name` in place of its name. `on_preview` is called with the fields so far, as keywords, while the object is
    being written. `messages` is what each prompt begins with.
    """

    DEFAULT_ATTEMPTS = 5
    StructCreatedEvent = StructCreatedEvent
    StructFailedEvent = StructFailedEvent
    StructPartialEvent = StructPartialEvent

    def __init__(
        self,
        struct: type[S],
        model: str | Model | None = None,
        tool_name: str | None = None,
        on_preview: Callable[..., Any] | None = None,
        messages: MessageHistory | None = None,
    ) -> None:
        super().__init__(messages, model=model)
        self.struct = struct
        self.on_preview = on_preview
        self._type: OutputType[S] = OutputType(struct, name=tool_name)

    async def __call__(  # type: ignore[override]
        self,
        prompt: Prompt,
        max_attempts: int | None = None,
        model: str | Model | None = None,
        event_logger: Callable[[str], object] | None = None,
        **openai_kwargs: Any,
    ) -> S:
        """Answer a prompt with an object.

        A reply that is none goes back to the model with what is wrong, `max_attempts` times in all; then `OutputError`
        holds the last text.
        """
        if self.on_preview is not None:
            openai_kwargs.setdefault("stream", True)
        events = self._struct_events(prompt, max_attempts, model, event_logger, openai_kwargs)
        made: list[S] = []
        async with aclosing(events):
            async for event in events:
                if isinstance(event, StructPartialEvent):
                    await self._preview(event.result)
                elif isinstance(event, StructCreatedEvent):
                    made.append(event.result)
        return made[-1]

    async def stream_json(
        self,
        prompt: Prompt,
        max_attempts: int | None = None,
        model: str | Model | None = None,
        event_logger: Callable[[str], object] | None = None,
        **openai_kwargs: Any,
    ) -> AsyncGenerator[dict[str, Any], None]:
        """Give the object while it is being written, as dicts of the fields that are there; the last one is whole."""
        events = self._struct_events(prompt, max_attempts, model, event_logger, {**openai_kwargs, "stream": True})
        last: dict[str, Any] = {}
        async with aclosing(events):
            async for event in events:
                if isinstance(event, StructPartialEvent | StructCreatedEvent):
                    now = fields_of(event.result)
                    if now and now != last:
                        last = now
                        yield now

    async def _struct_events(
        self, prompt: Prompt, max_attempts: int | None, model: Any, event_logger: Any, kwargs: dict[str, Any]
    ) -> AsyncGenerator[Any, None]:
        attempts = self.DEFAULT_ATTEMPTS if max_attempts is None else max_attempts
        async with aclosing(self.response_events(prompt, None, None, model, attempts, **kwargs)) as events:
            async for event in events:
                if event_logger is not None:
                    event_logger(format_event(event))
                yield event

    async def _preview(self, so_far: Any) -> None:
        if self.on_preview is not None:
            try:
                await call_anyhow(functools.partial(self.on_preview, **fields_of(so_far)))
            except Exception:
                log.warning("the preview of %s failed", self._type.name, exc_info=True)

    async def _before(self, history: MessageHistory) -> None:
        await history.reset()

    def _attempts(self, turn: Turn) -> OutputAttempts:
        return OutputAttempts(self._type, turn.max_calls)


def fields_of(value: Any) -> dict[str, Any]:
    """Return the fields of an object that are there, as plain data; an object without fields as `{"value": ...}`."""
    plain = _plain(value)
    return plain if isinstance(plain, dict) else {} if plain is None else {"value": plain}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    names = getattr(type(value), "model_fields", None) or getattr(value, "__dataclass_fields__", None)
    if names is None:
        return value
    return {name: _plain(item) for name in names if (item := getattr(value, name, None)) is not None}
