"""Apps that do what apps should not: each ends in a sentence, and the chat lives."""

from __future__ import annotations

import contextlib
import gc
import logging
import sys
from typing import Any

import pytest

from chatwidget import Assistant, Generate, GetUserInput, Return, Session, System, User, app
from chatwidget.errors import AppError
from chatwidget.testing import Driver, play


async def test_what_comes_after_return_is_never_reached() -> None:
    @app
    async def after() -> Any:
        yield Return(1)
        yield Assistant("too late")

    played = await play(after, model="echo")
    assert (played.value, played.texts) == (1, [])


async def test_an_app_that_yields_itself_or_calls_itself_for_ever_is_ended_with_a_sentence() -> None:
    @app
    async def itself() -> Any:
        yield itself

    @app
    async def for_ever() -> Any:
        yield for_ever()

    for bad in (itself, for_ever):
        with pytest.raises(AppError, match="more than 50 apps deep"):
            await play(bad, model="echo")


async def test_an_app_that_catches_its_own_end_is_left_behind_and_reported(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    @app
    async def stubborn() -> Any:
        while True:
            with contextlib.suppress(BaseException):
                yield GetUserInput()

    driver = Driver(stubborn, model="echo")
    await driver.step()
    with caplog.at_level(logging.WARNING, "chatwidget"):
        await driver.aclose()
    assert "stubborn failed while it was closed" in caplog.text
    caplog.clear()  # its record holds the generator
    del driver, stubborn
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)  # what Python says when it gives such a generator up
    gc.collect()


@pytest.mark.parametrize("value", [42, None, "text", {"role": "user"}, ["text"], [Assistant("a"), 1], object])
async def test_a_yield_that_means_nothing_names_the_app_and_the_value(value: Any) -> None:
    @app
    async def odd() -> Any:
        yield value

    with pytest.raises(AppError, match=r"^odd yielded "):
        await play(odd, model="echo")


async def test_a_bad_yield_can_be_caught_where_it_is_made() -> None:
    @app
    async def careful() -> Any:
        try:
            yield 42
        except AppError as error:
            yield Return(str(error)[:15])

    assert (await play(careful, model="echo")).value == "careful yielded"


@pytest.mark.parametrize("content", [7, 3.5, None, object()])
async def test_an_input_of_the_wrong_type_is_refused_and_nothing_is_queued(content: Any) -> None:
    session = Session(model="echo")
    with pytest.raises(TypeError, match="a message holds text or parts"):
        await session.send(content)
    assert session.messages == ()
    reply = await session.send("Hi")
    assert reply is not None and reply.text == "Hi"


async def test_a_live_message_that_fails_is_raised_at_the_request_it_was_for() -> None:
    @app
    async def clock() -> Any:
        yield System(lambda: 1 / 0)  # type: ignore[arg-type, return-value]
        yield User("What time is it?")
        try:
            yield Generate()
        except ZeroDivisionError:
            yield Return("no clock")

    driver = Driver(clock, model="echo")
    assert (await driver.step()).value == "no clock"
