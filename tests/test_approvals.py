"""Human in the loop: nothing runs before somebody agreed, to exactly that."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chatwidget.asking import script
from chatwidget.asks import Allow, Deny
from chatwidget.errors import RequestError
from chatwidget.events import ApprovalReceived, ApprovalRequested, AskWithdrawn, Event
from chatwidget.messages import Approval
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.session import Session
from chatwidget.tools import function_tool
from tests.asking import question, result

DELETE = ToolCall("delete", {"path": "a.txt"})


class Disk:
    """Counts what was deleted."""

    def __init__(self, approve: Any = True) -> None:
        self.deleted: list[str] = []

        @function_tool(approve=approve)
        def delete(path: str) -> str:
            """Delete a file."""
            self.deleted.append(path)
            return "deleted"

        self.tool = delete


def attended(disk: Disk, *replies: Any, **options: Any) -> tuple[Session, list[Event]]:
    """A session somebody looks at, and all its events."""
    session = Session(model=ScriptedModel(*(replies or (DELETE, "Done."))), tools=[disk.tool], **options)
    session.asks.attended = True
    events: list[Event] = []
    session.on(Event, events.append)
    return session, events


async def test_a_tool_waits_for_the_person_and_runs_once_allowed() -> None:
    disk = Disk()
    session, events = attended(disk)
    turn = session.submit("Delete it.")
    asked = await question(session)
    assert (asked.kind, asked.name, asked.arguments, disk.deleted) == ("approval", "delete", {"path": "a.txt"}, [])
    state = session.screen.state()
    assert state["messages"][-1]["parts"][0]["state"] == "approval-requested"
    assert state["asks"][0]["digest"] == asked.digest
    session.asks.approve()
    await turn.done
    assert disk.deleted == ["a.txt"]
    assert result(session).approval == Approval(True)
    assert session.screen.state()["asks"] == []
    kinds = [type(event) for event in events if isinstance(event, ApprovalRequested | ApprovalReceived)]
    assert kinds == [ApprovalRequested, ApprovalReceived]


async def test_a_denied_tool_does_not_run_and_the_model_is_told_why() -> None:
    disk = Disk()
    session, _ = attended(disk)
    turn = session.submit("Delete it.")
    await question(session)
    session.asks.deny(reason="not that one")
    await turn.done
    assert disk.deleted == []
    assert result(session).outcome == "output-denied"
    assert "not that one" in session.model.requests[1].messages[-1].parts[0].content  # type: ignore[attr-defined]


async def test_changed_arguments_are_validated_run_and_told_to_the_model() -> None:
    disk = Disk()
    session, _ = attended(disk)
    turn = session.submit("Delete it.")
    asked = await question(session)
    with pytest.raises(RequestError, match="path"):
        session.asks.respond(asked.id, {"allow": True, "digest": asked.digest, "arguments": {"path": 3}})
    assert "path" in (session.asks.open[0].error or "")
    session.asks.respond(asked.id, {"allow": True, "digest": asked.digest, "arguments": {"path": "b.txt"}})
    await turn.done
    assert disk.deleted == ["b.txt"]
    assert '{"path": "b.txt"}' in result(session).content
    assert result(session).approval == Approval(True, arguments='{"path": "b.txt"}')


async def test_a_decision_for_other_arguments_is_refused_and_nothing_runs() -> None:
    disk = Disk()
    session, _ = attended(disk)
    turn = session.submit("Delete it.")
    asked = await question(session)
    with pytest.raises(RequestError, match="other arguments"):
        session.asks.respond(asked.id, {"allow": True, "digest": "0" * 32})
    assert disk.deleted == []
    session.asks.deny()
    await turn.done


@pytest.mark.parametrize("nonsense", [None, 1, "yes", [], {}, {"allow": 1}, {"allow": "true", "digest": "x"}])
async def test_what_is_no_decision_is_refused_and_the_question_stays(nonsense: Any) -> None:
    disk = Disk()
    session, _ = attended(disk)
    turn = session.submit("Delete it.")
    asked = await question(session)
    with pytest.raises(RequestError):
        session.asks.respond(asked.id, nonsense)
    assert [one.id for one in session.asks.open] == [asked.id]
    session.asks.deny(asked.id)
    await turn.done
    assert disk.deleted == []


async def test_the_first_of_two_answers_counts() -> None:
    disk = Disk()
    session, _ = attended(disk)
    turn = session.submit("Delete it.")
    asked = await question(session)
    session.asks.deny(asked.id)
    with pytest.raises(RequestError, match="answered already"):
        session.asks.approve(asked.id)
    await turn.done
    assert disk.deleted == []


@pytest.mark.parametrize(("remember", "second", "asks"), [("once", "a.txt", 2), ("session", "b.txt", 1)])
async def test_always_allow_asks_no_more_in_this_session(remember: Any, second: str, asks: int) -> None:
    disk = Disk()
    session, events = attended(disk, DELETE, ToolCall("delete", {"path": second}), "Done.")
    off = session.on(ApprovalRequested, lambda event: asyncio.get_running_loop().call_soon(agree, event.ask.id))

    def agree(ask_id: str) -> None:
        session.asks.approve(ask_id, remember=remember)

    await session.send("Delete both.")
    off()
    assert disk.deleted == ["a.txt", second]
    assert sum(isinstance(event, ApprovalRequested) for event in events) == asks
    assert result(session).approval == Approval(True, by="person" if asks == 2 else "rule")


async def test_allowing_the_same_arguments_asks_again_for_others() -> None:
    disk = Disk()
    again, other = ToolCall("delete", {"path": "a.txt"}), ToolCall("delete", {"path": "b.txt"})
    session, events = attended(disk, DELETE, again, other, "Done.")
    session.on(
        ApprovalRequested,
        lambda event: asyncio.get_running_loop().call_soon(
            lambda: session.asks.approve(event.ask.id, remember="arguments")
        ),
    )
    await session.send("Delete.")
    assert [event.ask.arguments["path"] for event in events if isinstance(event, ApprovalRequested)] == [
        "a.txt",
        "b.txt",
    ]


async def test_a_rule_allows_by_predicate() -> None:
    disk = Disk()
    session, events = attended(disk)
    session.asks.rules.add("delete", lambda arguments: arguments["path"].endswith(".txt"))
    await session.send("Delete it.")
    assert disk.deleted == ["a.txt"]
    assert not any(isinstance(event, ApprovalRequested) for event in events)


@pytest.mark.parametrize(
    ("approve", "runs", "outcome"),
    [
        (lambda args: False, True, "output-available"),
        (lambda args: Allow(), True, "output-available"),
        (lambda args: Allow({"path": "b.txt"}), True, "output-available"),
        (lambda args: Deny("never"), False, "output-denied"),
        (lambda args: args.clear() or False, True, "output-available"),
        (lambda args: 1 / 0, False, "output-denied"),
        (lambda args: Allow({"nonsense": 1}), False, "output-denied"),
    ],
)
async def test_a_tools_own_policy_decides_and_what_goes_wrong_is_a_denial(
    approve: Any, runs: bool, outcome: str
) -> None:
    disk = Disk(approve)
    session, _ = attended(disk)
    await session.send("Delete it.")
    assert (len(disk.deleted) == 1, result(session).outcome) == (runs, outcome)


async def test_nobody_there_is_a_denial_and_no_hang() -> None:
    disk = Disk()
    session = Session(model=ScriptedModel(DELETE, "Done."), tools=[disk.tool])
    await session.send("Delete it.")
    assert disk.deleted == []
    assert "Nobody is here" in result(session).content


async def test_a_policy_answers_in_the_persons_place() -> None:
    disk = Disk()
    session = Session(model=ScriptedModel(DELETE, DELETE, "Done."), tools=[disk.tool], policy=script(Deny("no"), True))
    await session.send("Delete it.")
    assert disk.deleted == ["a.txt"]
    assert result(session).approval == Approval(True, by="policy")


async def test_a_script_that_is_used_up_denies() -> None:
    disk = Disk()
    session = Session(model=ScriptedModel(DELETE, "Done."), tools=[disk.tool], policy=script())
    await session.send("Delete it.")
    assert disk.deleted == []
    assert "no answer left" in result(session).content


async def test_a_stop_withdraws_the_question_and_leaves_a_valid_history() -> None:
    disk = Disk()
    session, events = attended(disk)
    turn = session.submit("Delete it.")
    await question(session)
    await session.stop()
    await turn.done
    assert session.asks.open == ()
    assert disk.deleted == []
    assert any(isinstance(event, AskWithdrawn) for event in events)
    assert result(session).outcome == "output-error"


async def test_arguments_that_do_not_fit_ask_nobody() -> None:
    disk = Disk()
    session, events = attended(disk, ToolCall("delete", {"file": 1}), "Oh.")
    await session.send("Delete it.")
    assert not any(isinstance(event, ApprovalRequested) for event in events)


async def test_numbers_that_a_browser_cannot_hold_go_to_it_and_come_back_as_text() -> None:
    paid: list[int] = []

    @function_tool(approve=True)
    def pay(account: int) -> str:
        """Pay an account."""
        paid.append(account)
        return "paid"

    model = ScriptedModel(ToolCall("pay", {"account": 2**60 + 1}), "Done.")
    session = Session(model=model, tools=[pay])
    session.attach(lambda frame: None)
    turn = session.submit("Pay.")
    asked = await question(session)
    assert session.screen.field("asks")[0]["raw"] == f'{{\n  "account": {2**60 + 1}\n}}'
    answer = {"allow": True, "digest": asked.digest, "arguments": f'{{"account": {2**60 + 3}}}'}
    with pytest.raises(RequestError, match="not complete JSON"):
        session.asks.respond(asked.id, {**answer, "arguments": "{"})
    session.asks.respond(asked.id, answer)
    await turn.done
    assert paid == [2**60 + 3]
    assert session.screen.field("messages")[1]["parts"][0]["raw"] == f'{{"account": {2**60 + 1}}}'
