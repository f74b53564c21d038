"""Replies kept in Redis."""

from __future__ import annotations

import inspect
import math
from typing import Any

from chatwidget.cache.base import Cache
from chatwidget.errors import ChatWidgetError
from chatwidget.threads import call_in_thread

TIMEOUT = 1.0
_MANY = 500


class RedisCache(Cache):
    """Keep replies in Redis, under keys that begin with `prefix`; `pip install 'chatwidget[redis]'`.

    Takes a URL, or a client of the package redis (`redis.Redis`, or `redis.asyncio.Redis`, to be used on its own loop).
    Where one is made of a URL, Redis has `timeout` seconds to answer; a client has its own. Without a `ttl` Redis keeps
    replies until its own `maxmemory` throws them away. Raises ChatWidgetError where the package is missing, ValueError
    for a wrong URL.

        cache = RedisCache("redis://localhost:6379/0")
    """

    def __init__(self, client: Any, *, prefix: str = "chatwidget:cache", timeout: float = TIMEOUT) -> None:
        self.prefix = prefix
        self._client = _made(client, timeout) if isinstance(client, str) else client

    async def get(self, key: str) -> str | bytes | None:
        """Return an entry; raises what the client raises."""
        entry: str | bytes | None = await self._run("get", self._name(key))
        return entry

    async def set(self, key: str, entry: str, ttl: float | None) -> None:
        """Keep an entry, for `ttl` seconds; raises what the client raises."""
        await self._run("set", self._name(key), entry, px=None if ttl is None else math.ceil(ttl * 1000))

    async def clear(self) -> None:
        """Forget all entries of this prefix."""
        pattern = "".join(f"\\{sign}" if sign in "*?[]^-\\" else sign for sign in self._name("")) + "*"
        cursor: Any = 0
        while True:
            cursor, names = await self._run("scan", cursor, match=pattern, count=_MANY)
            if names:
                await self._run("delete", *names)
            if not int(cursor):
                return

    async def close(self) -> None:
        """Close the client's connections; it makes new ones when it is used again."""
        await self._run("aclose" if hasattr(self._client, "aclose") else "close")

    def _name(self, key: str) -> str:
        return f"{self.prefix}:{key}"

    async def _run(self, command: str, *args: Any, **options: Any) -> Any:
        method = getattr(self._client, command)
        if _blocks(self._client):
            return await call_in_thread(method, *args, **options)
        answer = method(*args, **options)
        return await answer if inspect.isawaitable(answer) else answer


def _blocks(client: Any) -> bool:
    from redis import Redis, RedisCluster

    return isinstance(client, Redis | RedisCluster)


def _made(url: str, timeout: float) -> Any:
    try:
        from redis import Redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry
    except ImportError:
        raise ChatWidgetError("RedisCache needs the package redis: pip install 'chatwidget[redis]'.") from None
    # One that blocks, in threads: it serves any event loop. One retry, for a connection that the other end has closed.
    return Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout, retry=Retry(NoBackoff(), 1))
