"""Rules 1 to 5 of the eleven of the core (docs/architecture.md), each with the program that would break it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chatwidget import (
    Generate,
    GetUserInput,
    Message,
    ModelError,
    Session,
    User,
    app,
)
from chatwidget.errors import RateLimited, ReplyInterrupted
from chatwidget.events import MessageEnded, PartDelta, RunEnded, ToolStarted
from chatwidget.models.base import Finish, ModelRequest, TextDelta, ToolCallDelta
from chatwidget.models.scripted import BreakOff, Delay, EchoModel, ScriptedModel, ToolCall
from tests.core_strategies import assert_valid, record

FOREVER = Delay(3600)


async def settled(session: Session, text: str = "Hi") -> Message:
    """Send, wait for the turn's end however it ends, and return the assistant's last message."""
    await asyncio.wait({session.submit(text).done})
    return next(message for message in reversed(session.messages) if message.role == "assistant")


# Rule 1: one verdict a turn.


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        (["Yes."], "complete"),
        (["Yes.", Finish("length")], "length"),
        (["Yes.", Finish("filtered")], "filtered"),
        (["Yes.", BreakOff()], "interrupted"),
        (["Yes.", ModelError("The line is dead.")], "interrupted"),
        (["Yes.", RuntimeError("a bug in the model")], "interrupted"),
        ([ModelError("The line is dead.")], "error"),
        ([BreakOff()], "error"),
        ([], "complete"),
    ],
)
async def test_rule_1_every_turn_ends_with_one_verdict(reply: list[Any], verdict: str) -> None:
    session = Session(model=ScriptedModel(reply, "Next."))
    events = record(session)
    message = await settled(session)
    assert message.status == verdict
    assert [event.message.status for event in events if isinstance(event, MessageEnded)][1:] == [verdict]
    runs = [event.verdict for event in events if isinstance(event, RunEnded)]
    assert runs == ([verdict] if verdict in ("error", "interrupted") else [])
    assert (await settled(session, "Again")).text == "Next."


async def test_rule_1_no_exception_is_not_complete() -> None:
    session = Session(model=ScriptedModel(["Half of it", BreakOff()]))
    with pytest.raises(ReplyInterrupted, match="without saying that it was done"):
        await session.send("Hi")
    assert session.messages[-1].status == "interrupted"


# Rule 2: text already shown is never lost.


async def test_rule_2_text_before_a_failure_is_kept_and_sent_on() -> None:
    model = ScriptedModel(["Half", RateLimited("Too many requests.")], "Whole.")
    session = Session(model=model)
    await settled(session)
    await session.send("Go on")
    assert [message.text for message in model.requests[-1].messages] == ["Hi", "Half", "Go on"]


async def test_rule_2_text_before_a_stop_is_kept_and_sent_on() -> None:
    model = ScriptedModel(["Half", FOREVER], "Whole.")
    session = Session(model=model)
    turn = session.submit("Hi")
    session.on(PartDelta, lambda _: asyncio.ensure_future(session.stop()))
    reply = await turn.done
    assert reply is not None
    assert (reply.text, reply.status) == ("Half", "stopped")
    await session.send("Go on")
    assert [message.text for message in model.requests[-1].messages] == ["Hi", "Half", "Go on"]


# Rule 3: every tool call gets exactly one result.


@pytest.mark.parametrize(
    ("call", "result"),
    [
        (ToolCall("fine", {"number": 7}), "7"),
        (ToolCall("nothing_like_it"), "There is no tool called 'nothing_like_it'"),
        (ToolCall(""), "There is no tool called ''"),
        (ToolCall("fine", '{"number": '), "not complete JSON"),
        (ToolCall("fine", '{"number": 7,,}'), "not valid JSON"),
        (ToolCall("fine", "[7]"), "must be a JSON object"),
        (ToolCall("fine", {"number": "seven"}), "number"),
        (ToolCall("fine", {"number": 7, "self": 1, "__proto__": {}}), "no such argument"),
        (ToolCall("fine", '{"number": NaN}'), "not valid JSON"),
        (ToolCall("fine", '{"number": 1e99999}'), "too"),
        (ToolCall("fine", '{"number": ' + "9" * 400 + "}"), "too long"),
        (ToolCall("fails", {"number": 7}), "fails raised ValueError: 7 is right out"),
    ],
)
async def test_rule_3_whatever_a_model_calls_it_is_answered_once(call: ToolCall, result: str) -> None:
    def fine(number: int) -> int:
        """Give it back."""
        return number

    def fails(number: int) -> int:
        """Refuse."""
        raise ValueError(f"{number} is right out")

    model = ScriptedModel(call, "Done.")
    session = Session(model=model, tools=[fine, fails])
    assert (await settled(session)).text == "Done."
    answers = [item["content"] for item in session.history if item["role"] == "tool"]
    assert len(answers) == 1
    assert result in answers[0]
    assert_valid(session.history)


async def test_rule_3_calls_that_a_stop_cut_off_are_answered_too() -> None:
    model = ScriptedModel([ToolCall("wait"), ToolCall("wait")], "Next.")
    session = Session(model=model, tools=[wait])
    turn = session.submit("Hi")
    session.on(ToolStarted, lambda _: asyncio.ensure_future(session.stop()))
    await turn.done
    await session.send("Go on")
    answers = [message.parts[0] for message in model.requests[-1].messages if message.role == "tool"]
    assert [answer.content for answer in answers] == ["This tool was stopped before it had finished."] * 2  # type: ignore[union-attr]
    assert_valid(session.history)


async def test_rule_3_interleaved_fragments_make_whole_calls() -> None:
    seen: list[str] = []

    def note(text: str) -> str:
        """Note it."""
        seen.append(text)
        return text

    pieces = [
        ToolCallDelta(1, "b", "note", '{"te'),
        ToolCallDelta(0, "a", "note", '{"text":'),
        ToolCallDelta(1, arguments='xt": "two"}'),
        ToolCallDelta(0, arguments=' "one"}'),
    ]
    session = Session(model=ScriptedModel(pieces, "Done."), tools=[note])
    await session.send("Hi")
    assert sorted(seen) == ["one", "two"]
    assert_valid(session.history)


async def wait() -> str:
    """Never end."""
    await asyncio.Event().wait()
    return "never"


# Rule 4: a tool runs at most once for a call; what exits in it leaves the kernel alive.


async def test_rule_4_calls_with_one_id_run_once_each_and_are_told_apart() -> None:
    runs: list[int] = []

    def note(number: int) -> str:
        """Note it."""
        runs.append(number)
        return f"noted {number}"

    first = [ToolCall("note", {"number": 1}, id="a"), ToolCall("note", {"number": 2}, id="a")]
    model = ScriptedModel(first, ToolCall("note", {"number": 3}, id="a"), "Done.")
    session = Session(model=model, tools=[note])
    await session.send("Hi")
    assert sorted(runs) == [1, 2, 3]
    answers = [(item["tool_call_id"], item["content"]) for item in session.history if item["role"] == "tool"]
    assert answers == [("a", "noted 1"), ("a_2", "noted 2"), ("a_3", "noted 3")]
    assert_valid(session.history)


@pytest.mark.parametrize("exit_with", [KeyboardInterrupt, SystemExit, asyncio.CancelledError])
@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_rule_4_an_exit_in_a_tool_ends_the_turn_as_stopped(exit_with: type[BaseException], kind: str) -> None:
    def leave() -> str:
        """Leave."""
        raise exit_with

    async def leave_async() -> str:
        """Leave."""
        raise exit_with

    name = "leave" if kind == "sync" else "leave_async"
    model = ScriptedModel([ToolCall(name), ToolCall("wait")], "Next.")
    session = Session(model=model, tools=[leave, leave_async, wait])
    events = record(session)
    await session.send("Hi")
    assert [event.verdict for event in events if isinstance(event, RunEnded)] == ["stopped"]
    assert_valid(session.history)
    assert session.screen.field("notice") is None
    assert (await settled(session)).text == "Next."


# Rule 5: stop is a request, not an exception.


async def test_rule_5_stop_closes_the_models_stream_and_runs_the_apps_finally_before_the_run_has_ended() -> None:
    order: list[str] = []

    class Slow(EchoModel):
        async def stream(self, request: ModelRequest) -> Any:
            try:
                yield TextDelta("Well")
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0)
                order.append("stream closed")

    @app
    async def tidy() -> Any:
        try:
            yield User((yield GetUserInput()))
            yield Generate()
        finally:
            await asyncio.sleep(0)
            order.append("app closed")

    session = Session(tidy, model=Slow())
    session.on(RunEnded, lambda event: order.append(f"run {event.verdict}"))
    turn = session.submit("Hi")
    session.on(PartDelta, lambda _: asyncio.ensure_future(session.stop()))
    reply = await turn.done
    assert reply is not None
    assert reply.status == "stopped"
    assert order == ["stream closed", "app closed", "run stopped"]
