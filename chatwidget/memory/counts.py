"""Token counts of messages, each counted once for a model."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from chatwidget.messages import Message, Part, ToolResultPart
from chatwidget.tokens import PER_REPLY, TokenCounter

_LIMIT = 100_000

Key = tuple[str, str]


def key_of(message: Message) -> Key:
    """Name a message of a history, where the results of one tool message stand apart under one id."""
    first = message.parts[0] if message.parts else None
    return message.id, first.tool_call_id if isinstance(first, ToolResultPart) else ""


class Counts:
    """Count messages for any model.

    A history is made anew for each request, and some of its messages with it: one counts as known when its parts are
    the very objects that were counted.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counters: dict[str, TokenCounter] = {}
        self._known: dict[tuple[str, Key], tuple[tuple[Part, ...], str | None, int]] = {}

    def total(self, messages: Iterable[Message], model: str) -> int:
        """Return the tokens of messages, without what a request costs besides."""
        return sum(self._count(message, model) for message in messages)

    def _count(self, message: Message, model: str) -> int:
        key = (model, key_of(message))
        known = self._known.get(key)
        if known is not None and _same(known[0], message.parts) and known[1] == message.name:
            return known[2]
        with self._lock:
            if len(self._known) >= _LIMIT:
                self._known, self._counters = {}, {}
            counter = self._counters.setdefault(model, TokenCounter(model))
            count = counter.request([message]) - PER_REPLY
            self._known[key] = (message.parts, message.name, count)
        return count


def _same(some: tuple[Part, ...], others: tuple[Part, ...]) -> bool:
    return some is others or (len(some) == len(others) and all(map(_is, some, others)))


def _is(one: object, other: object) -> bool:
    return one is other
