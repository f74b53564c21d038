"""A documented function as a prompt: inside an app, a tool or a handler it belongs to the run that calls it."""

from __future__ import annotations

import asyncio
from typing import Any

from chatwidget import Generate, GetUserInput, Return, Session, User, app, function_tool
from chatwidget.completions import completion
from chatwidget.events import RunEnded, RunStarted
from chatwidget.models.base import ModelRequest, TextDelta
from chatwidget.models.scripted import ScriptedModel, ToolCall
from tests.core_strategies import Mirror, assert_valid, record


@completion
async def title(text: str) -> Any:
    """A title for {{ text }}"""


@completion(parse=int)
async def rate(text: str) -> Any:
    """Rate {{ text }}

    Args:
        text: no description for the model
    """


def scopes(session: Session) -> list[tuple[str, bool]]:
    return [(message.text, bool(message.scope)) for message in session.messages]


def true_to_screen(session: Session, mirror: Mirror) -> bool:
    assert_valid(session.history)
    session.screen.flush()
    return bool(mirror.state == session.screen.state())


async def test_awaited_in_an_app_it_is_a_nested_app_with_the_chats_model() -> None:
    @app
    async def editor() -> Any:
        text = yield GetUserInput()
        yield User(text)
        yield Return(await title(text))

    model = ScriptedModel("Tales")
    session = Session(editor, model=model, tools=[tell])
    mirror, events = Mirror(session), record(session)
    await session.send("a story")
    assert scopes(session) == [("a story", False), ("A title for a story", True), ("Tales", True)]
    assert model.requests[0].tools == ()
    assert [event.app for event in events if isinstance(event, RunStarted)][-1] == "title"
    assert [event.value for event in events if isinstance(event, RunEnded)] == ["Tales", "Tales"]
    assert true_to_screen(session, mirror)
    assert session.usage.chat.requests == 1


async def test_it_may_be_yielded_too() -> None:
    @app
    async def judge() -> Any:
        text = yield GetUserInput()
        yield Return((yield rate.app(text)))

    session = Session(judge, model=ScriptedModel("high", "8"))
    events = record(session)
    await session.send("this")
    assert [event.value for event in events if isinstance(event, RunEnded)] == [8, 8]


@function_tool
async def tell(text: str) -> str:
    """Tell a title."""
    return str(await title(text)).upper()


@function_tool
def tell_from_thread(text: str) -> str:
    """Tell a title."""
    return str(asyncio.run(title(text))).upper()


async def test_awaited_in_a_tool_it_is_a_part_of_the_call() -> None:
    for tool in (tell, tell_from_thread):
        model = ScriptedModel(ToolCall(tool.name, {"text": "it"}), "Tales", "Done.")
        session = Session(model=model, tools=[tool])
        mirror = Mirror(session)
        reply = await session.send("Go")
        assert reply is not None
        assert reply.text == "Done."
        assert [item["content"] for item in session.history if item["role"] == "tool"] == ["TALES"]
        assert ("Tales", True) in scopes(session)
        assert true_to_screen(session, mirror)


async def test_awaited_in_a_handler_it_is_shown_with_the_turn() -> None:
    model = ScriptedModel("Tales")

    @completion(model=model)
    async def name(text: str) -> Any:
        """Name {{ text }}"""

    async def handler(messages: Any) -> str:
        return f"It is called {await name('it')}."

    session = Session(handler)
    mirror = Mirror(session)
    reply = await session.send("Go")
    assert reply is not None
    assert reply.text == "It is called Tales."
    assert true_to_screen(session, mirror)
    assert [item["role"] for item in session.history] == ["user", "assistant"]


async def test_a_stop_of_the_turn_stops_it() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    class Slow:
        name, note = "slow", ""

        async def stream(self, request: ModelRequest) -> Any:
            try:
                yield TextDelta("Ta")
                begun.set()
                await asyncio.Event().wait()
            finally:
                ended.set()

    @app
    async def editor() -> Any:
        yield Return(await title((yield GetUserInput())))

    session = Session(editor, model=Slow())
    turn = session.submit("a story")
    await begun.wait()
    await session.stop()
    await asyncio.wait({turn.done})
    assert ended.is_set()
    assert [(message.text, message.status) for message in session.messages][-1] == ("Ta", "stopped")


async def test_the_app_may_catch_what_it_fails_with() -> None:
    caught: list[str] = []

    @app
    async def judge() -> Any:
        text = yield GetUserInput()
        try:
            await rate(text)
        except Exception as error:
            caught.append(type(error).__name__)
        yield User(text)
        yield Generate()

    session = Session(judge, model=ScriptedModel("a", "b", "c", "Fine."))
    reply = await session.send("this")
    assert reply is not None
    assert (caught, reply.text) == (["OutputError"], "Fine.")


async def test_it_is_a_tool_with_its_parameters_and_a_description_of_its_own() -> None:
    tool = rate.as_tool("Rates a text from 0 to 9.", name="rating")
    assert (tool.name, tool.description) == ("rating", "Rates a text from 0 to 9.")
    assert list(tool.spec.parameters["properties"]) == ["text"]
    model = ScriptedModel(ToolCall("rating", {"text": "it"}), "8", "It is an 8.")
    session = Session(model=model, tools=[tool])
    await session.send("Go")
    assert [item["content"] for item in session.history if item["role"] == "tool"] == ["8"]
