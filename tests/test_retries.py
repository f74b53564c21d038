"""Retries are seen: an event and a line with its countdown, gone once the model answers; an app sets how many."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chatwidget import Generate, GetUserInput, Session, User, app
from chatwidget.events import RetryScheduled
from chatwidget.models.base import RetryDelta
from chatwidget.models.scripted import BreakOff, Delay, ScriptedModel
from tests.core_strategies import Mirror, quiet, record, ticks
from tests.gated import until


async def test_a_retry_is_shown_until_the_model_answers() -> None:
    model = ScriptedModel([RetryDelta("It is busy.", 3.0, 1, 2), Delay(0), RetryDelta("Still.", 6.0, 2, 2), "Hello."])
    session = Session(model=model)
    mirror = Mirror(session)
    events = record(session)
    shown: list[Any] = []
    session.on(RetryScheduled, lambda event: shown.append(session.screen.field("retrying")))
    reply = await session.send("Hi")
    assert reply is not None and reply.text == "Hello."
    assert [(event.reason, event.seconds) for event in events if isinstance(event, RetryScheduled)] == [
        ("It is busy.", 3.0),
        ("Still.", 6.0),
    ]
    assert shown[1] == {"reason": "Still.", "seconds": 6.0, "attempt": 2, "of": 2}
    assert session.screen.field("retrying") is None
    session.screen.flush()
    assert mirror.state == session.screen.state()


@pytest.mark.parametrize("ending", ["stop", "failure"])
async def test_the_line_goes_with_the_reply_whatever_ends_it(ending: str) -> None:
    after: list[Any] = [Delay(3600)] if ending == "stop" else [BreakOff()]
    session = Session(model=ScriptedModel([RetryDelta("It is busy.", 3600.0), *after]))
    turn = session.submit("Hi")
    if ending == "stop":
        await until(lambda: session.screen.field("retrying"))
        await session.stop()
    await asyncio.wait({turn.done})
    await quiet(session)
    assert session.screen.field("retrying") is None


async def test_an_app_says_how_often_its_model_is_asked_again() -> None:
    @app(retries=5)
    async def patient() -> Any:
        yield User((yield GetUserInput()))
        yield Generate()

    model = ScriptedModel("Hello.")
    await Session(patient, model=model).send("Hi")
    assert model.requests[0].max_retries == 5
    await ticks(1)
