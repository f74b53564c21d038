"""Apps at the same time: kept apart, stopped together, asking one after the other."""

from __future__ import annotations

import asyncio
from typing import Any

from chatwidget import Assistant, Generate, GetUserInput, Return, Session, System, User, app, gather
from chatwidget.events import RunStarted
from chatwidget.testing import ScriptedModel, ToolCall, play
from tests.core_strategies import assert_valid


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


@app
async def expert(field: str) -> Any:
    yield System(f"You know {field}.")
    yield User("What do you know?")
    reply = yield Generate()
    yield Return(reply.text)


async def test_apps_run_at_the_same_time_and_are_kept_apart() -> None:
    @app
    async def panel() -> Any:
        yield Return((yield gather(expert("art"), expert("law"))))

    class Knows(ScriptedModel):
        async def stream(self, request: Any) -> Any:
            self.requests.append(request)
            async for delta in ScriptedModel(request.messages[0].text.upper()).stream(request):
                yield delta

    model = Knows()
    played = await play(panel, model=model)
    assert played.value == ["YOU KNOW ART.", "YOU KNOW LAW."]
    assert [len(request.messages) for request in model.requests] == [2, 2]
    started = [event for event in played.events if isinstance(event, RunStarted) and event.scope]
    assert [event.parent for event in started] == ["", ""]
    assert len({event.scope for event in started}) == 2
    assert played.history == []


async def test_a_failure_of_one_stops_the_others_and_is_raised_at_the_yield() -> None:
    ended: list[str] = []

    @app
    async def waits() -> Any:
        try:
            await asyncio.Event().wait()
            yield Assistant("never")
        finally:
            ended.append("closed")

    @app
    async def fails() -> Any:
        yield Assistant("I try.")
        raise LookupError("lost")

    @app
    async def both() -> Any:
        try:
            yield gather(waits(), fails())
        except LookupError as error:
            yield Return(str(error))

    assert (await play(both, model="echo")).value == "lost"
    assert ended == ["closed"]


async def test_apps_that_ask_at_the_same_time_take_turns() -> None:
    @app
    async def name(whose: str) -> Any:
        answer = yield GetUserInput(f"{whose} name?")
        yield Return(str(answer))

    @app
    async def both() -> Any:
        yield Return((yield gather(name("Your"), name("My"))))

    session = Session(both, model="echo")
    first, second = session.submit("Ada"), session.submit("Bob")
    await first.done
    await second.done
    assert sorted(message.text for message in session.messages if message.role == "user") == ["Ada", "Bob"]


async def test_tools_of_gathered_apps_leave_a_valid_history() -> None:
    @app
    async def adder() -> Any:
        yield User("1 + 2?")
        yield Generate()

    @app
    async def both() -> Any:
        yield gather(adder(), adder())

    calls = [ToolCall("add", {"a": 1, "b": 2})] * 2
    played = await play(both, model=ScriptedModel(*calls, "Three.", "Three."), tools=[add])
    assert_valid(played.history)
    assert played.texts.count("Three.") == 2
