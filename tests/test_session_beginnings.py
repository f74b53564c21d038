"""What a session is made of, and what it is given: histories, apps, tools, and texts nobody meant to send."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest

from chatwidget import (
    AppError,
    Assistant,
    FilePart,
    ImagePart,
    Message,
    Session,
    TextPart,
    User,
    app,
)
from chatwidget.errors import FormatError, ModelUnavailable, ToolDefinitionError
from chatwidget.events import MessageStarted
from chatwidget.models.base import TextDelta
from chatwidget.models.scripted import Delay, ScriptedModel, ToolCall
from tests.core_strategies import Mirror, assert_valid, ticks

FOREVER = Delay(3600)
PIXEL = ImagePart("data:image/gif;base64,R0lGODlhAQABAAAAACw=", alt="a pixel")


def texts(session: Session) -> list[str]:
    return [message.text for message in session.messages]


# How a session begins.


async def test_a_session_goes_on_from_openai_messages() -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    history: list[dict[str, Any]] = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": "7"},
        {"role": "assistant", "content": "Seven."},
    ]
    session = Session(model="echo", history=history)
    assert session.history == history
    assert session.screen.field("messages")[1]["parts"][0]["result"] == "7"
    await session.send("More")
    assert_valid(session.history)


async def test_calls_that_share_an_id_keep_their_own_results() -> None:
    call = {"id": "call_0", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    turn = [{"role": "assistant", "content": None, "tool_calls": [call]}]
    history: list[dict[str, Any]] = [
        *turn,
        {"role": "tool", "tool_call_id": "call_0", "content": "one"},
        *turn,
        {"role": "tool", "tool_call_id": "call_0", "content": "two"},
    ]
    assert Session(model="echo", history=history).history == history


async def test_old_function_calls_in_a_history_find_their_results() -> None:
    history: list[dict[str, Any]] = [
        {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{}"}},
        {"role": "function", "name": "f", "content": "7"},
    ]
    assert_valid(Session(model="echo", history=history).history)


async def test_one_message_given_twice_is_two() -> None:
    hello = User("Hello")
    assert [message.text for message in Session(model="echo", history=[hello, hello]).messages] == ["Hello", "Hello"]


async def test_a_message_that_was_arriving_when_it_was_kept_counts_as_interrupted() -> None:
    kept = [Message(role="user", parts=(TextPart("Hi"),), status="arriving"), Assistant("Hal").with_status("arriving")]
    session = Session(model="echo", history=kept)
    assert [message.status for message in session.messages] == ["complete", "interrupted"]
    assert session.messages[1].error is not None
    assert [item["content"] for item in session.history] == ["Hi", "Hal"]


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"app": 42}, AppError, "42 is not an app"),
        ({"app": object}, AppError, "is not an app"),
        ({"app": lambda: "no parameter"}, AppError, "is not an app"),
        ({"model": 42}, ModelUnavailable, "42 is no model"),
        ({"model": "no such model!"}, ModelUnavailable, "no such model!"),
        ({"tools": [42]}, ToolDefinitionError, "42"),
        ({"tools": [lambda a: a]}, ToolDefinitionError, "lambda"),
        ({"history": [42]}, FormatError, r"messages\[0\]"),
        ({"history": [{"role": "user"}]}, FormatError, r"messages\[0\].content"),
        ({"history": [{"role": "king", "content": ""}]}, FormatError, r"messages\[0\].role"),
    ],
)
def test_a_session_of_something_impossible_says_what_and_what_to_do(
    arguments: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        Session(**{"model": "echo", **arguments})


async def test_an_app_that_needs_arguments_is_not_taken_for_a_handler() -> None:
    @app
    async def named(name: str) -> Any:
        yield Assistant(name)

    with pytest.raises(AppError, match="named needs arguments"):
        Session(named, model="echo")


def test_two_tools_of_one_name_are_refused() -> None:
    def one() -> None:
        """Do one thing."""

    with pytest.raises(ToolDefinitionError, match="duplicate name"):
        Session(model="echo", tools=[one, one])


def test_without_key_and_local_model_the_chat_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_URL"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("chatwidget.models.local.available", lambda: False)
    model = Session().screen.field("model")
    assert model["name"] == "echo"
    assert "OPENAI_API_KEY" in model["note"]
    assert "pip install" in model["note"]


# Inputs nobody meant.


@pytest.mark.parametrize("text", ["", "\x00", "\ud800", "a\u202eb\u2066", "\ufeff\r\n\x1b[31m", "😀" * 1000])
async def test_any_text_can_be_sent_from_python(text: str) -> None:
    session = Session(model="echo")
    mirror = Mirror(session)
    await session.send(text)
    session.screen.flush()
    assert mirror.state == session.screen.state()
    clean = text.replace("\ud800", "\ufffd")
    assert texts(session) == [clean, clean]
    assert session.history[0] == {"role": "user", "content": clean}


async def test_a_prompt_of_10_megabytes_from_python_is_kept_whole() -> None:
    session = Session(model="mocked:Long.")
    await session.send("x" * 10_000_000)
    assert len(session.messages[0].text) == 10_000_000
    assert texts(session)[-1] == "Long."


async def test_files_and_images_are_shown_and_sent() -> None:
    session = Session(model=ScriptedModel("Thanks."))
    await session.send(["Look", PIXEL, FilePart("a.txt", "text/plain", data="SGk=")])
    parts = session.screen.field("messages")[0]["parts"]
    assert parts[1] == {"type": "image", "url": PIXEL.url, "alt": "a pixel"}
    assert parts[2] == {"type": "file", "name": "a.txt", "media_type": "text/plain", "size": 2}
    assert [part["type"] for part in session.history[0]["content"]] == ["text", "image_url", "text"]


async def test_a_tool_added_during_a_reply_holds_from_the_next_request() -> None:
    def late() -> str:
        """Come late."""
        return "better than never"

    model = ScriptedModel(ToolCall("late"), ToolCall("late"), "Done.")
    session = Session(model=model)

    def register(event: MessageStarted) -> None:
        if event.message.role == "tool":
            session.tools.add(late, replace=True)

    session.on(MessageStarted, register)
    await session.send("Hi")
    assert [[tool.name for tool in request.tools] for request in model.requests] == [[], ["late"], ["late"]]
    assert [item["content"] for item in session.history if item["role"] == "tool"][1] == "better than never"


async def test_a_session_takes_at_most_three_times_the_text_it_holds() -> None:
    size = 1_000_000
    model = ScriptedModel([TextDelta("x" * 50)] * (size // 50))
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        session = Session(model=model)
        session.attach(lambda frame: None)
        await session.send("Write me a book")
        await ticks(3)
        taken = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert len(session.messages[-1].text) == size
    assert taken <= 3 * size + 1_000_000


def test_a_models_name_in_the_place_of_the_app_is_told_where_it_belongs() -> None:
    with pytest.raises(AppError, match=r"'gpt-5-mini' is not an app\. .* model='gpt-5-mini'"):
        Session("gpt-5-mini")


def test_a_handler_and_a_model_are_not_taken_together() -> None:
    with pytest.raises(AppError, match="leave `model=` out"):
        Session(lambda messages: "hi", model="echo")


def test_one_tool_may_be_given_without_a_list() -> None:
    def add(a: int, b: int) -> int:
        """Add two numbers."""
        return a + b

    assert [tool.name for tool in Session(model="echo", tools=add).tools] == ["add"]  # type: ignore[arg-type]
