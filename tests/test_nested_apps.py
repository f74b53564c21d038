"""Apps inside apps: values, conversations of their own, failures, and a stop."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chatwidget import AppError, Assistant, Generate, GetUserInput, Return, Session, System, User, app
from chatwidget.errors import ModelError
from chatwidget.events import PartDelta, RunEnded, RunStarted
from chatwidget.models.scripted import Delay, ScriptedModel
from tests.core_strategies import Mirror, assert_valid, record

FOREVER = Delay(3600)


def texts(session: Session) -> list[str]:
    return [message.text for message in session.messages]


def sent(model: ScriptedModel, number: int = -1) -> list[str]:
    return [message.text for message in model.requests[number].messages]


async def test_a_nested_apps_value_comes_back_at_the_yield() -> None:
    @app
    async def double(number: int) -> Any:
        yield Return(2 * number)

    @app
    async def parent() -> Any:
        yield GetUserInput()
        yield Assistant(str((yield double(21))))

    session = Session(parent, model="echo")
    events = record(session)
    await session.send("Go")
    assert texts(session)[-1] == "42"
    inner = [event for event in events if isinstance(event, RunEnded) and event.scope]
    assert [(event.verdict, event.value) for event in inner] == [("complete", 42)]


async def test_a_nested_app_sees_its_own_conversation_only_and_leaves_none_behind() -> None:
    @app
    async def judge(text: str) -> Any:
        yield System("Judge.")
        yield User(text)
        verdict = yield Generate()
        yield Return(verdict.text)

    @app
    async def parent() -> Any:
        yield System("Chat.")
        text = yield GetUserInput()
        yield judge(text)
        yield User(text)
        yield Generate()

    model = ScriptedModel("Fine.", "Hello!")
    session = Session(parent, model=model)
    await session.send("Hi")
    assert sent(model, 0) == ["Judge.", "Hi"]
    assert sent(model, 1) == ["Chat.", "Hi"]
    assert [item["content"] for item in session.history] == ["Chat.", "Hi", "Hello!"]


async def test_a_nested_apps_failure_is_thrown_at_its_parents_yield() -> None:
    @app
    async def fragile() -> Any:
        yield User("Try.")
        yield Generate()

    @app
    async def parent() -> Any:
        yield GetUserInput()
        try:
            yield fragile()
        except ModelError as error:
            yield Assistant(f"Caught: {error}")

    session = Session(parent, model=ScriptedModel([ModelError("The line is dead.")]))
    events = record(session)
    await session.send("Go")
    assert texts(session)[-1] == "Caught: The line is dead."
    assert [event.verdict for event in events if isinstance(event, RunEnded)] == ["error", "complete"]


async def test_a_stop_reaches_the_innermost_app_first() -> None:
    order: list[str] = []

    @app
    async def level(depth: int) -> Any:
        try:
            if depth:
                yield level(depth - 1)
            else:
                yield User("Speak.")
                yield Generate()
        finally:
            order.append(f"level {depth}")

    @app
    async def parent() -> Any:
        yield User((yield GetUserInput()))
        yield level(2)

    session = Session(parent, model=ScriptedModel(["Word ", FOREVER], "Next."))
    events = record(session)
    turn = session.submit("Go")
    session.on(PartDelta, lambda _: asyncio.ensure_future(session.stop()))
    await turn.done
    assert order == ["level 0", "level 1", "level 2"]
    assert [event.verdict for event in events if isinstance(event, RunEnded)] == ["stopped"] * 4
    assert texts(session)[-1] == "Word "
    assert_valid(session.history)


async def test_a_nested_app_can_ask_the_person() -> None:
    @app
    async def ask_name() -> Any:
        yield Return((yield GetUserInput("Your name?")))

    @app
    async def parent() -> Any:
        name = yield ask_name()
        yield Assistant(f"Hello {name}.")
        yield User((yield GetUserInput()))

    session = Session(parent, model="echo")
    mirror = Mirror(session)
    await session.send("Ada")
    assert texts(session) == ["Your name?", "Ada", "Hello Ada."]
    session.screen.flush()
    assert mirror.state == session.screen.state()


async def test_a_started_generator_and_an_app_function_can_be_nested_too() -> None:
    async def plain() -> Any:
        yield Return(1)

    @app
    async def decorated() -> Any:
        yield Return(2)

    values: list[int] = []

    @app
    async def parent() -> Any:
        yield GetUserInput()
        values.append((yield plain()))
        values.append((yield decorated))

    await Session(parent, model="echo").send("Go")
    assert values == [1, 2]


async def test_endless_nesting_is_refused_with_a_sentence() -> None:
    @app
    async def mirror() -> Any:
        yield mirror()

    session = Session(mirror, model="echo")
    events = record(session)
    with pytest.raises(AppError, match="mirror runs inside itself"):
        await session.send("Go")
    assert sum(isinstance(event, RunStarted) for event in events) == sum(
        isinstance(event, RunEnded) for event in events
    )
