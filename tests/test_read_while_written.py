"""What one thread lists another may add to."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from weakref import WeakValueDictionary

import pytest

from chatwidget import Session, live_widgets
from chatwidget.slash_commands import SlashCommand, SlashCommands


class Chat:
    """As much of a chat in a page as a list of them needs."""

    def __init__(self) -> None:
        self.session: Any = SimpleNamespace(messages=(), name="chat")
        self.title = "A chat"


class Busy(WeakValueDictionary[str, Any]):
    """Chats to which a cell adds one whenever one of them is looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[Chat] = []

    def open(self) -> None:
        self.held.append(Chat())
        self[f"chat-{len(self.held)}"] = self.held[-1]

    def items(self) -> Any:
        for found in super().items():
            self.open()
            yield found

    def valuerefs(self) -> Any:
        for found in super().valuerefs():
            self.open()
            yield found


def test_commands_can_be_listed_while_a_cell_adds_some() -> None:
    commands = SlashCommands()
    commands.add(SlashCommand.of(lambda: None, "first"))
    for command in commands:
        commands.add(SlashCommand.of(lambda: None, f"after-{command.name}"))
    assert [command.name for command in commands] == ["first", "after-first"]


def test_chats_can_be_listed_while_a_cell_opens_some(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = Busy()
    busy.open()
    monkeypatch.setattr(live_widgets, "_open", busy)
    assert [one["model_id"] for one in live_widgets.others_of(Session(model="echo"))] == ["chat-1"]
