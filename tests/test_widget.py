"""`ChatWidget` without a kernel: what it sends, takes and refuses, against a comm that only records."""

from __future__ import annotations

import gc
import json
import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import comm
import pytest
import traitlets
from comm.base_comm import BaseComm

from chatwidget import ChatWidget, GetUserInput, Message, System, User, app, host
from chatwidget.errors import AppError, RequestError, ToolError
from chatwidget.events import MessageEnded
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.patches import apply_patch
from chatwidget.widget import STATE

LIMIT_SECONDS = 30
LOOK = ("title", "placeholder", "theme", "max_height")


def control_of(chat: ChatWidget, comms: list[RecordingComm]) -> RecordingComm:
    """Return the comm that requests come in on."""
    return next(opened for opened in comms if f"IPY_MODEL_{opened.comm_id}" == chat.control)


class RecordingComm(BaseComm):
    """A comm whose other end is the test."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        self.sent: queue.Queue[dict[str, Any]] = queue.Queue()
        super().__init__(*args, **keywords)

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        """Record what would go to the page."""
        self.sent.put({"type": msg_type, **(data or {})})

    def custom(self) -> dict[str, Any]:
        """Wait for the next custom message."""
        while True:
            message = self.sent.get(timeout=LIMIT_SECONDS)
            if message.get("method") == "custom":
                return dict(message["content"])

    def ask(self, content: Any) -> None:
        """Send a custom message as a page does."""
        self.handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})


@pytest.fixture(autouse=True)
def comms(monkeypatch: pytest.MonkeyPatch) -> list[RecordingComm]:
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


def settle() -> None:
    """Wait until the controller has done all it was given so far."""

    async def nothing() -> None:
        """Do nothing, last."""

    host.submit(nothing()).result(LIMIT_SECONDS)


def test_a_page_gets_all_of_the_state_and_the_look_when_the_chat_opens(make: Any, comms: list[RecordingComm]) -> None:
    chat = make(title="Parrot", history=[User("one")])
    opened = chat.comm.sent.get_nowait()
    assert opened["type"] == "comm_open"
    state = opened["state"]
    assert {key: state[key] for key in STATE} == chat.session.screen.state()
    assert {key: state[key] for key in LOOK} == {
        "title": "Parrot",
        "placeholder": "Message",
        "theme": "auto",
        "max_height": "560px",
    }
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
    chat.on(MessageEnded, lambda event: (threads.append(threading.current_thread()), ended.set()))
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
    ended = threading.Event()
    chat.on(MessageEnded, lambda event: event.message.role == "assistant" and ended.set())
    chat.comm.ask({"kind": "request", "request": "r1", "type": "send", "text": "a\ud800b"})
    assert ended.wait(LIMIT_SECONDS)
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


@pytest.mark.parametrize(
    ("arguments", "keywords", "error", "says"),
    [
        ((42,), {}, AppError, "42 is not an app"),
        ((), {"theme": "pink"}, traitlets.TraitError, "pink"),
        ((), {"title": 5}, traitlets.TraitError, "title"),
        ((), {"messages": []}, traitlets.TraitError, "messages"),
        ((), {"colour": "red"}, TypeError, "'colour'.*title, placeholder, theme, max_height"),
    ],
)
def test_a_mistake_is_told_when_the_chat_is_made(
    make: Any, comms: list[RecordingComm], arguments: Any, keywords: Any, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        make(*arguments, **keywords)
    gc.collect()  # what was half made is dropped without a word
    assert not comms, "a page was told of it"


def test_messages_are_values_to_read_and_history_what_a_model_would_be_sent(make: Any) -> None:
    chat = make(history=[System("Be brief."), {"role": "user", "content": "Hi"}])
    assert [m.text for m in chat.messages] == ["Be brief.", "Hi"]
    assert all(isinstance(message, Message) for message in chat.messages)
    assert chat.history == [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]


def test_observers_are_told_on_the_controllers_thread_and_may_use_the_chat(make: Any) -> None:
    chat = make()
    waits = threading.Event()
    told: list[tuple[str, str]] = []

    def look(change: Any) -> None:
        told.append((threading.current_thread().name, change.new))
        assert chat.get_state("status") == {"status": chat.status}
        if change.new == "waiting" and len(chat.messages) == 2:
            waits.set()

    chat.observe(look, "status")
    chat.send("Hello").result(LIMIT_SECONDS)
    assert waits.wait(LIMIT_SECONDS)
    assert {name for name, _ in told} == {"chatwidget controller"}


def test_an_observer_that_fails_or_exits_harms_no_chat(make: Any, caplog: pytest.LogCaptureFixture) -> None:
    chat = make()
    told = threading.Event()

    def fail(change: Any) -> None:
        told.set()
        raise SystemExit("from an observer")

    chat.observe(fail, "messages")
    assert chat.send("Hello").result(LIMIT_SECONDS).text == "Hello"
    assert told.wait(LIMIT_SECONDS)
    assert make().send("another chat").result(LIMIT_SECONDS).text == "another chat"
    assert chat.send("again").result(LIMIT_SECONDS).text == "again"
    assert "exit" in caplog.text


def test_tools_are_registered_replaced_and_removed(make: Any) -> None:
    model = ScriptedModel([ToolCall("double", {"x": 21})], "Done.", [ToolCall("double", {"x": 21})], "Done.")
    chat = make(model=model)

    @chat.tool
    def double(x: int) -> int:
        """Double a number."""
        return 2 * x

    assert double(4) == 8, "the decorator gives the function back"
    chat.send("go").result(LIMIT_SECONDS)
    assert chat.messages[-2].parts[0].content == "42"

    @chat.tool
    def double(x: int) -> str:  # type: ignore[no-redef]
        """Double a text."""
        return f"{x}{x}"

    chat.send("go").result(LIMIT_SECONDS)
    assert chat.messages[-2].parts[0].content == "2121"
    assert chat.tools == [{"name": "double", "description": "Double a text."}]
    chat.remove_tool(double)
    settle()
    assert chat.tools == []
    with pytest.raises(ToolError, match="double"):
        chat.remove_tool("double")


async def test_edit_retry_and_clear_return_what_they_lead_to(make: Any) -> None:
    chat = make()
    await chat.send("one")
    reply = await chat.edit(chat.messages[0].id, "uno")
    assert reply.text == "uno"
    again = await chat.retry()
    assert (again.text, again.id != reply.id) == ("uno", True)
    assert await chat.stop() is False
    await chat.clear()
    assert chat.messages == ()
    with pytest.raises(RequestError, match="nothing to ask again"):
        await chat.retry()
    with pytest.raises(RequestError, match="not in this conversation"):
        await chat.edit("nobody", "x")


async def test_stream_gives_the_events_of_the_turn(make: Any) -> None:
    chat = make()
    ended = [event.message.text async for event in chat.stream("Hello") if isinstance(event, MessageEnded)]
    assert ended == ["Hello", "Hello"]


def test_an_app_begins_when_it_is_first_shown_and_once_only(make: Any) -> None:
    starts: list[int] = []

    @app
    async def greeter() -> Any:
        starts.append(1)
        yield GetUserInput("Your name?")

    chat = make(greeter())
    settle()
    assert not starts, "it began before anybody saw it"
    for _ in range(3):
        chat._repr_mimebundle_()
    settle()
    settle()
    assert starts == [1]


def test_its_text_names_the_app_and_nothing_that_changes(make: Any) -> None:
    assert repr(make()) == "ChatWidget(conversation)"
    data, _ = make()._repr_mimebundle_()
    assert data["text/plain"] == "ChatWidget(conversation)"


def test_export_writes_the_format_of_the_ending(make: Any, tmp_path: Path) -> None:
    chat = make(history=[User("Hello there")])
    for ending in ("md", "html", "json", "jsonl"):
        assert "Hello there" in chat.export(tmp_path / f"talk.{ending}").read_text(encoding="utf-8")


def test_close_ends_the_app_and_both_comms_and_may_be_called_twice(make: Any, comms: list[RecordingComm]) -> None:
    closed = threading.Event()

    @app
    async def patient() -> Any:
        try:
            yield GetUserInput()
        finally:
            closed.set()

    chat = make(patient())
    own, control = chat.comm, control_of(chat, comms)
    chat._repr_mimebundle_()
    settle()
    chat.close()
    assert closed.wait(LIMIT_SECONDS)
    assert all(list(ended.sent.queue)[-1]["type"] == "comm_close" for ended in (own, control))
    chat.close()
    settle()


def test_chats_keep_apart(make: Any) -> None:
    first, second = make(), make()
    first.send("one").result(LIMIT_SECONDS)
    second.send("two").result(LIMIT_SECONDS)
    assert [m.text for m in first.messages] == ["one", "one"]
    assert [m.text for m in second.messages] == ["two", "two"]
    assert "two" not in str(list(first.comm.sent.queue))
