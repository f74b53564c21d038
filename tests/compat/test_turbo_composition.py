"""Apps of apps, under turbo-chat's names: mixins, sub-apps, and both in a chat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from chatwidget import Session, commands
from chatwidget.compat.turbo_chat import (
    Generate,
    GetInput,
    Result,
    Return,
    System,
    User,
    run,
    turbo,
)
from chatwidget.models.scripted import ScriptedModel
from chatwidget.testing import play
from tests.compat.test_turbo_document import Steps, answered, sent
from tests.compat.test_turbo_running import twice


async def test_going_through_an_app_gives_results_only() -> None:
    assert [result.content async for result in twice(ScriptedModel("One", "Two"))()] == ["One", "Two"]


async def test_what_going_through_a_sub_app_gives_may_be_yielded_on() -> None:
    model = ScriptedModel("Fine")

    @turbo
    async def persona() -> Steps:
        yield System(content="Be kind")
        yield User(content="Hello")

    @turbo(model=model)
    async def app() -> Steps:
        async for result in persona():
            yield result
        yield Generate()

    assert await answered(app()) == ["Fine"]
    assert sent(model) == [("system", "Be kind"), ("user", "Hello")]


async def test_a_plain_generator_is_a_mixin() -> None:
    model = ScriptedModel("Fine")

    async def persona() -> AsyncGenerator[Any, None]:
        yield System(content="Be kind")
        yield User(content="Hello")

    @turbo(model=model)
    async def app() -> Steps:
        async for message in persona():
            yield message
        yield Generate()

    await answered(app())
    assert sent(model) == [("system", "Be kind"), ("user", "Hello")]


async def test_a_sub_app_that_says_several_things_says_them_all_to_an_app_that_runs_it_once() -> None:
    model, outer = ScriptedModel("One", "Two"), ScriptedModel("Sum")
    inner = twice(model)

    @turbo(model=outer)
    async def app() -> Steps:
        while response := await run(inner()):
            output, done = response
            yield output
            if done:
                break
        yield Generate()

    assert await answered(app()) == ["One", "Two", "Sum"]
    assert sent(outer) == [("assistant", "One"), ("assistant", "Two")]


async def test_a_yielded_sub_app_gives_its_last_output_and_keeps_its_prompts_to_itself() -> None:
    model = ScriptedModel("Inner", "Outer")

    @turbo
    async def inner() -> Steps:
        yield User(content="Secret")
        yield Generate()

    @turbo(model=model)
    async def app() -> Steps:
        result = yield inner()
        yield User(content=result.content)
        yield Generate()

    assert (await answered(app()))[-1] == "Outer"
    assert sent(model, 1) == [("user", "Inner")]


async def test_a_sub_app_that_is_run_inside_a_chat_asks_the_chats_model() -> None:
    @turbo
    async def inner() -> Steps:
        yield User(content="Go")
        yield Generate()

    @turbo
    async def app() -> Steps:
        asked = yield GetInput()
        result = await inner().run()
        yield User(content=f"{asked} {result.content}")
        yield Generate()

    model = ScriptedModel("Inner", "Outer")
    session = Session(app, model=model)
    reply = await session.send("Well?")
    assert reply is not None
    assert reply.text == "Outer"
    assert sent(model) == [("user", "Well? Inner")]
    await session.close()


async def test_stopping_a_chat_stops_the_sub_app_that_is_run_inside_and_its_clean_up_is_done() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    @turbo
    async def inner() -> Steps:
        try:
            yield User(content="Go")
            begun.set()
            await asyncio.Event().wait()
        finally:
            ended.set()

    @turbo
    async def app() -> Steps:
        yield GetInput()
        await inner().run()

    session = Session(app, model="echo")
    turn = session.submit("Well?")
    await begun.wait()
    await session.stop()
    assert ended.is_set()
    await turn.done
    await session.close()


async def test_a_result_is_shown_in_a_chat_and_not_sent() -> None:
    @turbo
    async def app() -> Steps:
        yield Result(content={"response": "Found it", "tools_used": []})
        yield Result(content=[1, 2])

    played = await play(app)
    assert played.texts == ["Found it", "[1, 2]"]
    assert played.history == []


async def test_commands_of_this_library_may_be_yielded_as_well() -> None:
    @turbo
    async def one(number: int) -> Steps:
        yield Return(number)

    @turbo
    async def app() -> Steps:
        yield Return((yield commands.gather(one(1), one(2))))

    assert (await app().run()).content == [1, 2]
