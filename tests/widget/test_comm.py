"""What a `ChatWidget` sends to a page, and takes from one."""

from __future__ import annotations

import json
import queue
import threading
from typing import Any

import pytest
import traitlets

from chatwidget import User
from chatwidget.events import MessageEnded
from chatwidget.patches import apply_patch
from chatwidget.widget_look import LOOK
from chatwidget.widget_state import STATE
from tests.widget.recording_comm import LIMIT_SECONDS, RecordingComm, control_of, settle


def test_a_page_gets_all_of_the_state_and_the_look_when_the_chat_opens(make: Any, comms: list[RecordingComm]) -> None:
    chat = make(title="Parrot", history=[User("one")])
    opened = chat.comm.sent.get_nowait()
    assert opened["type"] == "comm_open"
    state = opened["state"]
    assert {key: state[key] for key in STATE} == chat.session.screen.state()
    assert {key: state[key] for key in LOOK} == {key: getattr(chat, key) for key in LOOK}
    assert (state["title"], state["theme"]) == ("Parrot", "auto")
    assert state["_seq"] == 0
    control = control_of(chat, comms)
    assert state["control"] == f"IPY_MODEL_{control.comm_id}" and control is not chat.comm


def test_no_secret_of_a_model_is_among_what_is_synced(make: Any) -> None:
    from chatwidget.models.openai import OpenAIModel

    chat = make(model=OpenAIModel("m", base_url="http://127.0.0.1:9/v1", api_key="a-secret-of-nobody"))
    assert "a-secret-of-nobody" not in str(chat.get_state())
    assert "a-secret-of-nobody" not in repr(chat) + str(chat._repr_mimebundle_())


def test_frames_lead_from_the_opening_state_to_the_final_one(make: Any) -> None:
    chat = make()
    shown = chat.comm.sent.get_nowait()["state"]
    state = {key: shown[key] for key in STATE}
    chat.send("Hello").result(LIMIT_SECONDS)
    chat.send("again").result(LIMIT_SECONDS)
    seq = 0
    while state != chat.session.screen.state():
        frame = chat.comm.custom()
        assert (frame["kind"], frame["seq"]) == ("frame", seq + 1)
        seq = frame["seq"]
        for patch in frame["patches"]:
            apply_patch(state, patch)
    assert [m["parts"][0]["text"] for m in state["messages"]] == ["Hello", "Hello", "again", "again"]


def test_no_trait_of_the_state_is_ever_pushed_by_itself(make: Any) -> None:
    chat = make()
    chat.observe(lambda change: None, STATE)
    chat.send("Hello").result(LIMIT_SECONDS)
    settle()
    chat.title = "changed"
    pushed = [m for m in list(chat.comm.sent.queue) if m.get("method") == "update"]
    assert [m["state"] for m in pushed] == [{"title": "changed"}]


@pytest.mark.parametrize("comm_name", ["control", "chat"])
def test_requests_are_answered_on_the_chats_comm_wherever_they_come_in(
    make: Any, comms: list[RecordingComm], comm_name: str
) -> None:
    chat = make()
    control = control_of(chat, comms)
    way_in = control if comm_name == "control" else chat.comm
    way_in.ask({"kind": "request", "request": "r1", "type": "select", "message_id": "x", "index": 0})
    frame = chat.comm.custom()
    assert (frame["kind"], frame["request"], frame["ok"]) == ("answer", "r1", False)
    assert [m["type"] for m in control.sent.queue] == ["comm_open"], "nothing is written to the control comm"


def test_hello_on_the_control_comm_is_answered_there_and_says_on_which_thread(
    make: Any, comms: list[RecordingComm]
) -> None:
    control = control_of(make(), comms)
    control.ask({"kind": "hello"})
    assert control.custom() == {"kind": "hello", "apart": False}
    beside = threading.Thread(target=control.ask, args=({"kind": "hello"},))
    beside.start()
    beside.join()
    assert control.custom() == {"kind": "hello", "apart": True}


def test_a_request_from_any_thread_is_done_on_the_controllers(make: Any) -> None:
    chat = make()
    threads: list[threading.Thread] = []
    ended = threading.Event()

    def note(event: MessageEnded) -> None:
        threads.append(threading.current_thread())
        ended.set()

    chat.on(MessageEnded, note)
    sender = threading.Thread(
        target=chat.comm.ask, args=({"kind": "request", "request": "r1", "type": "send", "text": "x"},)
    )
    sender.start()
    sender.join()
    assert ended.wait(LIMIT_SECONDS)
    assert {thread.name for thread in threads} == {"chatwidget controller"}


def test_a_lone_half_of_a_character_reaches_no_screen(make: Any) -> None:
    chat = make()
    chat.comm.ask({"kind": "request", "request": "\ud800", "type": "send", "text": "x"})
    assert chat.comm.custom()["request"] == "\ufffd"
    ended: queue.Queue[MessageEnded] = queue.Queue()
    chat.on(MessageEnded, ended.put)
    chat.comm.ask({"kind": "request", "request": "r1", "type": "send", "text": "a\ud800b"})
    while ended.get(timeout=LIMIT_SECONDS).message.role != "assistant":
        pass
    assert chat.messages[-1].text == "a\ufffdb"
    json.dumps(list(chat.comm.sent.queue), ensure_ascii=False).encode()


@pytest.mark.parametrize("content", [None, 5, "stop", [], [["kind", "request"]], {}, {"kind": "request", "type": []}])
def test_what_is_no_request_is_refused_and_harms_nothing(make: Any, content: Any) -> None:
    chat = make()
    chat.comm.ask(content)
    assert chat.comm.custom()["ok"] is False
    assert chat.send("still here").result(LIMIT_SECONDS).text == "still here"


def test_a_page_that_writes_traits_changes_nothing(make: Any) -> None:
    chat = make(title="mine")
    before = chat.get_state()
    forged = {"messages": [], "title": "yours", "theme": "pink", "_seq": 9, "_esm": "alert(1)", "control": "x"}
    chat.comm.handle_msg({"content": {"data": {"method": "update", "state": forged}}, "buffers": []})
    assert chat.get_state() == before
    assert not [m for m in list(chat.comm.sent.queue) if m.get("method") in ("update", "echo_update")]


@pytest.mark.parametrize("name", STATE)
def test_the_traits_of_the_state_are_read_only(make: Any, name: str) -> None:
    chat = make()
    with pytest.raises(traitlets.TraitError, match=name):
        setattr(chat, name, None)
