"""Functions of the conversation as OpenAI dicts, in the app's place: all kinds, what they give, stops and failures."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from chatwidget import AppError, Assistant, Session, conversation
from chatwidget.errors import FormatError
from chatwidget.events import PartDelta
from tests.core_strategies import assert_valid, record
from tests.handled import session_of, shown


def returns(session: Session) -> Any:
    return lambda messages: f"You said {messages[-1]['content']}."


def returns_async(session: Session) -> Any:
    async def answer(messages: list[dict[str, Any]]) -> str:
        await asyncio.sleep(0)
        return f"You said {messages[-1]['content']}."

    return answer


def yields(session: Session) -> Any:
    def answer(messages: list[dict[str, Any]]) -> Iterator[Any]:
        yield "You said "
        yield {"content": messages[-1]["content"]}
        yield {"delta": {"content": "."}, "finish_reason": "stop"}

    return answer


def yields_async(session: Session) -> Any:
    async def answer(messages: list[dict[str, Any]]) -> AsyncIterator[Any]:
        for delta in yields(session)(messages):
            await asyncio.sleep(0)
            yield delta

    return answer


def updates(session: Session) -> Any:
    def answer(messages: list[dict[str, Any]]) -> None:
        message_id = session.updates.new_id()
        for text in ("You said ", messages[-1]["content"], "."):
            session.updates.update({"content": text}, id=message_id)

    return answer


def updates_async(session: Session) -> Any:
    async def answer(messages: list[dict[str, Any]]) -> None:
        updates(session)(messages)

    return answer


@pytest.mark.parametrize("make", [returns, returns_async, yields, yields_async, updates, updates_async])
async def test_any_kind_of_function_answers_turn_after_turn(make: Any) -> None:
    session = session_of(make)
    for text in ("one", "two"):
        reply = await session.send(text)
        assert reply is not None
        assert (reply.text, reply.status) == (f"You said {text}.", "complete")
    assert session.screen.field("model")["note"] == "your own function"


async def test_a_handler_gets_the_whole_conversation_as_openai_has_it() -> None:
    heard: list[Any] = []
    session = session_of(lambda _: heard.append, history=[{"role": "system", "content": "S"}])
    assert await session.send("Hi") is None
    assert heard == [[{"role": "system", "content": "S"}, {"role": "user", "content": "Hi"}]]


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        (None, []),
        ({"role": "assistant", "content": "a"}, ["a"]),
        (Assistant("a"), ["a"]),
        ([{"role": "assistant", "content": "a"}, "b", None, Assistant("c")], ["a", "b", "c"]),
        ([], []),
    ],
)
async def test_what_is_returned_is_a_message_each(value: Any, texts: list[str]) -> None:
    session = session_of(lambda _: lambda messages: value)
    reply = await session.send("Hi")
    assert [text for text, _ in shown(session)] == texts
    assert (reply.text if reply else None) == (texts[-1] if texts else None)


async def test_calls_and_results_in_one_turn_leave_a_valid_history() -> None:
    def answer(messages: list[dict[str, Any]]) -> Iterator[Any]:
        call = {"index": 0, "id": "c", "function": {"name": "f", "arguments": "{}"}}
        yield {"delta": {"tool_calls": [call]}, "finish_reason": "tool_calls"}
        yield {"role": "tool", "tool_call_id": "c", "content": "42"}
        yield "It is 42."

    session = session_of(lambda _: answer)
    for _ in range(2):
        reply = await session.send("Hi")
        assert reply is not None
        assert reply.text == "It is 42."
    assert [item["role"] for item in session.history] == ["user", "assistant", "tool", "assistant"] * 2
    assert_valid(session.history)


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_what_was_written_before_a_failure_is_kept_with_a_sentence(kind: str) -> None:
    def fails(messages: list[dict[str, Any]]) -> Iterator[str]:
        yield "Half "
        raise ValueError("no more")

    async def fails_async(messages: list[dict[str, Any]]) -> AsyncIterator[str]:
        yield "Half "
        raise ValueError("no more")

    session = session_of(lambda _: fails if kind == "sync" else fails_async)
    with pytest.raises(AppError, match=r"^fails(_async)? failed: ValueError: no more$") as caught:
        await session.send("Hi")
    assert isinstance(caught.value.__cause__, ValueError)
    assert shown(session) == [("Half ", "interrupted")]
    assert session.messages[-1].error == str(caught.value)
    assert session.screen.field("notice") is None, "it is said once"


async def test_a_failure_with_nothing_written_is_a_notice_and_the_next_turn_works() -> None:
    def answer(messages: list[dict[str, Any]]) -> str:
        if messages[-1]["content"] == "boom":
            raise KeyError("what")
        return "Fine."

    session = session_of(lambda _: answer)
    with pytest.raises(AppError, match="answer failed: KeyError"):
        await session.send("boom")
    assert "answer failed: KeyError" in session.screen.field("notice")["text"]
    reply = await session.send("again")
    assert reply is not None
    assert reply.text == "Fine."


async def test_a_task_that_outlives_its_turn_writes_a_message_of_its_own() -> None:
    go_on = asyncio.Event()
    tasks: list[asyncio.Task[None]] = []

    def make(session: Session) -> Any:
        async def later() -> None:
            await go_on.wait()
            session.updates.update("The report is ready.")

        async def answer(messages: list[dict[str, Any]]) -> str:
            tasks.append(asyncio.create_task(later()))
            return "I will tell you."

        return answer

    session = session_of(make)
    await session.send("Hi")
    go_on.set()
    await tasks[0]
    assert shown(session) == [("I will tell you.", "complete"), ("The report is ready.", "complete")]


async def test_a_tool_may_write_too_and_the_models_answer_stays_the_reply() -> None:
    from chatwidget.models.scripted import ScriptedModel, ToolCall

    session = Session(model=ScriptedModel([ToolCall("note", "{}")], "Noted."))

    def note() -> str:
        """Take a note."""
        session.updates.update({"content": "Writing it down"}, id="aside")
        return "done"

    session.tools.add(note)
    reply = await session.send("Hi")
    assert reply is not None
    assert reply.text == "Noted."
    assert ("Writing it down", "complete") in shown(session)


async def test_a_handler_can_be_replaced_and_an_app_cannot() -> None:
    session = session_of(lambda _: lambda messages: "one")
    await session.send("Hi")
    session.handle(lambda messages: "two")
    await session.send("Hi")
    assert [text for text, _ in shown(session)] == ["one", "two"]
    with pytest.raises(AppError, match="driven by conversation"):
        Session(conversation, model="echo").handle(lambda messages: None)


@pytest.mark.parametrize("wrong", [lambda: None, lambda a, b: None, 42, "text"])
async def test_what_cannot_take_the_messages_is_refused_at_once(wrong: Any) -> None:
    with pytest.raises(AppError, match=r"Write `def answer\(messages\)`"):
        Session(model="echo").handle(wrong)


async def test_what_a_handler_cannot_give_is_named() -> None:
    session = session_of(lambda _: lambda messages: 42)
    with pytest.raises(AppError, match="42 is not an update") as caught:
        await session.send("Hi")
    assert isinstance(caught.value.__cause__, FormatError)


async def test_a_yielded_text_is_a_delta() -> None:
    session = session_of(lambda _: lambda messages: (letter for letter in "abc"))
    events = record(session)
    await session.send("Hi")
    assert [event.text for event in events if isinstance(event, PartDelta)] == ["a", "b", "c"]
