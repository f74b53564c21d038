"""Where replies of models are kept, so that a model is not asked the same twice.

    ChatWidget(model=cached("gpt-5", SQLiteCache("replies.db"), ttl=86_400))

`MemoryCache` keeps them in this process, `SQLiteCache` in a file, `RedisCache` in Redis; a subclass of `Cache` with
`get` and `set` keeps them where you want.
"""

from __future__ import annotations

from chatwidget.cache.base import Cache
from chatwidget.cache.memory import MemoryCache
from chatwidget.cache.redis import RedisCache
from chatwidget.cache.sqlite import SQLiteCache

__all__ = ["Cache", "MemoryCache", "RedisCache", "SQLiteCache"]
