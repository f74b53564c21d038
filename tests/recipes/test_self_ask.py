"""Questions broken into simpler ones, and answered one after another."""

from __future__ import annotations

from typing import Any

import pytest

from chatwidget import OutputError, Session
from chatwidget.events import RunEnded, RunStarted
from chatwidget.models.scripted import ScriptedModel
from chatwidget.recipes.self_ask import self_ask
from chatwidget.recipes.subqueries import subqueries
from tests.core_strategies import Mirror, assert_valid


async def value_of(app: Any, model: ScriptedModel, text: str) -> Any:
    session = Session(app, model=model)
    values: list[Any] = []
    session.on(RunEnded, lambda event: values.append(event.value))
    await session.send(text)
    return values[-1]


async def test_a_question_becomes_a_list_of_simpler_ones() -> None:
    model = ScriptedModel('["Who?", "When?"]')
    assert await value_of(subqueries(context="It rained."), model, "Who did it when?") == ["Who?", "When?"]
    assert "It rained." in model.requests[0].messages[0].text


async def test_too_many_questions_go_back_to_the_model() -> None:
    model = ScriptedModel('["1?", "2?", "3?"]', "[]", '["1?"]')
    assert await value_of(subqueries(limit=2), model, "What?") == ["1?"]


async def test_a_model_that_cannot_list_them_ends_in_a_typed_error() -> None:
    session = Session(subqueries(), model=ScriptedModel("Well,", "well,", "well."))
    with pytest.raises(OutputError) as caught:
        await session.send("What?")
    assert caught.value.text == "well."


async def test_each_simpler_question_is_answered_with_what_the_earlier_ones_have_shown() -> None:
    model = ScriptedModel('["Who?", "Where?"]', "Ada.", "London.", "Ada, in London.")
    session = Session(self_ask("A letter."), model=model)
    mirror = Mirror(session)
    started: list[str] = []
    session.on(RunStarted, lambda event: started.append(event.app))
    reply = await session.send("Who wrote it, and where?")
    assert reply is not None
    assert reply.text == "Ada, in London."
    assert started == ["self_ask", "subqueries", "qa", "qa"]
    systems = [request.messages[0].text for request in model.requests]
    assert "Ada." not in systems[1]
    assert "Question: Who?\nAnswer: Ada." in systems[2]
    assert "Answer: Ada.\nQuestion: Where?\nAnswer: London." in systems[3]
    assert all("A letter." in text for text in systems)
    assert [message.text for message in model.requests[3].messages[1:]] == ["Who wrote it, and where?"]
    assert_valid(session.history)
    session.screen.flush()
    assert mirror.state == session.screen.state()
