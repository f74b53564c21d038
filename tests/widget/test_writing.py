"""Writing into a `ChatWidget`, from cells, threads and handlers."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from chatwidget.errors import AppError, FormatError
from tests.widget.recording_comm import LIMIT_SECONDS, settle


def texts(chat: Any) -> list[str]:
    settle()
    return [message["parts"][0]["text"] for message in chat.get_state("messages")["messages"]]


def test_a_cell_writes_and_has_the_id_at_once(make: Any) -> None:
    chat = make()
    message_id = chat.update_message({"content": "Hel"}, id=chat.new_id())
    chat.update_message({"content": "lo"}, id=message_id)
    chat.set_message({"role": "assistant", "content": "Whole"}, id="w")
    assert texts(chat) == ["Hello", "Whole"]
    chat.set_messages([{"role": "user", "content": "New"}])
    assert texts(chat) == ["New"]


def test_a_sync_handler_in_its_thread_writes_in_order(make: Any) -> None:
    chat = make()
    names: list[str] = []

    def answer(messages: list[dict[str, Any]]) -> None:
        names.append(threading.current_thread().name)
        message_id = chat.new_id()
        for number in range(50):
            chat.update_message({"content": f"{number} "}, id=message_id)

    assert chat.handle_send_message(answer) is answer, "it is a decorator"
    reply = chat.send("Hi").result(LIMIT_SECONDS)
    assert reply.text == "".join(f"{number} " for number in range(50))
    assert names != ["chatwidget controller"]
    assert chat.get_state("model") == {"model": {"name": "answer", "note": "your own function"}}


def test_running_the_cell_again_replaces_the_handler(make: Any) -> None:
    chat = make()
    for text in ("one", "two"):
        chat.handle_send_message(lambda messages, text=text: text)
        assert chat.send("Hi").result(LIMIT_SECONDS).text == text


def test_a_stream_is_written_from_a_cell(make: Any) -> None:
    chat = make()
    choice = chat.stream_updates([{"content": "a"}, {"content": "b"}])
    assert choice.message.content == "ab"
    assert texts(chat) == ["ab"]


def test_a_mistake_is_told_where_it_is_made(make: Any) -> None:
    chat = make()
    with pytest.raises(FormatError, match="42 is not an update"):
        chat.update_message(42)
    with pytest.raises(AppError, match="one argument"):
        chat.handle_send_message(lambda: None)
    with pytest.raises(FormatError, match="f: expected"):
        chat.display_tools({"f": 5})
