"""Chats without a kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import comm
import pytest

from chatwidget import ChatWidget
from tests.widget.recording_comm import RecordingComm, settle


@pytest.fixture(autouse=True)
def comms(monkeypatch: pytest.MonkeyPatch) -> list[RecordingComm]:
    """All comms that are opened, by chats and by the widgets that belong to them."""
    opened: list[RecordingComm] = []

    def create(*args: Any, **keywords: Any) -> RecordingComm:
        opened.append(RecordingComm(*args, **keywords))
        return opened[-1]

    monkeypatch.setattr(comm, "create_comm", create)
    return opened


@pytest.fixture
def make() -> Iterator[Callable[..., ChatWidget]]:
    """Make chats that are closed with the test."""
    made: list[ChatWidget] = []

    def make(*arguments: Any, **keywords: Any) -> ChatWidget:
        made.append(ChatWidget(*arguments, **({"model": "echo"} | keywords)))
        return made[-1]

    yield make
    for chat in made:
        chat.close()
    settle()
