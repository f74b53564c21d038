"""Questions to the person from inside a tool: every kind of answer, checked, timed, stopped."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pydantic import BaseModel

from chatwidget.asker import ask
from chatwidget.asking import allow_all
from chatwidget.asks import Allow, Ask
from chatwidget.errors import AskTimeout, NobodyThere, RequestError
from chatwidget.messages import FilePart
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.session import Session
from chatwidget.tools import function_tool
from tests.asking import question, result


class Trip(BaseModel):
    to: str
    days: int


@pytest.mark.parametrize(
    ("options", "kind", "answer", "value"),
    [
        ({}, "text", "Ada", "Ada"),
        ({}, "text", "", ""),
        ({"type": bool}, "confirm", False, False),
        ({"type": int}, "text", "42", 42),
        ({"choices": ["S", "M"]}, "choice", "M", "M"),
        ({"choices": {"small": 1, "large": 2}}, "choice", "large", 2),
        ({"type": Trip}, "form", {"to": "Rome", "days": "3"}, Trip(to="Rome", days=3)),
        (
            {"type": FilePart},
            "file",
            {"name": "a.txt", "media_type": "text/plain", "data": "YQ=="},
            FilePart("a.txt", "text/plain", "YQ=="),
        ),
    ],
)
@pytest.mark.parametrize("sync", [True, False])
async def test_a_tool_asks_the_person(options: Any, kind: str, answer: Any, value: Any, sync: bool) -> None:
    answers: list[Any] = []
    tool = function_tool(name="book")(_asking_sync(options, answers) if sync else _asking_async(options, answers))
    session = Session(model=ScriptedModel(ToolCall("book"), "Done."), tools=[tool])
    session.asks.attended = True
    turn = session.submit("Book.")
    asked = await question(session)
    assert (asked.kind, asked.message, asked.name) == (kind, "Which?", "book")
    session.asks.respond(asked.id, answer)
    await turn.done
    assert answers == [value]
    assert "Which? →" in result(session).output


def _asking_sync(options: Any, answers: list[Any]) -> Any:
    def book() -> str:
        """Book a trip."""
        answers.append(ask("Which?", **options).result())
        return "ok"

    return book


def _asking_async(options: Any, answers: list[Any]) -> Any:
    async def book() -> str:
        """Book a trip."""
        answers.append(await ask("Which?", **options))
        return "ok"

    return book


async def test_an_answer_that_does_not_fit_is_explained_and_asked_again() -> None:
    answers: list[Any] = []

    def even(value: int) -> None:
        if value % 2:
            raise ValueError("It must be even.")

    tool = function_tool(_asking_async({"type": int, "validate": even}, answers))
    session = Session(model=ScriptedModel(ToolCall("book"), "Done."), tools=[tool])
    session.asks.attended = True
    turn = session.submit("Book.")
    asked = await question(session)
    for wrong, sentence in (("x", "valid integer"), ("3", "must be even")):
        with pytest.raises(RequestError, match=sentence):
            session.asks.respond(asked.id, wrong)
        assert sentence in (session.asks.open[0].error or "")
    session.asks.respond(asked.id, "4")
    await turn.done
    assert answers == [4]


async def test_a_question_has_a_timeout() -> None:
    tool = function_tool(_asking_async({"timeout": 0.001}, []))
    session = Session(model=ScriptedModel(ToolCall("book"), "Done."), tools=[tool])
    session.asks.attended = True
    await session.send("Book.")
    assert "AskTimeout" in result(session).content
    assert session.asks.open == ()


async def test_a_stop_frees_a_thread_that_waits_for_an_answer() -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()

    @function_tool
    def book() -> str:
        """Book a trip."""
        try:
            return str(ask("Which?").result())
        finally:
            loop.call_soon_threadsafe(ended.set)

    session = Session(model=ScriptedModel(ToolCall("book"), "Done."), tools=[book])
    session.asks.attended = True
    turn = session.submit("Book.")
    await question(session)
    await session.stop()
    await turn.done
    await ended.wait()
    assert session.asks.open == ()


async def test_asking_where_nobody_is_raises_what_says_so() -> None:
    caught: list[BaseException] = []

    @function_tool
    async def book() -> str:
        """Book a trip."""
        try:
            await ask("Which?")
        except NobodyThere as error:
            caught.append(error)
        return "ok"

    session = Session(model=ScriptedModel(ToolCall("book"), "Done."), tools=[book])
    await session.send("Book.")
    assert "Nobody is here to answer" in str(caught[0])


async def test_a_policy_that_allows_all_leaves_questions_to_the_person() -> None:
    assert isinstance(allow_all(Ask("1", "approval")), Allow)
    assert allow_all(Ask("1", "text")) is None
    assert issubclass(AskTimeout, TimeoutError)
