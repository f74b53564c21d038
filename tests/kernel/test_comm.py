"""What a page and a kernel say to each other, in a real kernel: `docs/sync.md`, kept."""

from __future__ import annotations

from tests.kernel.page import Page, answer_to, ask, open_chat
from tests.kernel.process import Kernel

ECHO = "chat = ChatWidget(model='echo', title='Parrot')\nchat"

# Says "one" and then waits until a cell says that it may go on.
GATED = """
gate = threading.Event()
def gated(messages):
    yield "one"
    gate.wait()
    yield " two"

chat = ChatWidget(gated)
chat
"""


def state_of(kernel: Kernel) -> object:
    """Return the state as Python has it."""
    return kernel.value("chat.session.screen.state()")


def test_a_chat_opens_with_its_state_and_the_number_of_its_last_frame(kernel: Kernel) -> None:
    page = Page(kernel)
    kernel.run("chat = ChatWidget(model='echo', title='Parrot')")
    assert page.state == state_of(kernel)
    assert page.seq == 0
    assert page.look["title"] == "Parrot"
    assert page.look["control"] == f"IPY_MODEL_{page.control}" and page.control


def test_frames_lead_from_what_a_page_has_to_the_final_state(kernel: Kernel) -> None:
    page = open_chat(kernel, ECHO)
    for text in ("Hello", "Ünïcode 🙂 and more of it", "third"):
        request = ask(page, {"type": "send", "text": text})
        page.until(lambda text=text: page.text == text and page.last["role"] == "assistant")  # type: ignore[misc]
        page.until_settled()
        assert answer_to(page, request) == {"kind": "answer", "request": request, "ok": True}
    assert page.state == state_of(kernel)
    assert not page.snapshots, "no page asked for one"


def test_a_page_opened_in_the_middle_of_a_reply_starts_right_and_misses_nothing(kernel: Kernel) -> None:
    first = open_chat(kernel, GATED)
    ask(first, {"type": "send", "text": "go"})
    first.until(lambda: first.text == "one")
    second = Page(kernel, following=first)
    second.load()
    assert second.state == first.state
    assert second.seq == first.seq
    assert (second.text, second.last["status"]) == ("one", "arriving")
    kernel.run("gate.set()")
    second.until_settled()
    assert second.state == first.state == state_of(kernel)
    assert second.text == "one two"


def test_hello_is_only_answered_when_the_page_has_missed_nothing(kernel: Kernel) -> None:
    page = open_chat(kernel, ECHO)
    page.until(lambda: page.state["status"] == "waiting")
    request = ask(page, {"type": "hello", "seq": page.seq})
    assert answer_to(page, request)["ok"]
    assert not page.snapshots


def test_hello_with_another_number_brings_a_snapshot_of_everything(kernel: Kernel) -> None:
    page = open_chat(kernel, ECHO)
    ask(page, {"type": "send", "text": "Hello"})
    page.until_settled()
    for seq in (-1, 0, page.seq + 7):
        page.snapshots.clear()
        assert answer_to(page, ask(page, {"type": "hello", "seq": seq}))["ok"]
        assert page.snapshots == [{"kind": "snapshot", "seq": page.seq, "state": state_of(kernel)}]


def test_a_request_that_comes_twice_is_done_once_and_answered_twice(kernel: Kernel) -> None:
    page = open_chat(kernel, ECHO)
    for _ in range(3):
        ask(page, {"type": "send", "text": "only once", "request": "0123456789abcdef"})
    page.until(lambda: len(page.answers) == 3)
    page.until_settled()
    assert [answer["ok"] for answer in page.answers] == [True, True, True]
    assert kernel.value("[m.text for m in chat.messages if m.role == 'user']") == ["only once"]


def test_what_is_sent_while_a_reply_arrives_is_shown_as_queued_and_can_be_taken_back(kernel: Kernel) -> None:
    page = open_chat(kernel, GATED)
    ask(page, {"type": "send", "text": "first"})
    page.until(lambda: page.text == "one")
    for text in ("second", "third"):
        ask(page, {"type": "send", "text": text})
    page.until(lambda: [entry["text"] for entry in page.state["queued"]] == ["second", "third"])
    assert answer_to(page, ask(page, {"type": "unqueue", "id": page.state["queued"][0]["id"]}))["ok"]
    kernel.run("gate.set()")
    page.until(lambda: [m["parts"][0]["text"] for m in page.state["messages"][:3:2]] == ["first", "third"])
    page.until_settled()
    assert page.state == state_of(kernel)


def test_edit_retry_select_and_clear_keep_page_and_kernel_equal(kernel: Kernel) -> None:
    page = open_chat(kernel, ECHO)
    ask(page, {"type": "send", "text": "one"})
    page.until_settled()
    question = page.state["messages"][0]["id"]
    ask(page, {"type": "edit", "message_id": question, "text": "uno"})
    page.until(lambda: page.text == "uno" and page.last["status"] == "complete")
    assert page.state["messages"][0]["sibling"] == {"index": 1, "count": 2}
    ask(page, {"type": "retry", "message_id": page.last["id"]})
    page.until(lambda: page.last.get("sibling") == {"index": 1, "count": 2} and page.last["status"] == "complete")
    ask(page, {"type": "select", "message_id": question, "index": 0})
    page.until(lambda: page.text == "one")
    assert page.state == state_of(kernel)
    ask(page, {"type": "clear"})
    page.until(lambda: page.state["messages"] == [])
    assert page.state["messages"] == kernel.value("chat.session.screen.state()['messages']")


def test_the_look_can_be_changed_from_a_cell_while_a_reply_arrives(kernel: Kernel) -> None:
    page = open_chat(kernel, GATED)
    ask(page, {"type": "send", "text": "go"})
    page.until(lambda: page.text == "one")
    cell = kernel.run("chat.theme = 'dark'\ngate.set()")
    page.until_settled()
    updates = [m["content"]["data"] for m in kernel.in_answer_to(cell.id) if m["msg_type"] == "comm_msg"]
    states = [data["state"] for data in updates if data["method"] == "update"]
    assert states == [{"theme": "dark"}], "only what was changed is sent"
