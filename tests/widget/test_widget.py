"""`ChatWidget` as Python code sees it."""

from __future__ import annotations

import gc
import threading
from pathlib import Path
from typing import Any

import pytest
import traitlets

from chatwidget import GetUserInput, Message, System, User, app
from chatwidget.errors import AppError, RequestError, ToolError
from chatwidget.events import MessageEnded
from chatwidget.models.scripted import ScriptedModel, ToolCall
from tests.widget.recording_comm import LIMIT_SECONDS, RecordingComm, control_of, settle


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

    def double(x: int) -> int:
        """Double a number."""
        return 2 * x

    assert chat.tool(double) is double
    assert double(4) == 8, "it stays the function it was"
    chat.send("go").result(LIMIT_SECONDS)
    assert chat.messages[-2].parts[0].content == "42"

    def again(x: int) -> str:
        """Double a text."""
        return f"{x}{x}"

    again.__name__ = "double"
    chat.tool(again)
    chat.send("go").result(LIMIT_SECONDS)
    assert chat.messages[-2].parts[0].content == "2121"
    assert [(tool["name"], tool["description"], tool["enabled"]) for tool in chat.tools] == [
        ("double", "Double a text.", True)
    ]
    chat.disable("double")
    settle()
    assert chat.tools[0]["enabled"] is False
    chat.remove_tool(again)
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
