"""`@app(cache=...)`: over runs and sessions, another reply for a retry and for each of several."""

from __future__ import annotations

from typing import Any

from chatwidget import Generate, GetUserInput, MemoryCache, Session, User, app
from chatwidget.models.base import ModelRequest
from chatwidget.testing import ScriptedModel, play


class Counting(ScriptedModel):
    """Answers with the number of the request, always with the same identity."""

    def __init__(self) -> None:
        super().__init__(*map(str, range(1, 10)))
        self.identity = "counting"


def asking(cache: Any) -> Any:
    @app(cache=cache)
    async def ask() -> Any:
        while True:
            yield User((yield GetUserInput()))
            yield Generate()

    return ask


async def test_the_same_question_is_answered_from_the_cache_in_another_run() -> None:
    cache, model = MemoryCache(), Counting()
    first = await play(asking(cache), ["Hi"], model=model)
    again = await play(asking(cache), ["Hi"], model=model)
    assert first.texts == again.texts == ["1"]
    assert len(model.requests) == 1
    reply = again.messages[-1]
    assert reply.usage is not None and reply.usage["cached"] is True


async def test_a_hit_costs_nothing() -> None:
    cache, model = MemoryCache(), Counting()
    await play(asking(cache), ["Hi"], model=model)
    session = Session(asking(cache), model=model)
    await session.send("Hi")
    assert (session.usage.chat.requests, session.usage.chat.tokens) == (0, 0)


async def test_a_retry_and_each_of_several_replies_is_another_one() -> None:
    model = Counting()
    session = Session(asking(MemoryCache()), model=model)
    await session.send("Hi")
    await (await session.retry()).done
    assert session.messages[-1].text == "2"

    @app(cache=MemoryCache(), n=3)
    async def several() -> Any:
        yield User((yield GetUserInput()))
        yield Generate()

    model = Counting()
    played = await play(several, ["Hi"], model=model)
    assert played.texts == ["1"]
    assert [request.version for request in model.requests] == [0, 1, 2]


def test_a_request_is_the_first_version_unless_it_says_otherwise() -> None:
    assert ModelRequest(()).version == 0
