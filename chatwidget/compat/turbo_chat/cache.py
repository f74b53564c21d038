"""turbo-chat's caches: a `BaseCache` of one's own, in this process, in Redis."""

from __future__ import annotations

from typing import Any

from chatwidget.cache import Cache, MemoryCache
from chatwidget.cache import RedisCache as CoreRedisCache
from chatwidget.compat.turbo_chat.kept import settled

__all__ = ["BaseCache", "RedisCache", "SimpleCache", "to_core_cache"]


class BaseCache:
    """Keep replies; a subclass has `has`, `get`, `set` and `clear`, async or not.

    Keys and values are texts: a key stands for the model, its parameters, the messages and the tools.
    """

    async def setup(self, *_: Any, **fields: Any) -> None:
        """Prepare; given the `cache_args` of the call of the app."""
        vars(self).update(fields)

    def serialize(self, obj: Any) -> Any:
        """Return a value in the form that it is kept in."""
        return obj

    def deserialize(self, hashed: Any) -> Any:
        """Return the value of what was kept."""
        return hashed

    def to_key(self, obj: Any) -> str:
        """Return the key in the form that it is kept under."""
        return str(obj)

    async def has(self, key: Any) -> bool:
        """Tell whether there is a value."""
        return await settled(self.get(key)) is not None

    async def set(self, key: Any, value: Any) -> None:
        """Keep a value."""
        raise NotImplementedError(f"{type(self).__name__} has no `async def set(self, key, value)`.")

    async def get(self, key: Any) -> Any:
        """Return a value."""
        raise NotImplementedError(f"{type(self).__name__} has no `async def get(self, key)`.")

    async def clear(self) -> Any:
        """Forget everything."""
        raise NotImplementedError(f"{type(self).__name__} has no `async def clear(self)`.")


class _Over(BaseCache):
    """A cache over one of this library's."""

    _inner: Cache | None = None

    def _cache(self) -> Cache:
        if self._inner is None:
            self._inner = self._made()
        return self._inner

    def _made(self) -> Cache:
        return MemoryCache()

    async def set(self, key: Any, value: Any) -> None:
        """Keep a value."""
        await self._cache().set(self.to_key(key), self.serialize(value), None)

    async def get(self, key: Any) -> Any:
        """Return a value; None where there is none."""
        found = await self._cache().get(self.to_key(key))
        return None if found is None else self.deserialize(found)

    async def clear(self) -> Any:
        """Forget everything."""
        await self._cache().clear()


class SimpleCache(_Over):
    """Keep replies in this process; the runs of an app share them."""


class RedisCache(_Over):
    """Keep replies in Redis; `cache_args={"client": ..., "prefix": ...}`. `ttl` is in milliseconds, 0 is for good."""

    ttl: int = 0
    client: Any = None
    prefix: str = "turbo_cache"

    async def setup(self, client: Any, prefix: str = "turbo_cache") -> None:
        """Take a client of the package redis, or a URL."""
        self.client, self.prefix, self._inner = client, prefix, None

    async def set(self, key: Any, value: Any) -> None:
        """Keep a value for as long as `ttl` says."""
        await self._cache().set(self.to_key(key), self.serialize(value), self.ttl / 1000 if self.ttl else None)

    def _made(self) -> Cache:
        return CoreRedisCache(self.client, prefix=self.prefix)


class _Adapter(Cache):
    """A `BaseCache` where this library wants a `Cache`; it is set up when it is first used."""

    def __init__(self, cache: BaseCache, fields: dict[str, Any] | None) -> None:
        self.cache = cache
        self._fields = fields

    async def get(self, key: str) -> str | bytes | None:
        """Return an entry, None where there is none."""
        await self._ready()
        if not await settled(self.cache.has(key)):
            return None
        entry: str | bytes | None = await settled(self.cache.get(key))
        return entry

    async def set(self, key: str, entry: str, ttl: float | None) -> None:
        """Keep an entry."""
        await self._ready()
        await settled(self.cache.set(key, entry))

    async def clear(self) -> None:
        """Forget all entries."""
        await settled(self.cache.clear())

    async def _ready(self) -> None:
        if self._fields is not None:
            await settled(self.cache.setup(**self._fields))
            self._fields = None


def to_core_cache(cache: Any, fields: dict[str, Any] | None) -> Cache:
    """Return a cache in this library's own terms; with `fields` it is set up with them first."""
    return cache if isinstance(cache, Cache) else _Adapter(cache, fields)
