"""A cache as this process uses it: never in the way of a reply, whatever it does."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from chatwidget.cache.base import Cache
from chatwidget.models._flight import Flight
from chatwidget.models._secrets import blotted_text
from chatwidget.threads import call_anyhow, text_of

PATIENCE = 5.0
REST = 30.0

log = logging.getLogger("chatwidget")


class CacheKeeper:
    """Ask one cache, for all models that share it.

    A cache that fails, or takes more than `PATIENCE` seconds, is left alone for `REST` seconds; the log has one warning
    until it answers again.
    """

    clock: Callable[[], float] = staticmethod(time.monotonic)

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._away_until: float | None = None
        self._poisoned = False
        # Tasks and events belong to a loop.
        self._flights: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Flight]] = WeakKeyDictionary()

    @classmethod
    def of(cls, cache: Cache) -> CacheKeeper:
        """Return the keeper of a cache, the same each time."""
        keeper: CacheKeeper = vars(cache).setdefault("_keeper", cls(cache))
        return keeper

    @property
    def flights(self) -> dict[str, Flight]:
        """The replies that are on their way on this loop, by key."""
        return self._flights.setdefault(asyncio.get_running_loop(), {})

    async def get(self, key: str) -> Any:
        """Return what the cache has, None also where it cannot say."""
        return await self._asked(self._cache.get, key)

    async def set(self, key: str, entry: str, ttl: float | None) -> None:
        """Put an entry into the cache, if it can be done."""
        await self._asked(self._cache.set, key, entry, ttl)

    def poisoned(self, reason: str) -> None:
        """Say, once for each cache, that an entry could not be read."""
        level = logging.DEBUG if self._poisoned else logging.WARNING
        self._poisoned = True
        kind = type(self._cache).__name__
        log.log(level, "an entry of the cache %s is not used and will be replaced: %s", kind, blotted_text(reason))

    async def _asked(self, function: Callable[..., Any], *args: Any) -> Any:
        if self._away_until is not None and self.clock() < self._away_until:
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await call_anyhow(function, *args)
        except Exception as error:
            self._leave_alone(error)
            return None
        if self._away_until is not None:
            self._away_until = None
            log.info("the cache %s answers again", type(self._cache).__name__)
        return answer

    def _leave_alone(self, error: Exception) -> None:
        first = self._away_until is None
        self._away_until = self.clock() + REST
        if first:
            reason = f"{type(error).__name__}: {text_of(error)}".rstrip(": ")
            sentence = "the cache %s cannot be used, so models are asked: %s"
            log.warning(sentence, type(self._cache).__name__, blotted_text(reason[:500]))
