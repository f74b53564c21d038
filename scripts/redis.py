"""Find redis-server, or install it where that needs no question; print its path.

    python scripts/redis.py

The tests of RedisMemory use the same `find`. `REDIS_SERVER` names a server of one's own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("redis-server", "valkey-server")
MISSING = (
    "The tests of RedisMemory need a Redis server and found none of: {names}. Install it (Debian, Ubuntu: `sudo "
    "apt-get install redis-server`; Fedora: `sudo dnf install redis`; macOS: `brew install redis`), or set "
    "REDIS_SERVER to the path of a redis-server. Everything else runs without it."
)


def find() -> str | None:
    """Give the path of a redis-server that starts, or None."""
    named = os.environ.get("REDIS_SERVER")
    for name in (named,) if named else NAMES:
        path = shutil.which(name)
        if path and starts(path):
            return path
    return None


def starts(path: str) -> bool:
    """Tell whether it runs at all."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install() -> None:
    """Install Debian's redis-server, where there is apt and nobody must be asked for a password."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return
    print("installing redis-server with apt-get", file=sys.stderr)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ([apt, "update", "-q"], [apt, "install", "-qy", "--no-install-recommends", "redis-server"]):
        if subprocess.run(command, env=environment, stdout=sys.stderr, check=False).returncode:
            return


def find_or_install() -> str | None:
    """Give the path of a redis-server, which may be installed for it; None where that cannot be."""
    if find() is None and "REDIS_SERVER" not in os.environ:
        install()
    return find()


def main() -> int:
    """Print the path of redis-server, or say what to install."""
    path = find_or_install()
    if path is None:
        print(missing(), file=sys.stderr)
        return 1
    print(path)
    return 0


def missing() -> str:
    """Say what to install."""
    return MISSING.format(names=os.environ.get("REDIS_SERVER") or ", ".join(NAMES))


if __name__ == "__main__":
    sys.exit(main())
