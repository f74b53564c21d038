"""The programs that turbo-chat's own document shows, told again with another story, in its spellings."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from chatwidget import Session
from chatwidget.compat.turbo_chat import (
    Assistant,
    BaseMemory,
    Generate,
    GetUserInput,
    System,
    User,
    run,
    turbo,
)
from chatwidget.compat.turbo_chat.app_run import run_of
from chatwidget.models.scripted import ScriptedModel
from tests.compat.agentools_endpoint import endpoint, told
from tests.wire.server import WireServer

__all__ = ["endpoint"]

Steps = AsyncGenerator[Any, Any]


@pytest.fixture
def model() -> ScriptedModel:
    return ScriptedModel("Take an umbrella.")


def sent(model: ScriptedModel, number: int = -1) -> list[tuple[str, str]]:
    return [(message.role, message.text) for message in model.requests[number].messages]


async def home_of(traveller: int) -> str:
    return {7: "Bergen"}[traveller]


@turbo()
async def tell_home(context: dict[str, Any]) -> Steps:
    home = await home_of(context["traveller"])
    yield User(content=f"I live in {home}")


def forecaster(model: ScriptedModel) -> Any:
    @turbo(model=model)
    async def forecast(context: dict[str, Any]) -> Steps:
        yield System(content="You foretell the weather")
        while response := await run(tell_home(context)):
            output, done = response
            yield output
            if done:
                break
        asked = yield GetUserInput(message="Which day?")
        yield User(content=asked)
        yield Generate(settings={"temperature": 0.9})

    return forecast


async def answered(app: Any, *answers: str) -> list[str]:
    """The document's own loop, which gives the last answer again and again, until there are no more answers."""
    seen: list[str] = []
    typed = iter(answers)
    answer = None
    while True:
        result, done = await run(app, answer)
        if isinstance(result, GetUserInput):
            seen.append(f"? {result.message}")
            answer = next(typed, None)
            if answer is None:
                await run_of(app).aclose()
                return seen
            continue
        if isinstance(result, Assistant):
            seen.append(result.content)
        if done:
            return seen


async def test_a_generator_that_nobody_decorated_is_run_and_its_generate_gives_the_reply(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CHATWIDGET_MODEL", "mocked:Hi there!")
    printed = []

    async def greeting() -> Steps:
        yield System(content="Greet whoever comes.")
        yield User(content="Good morning!")
        output = yield Generate()
        printed.append(output.content)

    assert await answered(greeting()) == ["Hi there!"]
    assert printed == ["Hi there!"]


async def test_the_loop_of_the_document_asks_once_and_prints_the_reply(model: ScriptedModel) -> None:
    assert await answered(forecaster(model)({"traveller": 7}), "Monday") == ["? Which day?", "Take an umbrella."]


async def test_what_a_sub_app_says_stands_in_the_outer_conversation_and_costs_no_request(model: ScriptedModel) -> None:
    await answered(forecaster(model)({"traveller": 7}), "Monday")
    assert len(model.requests) == 1
    assert sent(model) == [
        ("system", "You foretell the weather"),
        ("user", "I live in Bergen"),
        ("assistant", "Which day?"),
        ("user", "Monday"),
    ]


async def test_settings_of_generate_reach_the_model(model: ScriptedModel) -> None:
    await answered(forecaster(model)({"traveller": 7}), "Monday")
    assert model.requests[0].options == {"temperature": 0.9}


async def test_the_same_app_runs_in_a_chat(model: ScriptedModel) -> None:
    session = Session(forecaster(model)({"traveller": 7}))
    reply = await session.send("Monday")
    assert reply is not None
    assert reply.text == "Take an umbrella."
    await session.close()


async def test_each_call_of_an_app_is_a_run_of_its_own() -> None:
    model = ScriptedModel("One", "Two")
    forecast = forecaster(model)
    assert (await answered(forecast({"traveller": 7}), "Monday"))[-1] == "One"
    assert (await answered(forecast({"traveller": 7}), "Tuesday"))[-1] == "Two"
    assert len(sent(model)) == 4


async def test_a_memory_may_be_a_sketch_of_three_methods(model: ScriptedModel) -> None:
    class Nowhere(BaseMemory):
        async def init(self, context: Any) -> None: ...

        async def append(self, item: Any) -> None: ...

        async def clear(self) -> None: ...

    @turbo(memory=Nowhere(), model=model)
    async def app() -> Steps:
        yield User(content="Is it on?")
        yield Generate()

    assert await answered(app()) == ["Take an umbrella."]


async def test_an_app_without_a_yield_is_an_app_that_says_nothing() -> None:
    @turbo(memory=BaseMemory())
    async def app() -> None: ...

    assert await answered(app()) == []


async def test_a_model_of_the_documents_time_is_asked_at_the_endpoint_that_is_set(endpoint: WireServer) -> None:
    @turbo(model="gpt-3.5-turbo-0301", temperature=0.5)
    async def app() -> Steps:
        yield System(content="Be brief")
        yield User(content="Well?")
        yield Generate(settings={"max_tokens": 9})

    endpoint.script(told("Well."))
    assert await answered(app()) == ["Well."]
    body = endpoint.asked[0].body
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("gpt-3.5-turbo-0301", 0.5, 9)
    assert body["messages"] == [{"role": "system", "content": "Be brief"}, {"role": "user", "content": "Well?"}]
