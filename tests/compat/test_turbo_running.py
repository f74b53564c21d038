"""Running an app step by step: in the shapes of turbo-chat's first and last releases, and losing nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chatwidget.compat.turbo_chat import (
    Assistant,
    Generate,
    GeneratorAlreadyExhaustedError,
    GetInput,
    GetUserInput,
    InvalidValueYieldedError,
    Result,
    Return,
    System,
    User,
    run,
    turbo,
)
from chatwidget.compat.turbo_chat.runner import run as run_of_the_last_release
from chatwidget.errors import AppError, ModelError
from chatwidget.models.scripted import ScriptedModel
from tests.compat.test_turbo_document import Steps, answered, sent


def asking(model: Any) -> Any:
    @turbo(model=model)
    async def asking() -> Steps:
        while True:
            asked = yield GetInput(content="And?")
            yield User(content=asked)
            yield Generate()

    return asking


def twice(model: Any) -> Any:
    @turbo(model=model)
    async def twice() -> Steps:
        yield User(content="Go")
        yield Generate()
        yield Generate()

    return twice


async def test_every_output_is_given_in_order_and_the_last_one_says_done() -> None:
    app = twice(ScriptedModel("One", "Two"))()
    first, second = await run(app), await run(app)
    assert (first.content, first.done) == ("One", False)
    assert (second.content, second.done) == ("Two", True)


async def test_a_result_has_the_fields_of_the_last_release() -> None:
    app = asking(ScriptedModel("Sure"))()
    question = await app.run()
    assert (question.content, question.needs_input, question.done) == ("And?", True, False)
    reply = await app.run("Well")
    assert (reply.content, reply.needs_input, reply.done, reply.original_role) == ("Sure", False, False, "assistant")
    assert reply.dict() == {"content": "Sure", "needs_input": False, "done": False, "original_role": "assistant"}
    await app.aclose()


async def test_a_reply_is_told_before_the_question_behind_it_and_an_answer_given_twice_is_taken_once() -> None:
    model = ScriptedModel("One", "Two")
    assert await answered(asking(model)(), "a", "b") == ["? And?", "One", "? And?", "Two", "? And?"]
    assert [text for role, text in sent(model) if role == "user"] == ["a", "b"]


async def test_the_first_call_may_bring_the_answer_to_the_first_question() -> None:
    app = await asking(ScriptedModel("Sure"))().init()
    assert (await app.run("Well")).content == "Sure"
    with pytest.raises(AppError, match="has begun"):
        await app.init()
    await app.aclose()


@pytest.mark.parametrize("given", ["", 0, {}, {"input": "x", "state": None}, [1]])
async def test_any_answer_reaches_the_app_as_it_is(given: Any) -> None:
    @turbo
    async def app() -> Steps:
        yield Return(("got", (yield GetInput())))

    instance = app()
    assert (await instance.run()).content == "User input needed"
    result = await instance.run(given)
    assert result.content == ("got", given)
    assert result.done


async def test_no_answer_to_a_question_is_an_error_that_leaves_it_open() -> None:
    app = asking(ScriptedModel("Sure"))()
    await app.run()
    with pytest.raises(AppError, match=r"asking waits for an answer to 'And\?'"):
        await app.run()
    assert (await app.run("Well")).content == "Sure"
    await app.aclose()


async def test_an_answer_that_is_refused_leaves_the_question_open() -> None:
    @turbo
    async def app() -> Steps:
        size = yield GetUserInput(message="Which?", choices=["S", "M"])
        yield Assistant(content=size)

    instance = app()
    await run(instance)
    with pytest.raises(ValueError, match="one of: S, M"):
        await run(instance, "XL")
    assert (await run(instance, "M")).content == "M"


async def test_an_app_that_has_ended_says_so() -> None:
    app = twice(ScriptedModel("One", "Two"))()
    await run(app)
    await run(app)
    for _ in range(2):
        with pytest.raises(GeneratorAlreadyExhaustedError, match=r"twice has ended. Call twice\("):
            await run(app)


async def test_an_app_that_asks_and_says_nothing_ends_with_an_empty_result() -> None:
    @turbo
    async def app() -> Steps:
        yield System(content="Listen")
        yield GetUserInput(message="Well?")

    instance = app()
    await run(instance)
    result = await run_of_the_last_release(instance, "x")
    assert (result.content, result.done) == (None, True)


async def test_a_result_of_the_app_itself_stops_the_run_and_is_not_sent_to_the_model() -> None:
    model = ScriptedModel("Reply")

    @turbo(model=model)
    async def app() -> Steps:
        yield User(content="Go")
        yield Result(content={"progress": 1})
        yield Generate()

    instance = app()
    first = await run(instance)
    assert (first.content, first.done) == ({"progress": 1}, False)
    assert not model.requests
    assert (await run(instance)).content == "Reply"
    assert sent(model) == [("user", "Go")]


async def test_what_an_app_cannot_yield_is_told_with_its_line_and_may_be_caught() -> None:
    @turbo
    async def app() -> Steps:
        try:
            yield "hello"
        except InvalidValueYieldedError as error:
            yield Assistant(content=str(error))

    said = (await run(app())).content
    assert "app yielded 'hello' (str) in line" in said
    assert "test_turbo_running.py" in said


async def test_a_failing_model_is_raised_at_the_yield_where_the_app_may_go_on() -> None:
    @turbo(model=ScriptedModel(ModelError("Down.")))
    async def app() -> Steps:
        yield User(content="Go")
        try:
            yield Generate()
        except ModelError:
            yield Assistant(content="Later, perhaps.")

    assert await answered(app()) == ["Later, perhaps."]


async def test_what_was_said_before_a_failure_is_given_first() -> None:
    @turbo
    async def app() -> Steps:
        yield Assistant(content="So far, so good")
        raise LookupError("lost")

    instance = app()
    first = await run(instance)
    assert (first.content, first.done) == ("So far, so good", False)
    with pytest.raises(LookupError, match="lost"):
        await run(instance)
    with pytest.raises(GeneratorAlreadyExhaustedError):
        await run(instance)


async def test_closing_an_app_runs_its_clean_up_at_once() -> None:
    ended = asyncio.Event()

    @turbo
    async def app() -> Steps:
        try:
            yield GetInput()
        finally:
            ended.set()

    instance = app()
    await instance.run()
    await instance.aclose()
    assert ended.is_set()


async def test_an_app_that_is_running_is_not_run_a_second_time() -> None:
    app = twice(ScriptedModel("One", "Two"))()
    first, second = await asyncio.gather(run(app), run(app), return_exceptions=True)
    assert isinstance(first, Result)
    assert isinstance(second, AppError)
    assert (await run(app)).content == "Two"


async def test_a_run_that_is_cancelled_ends_the_app_with_its_clean_up() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    @turbo
    async def app() -> Steps:
        try:
            yield Assistant(content="So far")
            begun.set()
            await asyncio.Event().wait()
        finally:
            ended.set()

    instance = app()
    task = asyncio.create_task(instance.run())
    await begun.wait()
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert ended.is_set()
    assert (await instance.run()).content == "So far"
    with pytest.raises(GeneratorAlreadyExhaustedError):
        await instance.run()


async def test_what_is_no_called_app_is_told_to_be_called() -> None:
    with pytest.raises(AppError, match="Call it"):
        await run(twice(ScriptedModel()))
