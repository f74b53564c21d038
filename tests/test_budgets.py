"""Budgets: a question whether to go on where one is used up, and what was used in the meantime."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from chatwidget import Assistant, Generate, GetUserInput, Session, User, app
from chatwidget.asking import allow_all, script
from chatwidget.asks import Allow, Deny
from chatwidget.errors import AppError, BudgetExceeded, RequestError
from chatwidget.events import (
    ApprovalReceived,
    ApprovalRequested,
    AskWithdrawn,
    Event,
    LimitReached,
    Noticed,
    ToolStarted,
)
from chatwidget.models.base import Finish
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.usage import Budget
from tests.asking import question
from tests.core_strategies import Mirror, assert_valid, record


def told(text: str, total: int = 10) -> list[Any]:
    """A reply whose endpoint tells that it has used so many tokens."""
    return [text, Finish(usage={"input_tokens": total - 1, "output_tokens": 1})]


def attended(budget: Any, *replies: Any, **options: Any) -> tuple[Session, list[Event]]:
    session = Session(model=ScriptedModel(*replies), budget=budget, **options)
    session.asks.attended = True
    return session, record(session)


def kinds(events: list[Event], *types: type) -> list[type]:
    return [type(event) for event in events if isinstance(event, types)]


def look() -> str:
    """Look."""
    return "seen"


async def test_while_there_is_room_nobody_is_asked() -> None:
    session, events = attended(Budget(tokens=11, calls=1, requests=2, seconds=100, per="chat"), told("a"), told("b"))
    await session.send("Hi")
    await session.send("Ho")
    assert kinds(events, ApprovalRequested, LimitReached) == []


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (Budget(tokens=10), "This turn has used 10 of 10 tokens."),
        (Budget(requests=1), "This turn has made 1 of 1 requests to the model."),
        (Budget(calls=1), "This turn has made 1 of 1 tool calls."),
        (Budget(tokens=10, per="chat"), "This chat has used 10 of 10 tokens."),
        ([Budget(tokens=100), Budget(calls=1, per="chat")], "This chat has made 1 of 1 tool calls."),
    ],
)
async def test_each_kind_of_limit_ends_in_a_question_and_a_yes_goes_on(budget: Any, said: str) -> None:
    call = [ToolCall("look"), Finish(usage={"input_tokens": 9, "output_tokens": 1})]
    session, events = attended(budget, call, told("Done."), tools=[look])
    turn = session.submit("Hi")
    asked = await question(session)
    assert (asked.kind, asked.message, asked.tool_call_id) == ("approval", f"{said} Continue?", None)
    assert session.screen.field("asks")[0]["message"] == asked.message
    session.asks.approve()
    reply = await turn.done
    assert reply is not None
    assert reply.text == "Done."
    assert kinds(events, ApprovalRequested, ApprovalReceived, LimitReached) == [ApprovalRequested, ApprovalReceived]


async def test_seconds_are_those_of_the_models_and_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    session, _ = attended(Budget(seconds=5), ToolCall("look"), "Done.", tools=[look])
    now = 0.0

    def clock() -> float:
        return now

    session._turns._context.clock = clock

    def look_long() -> None:
        nonlocal now
        now += 7.5

    session.on(ApprovalRequested, lambda event: asyncio.get_running_loop().call_soon(session.asks.approve))
    session.on(ToolStarted, lambda event: look_long())
    events = record(session)
    await session.send("Hi")
    asks = [event.ask.message for event in events if isinstance(event, ApprovalRequested)]
    assert asks == ["This turn has taken 8 of 5 seconds. Continue?"]
    assert session.usage.turn.seconds == 7.5


async def test_a_limit_of_money_is_kept_for_models_with_a_price() -> None:
    class Paid(ScriptedModel):
        provider = "openai"

    tokens = Finish(usage={"input_tokens": 1_000_000, "output_tokens": 1})
    model = Paid(["a", tokens], ["b", tokens], name="gpt-4o-mini")
    session = Session(model=model, budget=Budget(cost=0.0001, per="chat"), policy=script(Allow(), Deny("Enough.")))
    await session.send("Hi")
    spent = session.usage.chat.cost
    assert spent is not None
    assert spent > Decimal("0.0001")
    await session.send("Ho")
    assert session.usage.chat.cost == spent * 2
    with pytest.raises(BudgetExceeded, match=r"^This chat has cost \$.* of \$.*\. Enough\.$"):
        await session.send("Ha")


async def test_a_limit_of_money_without_a_price_is_said_to_be_unwatched_once() -> None:
    session, events = attended(Budget(cost=1), "a", "b")
    await session.send("Hi")
    await session.send("Ho")
    notices = [event for event in events if isinstance(event, Noticed)]
    assert [notice.level for notice in notices] == ["warning"]
    assert "cannot be watched" in notices[0].text


async def test_a_yes_for_tokens_counts_from_what_was_used() -> None:
    session, events = attended(Budget(tokens=15, per="chat"), *[told("x")] * 8)
    session.on(ApprovalRequested, lambda event: asyncio.get_running_loop().call_soon(session.asks.approve))
    for _ in range(6):
        await session.send("Hi")
    asked = [event.ask.message for event in events if isinstance(event, ApprovalRequested)]
    assert asked == [
        "This chat has used 20 of 15 tokens. Continue?",
        "This chat has used 40 of 35 tokens. Continue?",
    ]


async def test_a_budget_of_a_turn_begins_anew_with_each_turn() -> None:
    session, events = attended(Budget(requests=1), ToolCall("look"), "a", ToolCall("look"), "b", tools=[look])
    session.on(ApprovalRequested, lambda event: asyncio.get_running_loop().call_soon(session.asks.approve))
    await session.send("Hi")
    await session.send("Ho")
    assert kinds(events, ApprovalRequested) == [ApprovalRequested] * 2
    assert (session.usage.turn.requests, session.usage.chat.requests) == (2, 4)


async def test_a_no_ends_the_turn_with_a_sentence_and_the_reason() -> None:
    session, events = attended(Budget(requests=1), ToolCall("look"), "never", tools=[look])
    turn = session.submit("Hi")
    await question(session)
    session.asks.deny(reason="Too dear.")
    with pytest.raises(BudgetExceeded, match=r"^This turn has made 1 of 1 requests to the model\. Too dear\.$"):
        await turn.done
    limits = [event for event in events if isinstance(event, LimitReached)]
    assert [(event.limit, event.text) for event in limits] == [
        ("budget", "This turn has made 1 of 1 requests to the model.")
    ]
    assert session.screen.field("notice")["level"] == "info"
    assert session.screen.field("asks") == []
    assert_valid(session.history)
    model: Any = session.model
    assert len(model.requests) == 1


async def test_with_nobody_there_the_answer_is_no_and_nothing_hangs() -> None:
    session = Session(model=ScriptedModel("a", "b"), budget=Budget(requests=1, per="chat"))
    events = record(session)
    await session.send("Hi")
    for _ in range(2):
        with pytest.raises(BudgetExceeded, match="Nobody was there"):
            await session.send("Ho")
    assert kinds(events, ApprovalRequested) == []
    assert kinds(events, LimitReached) == [LimitReached] * 2


@pytest.mark.parametrize("answer", [Allow(), True])
async def test_a_policy_may_say_yes(answer: Any) -> None:
    seen: list[str] = []

    def policy(ask: Any) -> Any:
        seen.append(ask.message)
        return answer

    session = Session(model=ScriptedModel("a", "b", "c"), budget=Budget(requests=1, per="chat"), policy=policy)
    events = record(session)
    for text in "abc":
        await session.send(text)
    assert [text.split(" ")[4] for text in seen] == ["1", "2"]
    assert [event.approval.by for event in events if isinstance(event, ApprovalReceived)] == ["policy"] * 2


def broken(ask: Any) -> Any:
    raise KeyError("no policy")


@pytest.mark.parametrize(
    "policy", [lambda ask: False, lambda ask: Deny("no"), lambda ask: "nonsense", broken, script()]
)
async def test_a_policy_that_says_no_or_fails_is_a_no(policy: Any) -> None:
    session = Session(model=ScriptedModel("a", "b"), budget=Budget(requests=1, per="chat"), policy=policy)
    events = record(session)
    await session.send("Hi")
    with pytest.raises(BudgetExceeded):
        await session.send("Ho")
    assert kinds(events, ApprovalReceived, LimitReached) == [ApprovalReceived, LimitReached]


async def test_a_decision_needs_the_digest_of_its_question() -> None:
    session, _ = attended(Budget(requests=1, per="chat"), "a", "b")
    await session.send("Hi")
    turn = session.submit("Ho")
    asked = await question(session)
    with pytest.raises(RequestError, match="other arguments"):
        session.asks.respond(asked.id, {"allow": True, "digest": "0" * 32})
    session.asks.respond(asked.id, {"allow": True, "digest": asked.digest})
    reply = await turn.done
    assert reply is not None
    assert reply.text == "b"


async def test_a_stop_withdraws_the_question_and_the_next_turn_asks_again() -> None:
    session, events = attended(Budget(requests=1, per="chat"), "a", "b")
    mirror = Mirror(session)
    await session.send("Hi")
    turn = session.submit("Ho")
    await question(session)
    await session.stop()
    await turn.done
    assert session.asks.open == ()
    assert kinds(events, AskWithdrawn, LimitReached) == [AskWithdrawn]
    turn = session.submit("Again")
    await question(session)
    session.asks.approve()
    await turn.done
    assert_valid(session.history)
    session.screen.flush()
    assert mirror.state == session.screen.state()


async def test_an_app_may_catch_it_and_go_on_without_the_model() -> None:
    @app
    async def thrifty() -> Any:
        while True:
            yield User((yield GetUserInput()))
            try:
                yield Generate()
            except BudgetExceeded:
                yield Assistant("No more.")

    session = Session(thrifty, model=ScriptedModel("a"), budget=Budget(requests=1, per="chat"))
    await session.send("Hi")
    reply = await session.send("Ho")
    assert reply is not None
    assert reply.text == "No more."


@pytest.mark.parametrize("wrong", [10, "10", {"tokens": 10}, [Budget(tokens=1), None]])
def test_what_is_no_budget_is_refused_with_the_cure(wrong: Any) -> None:
    with pytest.raises(AppError, match=r"is no budget\. Pass budget=Budget"):
        Session(model="echo", budget=wrong)


async def test_allow_all_lets_budgets_go_on() -> None:
    session = Session(model=ScriptedModel("a", "b"), budget=Budget(requests=1, per="chat"), policy=allow_all)
    await session.send("Hi")
    reply = await session.send("Ho")
    assert reply is not None
    assert reply.text == "b"
