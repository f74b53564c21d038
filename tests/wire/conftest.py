"""A server under full control, and models that talk to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from chatwidget.models import _retry
from chatwidget.models.openai import OpenAIModel
from tests.wire.server import WireServer


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(autouse=True)
def short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_retry, "FIRST_DELAY", 0.001)


@pytest.fixture
async def wire() -> AsyncIterator[WireServer]:
    async with WireServer() as server:
        yield server


@pytest.fixture
def make_model(wire: WireServer) -> Callable[..., OpenAIModel]:
    """Make a model of the wire server; without retries unless they are asked for."""

    def make(**arguments: Any) -> OpenAIModel:
        return OpenAIModel("test-model", base_url=wire.url, **({"max_retries": 0} | arguments))

    return make
