"""What a cache is: texts by key, any of which may be gone at any time.

Rules for whoever writes one:

1. Keys are 64 hex digits, entries are ASCII; neither says what was asked, but an entry holds what was answered.
2. What is raised, or takes long, costs a warning in the log and a request to the model, never the reply. So raise.
3. An entry is checked when it is used, its age as well: a cache need neither look into it nor throw it away in time.
"""

from __future__ import annotations


class Cache:
    """Keep replies; a subclass with `get` and `set`, async or not, is complete.

    One cache may serve any number of models, sessions and threads. See the rules at the head of this module.

        class Dict(Cache):
            def get(self, key):
                return entries.get(key)

            def set(self, key, entry, ttl):
                entries[key] = entry
    """

    async def get(self, key: str) -> str | bytes | None:
        """Return what is kept under a key, None where nothing is."""
        raise NotImplementedError(f"{type(self).__name__} has no `get(self, key)` that returns an entry or None.")

    async def set(self, key: str, entry: str, ttl: float | None) -> None:
        """Keep an entry in place of any other; after `ttl` seconds it may be thrown away, None: never."""
        raise NotImplementedError(f"{type(self).__name__} has no `set(self, key, entry, ttl)` that keeps an entry.")

    async def clear(self) -> None:
        """Forget everything kept."""
        raise NotImplementedError(f"{type(self).__name__} has no `async def clear(self)` that forgets all entries.")

    async def close(self) -> None:
        """Let go of files and connections; the cache may be used again."""
