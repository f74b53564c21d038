"""`@app` with options, what an app is given by type hint, and what its `Generate` may change."""

from __future__ import annotations

from typing import Any

import pytest

from chatwidget import (
    Assistant,
    ExampleAssistant,
    ExampleUser,
    Generate,
    GetUserInput,
    Return,
    Session,
    System,
    User,
    app,
)
from chatwidget.context import RunContext
from chatwidget.errors import AppError
from chatwidget.testing import ScriptedModel, play


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


def look_up(word: str) -> str:
    """Look up a word."""
    return "a word"


@app(temperature=0.3, max_tokens=10)
async def careful(greeting: str = "Hi") -> Any:
    """Answer once."""
    yield Assistant(greeting)
    yield User((yield GetUserInput()))
    yield Generate(max_tokens=20)


# Options.


async def test_options_go_with_every_request_and_generate_overrides_them() -> None:
    model = ScriptedModel("Yes.")
    await play(careful(), ["Hello"], model=model)
    assert model.requests[0].options == {"temperature": 0.3, "max_tokens": 20}


async def test_configure_merges_and_leaves_the_old_app_alone() -> None:
    model = ScriptedModel("Yes.", "Yes.")
    hot = careful.configure(temperature=1.0, n=2, choice=lambda replies: 1)
    played = await play(hot("Hey"), ["Hello"], model=model)
    assert [request.options["temperature"] for request in model.requests] == [1.0, 1.0]
    assert played.texts[0] == "Hey"
    again = hot.configure(top_p=0.5)
    assert again.options.n == 2 and again.options.parameters == {"temperature": 1.0, "max_tokens": 10, "top_p": 0.5}
    assert careful.options.n is None and careful.options.parameters["temperature"] == 0.3


async def test_an_apps_own_model_answers_unless_generate_names_another() -> None:
    own, other, around = ScriptedModel("own"), ScriptedModel("other"), ScriptedModel("around")

    @app(model=own)
    async def talk() -> Any:
        yield User("Hi")
        yield Generate()
        yield Generate(model=other)

    assert (await play(talk, model=around)).texts == ["own", "other"]
    assert not around.requests


async def test_an_apps_tools_stand_beside_those_of_the_chat_and_a_nested_app_has_its_own() -> None:
    @app(tools=[look_up])
    async def inner() -> Any:
        yield User("in")
        yield Generate()

    @app(tools=add)
    async def outer() -> Any:
        yield User("out")
        yield Generate()
        yield inner
        yield Generate(tools=[])

    model = ScriptedModel("1", "2", "3")
    session_tools = [look_up]
    await play(outer, model=model, tools=session_tools)
    assert [[tool.name for tool in request.tools] for request in model.requests] == [
        ["look_up", "add"],
        ["look_up"],
        [],
    ]


async def test_the_debug_hook_sees_every_output_and_every_input_and_may_fail() -> None:
    seen: list[tuple[str, str]] = []

    def debug(direction: str, value: Any) -> None:
        seen.append((direction, type(value).__name__))
        raise RuntimeError("a hook of mine")

    await play(careful.configure(debug=debug)(), ["Hello"], model=ScriptedModel("Yes."))
    assert seen == [
        ("output", "Message"),
        ("input", "Message"),
        ("output", "GetUserInput"),
        ("input", "UserText"),
        ("output", "Message"),
        ("input", "Message"),
        ("output", "Generate"),
        ("input", "Message"),
    ]


async def test_a_reply_that_is_not_forwarded_stays_off_the_screen_and_in_the_conversation() -> None:
    @app
    async def thinker() -> Any:
        yield User("Think.")
        thought = yield Generate(forward=False)
        yield User(f"You thought: {thought.text}")
        yield Generate()

    model = ScriptedModel("secret", "Done.")
    session = Session(thinker, model=model)
    session.start()
    await session._turns._task  # type: ignore[misc]
    assert [message["role"] for message in session.screen.state()["messages"]] == ["user", "user", "assistant"]
    assert [message.text for message in model.requests[1].messages] == ["Think.", "secret", "You thought: secret"]


# What an app is given.


async def test_session_and_context_are_given_by_type_hint_wherever_they_stand() -> None:
    @app
    async def given(session: Session, name: str, *, context: RunContext) -> Any:
        yield Return((type(session).__name__, name, context.depth))

    curious: Any = given
    assert (await play(curious("Ada"), model="echo")).value == ("Session", "Ada", 0)
    with pytest.raises(TypeError):
        curious()
    with pytest.raises(TypeError):
        curious("Ada", "Session")


async def test_an_app_that_wants_a_memory_where_there_is_none_is_told() -> None:
    from chatwidget.memory import Memory

    @app
    async def keeper(memory: Memory) -> Any:
        yield Return(1)

    with pytest.raises(AppError, match="wants the memory"):
        await play(keeper, model="echo")


# Messages.


async def test_examples_are_turns_of_their_own_for_the_model_and_not_on_screen() -> None:
    @app
    async def classifier() -> Any:
        yield [System("Say positive or negative."), ExampleUser("Great!"), ExampleAssistant("positive")]
        while True:
            yield User((yield GetUserInput()))
            yield Generate()

    model = ScriptedModel("negative", "positive")
    session = Session(classifier, model=model)
    reply = await session.send("Awful.")
    assert reply is not None and reply.text == "negative"
    sent = [(message.role, message.text) for message in model.requests[0].messages]
    assert sent == [
        ("system", "Say positive or negative."),
        ("user", "Great!"),
        ("assistant", "positive"),
        ("user", "Awful."),
    ]
    assert [message["role"] for message in session.screen.state()["messages"]] == ["user", "assistant"]
    await (await session.retry()).done
    assert [message.text for message in model.requests[1].messages] == [text for _, text in sent]


async def test_sticky_messages_stand_where_they_want_to() -> None:
    @app
    async def copilot() -> Any:
        yield System("Help.")
        for number in (1, 2):
            yield User("old question")
            yield Generate()
            yield System(f"Top {number}.", label="top", position="top")
            yield User(f"State {number}.", label="state", position="bottom")
        yield User("new question")
        yield Generate()

    model = ScriptedModel("a", "b", "c")
    await play(copilot, model=model)
    assert [message.text for message in model.requests[-1].messages] == [
        "Top 2.",
        "Help.",
        "old question",
        "a",
        "old question",
        "b",
        "State 2.",
        "new question",
    ]
