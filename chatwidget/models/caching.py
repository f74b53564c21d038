"""Any model, not asked again what it has answered before.

    ChatWidget(model=cached("gpt-5"))                                       # as long as this process runs
    ChatWidget(model=cached("gpt-5", SQLiteCache("replies.db")))            # for good
    ChatWidget(model=cached("gpt-5", RedisCache("redis://cache:6379"), ttl=3600))

Kept is what a model ended in order: no errors, nothing that broke off, was stopped, cut by a limit or filtered. Equal
requests at the same time are one request; all who asked hear the reply as it comes.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing
from math import isfinite
from typing import Any, cast

from chatwidget.cache.base import Cache
from chatwidget.cache.memory import MemoryCache
from chatwidget.errors import FormatError
from chatwidget.models import get_model
from chatwidget.models._cache_entry import CacheEntry, is_whole, read_entry, write_entry
from chatwidget.models._cache_keeper import CacheKeeper
from chatwidget.models._flight import Flight, free
from chatwidget.models._request_key import RequestKey, key_of
from chatwidget.models.base import Finish, Model, ModelDelta, ModelRequest, RetryDelta

log = logging.getLogger("chatwidget")

Clock = Callable[[], float]

_of_this_process = MemoryCache()


def cached(
    model: str | Model | None = None, cache: Cache | None = None, *, ttl: float | None = None, clock: Clock = time.time
) -> Model:
    """Make a model that answers as `model` does (a name, a model, or None for the default), and from a cache again.

    A request is the same when the model (class, name, provider, options), the messages as they are sent, tools, options
    and output type are; ids are not looked at. A model of your own, two of which may be called the same and answer
    differently, says so with an attribute `options` or `identity` of plain values. A request with options that JSON
    cannot say is never cached.

    `cache` is a `MemoryCache`, `SQLiteCache`, `RedisCache` or your own `Cache`; None is one for the whole process. One
    that fails costs a warning in the log: the model is asked. A reply is used for `ttl` seconds, None is for good;
    `clock` tells the seconds since 1970. What comes from the cache plays as a stream without its pauses; its `usage` is
    `{"input_tokens": 0, "output_tokens": 0, "cached": True}`.

    Raises TypeError for what is no cache, ValueError for a `ttl` that is no number above 0.
    """
    if cache is not None and not isinstance(cache, Cache):
        raise TypeError(f"{cache!r:.80} is no cache. Give a MemoryCache(), SQLiteCache(path) or RedisCache(url).")
    if ttl is not None and not _is_duration(ttl):
        raise ValueError(f"cached(ttl=...) takes a number of seconds above 0, or None for no end; not {ttl!r:.40}.")
    return CachedModel(get_model(model), _of_this_process if cache is None else cache, ttl, clock)


class CachedModel:
    """Answer from a cache, or ask a model and keep what it says; made by `cached`."""

    def __init__(self, model: Model, cache: Cache, ttl: float | None, clock: Clock) -> None:
        self.model = model
        self.cache = cache
        self.name = model.name
        self.note = f"{model.note} Replies are cached.".strip()
        self.provider = getattr(model, "provider", None)
        self._ttl = ttl
        self._clock = clock
        self._keeper = CacheKeeper.of(cache)
        self._said = False

    def prepare(self) -> None:
        """Let the model make itself ready, where it can."""
        prepare = getattr(self.model, "prepare", None)
        if prepare is not None:
            prepare()

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        """Stream the reply from the cache, from the model, or from a stream that another is hearing right now.

        When that one fails before it said anything, the model is asked once more, by one for all who waited.
        """
        key = key_of(self.model, request)
        if key is None and not self._said:
            self._said = True
            log.warning("requests to %s with options that JSON cannot say are not cached", self.name)
        may_fail = True
        while True:
            flight, mine = self._board(key, request)
            passenger = flight.board()
            heard = False
            try:
                async with aclosing(flight.deltas(passenger)) as deltas:
                    async for delta in deltas:
                        heard = heard or not isinstance(delta, RetryDelta)
                        yield delta
            except Exception:
                if mine or heard or not may_fail:
                    raise
            finally:
                await flight.leave(passenger)
            if mine or heard or not may_fail:
                return
            may_fail = False

    def _board(self, key: RequestKey | None, request: ModelRequest) -> tuple[Flight, bool]:
        """Return the flight to join, and whether it was begun for this request."""
        flights = self._keeper.flights
        if key is not None and key.text in flights:
            return flights[key.text], False

        def landed(flight: Flight) -> None:
            if key is not None and flights.get(key.text) is flight:
                del flights[key.text]

        flight = Flight(self._asked(request) if key is None else self._answer(key, request), landed)
        if key is not None:
            flights[key.text] = flight
        return flight, True

    async def _answer(self, key: RequestKey, request: ModelRequest) -> AsyncGenerator[ModelDelta, None]:
        """Yield the reply as it was kept, or that of the model, which is kept before its `Finish` is yielded."""
        if (entry := await self._found(key)) is not None:
            for delta in entry.deltas:
                yield free(delta) if isinstance(delta, Finish) else delta
            return
        said: list[ModelDelta] = []
        async with aclosing(self._asked(request)) as deltas:
            async for delta in deltas:
                if not isinstance(delta, RetryDelta):
                    said.append(delta)
                if not isinstance(delta, Finish):
                    yield delta
        if is_whole(said):
            # Before the end is told: who has heard it may end the program.
            await self._keep(key, CacheEntry(tuple(said), self._clock()))
        if said and isinstance(said[-1], Finish):
            yield said[-1]

    async def _asked(self, request: ModelRequest) -> AsyncGenerator[ModelDelta, None]:
        """Yield what the model says, up to its `Finish`."""
        async with AsyncExitStack() as stack:
            stream = cast("AsyncGenerator[ModelDelta, None]", self.model.stream(request))
            if hasattr(stream, "aclose"):
                await stack.enter_async_context(aclosing(stream))
            async for delta in stream:
                yield delta
                if isinstance(delta, Finish):
                    return

    async def _found(self, key: RequestKey) -> CacheEntry | None:
        data = await self._keeper.get(key.text)
        if data is None:
            return None
        try:
            entry = read_entry(data, key.text, key.hashes)
        except FormatError as error:
            self._keeper.poisoned(str(error))
            return None
        return None if entry.is_older(self._ttl, self._clock()) else entry

    async def _keep(self, key: RequestKey, entry: CacheEntry) -> None:
        try:
            text = write_entry(key.text, key.hashes, entry)
        except Exception as error:
            # A delta of a class that is not ours, or a usage that JSON cannot say: the reply itself is fine.
            log.warning("a reply of %s cannot be cached: %s: %s", self.name, type(error).__name__, error)
            return
        await self._keeper.set(key.text, text, self._ttl)


def _is_duration(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0 and isfinite(value)
