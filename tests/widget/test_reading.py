"""A cell reads a chat while the chat's own thread writes to it: each look is of one moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatwidget import ChatWidget, System
from chatwidget.events import MessageEnded, MessageStarted
from chatwidget.messages import Assistant, User
from chatwidget.transcript import Transcript

LOOKS: dict[str, Callable[[ChatWidget, Path], Any]] = {
    "messages": lambda chat, _: chat.messages,
    "history": lambda chat, _: chat.history,
    "chats": lambda chat, _: chat.chats,
    "export": lambda chat, folder: chat.export(folder / "talk.json"),
    "repr": lambda chat, _: chat._repr_mimebundle_(),
}


@pytest.mark.parametrize("name", LOOKS)
def test_nothing_is_written_while_a_cell_reads(name: str, make: Any, monkeypatch: Any, tmp_path: Path) -> None:
    chat = make(history=[User("Hi"), Assistant("Hello")])
    chat.send("And?").result(10)
    seen: list[bool] = []

    def watched(of: str) -> None:
        original = getattr(Transcript, of)

        def read(self: Transcript, *arguments: Any) -> Any:
            if threading.current_thread() is threading.main_thread():
                seen.append(self is chat.session.transcript and chat.session.screen.lock._is_owned())
            return original(self, *arguments)

        monkeypatch.setattr(Transcript, of, read)

    watched("get")
    watched("path_to")
    LOOKS[name](chat, tmp_path)
    assert seen and all(seen)


def test_a_function_of_a_live_message_runs_while_the_chat_can_go_on(make: Any) -> None:
    held: list[bool] = []

    def now() -> str:
        held.append(chat.session.screen.lock._is_owned())
        return "noon"

    chat = make(history=[System(now), User("Hi")])
    assert chat.history[0]["content"] == "noon"
    assert held == [False], "it may wait for the chat's own thread"


def test_a_message_that_settles_is_there_at_every_moment() -> None:
    transcript = Transcript()

    class Watched(dict[str, Any]):
        def pop(self, key: str, default: Any = None) -> Any:
            assert transcript.messages[key].text == "Hi"
            return super().pop(key, default)

    transcript.drafts = Watched()
    message = User("Hi")
    transcript.apply(MessageStarted(message))
    transcript.apply(MessageEnded(message))
    assert transcript.path == (message,)
