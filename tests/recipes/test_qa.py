"""Question answering over a text: in a chat, in another app, as a tool."""

from __future__ import annotations

from typing import Any

from chatwidget import GetUserInput, Return, Session, app
from chatwidget.events import RunEnded
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.recipes.qa import qa

TEXT = "The bridge was built in 1934."


async def test_in_a_chat_each_question_is_answered_from_the_text() -> None:
    model = ScriptedModel("In 1934.", "The text does not tell.")
    session = Session(qa(TEXT), model=model)
    first = await session.send("When was it built?")
    await session.send("By whom?")
    assert first is not None
    assert first.text == "In 1934."
    for request in model.requests:
        assert [message.role for message in request.messages].count("system") == 1
        assert TEXT in request.messages[0].text
    assert [message.text for message in model.requests[1].messages[1:]] == [
        "When was it built?",
        "In 1934.",
        "By whom?",
    ]


async def test_in_another_app_it_gives_the_answer() -> None:
    @app
    async def around() -> Any:
        question = yield GetUserInput()
        yield Return((yield qa(TEXT, question)))

    session = Session(around, model=ScriptedModel("In 1934."))
    values: list[Any] = []
    session.on(RunEnded, lambda event: values.append(event.value))
    await session.send("When?")
    assert values == ["In 1934.", "In 1934."]


async def test_as_a_tool_the_model_gives_text_and_question() -> None:
    call = ToolCall("qa", {"context": TEXT, "question": "When?"})
    model = ScriptedModel(call, "In 1934.", "It was in 1934.")
    session = Session(model=model, tools=[qa.as_tool()])
    reply = await session.send("When was the bridge built?")
    assert reply is not None
    assert reply.text == "It was in 1934."
    assert [item["content"] for item in session.history if item["role"] == "tool"] == ["In 1934."]


async def test_a_text_with_braces_is_no_template() -> None:
    model = ScriptedModel("x")
    await Session(qa("{{ secret }} {% if %}"), model=model).send("?")
    assert "{{ secret }} {% if %}" in model.requests[0].messages[0].text
