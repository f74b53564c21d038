"""An endpoint on loopback that AgenTools programs are pointed at, and what it answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.wire.server import DONE, STOP, WireServer, call, delta, say


def told(text: str) -> bytes:
    """A reply in words, in several chunks."""
    return b"".join(say(text[start : start + 7]) for start in range(0, len(text), 7)) + STOP + DONE


def calls(name: str, call_id: str = "call_1", **arguments: Any) -> bytes:
    """A reply that calls a tool, its arguments in several chunks."""
    text = json.dumps(arguments)
    pieces = [call(index=0, arguments=text[start : start + 5]) for start in range(0, len(text), 5)]
    begin = call(index=0, id=call_id, type="function", name=name, arguments="")
    return begin + b"".join(pieces) + delta("tool_calls") + DONE


@pytest.fixture
async def endpoint(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WireServer]:
    """A server that stands in OpenAI's place for models of OpenAI's names."""
    async with WireServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
        yield server
