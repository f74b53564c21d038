"""Find redis-server, or install it where that needs no question; print its path.

    python -m scripts.redis

The tests of RedisMemory use the same `find`. `REDIS_SERVER` names a server of one's own.
"""

from __future__ import annotations

import sys

from scripts.program import Program

REDIS = Program(
    ("redis-server", "valkey-server"),
    "REDIS_SERVER",
    "redis-server",
    "The tests of RedisMemory need a Redis server and found none of: {names}. Install it (Debian, Ubuntu: `sudo "
    "apt-get install redis-server`; Fedora: `sudo dnf install redis`; macOS: `brew install redis`), or set "
    "REDIS_SERVER to the path of a redis-server. Everything else runs without it.",
)
find, find_or_install, main, missing = REDIS.find, REDIS.find_or_install, REDIS.main, REDIS.missing

if __name__ == "__main__":
    sys.exit(main())
