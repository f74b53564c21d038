"""A session as a tool of another one: its own conversation, its questions asked where the other one is shown."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest

from chatwidget import Session, function_tool
from chatwidget.asking import script
from chatwidget.asks import Allow
from chatwidget.errors import ModelError, ToolDefinitionError
from chatwidget.models.scripted import ScriptedModel, ToolCall
from tests.core_strategies import Mirror, assert_valid, ticks
from tests.gated import GatedModel, others, until

ASK = ToolCall("helper", {"message": "hi"})


def answers(session: Session) -> list[str]:
    return [item["content"] for item in session.history if item["role"] == "tool"]


def deleting(deleted: list[str]) -> Any:
    @function_tool(approve=True)
    def delete(path: str) -> str:
        """Delete."""
        deleted.append(path)
        return "deleted"

    return delete


def holds(items: list[str], number: int) -> bool:
    return len(items) == number


async def test_it_has_name_and_description_and_keeps_its_conversation() -> None:
    inner = Session(model=ScriptedModel("one", "two"))
    tool = inner.as_tool("helper", "Helps a lot.", timeout=5)
    assert (tool.name, tool.description, tool.timeout) == ("helper", "Helps a lot.", 5)
    assert list(tool.spec.parameters["properties"]) == ["message"]
    outer = Session(model=ScriptedModel(ASK, ASK, "Done."), tools=[tool])
    await outer.send("Go")
    assert answers(outer) == ["one", "two"]
    assert [item["content"] for item in inner.history] == ["hi", "one", "hi", "two"]
    assert outer.usage.chat.requests == 3


def test_a_name_or_description_that_is_none_is_refused() -> None:
    session = Session(model="echo")
    for name, description in (("no name", "Helps."), ("helper", "")):
        with pytest.raises(ToolDefinitionError):
            session.as_tool(name, description)


async def test_one_that_fails_is_an_error_result() -> None:
    inner = Session(model=ScriptedModel(ModelError("It is away.")))
    outer = Session(model=ScriptedModel(ASK, "Sorry."), tools=[inner.as_tool("helper", "Helps.")])
    await outer.send("Go")
    assert "It is away." in answers(outer)[0]


async def test_its_approvals_are_asked_where_the_outer_one_is_shown() -> None:
    deleted: list[str] = []
    inner = Session(model=ScriptedModel(ToolCall("delete", {"path": "a"}), "It is gone."), tools=[deleting(deleted)])
    outer = Session(model=ScriptedModel(ASK, "Done."), tools=[inner.as_tool("helper", "Helps.")])
    mirror = Mirror(outer)
    turn = outer.submit("Go")
    await until(lambda: outer.asks.open)
    assert [ask["name"] for ask in outer.screen.field("asks")] == ["delete"]
    assert (inner.asks.open, deleted) == ((), [])
    outer.asks.approve()
    await turn.done
    assert (deleted, answers(outer)) == (["a"], ["It is gone."])
    assert outer.screen.field("asks") == []
    outer.screen.flush()
    assert mirror.state == outer.screen.state()


async def test_one_that_is_shown_itself_asks_there() -> None:
    deleted: list[str] = []
    inner = Session(model=ScriptedModel(ToolCall("delete", {"path": "a"}), "It is gone."), tools=[deleting(deleted)])
    outer = Session(model=ScriptedModel(ASK, "Done."), tools=[inner.as_tool("helper", "Helps.")])
    inner.asks.attended = outer.asks.attended = True
    turn = outer.submit("Go")
    await until(lambda: inner.asks.open or outer.asks.open)
    assert outer.asks.open == ()
    inner.asks.approve()
    await turn.done
    assert deleted == ["a"]


async def test_the_policy_of_the_outer_one_may_answer_and_its_own_comes_first() -> None:
    for inner_policy, outer_policy in ((None, script(Allow())), (script(Allow()), script())):
        deleted: list[str] = []
        model = ScriptedModel(ToolCall("delete", {"path": "a"}), "It is gone.")
        inner = Session(model=model, tools=[deleting(deleted)], policy=inner_policy)
        tool = inner.as_tool("helper", "Helps.")
        await Session(model=ScriptedModel(ASK, "Done."), tools=[tool], policy=outer_policy).send("Go")
        assert deleted == ["a"]


async def test_with_nobody_there_it_is_denied_and_later_it_asks_for_itself_again() -> None:
    deleted: list[str] = []
    call = ToolCall("delete", {"path": "a"})
    inner = Session(model=ScriptedModel(call, "No.", call, "Yes."), tools=[deleting(deleted)])
    outer = Session(model=ScriptedModel(ASK, "Done."), tools=[inner.as_tool("helper", "Helps.")])
    await outer.send("Go")
    assert deleted == []
    outer.asks.attended = inner.asks.attended = True
    turn = inner.submit("Again")
    await until(lambda: inner.asks.open or outer.asks.open)
    assert outer.asks.open == ()
    inner.asks.approve()
    await turn.done
    assert deleted == ["a"]


async def test_two_calls_at_once_are_made_one_after_the_other_and_both_may_ask() -> None:
    deleted: list[str] = []
    replies: list[Any] = [ToolCall("delete", {"path": "a"}), "one", ToolCall("delete", {"path": "b"}), "two"]
    inner = Session(model=ScriptedModel(*replies), tools=[deleting(deleted)])
    outer = Session(model=ScriptedModel([ASK, ASK], "Done."), tools=[inner.as_tool("helper", "Helps.")])
    outer.asks.attended = True
    turn = outer.submit("Go")
    for number in (1, 2):
        await until(lambda: outer.asks.open)
        assert len(outer.asks.open) == 1
        outer.asks.approve()
        await until(partial(holds, deleted, number))
    await turn.done
    assert (deleted, answers(outer)) == (["a", "b"], ["one", "two"])


async def test_a_stop_of_the_outer_one_stops_it_and_withdraws_its_question() -> None:
    deleted: list[str] = []
    before = others()
    inner = Session(model=ScriptedModel(ToolCall("delete", {"path": "a"}), "never"), tools=[deleting(deleted)])
    outer = Session(model=ScriptedModel(ASK, "never"), tools=[inner.as_tool("helper", "Helps.")])
    outer.asks.attended = True
    turn = outer.submit("Go")
    await until(lambda: outer.asks.open)
    await outer.stop()
    await turn.done
    assert (outer.asks.open, inner.status, outer.status) == ((), "idle", "idle")
    assert deleted == []
    assert_valid(inner.history)
    assert_valid(outer.history)
    assert others() <= before


async def test_a_stop_while_it_waits_for_its_model_stops_that_too() -> None:
    model = GatedModel(["half", asyncio.Event()])
    inner = Session(model=model)
    outer = Session(model=ScriptedModel([ASK, ASK], "never"), tools=[inner.as_tool("helper", "Helps.")])
    turn = outer.submit("Go")
    await until(lambda: inner.messages and inner.messages[-1].text == "half")
    await outer.stop()
    await turn.done
    await ticks(5)
    assert (inner.status, inner.messages[-1].status) == ("idle", "stopped")
    assert len(inner.messages) == 2
    assert_valid(outer.history)


async def test_a_session_that_would_wait_for_itself_is_told_so() -> None:
    session = Session(model=ScriptedModel(ASK, "Sorry."))
    session.tools.add(session.as_tool("helper", "Helps."))
    await session.send("Go")
    assert "wait for itself" in answers(session)[0]
