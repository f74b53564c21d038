"""Messages kept in Redis."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from chatwidget.memory.base import Memory, MemoryUnavailable, chat_name
from chatwidget.memory.reader import Damaged, Reader, records, settled
from chatwidget.messages import Message, clean_text
from chatwidget.threads import call_in_thread, text_of

TIMEOUT = 5.0

# A list has the messages, a hash the place of each id in it. Scripts, so that both change together and a retry after
# a lost answer keeps nothing twice.
_APPEND = """
for i = 1, #ARGV, 2 do
  if redis.call('HSETNX', KEYS[2], ARGV[i], redis.call('LLEN', KEYS[1])) == 1 then
    redis.call('RPUSH', KEYS[1], ARGV[i + 1])
  end
end
"""
_SINCE = """
local place = redis.call('HGET', KEYS[2], ARGV[1])
local first = place and place + 1 or 0
return {first, redis.call('LRANGE', KEYS[1], first, -1)}
"""
_CLEAR = "redis.call('DEL', KEYS[1], KEYS[2])"


class RedisMemory(Memory):
    """Keep a chat's messages in Redis, under keys that begin with `prefix`.

    Takes a URL, or a client of the package redis (`redis.asyncio.Redis`, to be used on its own loop, or `redis.Redis`).
    Redis that does not answer within `timeout` seconds raises `MemoryUnavailable`; when it is back, so is the memory.
    Whether messages survive a crash of Redis itself depends on its settings (`appendonly`).

        memory = RedisMemory("redis://localhost:6379/0", chat="ada")    # pip install 'chatwidget[redis]'
    """

    def __init__(
        self, client: Any, chat: str = "default", *, prefix: str = "chatwidget", timeout: float = TIMEOUT
    ) -> None:
        self.chat = chat_name(chat, self)
        self.timeout = timeout
        self._url = client if isinstance(client, str) else None
        self._given = None if isinstance(client, str) else client
        # The braces keep both keys on one node of a cluster.
        name = f"{prefix}:{{{self.chat}}}"
        self._keys = (f"{name}:messages", f"{name}:ids")
        self._reader = Reader()
        # A connection belongs to the loop it was made on.
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Any] = WeakKeyDictionary()
        if self._url is not None:
            _made(self._url, timeout)  # a wrong URL is told now, as is a missing package

    @property
    def damaged(self) -> tuple[Damaged, ...]:
        """The entries that could not be read; they stay where they are."""
        return self._reader.damaged

    async def load(self) -> Sequence[Message]:
        """Return everything kept, oldest first; raises `MemoryUnavailable`."""
        return await self.since(None)

    async def append(self, messages: Sequence[Message]) -> None:
        """Keep messages behind all others, those with a known id excepted; on return Redis has them.

        Raises `MemoryUnavailable`, or `FormatError` for a message that JSON cannot say; then none of them is kept.
        """
        if lines := await call_in_thread(records, settled(messages)):
            await self._run(_APPEND, *(text for line in lines for text in line))

    async def clear(self) -> None:
        """Forget this chat's messages."""
        await self._run(_CLEAR)

    async def since(self, message_id: str | None) -> Sequence[Message]:
        """Return what was kept behind a message; its cost is that of what it returns."""
        # No id is empty: what Redis does not find, it returns all for.
        first, lines = await self._run(_SINCE, clean_text(message_id or ""))
        named = [(f"{self._keys[0]}, entry {place}", line) for place, line in enumerate(lines, int(first))]
        return await call_in_thread(self._reader.read, named) if named else ()

    async def close(self) -> None:
        """Close the connections of this loop that the memory made; the next call makes new ones."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.aclose()

    async def _run(self, script: str, *values: str) -> Any:
        from redis.exceptions import RedisError

        try:
            async with asyncio.timeout(self.timeout):
                return await self._eval(script, *values)
        except TimeoutError as error:
            raise self._unavailable(f"it did not answer within {self.timeout:g} seconds") from error
        except (RedisError, OSError) as error:
            raise self._unavailable(text_of(error).rstrip(".") or type(error).__name__) from error

    async def _eval(self, script: str, *values: str) -> Any:
        from redis import Redis

        client = self._client()
        encoded = [value.encode() for value in values]
        if isinstance(client, Redis):
            return await call_in_thread(client.eval, script, len(self._keys), *self._keys, *encoded)
        answer = client.eval(script, len(self._keys), *self._keys, *encoded)
        return await answer if inspect.isawaitable(answer) else answer

    def _client(self) -> Any:
        if self._url is None:
            return self._given
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            self._clients[loop] = _made(self._url, self.timeout)
        return self._clients[loop]

    def _unavailable(self, reason: str) -> MemoryUnavailable:
        place = _place(self._client())
        return MemoryUnavailable(f"Redis at {place} cannot be used: {reason}. Look whether it runs there.")


def _made(url: str, timeout: float) -> Any:
    try:
        from redis.asyncio import Redis
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff
    except ImportError:
        raise MemoryUnavailable("RedisMemory needs the package redis: pip install 'chatwidget[redis]'.") from None
    # One retry: a connection that lay idle may have been closed by the other end.
    return Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout, retry=Retry(NoBackoff(), 1))


def _place(client: Any) -> str:
    """Return where Redis is, without user and password."""
    told = getattr(getattr(client, "connection_pool", None), "connection_kwargs", {})
    return str(told.get("path") or f"{told.get('host', 'localhost')}:{told.get('port', 6379)}")
