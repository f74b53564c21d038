"""What the apps that run as tools ask a person, and where."""

from __future__ import annotations

from typing import Any

import pytest

from chatwidget import GetUserInput, Session, User, app, function_tool
from chatwidget.asking import script
from chatwidget.asks import Allow, Deny
from chatwidget.commands import Return
from chatwidget.errors import BudgetExceeded
from chatwidget.events import ToolEnded
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.usage import Budget
from tests.agents import shout, use
from tests.core_strategies import Mirror, assert_valid, record, ticks
from tests.gated import until


def answers(session: Session) -> list[str]:
    return [item["content"] for item in session.history if item["role"] == "tool"]


async def test_what_an_app_asks_is_answered_by_the_policy_or_the_person() -> None:
    @app
    async def survey(topic: str) -> Any:
        """Ask about a topic."""
        first = yield GetUserInput(f"Do you like {topic}?")
        yield User(first)
        second = yield GetUserInput("Why?", record=False)
        yield Return(f"{first}, {second}")

    tool = survey.as_tool()
    session = await use(tool, {"topic": "tea"}, "Done.", policy=script("yes", "warm"))
    assert answers(session) == ["yes, warm"]

    model = ScriptedModel(ToolCall("survey", {"topic": "tea"}), "Done.")
    session = Session(model=model, tools=[tool])
    session.asks.attended = True
    turn = session.submit("Go")
    for text in ("no", "cold"):
        await until(lambda: session.asks.open)
        session.asks.respond(session.asks.open[0].id, text)
        await ticks(1)
    await turn.done
    assert answers(session) == ["no, cold"]


async def test_with_nobody_there_what_an_app_asks_is_an_error_result() -> None:
    @app
    async def survey(topic: str) -> Any:
        """Ask."""
        yield Return((yield GetUserInput(topic)))

    session = await use(survey.as_tool(), {"topic": "tea"}, "Done.")
    assert "Nobody is here" in answers(session)[0]


async def test_the_tools_of_an_app_ask_for_approval_in_the_same_chat() -> None:
    deleted: list[str] = []

    @function_tool(approve=True)
    def delete(path: str) -> str:
        """Delete."""
        deleted.append(path)
        return "deleted"

    calls = [ToolCall("delete", {"path": "a"}), ToolCall("delete", {"path": "b"})]
    model = ScriptedModel(ToolCall("shout", {"text": "x"}), calls, "HI", "Done.")
    session = Session(model=model, tools=[shout.as_tool(), delete], policy=script(Allow(), Deny("no")))
    mirror = Mirror(session)
    events = record(session)
    await session.send("Go")
    assert deleted == ["a"]
    assert answers(session) == ["HI"]
    assert [event.result.name for event in events if isinstance(event, ToolEnded)] == ["delete", "delete", "shout"]
    assert_valid(session.history)
    session.screen.flush()
    assert mirror.state == session.screen.state()


async def test_a_call_of_an_app_can_itself_need_approval() -> None:
    session = await use(shout.as_tool(approve=True), {"text": "x"}, "Done.", policy=script(Deny("quiet, please")))
    assert "quiet, please" in answers(session)[0]


async def test_the_budget_of_the_chat_holds_for_its_apps() -> None:
    model = ScriptedModel(ToolCall("shout", {"text": "hi"}), "never", "never")
    session = Session(model=model, tools=[shout.as_tool()], budget=Budget(requests=1))
    with pytest.raises(BudgetExceeded):
        await session.send("Go")
    assert "made 1 of 1 requests" in answers(session)[0]
    assert len(model.requests) == 1


async def test_what_an_app_says_inside_of_a_tool_is_not_the_object_that_was_asked_for() -> None:
    model = ScriptedModel(ToolCall("shout", {"text": "x"}), "HI!", "[1, 2]")
    session = Session(model=model, tools=[shout.as_tool()])
    assert await session.ask("Go", output_type=list[int]) == [1, 2]
    assert answers(session) == ["HI!"]
    assert [request.output is None for request in model.requests] == [False, True, False]
