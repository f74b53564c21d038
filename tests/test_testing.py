"""The test kit, and driving by hand: every output once, typed exhaustion, a clean end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pydantic import BaseModel

from chatwidget import Assistant, Generate, GetUserInput, Return, System, User, app
from chatwidget.errors import AppExhausted, AskTimeout, ModelError, RequestError
from chatwidget.testing import Driver, ScriptedModel, play


@app
async def fortune_teller(name: str) -> Any:
    yield System("You are a fortune teller.")
    yield Assistant("Welcome!")
    while True:
        yield User((yield GetUserInput(f"{name}, what do you want to know?")))
        yield Generate(temperature=0.9)


async def test_an_app_is_played_and_its_transcript_and_requests_are_there() -> None:
    model = ScriptedModel("A journey.", "A cat.")
    played = await play(fortune_teller("Ada"), ["What will be?", "And then?"], model=model)
    question = "Ada, what do you want to know?"
    assert played.texts == ["Welcome!", question, "A journey.", question, "A cat.", question]
    assert model.requests[1].messages[-1].text == "And then?"
    assert model.requests[1].options == {"temperature": 0.9}
    assert played.outcome.request is not None and not played.outcome.done


async def test_each_step_gives_every_output_on_the_way_once() -> None:
    @app
    async def talkative() -> Any:
        yield Assistant("one")
        yield Assistant("two")
        name = yield GetUserInput()
        yield User(name)
        yield Generate()
        yield Generate()
        yield Return(len(name))

    driver = Driver(talkative, model=ScriptedModel("three", "four"))
    assert [message.text for message in (await driver.step()).outputs] == ["one", "two"]
    outcome = await driver.step("Ada")
    assert (outcome.text, outcome.done, outcome.value) == ("three\nfour", True, 3)
    with pytest.raises(AppExhausted, match="has ended"):
        await driver.step("more")


async def test_the_first_input_may_be_given_at_once() -> None:
    driver = Driver(fortune_teller("Ada"), model=ScriptedModel("Rain."))
    outcome = await driver.step("Tomorrow?")
    assert [message.text for message in outcome.outputs][0::2] == ["Welcome!", "Rain."]
    await driver.aclose()


async def test_an_app_that_ends_too_early_says_so() -> None:
    @app
    async def silent() -> Any:
        yield Assistant("Bye.")

    with pytest.raises(AppExhausted):
        await play(silent, ["Hello?"])


async def test_what_an_app_raises_is_raised() -> None:
    with pytest.raises(ModelError, match="scripted"):
        await play(fortune_teller("Ada"), ["What?"], model=ScriptedModel())

    @app
    async def broken() -> Any:
        yield Assistant("So far.")
        raise LookupError("lost")

    with pytest.raises(LookupError, match="lost"):
        await Driver(broken, model="echo").step()


async def test_closing_runs_the_apps_own_clean_up_before_it_returns() -> None:
    closed: list[str] = []

    @app
    async def careful() -> Any:
        try:
            yield GetUserInput()
        finally:
            await asyncio.sleep(0)
            closed.append("closed")

    driver = Driver(careful, model="echo")
    await driver.step()
    await driver.aclose()
    await driver.aclose()
    assert closed == ["closed"]


# Questions with choices, forms, checks and limits.


class Trip(BaseModel):
    to: str
    days: int = 1


@app
async def questions() -> Any:
    size = yield GetUserInput("Which size?", choices=["S", "M"])
    price = yield GetUserInput("Which fare?", choices={"cheap": 1, "dear": 2})
    trip = yield GetUserInput("Where to?", schema=Trip)
    yield Return((size, price, trip))


async def test_choices_and_forms_give_values() -> None:
    played = await play(questions, ["M", "dear", {"to": "Rome", "days": 3}], model="echo")
    assert played.value == ("M", 2, Trip(to="Rome", days=3))
    assert [message.text for message in played.messages if message.role == "user"] == [
        "M",
        "dear",
        "to: Rome\ndays: 3",
    ]


async def test_an_answer_that_is_none_is_refused_and_the_question_stays() -> None:
    driver = Driver(questions, model="echo")
    await driver.step()
    with pytest.raises(RequestError, match="one of: S, M"):
        await driver.step("XL")
    shown = driver.session.screen.field("input_request")
    assert (shown["choices"], shown["error"]) == (["S", "M"], "The answer must be one of: S, M.")
    await driver.aclose()


async def test_a_text_that_is_typed_and_no_answer_is_explained_and_asked_again() -> None:
    driver = Driver(questions, model="echo")
    await driver.step()
    driver.session.submit("XL")
    outcome = await driver._next()
    assert outcome.request is not None and outcome.request.error == "The answer must be one of: S, M."
    [wrong] = [message for message in driver.session.messages if message.role == "user"]
    assert (wrong.text, wrong.off_record) == ("XL", True)
    driver.session.submit("S")
    assert (await driver._next()).request is not None
    await driver.aclose()


async def test_a_check_of_ones_own_and_an_empty_answer() -> None:
    def short(text: str) -> None:
        if len(text) > 3:
            raise ValueError("At most three letters.")

    @app
    async def ask() -> Any:
        yield Return((yield GetUserInput("Code?", validate=short)))

    driver = Driver(ask, model="echo")
    await driver.step()
    with pytest.raises(RequestError, match="three letters"):
        await driver.step("abcd")
    assert (await driver.step("")).value == ""


async def test_a_question_has_a_time_limit_that_the_app_may_catch() -> None:
    @app
    async def impatient() -> Any:
        try:
            yield GetUserInput("Quick?", timeout=0.01)
        except AskTimeout as error:
            yield Return(str(error))

    driver = Driver(impatient, model="echo")
    await driver.step()
    outcome = await driver._next()
    assert outcome.value == "Nobody answered 'Quick?' within 0.01 s."
