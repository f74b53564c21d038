"""What every test gets: reproducible properties, the order slow things come in, and no way out to the network."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# Wall-clock limits have no place in tests; CI runs the same examples each time.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

SLOW = ("wire", "kernel", "packaging", "browser")
_refused: list[str] = []


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host in ("", "localhost") or host.endswith(".localhost")


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what leaves this machine: an audit hook sees every thread and every library that uses Python's sockets."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else ""  # a str or bytes is a Unix socket
    elif event == "socket.getaddrinfo":
        host = arguments[0] or ""
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if not _is_loopback(host):
        _refused.append(f"{event} {host}")
        raise PermissionError(f"tests talk to loopback only, not to {host!r}")


sys.addaudithook(_guard)


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """Fail the test that tried, even where the code under test swallowed the refusal."""
    _refused.clear()
    yield
    assert not _refused, f"this test tried to leave the machine: {', '.join(_refused)}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their folder, and run the quick ones first: a failure there is the one to read."""
    for item in items:
        if item.path.parent.name in SLOW:
            item.add_marker(item.path.parent.name)
    items.sort(key=_slowness)


def _slowness(item: pytest.Item) -> int:
    return max((1 + SLOW.index(mark.name) for mark in item.iter_markers() if mark.name in SLOW), default=0)
