"""What a model is told of a tool that failed, or that took a question for its answer."""

from __future__ import annotations

from typing import Any

import pytest

from chatwidget import Session
from chatwidget.asker import ask
from chatwidget.models.scripted import ScriptedModel, ToolCall
from tests.asking import result
from tests.played import play


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (StopIteration(), "g raised StopIteration"),
        (StopIteration(7), "g raised StopIteration: 7"),
        (KeyError(), "g raised KeyError"),
        (ValueError("no"), "g raised ValueError: no"),
    ],
)
@pytest.mark.parametrize("sync", [True, False])
async def test_an_error_is_told_by_its_type_and_its_words_if_it_has_any(error: Any, words: str, sync: bool) -> None:
    def in_thread() -> str:
        """Fail."""
        raise error

    async def on_loop() -> str:
        """Fail."""
        raise error

    tool = in_thread if sync else on_loop
    tool.__name__ = "g"
    assert (await play(ToolCall("g"), "Sorry.", tools=[tool])).answers == [words]


@pytest.mark.parametrize("words", [str, "{}".format, lambda question: f"Hello {question}!", "{:>9}".format])
async def test_a_question_that_was_not_awaited_is_no_text(words: Any) -> None:
    async def greet() -> str:
        """Greet the person."""
        question = ask("Your name?")
        assert "Question object" in repr(question)
        return str(words(question))

    session = Session(model=ScriptedModel(ToolCall("greet"), "Sorry."), tools=[greet])
    session.asks.attended = True
    await session.send("Hi")
    assert result(session).outcome == "output-error"
    assert "not awaited: use `await ask(...)`" in result(session).content and " at 0x" not in result(session).content
