"""The arguments of a tool call while a model writes them, as what a tool that streams is given."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any


class Arriving(AsyncIterator[Any]):
    """An async iterator over values that replace each other: it gives the newest, and the final one last.

    Whoever is slower than the model misses values in between, never the final one.
    """

    def __init__(self, *final: Any) -> None:
        self._news = asyncio.Event()
        self._value: Any = None
        self._final = self._ended = False
        if final:
            self.put(final[0], final=True)

    def put(self, value: Any, *, final: bool = False) -> None:
        """Give the next value; after the final one nothing counts."""
        if not self._final:
            self._value, self._final = value, final
            self._news.set()

    async def __anext__(self) -> Any:
        if self._ended:
            raise StopAsyncIteration
        await self._news.wait()
        self._news.clear()
        self._ended = self._final
        return self._value
