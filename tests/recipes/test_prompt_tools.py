"""Tools by prompt: words become calls, with all that holds for calls."""

from __future__ import annotations

from typing import Any

import pytest

from chatwidget import Deny, Session, System, ToolCallPart, User, app
from chatwidget.commands import Generate, GetUserInput
from chatwidget.events import PartDelta
from chatwidget.messages import Message
from chatwidget.models.scripted import BreakOff, ScriptedModel, ToolCall
from chatwidget.recipes.prompt_tools import PromptTools, prompt_tools
from tests.core_strategies import Mirror, assert_valid

CALL = 'Thought: I add.\nTool: add\nInput: {"a": 2, "b": 40}'


def add(a: int, b: int) -> int:
    """Add two numbers."""
    if a == 13:
        raise ValueError("not thirteen")
    return a + b


def told(session: Session) -> list[str]:
    return [item["content"] for item in session.history if item["role"] == "tool"]


async def play(*replies: Any, **options: Any) -> tuple[Session, ScriptedModel, Message]:
    model = ScriptedModel(*replies)
    session = Session(prompt_tools, model=model, tools=options.pop("tools", [add]), **options)
    mirror = Mirror(session)
    reply = await session.send("What is 2 + 40?")
    assert reply is not None
    assert_valid(session.history)
    session.screen.flush()
    assert mirror.state == session.screen.state()
    return session, model, reply


async def test_words_become_a_call_and_its_result_words() -> None:
    session, model, reply = await play(CALL, "Thought: I know.\nAnswer: It is 42.")
    assert (reply.text, told(session)) == ("It is 42.", ["42"])
    first, second = model.requests
    assert first.tools == second.tools == ()
    assert first.options["stop"] == ["\nResult:"]
    assert '"integer"' in first.messages[0].text
    assert [(message.role, message.text) for message in second.messages[1:]] == [
        ("user", "What is 2 + 40?"),
        ("assistant", CALL),
        ("user", "Result: 42"),
    ]


async def test_the_person_reads_no_word_of_the_call() -> None:
    session, _, _ = await play("I add.\n" + CALL, "Answer: It is 42.\nTool: is a word, too.")
    texts = [message.text for message in session.messages]
    assert texts == ["What is 2 + 40?", "I add.", "", "It is 42.\nTool: is a word, too."]
    calls = [part for message in session.messages for part in message.parts if isinstance(part, ToolCallPart)]
    assert [(call.name, call.arguments) for call in calls] == [("add", '{"a": 2, "b": 40}')]


async def test_the_answer_streams() -> None:
    session = Session(prompt_tools, model=ScriptedModel("Answer: one two three four"), tools=[add])
    pieces: list[str] = []
    session.on(PartDelta, lambda event: pieces.append(event.text))
    await session.send("Count")
    assert len(pieces) > 3
    assert "".join(pieces) == "one two three four"


async def test_a_model_that_goes_on_and_invents_the_result_is_cut_off() -> None:
    invented = CALL + "\nResult: 99\nAnswer: It is 99."
    session, model, reply = await play(invented, "Answer: It is 42.")
    assert (told(session), reply.text) == (["42"], "It is 42.")
    assert model.requests[1].messages[-2].text == CALL


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("Tool: divide\nInput: {}", "divide"),
        ('Tool: add\nInput: {"a": "x", "b": 1}', "a"),
        ("Tool: add\nInput: two and forty", "JSON"),
        ("Tool: add", "a"),
        ('Tool: add\nInput: {"a": 13, "b": 1}', "not thirteen"),
    ],
)
async def test_what_is_wrong_with_a_call_goes_back_to_the_model(wrong: str, said: str) -> None:
    session, model, reply = await play(wrong, CALL, "Answer: 42")
    assert said in told(session)[0]
    assert said in model.requests[1].messages[-1].text
    assert (told(session)[1], reply.text) == ("42", "42")


async def test_rounds_are_bounded() -> None:
    _, model, reply = await play(CALL, CALL, "Answer: Enough.", max_tool_rounds=2)
    assert (len(model.requests), reply.text) == (3, "Enough.")
    assert "stop" not in model.requests[2].options


async def test_a_person_is_asked_where_a_tool_wants_approval() -> None:
    from chatwidget import function_tool

    careful = function_tool(approve=True)(add)
    session, _, _ = await play(CALL, "Answer: Pity.", tools=[careful], policy=lambda ask: Deny("no"))
    assert "42" not in told(session)[0]


@pytest.mark.parametrize("text", ["42.", "It is\n\n42.", "Answers: none", "Input: {}", "Thoughts differ", "An"])
async def test_a_reply_without_labels_is_the_answer(text: str) -> None:
    _, _, reply = await play(text)
    assert reply.text.strip() == text


async def test_input_in_a_fence_over_lines_is_read() -> None:
    session, _, _ = await play('Tool: add\nInput:\n```json\n{"a": 2,\n "b": 40,}\n```', "Answer: 42")
    assert told(session) == ["42"]


async def test_a_reply_that_breaks_off_runs_nothing() -> None:
    model = ScriptedModel([CALL, BreakOff()])
    session = Session(prompt_tools, model=model, tools=[add])
    with pytest.raises(Exception, match="ended its reply"):
        await session.send("Go")
    assert "42" not in "".join(told(session))


async def test_as_a_model_it_serves_other_apps_with_instructions_of_their_own() -> None:
    @app
    async def polite() -> Any:
        yield System("Be polite.")
        while True:
            yield User((yield GetUserInput()))
            yield Generate(stop="END")

    model = ScriptedModel(CALL, "Answer: 42, please.", "Answer: Bye.")
    session = Session(polite, model=PromptTools(model), tools=[add])
    await session.send("What is 2 + 40?")
    await session.send("Thanks")
    assert model.requests[0].messages[0].text.startswith("Be polite.\n\nYou can use tools.")
    assert model.requests[0].options["stop"] == ["\nResult:", "END"]
    assert [message.text for message in model.requests[2].messages[-2:]] == ["Answer: 42, please.", "Thanks"]
    await session.close()


async def test_it_is_a_tool_with_tools_of_its_own() -> None:
    helper = prompt_tools.configure(tools=[add]).as_tool()
    model = ScriptedModel(ToolCall("prompt_tools", {"message": "2 + 40?"}), CALL, "Answer: 42", "It is 42.")
    session = Session(model=model, tools=[helper])
    reply = await session.send("Add, please")
    assert reply is not None
    assert reply.text == "It is 42."
    assert told(session) == ["42"]
    assert "prompt_tools" not in model.requests[1].messages[0].text
