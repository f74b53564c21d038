"""What a chat has used: in its state, in a tracker, and against its budgets."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from chatwidget import Generate, GetUserInput, Session, User, app, function_tool
from chatwidget.models.base import Finish
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.spending import Spending
from chatwidget.usage import Budget, Usage, UsageTracker
from tests.core_strategies import Mirror


def told(text: str, total: int = 10) -> list[Any]:
    """A reply whose endpoint tells that it has used so many tokens."""
    return [text, Finish(usage={"input_tokens": total - 1, "output_tokens": 1})]


def pass_time(spending: Spending, seconds: float) -> None:
    """Let something be at work for so long."""
    times = iter((0.0, seconds))
    with spending.working(lambda: next(times)):
        pass


@pytest.mark.parametrize(("limit", "first"), [(1, 1.999), (1.5, 1.75), (2, 2.0), (Decimal("0.5"), 0.75)])
async def test_a_yes_gives_as_much_again_as_the_limit_was(limit: Any, first: float) -> None:
    spending = Spending([Budget(seconds=limit, per="chat")])
    pass_time(spending, first)
    assert spending.exceeded()
    spending.extend()
    pass_time(spending, float(limit) * 0.99)
    assert spending.exceeded() is None
    pass_time(spending, float(limit) * 0.02)
    assert spending.exceeded()


@pytest.mark.parametrize("cost", [1, 0.75, Decimal("1.25")])
def test_a_yes_about_money_gives_as_much_again(cost: Any) -> None:
    spending = Spending([Budget(cost=cost, per="chat")])
    spending._add(Usage(1, cost=Decimal("1.75")))
    spending.extend()
    spending._add(Usage(1, cost=Decimal(str(cost)) - Decimal("0.01")))
    assert spending.exceeded() is None
    spending._add(Usage(1, cost=Decimal("0.01")))
    assert spending.exceeded()


async def test_the_state_says_what_was_used_and_about_where_it_was_counted_here() -> None:
    session = Session(model=ScriptedModel(told("a"), told("b", 5), "counted here"))
    mirror = Mirror(session)
    assert session.screen.field("usage") is None
    await session.send("Hi")
    assert session.screen.field("usage") == {"turn": "10 tokens", "chat": "10 tokens"}
    await session.send("Ho")
    assert session.screen.field("usage") == {"turn": "5 tokens", "chat": "15 tokens"}
    await session.send("Ha")
    assert session.screen.field("usage")["turn"].startswith("about ")
    assert session.screen.field("usage")["chat"].startswith("about ")
    session.screen.flush()
    assert mirror.state == session.screen.state()


async def test_the_state_says_how_much_of_the_nearest_limit_is_used() -> None:
    limits = [Budget(tokens=40, per="chat"), Budget(tokens=1_000)]
    session = Session(model=ScriptedModel(told("a"), told("b", 5), told("c", 45)), budget=limits)
    shown = []
    for text in ("Hi", "Ho", "Ha"):
        await session.send(text)
        shown.append(session.screen.field("usage")["budget"])
    assert shown == [
        {"text": "25 % of 40 tokens", "share": 0.25},
        {"text": "37 % of 40 tokens", "share": 0.375},
        {"text": "150 % of 40 tokens", "share": 1},
    ]


async def test_a_budget_that_was_extended_is_told_as_it_is_now_and_one_of_a_turn_begins_anew() -> None:
    spending = Spending([Budget(tokens=100)])
    spending._add(Usage(120, requests=1))
    spending.extend()
    assert spending.fullest() == (120 / 220, "54 % of 220 tokens per turn")
    spending.begin_turn()
    assert spending.fullest() == (0.0, "0 % of 100 tokens per turn")
    assert Spending().fullest() is None


async def test_one_tracker_adds_up_two_sessions() -> None:
    tracker = UsageTracker()
    sessions = [
        Session(model=ScriptedModel(told("a", total), name=name), tracker=tracker, budget=Budget(tokens=15))
        for name, total in (("m", 10), ("m", 20), ("other", 5))
    ]
    await asyncio.gather(*(session.send("Hi") for session in sessions))
    assert {name: usage.tokens for name, usage in tracker.per_model.items()} == {"m": 30, "other": 5}
    assert [session.usage.chat.tokens for session in sessions] == [10, 20, 5]


async def test_what_broke_off_is_counted_too_and_what_said_nothing_is_not() -> None:
    session = Session(model=ScriptedModel(["half", ValueError("x")], ValueError("y"), "whole"))
    for _ in range(2):
        turn = session.submit("Hi")
        await asyncio.wait({turn.done})
    assert session.usage.chat.requests == 1
    assert session.usage.chat.estimated


async def test_each_attempt_and_each_version_is_counted() -> None:
    @app
    async def program() -> Any:
        yield User((yield GetUserInput()))
        yield Generate(n=3)
        yield Generate(output_type=list[int])

    session = Session(program, model=ScriptedModel(told("a"), told("b"), told("c"), told("words"), told("[1]")))
    await session.send("Hi")
    assert (session.usage.chat.requests, session.usage.chat.tokens) == (5, 50)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def clocked(session: Session) -> Clock:
    clock = Clock()
    session._turns._context.clock = clock
    return clock


async def test_the_time_a_person_takes_to_agree_is_not_the_tools() -> None:
    @function_tool(approve=True)
    def look() -> str:
        """Look."""
        return "seen"

    def policy(ask: Any) -> bool:
        clock.now += 600
        return True

    session = Session(model=ScriptedModel(ToolCall("look"), "Done."), tools=[look], policy=policy)
    clock = clocked(session)
    await session.send("Hi")
    assert session.usage.chat.seconds == 0


async def test_the_time_of_a_model_inside_of_a_tool_counts_once() -> None:
    @app
    async def shout(text: str) -> Any:
        """Shout."""
        yield User(text)
        yield Generate()

    class Slow(ScriptedModel):
        async def stream(self, request: Any) -> Any:
            clock.now += 10
            async for delta in super().stream(request):
                yield delta

    session = Session(model=Slow(ToolCall("shout", {"text": "a"}), "A", "Done."), tools=[shout.as_tool()])
    clock = clocked(session)
    await session.send("Hi")
    assert session.usage.chat.seconds == 30
