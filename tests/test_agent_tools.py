"""An app, or a whole session, as a tool of another one."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from chatwidget import Assistant, Generate, GetUserInput, Session, User, app
from chatwidget.apps import conversation
from chatwidget.commands import Return
from chatwidget.errors import ModelError, ToolDefinitionError
from chatwidget.events import RunEnded
from chatwidget.messages import ToolResultPart
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.tool_context import ToolContext
from tests.agents import shout, use
from tests.core_strategies import Mirror, assert_valid, quiet, record, ticks
from tests.gated import call, others


def answers(session: Session) -> list[str]:
    return [item["content"] for item in session.history if item["role"] == "tool"]


def outcomes(session: Session) -> list[str]:
    parts = [part for message in session.messages for part in message.parts]
    return [part.outcome for part in parts if isinstance(part, ToolResultPart) and part.tool_call_id == "call_1"]


async def test_an_app_is_a_tool_with_its_parameters_and_its_last_words_are_the_result() -> None:
    tool = shout.as_tool()
    assert (tool.name, tool.description) == ("shout", "Shout something.")
    properties = tool.spec.parameters["properties"]
    assert properties["text"]["description"] == "What to shout."
    assert properties["times"]["maximum"] == 3
    session = await use(tool, {"text": "hi"}, "HI!", "It said HI!")
    assert answers(session) == ["HI!"]
    model: Any = session.model
    assert [message.text for message in model.requests[1].messages] == ["Shout.", "hihi"]
    assert [item["role"] for item in session.history] == ["user", "assistant", "tool", "assistant"]


async def test_arguments_that_do_not_fit_start_nothing() -> None:
    session = await use(shout.as_tool(), {"text": "hi", "times": 9}, "Sorry.")
    assert "times" in answers(session)[0]


@pytest.mark.parametrize(
    ("value", "told"), [("text", "text"), (0, "0"), ("", ""), ({"a": 1}, '{"a": 1}'), (None, "last words")]
)
async def test_a_value_that_the_app_returns_is_the_result(value: Any, told: str) -> None:
    @app
    async def work() -> Any:
        """Work."""
        yield GetUserInput()
        yield Assistant("last words")
        yield Return(value)

    session = await use(work.as_tool(), {"message": "x"}, "Done.")
    assert answers(session)[0] == told


async def test_an_app_without_parameters_takes_a_message_and_ends_at_its_next_question() -> None:
    closed: list[str] = []

    @app
    async def teller() -> Any:
        """Tell fortunes."""
        try:
            while True:
                text = yield GetUserInput("What do you want to know?")
                yield User(text)
                yield Generate()
        finally:
            closed.append("closed")

    tool = teller.as_tool(name="ask_teller")
    assert list(tool.spec.parameters["properties"]) == ["message"]
    session = Session(
        model=ScriptedModel(ToolCall("ask_teller", {"message": "Rain?"}), "Yes.", "It will."), tools=[tool]
    )
    mirror = Mirror(session)
    events = record(session)
    reply = await session.send("Go")
    assert answers(session) == ["Yes."]
    assert reply is not None
    assert reply.text == "It will."
    assert closed == ["closed"]
    assert [event.verdict for event in events if isinstance(event, RunEnded)] == ["complete"]
    assert_valid(session.history)
    session.screen.flush()
    assert mirror.state == session.screen.state()


async def test_the_plain_chat_is_a_tool_too() -> None:
    session = await use(conversation.as_tool(description="Talk."), {"message": "hi"}, "Inner.", "Outer.")
    assert answers(session) == ["Inner."]


async def test_an_app_without_words_gives_a_sentence_for_none() -> None:
    @app
    async def mute() -> Any:
        """Say nothing."""
        yield GetUserInput()

    session = await use(mute.as_tool(), {"message": "x"}, "Done.")
    assert answers(session)[0]
    assert outcomes(session) == ["output-available"]


@pytest.mark.parametrize("failure", [ValueError("no room"), ModelError("away")])
async def test_an_app_that_fails_is_an_error_result(failure: Exception) -> None:
    @app
    async def work(text: str) -> Any:
        """Work."""
        yield User(text)
        raise failure

    session = await use(work.as_tool(), {"text": "x"}, "Sorry.")
    assert str(failure) in answers(session)[0]
    assert outcomes(session) == ["output-error"]
    assert session.messages[-1].text == "Sorry."


async def test_an_app_that_exits_ends_the_turn() -> None:
    @app
    async def work(text: str) -> Any:
        """Work."""
        yield User(text)
        raise SystemExit

    session = await use(work.as_tool(), {"text": "x"}, "never")
    model: Any = session.model
    assert len(model.requests) == 1


async def test_two_apps_side_by_side_answer_their_own_calls() -> None:
    @app
    async def work(text: str) -> Any:
        """Work."""
        yield User(text)
        await ticks(len(text))
        yield Return((yield Generate()).text)

    class ByName(ScriptedModel):
        async def stream(self, request: Any) -> Any:
            self.requests.append(request)
            from chatwidget.models.base import Finish, TextDelta

            if len(self.requests) == 1:
                for number, text in enumerate(["aaaaaaaa", "b"]):
                    yield call("work", f'{{"text": "{text}"}}', number)
            else:
                yield TextDelta(f"echo {request.messages[-1].parts[0]!s:.40}"[:40])
            yield Finish()

    session = Session(model=ByName(), tools=[work.as_tool()])
    mirror = Mirror(session)
    await session.send("Go")
    assert ["aaaaaaaa" in answers(session)[0], "'b'" in answers(session)[1]] == [True, True]
    assert_valid(session.history)
    session.screen.flush()
    assert mirror.state == session.screen.state()


async def test_a_stop_at_any_point_of_an_app_leaves_a_valid_history() -> None:
    before = others()
    for moment in range(0, 60, 3):
        model = ScriptedModel(ToolCall("shout", {"text": "hi"}), "HI!" * 5, "Done.")
        session = Session(model=model, tools=[shout.as_tool()])
        mirror = Mirror(session)
        turn = session.submit("Go")
        await ticks(moment)
        await session.stop()
        await turn.done
        await quiet(session)
        assert_valid(session.history)
        assert not session.transcript.drafts
        session.screen.flush()
        assert mirror.state == session.screen.state()
        await session.close()
        assert others() <= before


def test_an_app_that_is_no_tool_is_refused_with_the_culprit() -> None:
    @app
    async def nameless(text) -> Any:  # type: ignore[no-untyped-def]
        """Take anything."""
        yield User(text)

    @app
    async def silent(text: str) -> Any:
        yield User(text)

    for wrong in (nameless, silent):
        with pytest.raises(ToolDefinitionError, match=wrong.name):
            wrong.as_tool()
    assert silent.as_tool(description="Say it.").description == "Say it."


async def test_an_app_is_told_its_call_and_enums_are_coerced() -> None:
    @app
    async def work(size: Literal["s", "m"], call: ToolContext) -> Any:
        """Work."""
        yield Return(f"{size} {call.tool_call_id}")

    tool = work.as_tool()
    assert list(tool.spec.parameters["properties"]) == ["size"]
    assert answers(await use(tool, {"size": "s"}, "Done.")) == ["s call_1"]
