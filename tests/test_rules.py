"""The eleven rules of the core, each with the program that would break it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from chatwidget import (
    AppError,
    Assistant,
    Generate,
    GetUserInput,
    Message,
    ModelError,
    Session,
    SessionBusy,
    System,
    User,
    app,
)
from chatwidget.errors import RateLimited, ReplyInterrupted
from chatwidget.events import Event, InputReceived, MessageEnded, MessageStarted, PartDelta, RunEnded, ToolStarted
from chatwidget.models.base import Finish, ModelRequest, ToolCallDelta
from chatwidget.models.scripted import BreakOff, Delay, EchoModel, ScriptedModel, ToolCall
from chatwidget.transcript import Transcript
from tests.core_strategies import assert_valid, record, ticks

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
                async for delta in super().stream(request):
                    yield delta
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


# Rule 6: failures are thrown at the app's yield.


async def test_rule_6_an_app_catches_a_failure_where_it_asked() -> None:
    @app
    async def patient() -> Any:
        yield User((yield GetUserInput()))
        try:
            yield Generate()
        except RateLimited as error:
            yield Assistant(f"Sorry: {error}")

    session = Session(patient, model=ScriptedModel([RateLimited("Too many requests.")]))
    reply = await session.send("Hi")
    assert reply is not None
    assert reply.text == "Sorry: Too many requests."


async def test_rule_6_unhandled_a_failure_is_one_sentence_on_screen_and_a_traceback_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    @app
    async def broken() -> Any:
        yield GetUserInput()
        yield {}["key"]  # type: ignore[misc]

    session = Session(broken, model="echo")
    with pytest.raises(KeyError):
        await session.send("Hi")
    notice = session.screen.field("notice")
    assert notice == {"level": "error", "text": "The app broken failed: KeyError: 'key'"}
    assert "Traceback" not in str(session.screen.state())
    assert [record.exc_info is not None for record in caplog.records if record.levelno == logging.ERROR] == [True]


async def test_rule_6_a_model_failure_is_told_once_in_the_message_that_failed() -> None:
    session = Session(model=ScriptedModel(["Half", ToolCall("f"), ModelError("The line is dead.")]))
    with pytest.raises(ModelError):
        await session.send("Hi")
    state = session.screen.state()
    assert [message["error"] for message in state["messages"]] == [None, "The line is dead."]
    assert state["notice"] is None


# Rule 7: nothing is swallowed.


async def test_rule_7_input_is_delivered_once_and_an_empty_one_is_legal() -> None:
    heard: list[str] = []

    @app
    async def listener() -> Any:
        while True:
            heard.append((yield GetUserInput()))

    session = Session(listener, model="echo")
    events = record(session)
    for text in ("a", "", "b"):
        await session.send(text)
    assert heard == ["a", "", "b"]
    assert [event.text for event in events if isinstance(event, InputReceived)] == heard


async def test_rule_7_what_an_app_yields_is_an_event() -> None:
    @app
    async def talker() -> Any:
        yield System("rules")
        yield Assistant("a")
        yield User("b")
        yield Assistant("c", off_record=True)

    session = Session(talker, model="echo")
    events = record(session)
    session.start()
    await ticks(10)
    started = [event.message.id for event in events if isinstance(event, MessageStarted)]
    ended = [event.message for event in events if isinstance(event, MessageEnded)]
    assert [message.text for message in ended] == ["rules", "a", "b", "c"]
    assert started == [message.id for message in ended]


@pytest.mark.parametrize("value", [42, None, "text", object, ["a"], ...])
async def test_rule_7_a_bad_yield_names_the_app_the_value_and_the_cure(value: object) -> None:
    @app
    async def confused() -> Any:
        yield User((yield GetUserInput()))
        yield value

    session = Session(confused, model="echo")
    with pytest.raises(AppError) as caught:
        await session.send("Hi")
    assert all(word in str(caught.value) for word in ("confused", repr(value), type(value).__name__, "Generate"))
    assert session.screen.field("notice")["text"] == str(caught.value)


# Rule 8: see also test_properties.py, which tries it on thousands of conversations.


async def test_rule_8_folding_all_events_gives_the_transcript() -> None:
    session = Session(model=ScriptedModel(["Let me see. ", ToolCall("f")], "There is no f."))
    events = record(session)
    await session.send("Call f")
    await (await session.retry()).done if False else None
    again = Transcript()
    for event in events:
        again.apply(event)
    assert again.path == session.messages
    assert again.calls == session.transcript.calls


# Rule 9: one run at a time.


async def test_rule_9_a_second_send_waits_its_turn() -> None:
    session = Session(model=ScriptedModel(["a", Delay(0)], "b"))
    first, second = session.submit("1"), session.submit("2")
    await asyncio.wait({first.done, second.done})
    assert [message.text for message in session.messages] == ["1", "a", "2", "b"]


async def test_rule_9_a_second_send_interrupts_when_asked_to() -> None:
    session = Session(model=ScriptedModel(["a", FOREVER], "b", "c"))
    first, queued = session.submit("1"), session.submit("3")
    await ticks(10)
    second = session.submit("2", when_busy="interrupt")
    await asyncio.wait({first.done, second.done, queued.done})
    said = [(message.text, message.status) for message in session.messages if message.role == "assistant"]
    assert said == [("a", "stopped"), ("b", "complete"), ("c", "complete")]
    assert [message.text for message in session.messages if message.role == "user"] == ["1", "2", "3"]


async def test_rule_9_a_second_send_is_refused_when_asked_to() -> None:
    session = Session(model=ScriptedModel("a", "b"))
    first = session.submit("1")
    with pytest.raises(SessionBusy, match="stop it"):
        await session.send("2", when_busy="refuse")
    await first.done
    reply = await session.send("2", when_busy="refuse")
    assert reply is not None
    assert reply.text == "b"


# Rule 10: a tree from the first day.


async def test_rule_10_retry_and_edit_make_siblings_and_destroy_nothing() -> None:
    session = Session(model=ScriptedModel("a", "b", "c"))
    await session.send("one")
    asked, first = session.messages
    await (await session.retry(first.id)).done
    await (await session.edit(asked.id, "two")).done
    shown = session.screen.state()["messages"]
    assert [(message["parts"][0]["text"], message["sibling"]) for message in shown] == [
        ("two", {"index": 1, "count": 2}),
        ("c", {"index": 0, "count": 1}),
    ]
    await session.select(session.messages[0].id, 0)
    assert [message.text for message in session.messages] == ["one", "b"]
    await session.select(session.messages[1].id, 0)
    assert [message.text for message in session.messages] == ["one", "a"]
    assert sorted(message.text for message in session.transcript.all_messages()) == ["a", "b", "c", "one", "two"]


# Rule 11: what is shown and what is sent.


async def test_rule_11_off_record_is_shown_only_labels_are_sent_once_and_callables_at_each_request() -> None:
    numbers = iter(range(1, 10))

    @app
    async def careful() -> Any:
        yield System(lambda: f"Request number {next(numbers)}.")
        yield System("Mood: calm.", label="mood")
        yield Assistant("Not for the model.", off_record=True)
        while True:
            yield User((yield GetUserInput()))
            yield System("Mood: hasty.", label="mood")
            yield Generate()

    model = ScriptedModel("a", "b")
    session = Session(careful, model=model)
    await session.send("1")
    await session.send("2")
    sent = [[message.text for message in request.messages] for request in model.requests]
    assert sent == [
        ["Request number 1.", "Mood: hasty.", "1", "a"][:3],
        ["Request number 2.", "Mood: hasty.", "1", "a", "2"],
    ]
    assert "Not for the model." in [message.text for message in session.messages]


def test_every_event_type_is_known_to_these_tests() -> None:
    assert {kind.__name__ for kind in Event.__args__} >= {"RunStarted", "MessageStarted", "PartDelta", "RunEnded"}


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
