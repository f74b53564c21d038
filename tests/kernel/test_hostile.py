"""Whatever a page sends, it gets a sentence, and the chat goes on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kernel.page import answer_to, ask, open_chat
from tests.kernel.process import Kernel

ECHO = "chat = ChatWidget(model='echo', title='Parrot')\nchat"

deep: Any = "x"
for _ in range(400):
    deep = [deep]

MALFORMED: dict[str, dict[str, Any]] = {
    "no type": {"kind": "request", "text": "x"},
    "a type nobody knows": {"kind": "request", "type": "delete_everything"},
    "a type that is a list": {"kind": "request", "type": ["send"]},
    "no text": {"kind": "request", "type": "send"},
    "an empty text": {"kind": "request", "type": "send", "text": " \n"},
    "a text that is a number": {"kind": "request", "type": "send", "text": 5},
    "a text that is deeply nested": {"kind": "request", "type": "send", "text": deep},
    "a text that is too long": {"kind": "request", "type": "send", "text": "x" * 4_000_001},
    "a field too many": {"kind": "request", "type": "send", "text": "x", "role": "system"},
    "a prototype": {"kind": "request", "type": "send", "text": "x", "__proto__": {"admin": True}},
    "a dunder as text": {"kind": "request", "type": "send", "text": {"__class__": "str"}},
    "a kind of its own": {"kind": "frame", "type": "send", "text": "x"},
    "a mode of its own": {"kind": "request", "type": "send", "text": "x", "mode": "now"},
    "a message that is not there": {"kind": "request", "type": "retry", "message_id": "__proto__"},
    "a message id that is no text": {"kind": "request", "type": "edit", "message_id": 1, "text": "x"},
    "a sibling that is not there": {"kind": "request", "type": "select", "message_id": "x", "index": 10**30},
    "a sibling that is true": {"kind": "request", "type": "select", "message_id": "x", "index": True},
    "a seq that is no number": {"kind": "request", "type": "hello", "seq": "1"},
    "a seq below -1": {"kind": "request", "type": "hello", "seq": -2},
}


def test_every_malformed_request_is_refused_with_a_sentence(kernel: Kernel) -> None:
    page = open_chat(kernel, ECHO)
    for number, (what, content) in enumerate(MALFORMED.items()):
        page.post({**content, "request": f"r{number}"})
        answer = answer_to(page, f"r{number}")
        assert not answer["ok"], f"{what} was accepted"
        assert answer["error"].endswith(".") and 10 < len(answer["error"]) < 500, f"{what}: {answer['error']!r:.600}"
        assert "Traceback" not in answer["error"]
    assert page.state["messages"] == []


@pytest.mark.parametrize("request_id", [None, 7, "", "x" * 65, ["r"], {"__proto__": 1}])
def test_a_request_with_a_bad_id_is_refused(kernel: Kernel, request_id: Any) -> None:
    page = open_chat(kernel, ECHO)
    page.post({"kind": "request", "request": request_id, "type": "send", "text": "x"})
    page.until(lambda: len(page.answers) == 1)
    ask(page, {"type": "send", "text": "still here"})
    page.until_settled()
    assert kernel.value("[m.text for m in chat.messages][-1]") == "still here"
    assert not page.answers[0]["ok"]


def test_messages_that_are_no_requests_at_all_harm_nothing(kernel: Kernel) -> None:
    page = open_chat(kernel, ECHO)
    for content in (None, 5, "stop", [], [["kind", "request"]], {}, {"kind": None}, {"kind": "hello"}):
        page.post(content)
        page.post(content, over=page.control)
    for data in ({}, {"method": "custom"}, {"method": "explode"}, {"method": "update"}, {"method": None}):
        page.post_data(data)
        page.post_data(data, over=page.control)
    ask(page, {"type": "send", "text": "still here"})
    page.until_settled()
    assert page.text == "still here"
    assert page.state == kernel.value("chat.session.screen.state()")


def test_a_page_that_writes_traits_changes_nothing(kernel: Kernel) -> None:
    page = open_chat(kernel, ECHO)
    ask(page, {"type": "send", "text": "mine"})
    page.until_settled()
    names = ("title", "theme", "control", "_seq", "_esm", "status", "max_height")
    before = kernel.value(f"[getattr(chat, name) for name in {names}]")
    forged: dict[str, Any] = dict.fromkeys(names, "forged") | {
        "messages": [],
        "tools": None,
        "_seq": 99,
        "theme": "pink",
    }
    page.post_data({"method": "update", "state": forged, "buffer_paths": []})
    page.post_data({"method": "update", "state": {"messages": {}}, "buffer_paths": [["messages", "x"]]})
    page.post_data({"method": "update", "state": {"comm": None, "layout": "IPY_MODEL_forged"}})
    assert answer_to(page, ask(page, {"type": "hello", "seq": page.seq}))["ok"]
    assert kernel.value(f"[getattr(chat, name) for name in {names}]") == before
    assert kernel.value("[m.text for m in chat.messages]") == ["mine", "mine"]
    assert not page.snapshots, "the kernel's number has not changed"


def test_a_flood_of_requests_is_answered_one_by_one(kernel: Kernel) -> None:
    page = open_chat(kernel, ECHO)
    page.until(lambda: page.state["status"] == "waiting")
    requests = [ask(page, {"type": "select", "message_id": "nobody", "index": 0}) for _ in range(300)]
    page.until(lambda: len(page.answers) == 300)
    assert [answer["request"] for answer in page.answers] == requests
    assert not any(answer["ok"] for answer in page.answers)


@pytest.mark.parametrize(
    ("code", "exception", "says"),
    [
        ("ChatWidget(42)", "AppError", "42 is not an app"),
        ("ChatWidget(theme='pink')", "TraitError", "pink"),
        ("ChatWidget(model=42)", "ModelUnavailable", "42 is no model"),
        ("ChatWidget(tools=[42])", "ToolDefinitionError", "42"),
        ("ChatWidget(history=[{'role': 'wizard'}])", "FormatError", "wizard"),
        ("ChatWidget(max_height=3)", "TraitError", "max_height"),
        ("ChatWidget(colour='red')", "TypeError", "colour"),
        ("chat = ChatWidget(); chat.messages = []", "TraitError", "messages"),
        ("chat = ChatWidget(model='echo'); await chat.send(42)", "TypeError", "int"),
    ],
)
def test_a_mistake_in_a_cell_raises_there_and_names_the_culprit(
    kernel: Kernel, code: str, exception: str, says: str
) -> None:
    cell = kernel.begin(code).wait()
    assert cell.error == exception
    assert says in cell.traceback.splitlines()[-1]
