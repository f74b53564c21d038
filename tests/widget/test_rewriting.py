"""Going back in a `ChatWidget` from code, and the list of the chats of a kernel."""

from __future__ import annotations

from typing import Any

import pytest

from chatwidget import Feedback
from chatwidget.errors import RequestError
from chatwidget.live_widgets import others_of
from chatwidget.models.base import Finish
from chatwidget.models.scripted import ScriptedModel
from tests.widget.recording_comm import LIMIT_SECONDS


def texts(chat: Any) -> list[str]:
    return [message.text for message in chat.messages]


def test_code_can_go_back_and_undo_it(make: Any) -> None:
    chat = make(model=ScriptedModel("a", "b", "c"))
    chat.send("1").result(LIMIT_SECONDS)
    asked, reply = (message.id for message in chat.messages)
    assert chat.retry().result(LIMIT_SECONDS).text == "b"
    assert chat.undo == "retry"
    chat.select(reply, 0).result(LIMIT_SECONDS)
    assert texts(chat) == ["1", "a"]
    assert chat.edit(asked, "2").result(LIMIT_SECONDS).text == "c"
    chat.delete(chat.messages[1].id).result(LIMIT_SECONDS)
    assert texts(chat) == ["2"]
    undone = [chat.undo_last().result(LIMIT_SECONDS) for _ in range(4)]
    assert undone == ["delete", "edit", "select", "retry"]
    assert (texts(chat), chat.undo) == (["1", "a"], None)
    with pytest.raises(RequestError):
        chat.undo_last().result(LIMIT_SECONDS)


def test_code_can_go_on_with_a_reply_and_judge_it(make: Any) -> None:
    chat = make(model=ScriptedModel(["Half", Finish("length")], " whole."))
    chat.send("1").result(LIMIT_SECONDS)
    assert chat.go_on().result(LIMIT_SECONDS).text == " whole."
    chat.feedback("up", comment="Good.").result(LIMIT_SECONDS)
    assert chat.messages[-1].feedback == Feedback("up", "Good.")
    with pytest.raises(RequestError):
        chat.go_on().result(LIMIT_SECONDS)


def test_code_can_go_from_one_conversation_to_another(make: Any) -> None:
    chat = make(model=ScriptedModel("a", "b"))
    chat.send("1").result(LIMIT_SECONDS)
    chat.clear().result(LIMIT_SECONDS)
    chat.send("2").result(LIMIT_SECONDS)
    assert [one.title for one in chat.chats] == ["2", "1"]
    chat.open_chat(chat.chats[1].id).result(LIMIT_SECONDS)
    assert texts(chat) == ["1", "a"]


def test_a_chat_knows_the_others_of_its_kernel_while_they_are_open(make: Any) -> None:
    first, second, third = make(model="echo"), make(model="echo", title="Titled"), make(model="echo")
    first.send("Hello").result(LIMIT_SECONDS)
    mine = [first.model_id, second.model_id]
    listed = [other for other in others_of(third.session) if other["model_id"] in mine]
    assert listed == [
        {"model_id": second.model_id, "title": "Titled", "messages": 0, "current": False},
        {"model_id": first.model_id, "title": "Hello", "messages": 2, "current": False},
    ]
    assert third.model_id not in [other["model_id"] for other in others_of(third.session)]
    second.close()
    assert mine[1] not in [other["model_id"] for other in others_of(third.session)]
