"""One message as it arrives: calls and texts in strange pieces, and how it is settled."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chatwidget import Session
from chatwidget.events import PartEnded, ToolPreviewed, ToolStarted
from chatwidget.messages import ToolCallPart
from chatwidget.models.base import Finish, ReasoningDelta, TextDelta, ToolCallDelta
from chatwidget.models.scripted import ScriptedModel, ToolCall
from tests.core_strategies import Mirror, assert_valid, record, ticks


def answers(session: Session) -> list[str]:
    return [item["content"] for item in session.history if item["role"] == "tool"]


def card(session: Session, number: int = 0) -> dict[str, Any]:
    """The tool card number `number` on screen."""
    messages = session.screen.field("messages")
    cards = [part for message in messages for part in message["parts"] if part["type"] == "tool_call"]
    return dict(cards[number])


async def test_arguments_are_previewed_while_they_arrive_and_shown_whole_at_the_end() -> None:
    def note(text: str) -> str:
        """Note it."""
        return text

    session = Session(model=ScriptedModel(ToolCall("note", {"text": "a long walk"}), "Done."), tools=[note])
    events = record(session)
    await session.send("Hi")
    previews = [event for event in events if isinstance(event, ToolPreviewed)]
    assert len(previews) > 3
    assert all("a long walk".startswith((preview.arguments or {}).get("text", "")) for preview in previews)
    assert [preview.final for preview in previews] == [False] * (len(previews) - 1) + [True]
    assert previews[-1].arguments == {"text": "a long walk"} == card(session)["input"]


@pytest.mark.parametrize("text", ['{"text": "cut of', '{"text": nonsense}', "{}}", '{"text": NaN}', "\ud800"])
async def test_arguments_that_are_no_json_are_shown_raw_and_never_run(text: str) -> None:
    def note(text: str) -> str:
        """Note it."""
        raise AssertionError("it ran")

    session = Session(model=ScriptedModel(ToolCall("note", text), "Sorry."), tools=[note])
    mirror = Mirror(session)
    events = record(session)
    await session.send("Hi")
    assert (card(session)["raw"], card(session)["state"]) == (text.replace("\ud800", "\ufffd"), "output-error")
    assert card(session)["seconds"] is None
    assert not [event for event in events if isinstance(event, ToolStarted)]
    session.screen.flush()
    assert mirror.state == session.screen.state()


async def test_calls_without_id_get_one_that_stays() -> None:
    session = Session(model=ScriptedModel([ToolCallDelta(0, None, "f"), ToolCallDelta(1, None, "g")], "Done."))
    events = record(session)
    await session.send("Hi")
    ids = [event.part.id for event in events if isinstance(event, PartEnded) and isinstance(event.part, ToolCallPart)]
    assert len(set(ids)) == 2
    assert all(ids)
    assert [item["tool_call_id"] for item in session.history if item["role"] == "tool"] == ids


async def test_a_name_with_half_a_pair_in_it_breaks_nothing() -> None:
    session = Session(model=ScriptedModel([ToolCallDelta(0, "\ud800", "\udfff", "{}")], "Done."))
    mirror = Mirror(session)
    await session.send("Hi")
    session.screen.flush()
    assert mirror.state == session.screen.state()
    assert_valid(session.history)


@pytest.mark.parametrize("reason", ["length", "filtered"])
async def test_a_call_in_a_reply_that_was_cut_is_not_run(reason: Any) -> None:
    def note() -> str:
        """Note it."""
        raise AssertionError("it ran")

    session = Session(model=ScriptedModel([ToolCall("note"), Finish(reason)]), tools=[note])
    reply = await session.send("Hi")
    assert reply is not None
    assert reply.status == reason
    assert answers(session) == ["This tool was not run: its call did not arrive whole."]


async def test_an_endless_tool_loop_ends() -> None:
    def again() -> str:
        """Ask for more."""
        return "more"

    model = ScriptedModel(*[ToolCall("again")] * 20)
    session = Session(model=model, tools=[again], max_tool_rounds=3)
    reply = await session.send("Hi")
    assert reply is not None
    assert [len(request.tools) for request in model.requests] == [1, 1, 1, 0]
    assert answers(session)[:3] == ["more"] * 3
    assert "too many rounds" in answers(session)[3]
    assert_valid(session.history)


async def test_a_pair_of_surrogates_split_over_two_deltas_is_one_character() -> None:
    halves = [TextDelta("\ud83d"), TextDelta("\ude00b"), TextDelta("\ud83d")]
    call = [ToolCallDelta(0, "c", "f", '{"a": "\ud83d'), ToolCallDelta(0, arguments='\ude00"}')]
    session = Session(model=ScriptedModel([*halves, *call], "Done."))
    await session.send("Hi")
    assert session.messages[1].text == "😀b\ufffd"
    assert session.messages[1].tool_calls[0].arguments == '{"a": "😀"}'


async def test_reasoning_is_kept_apart_and_not_sent_back() -> None:
    model = ScriptedModel([ReasoningDelta("Hm, "), ReasoningDelta("well."), TextDelta("Yes.")], "No.")
    session = Session(model=model)
    await session.send("Hi")
    await session.send("Sure?")
    assert [part["type"] for part in session.screen.field("messages")[1]["parts"]] == ["reasoning", "text"]
    assert "Hm" not in str(session.history)
    assert [message.text for message in model.requests[1].messages] == ["Hi", "Yes.", "Sure?"]


async def test_an_error_whose_text_cannot_be_read_settles_the_message() -> None:
    class UnreadableError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    session = Session(model=ScriptedModel(["Half", UnreadableError()]))
    turn = session.submit("Hi")
    await asyncio.wait({turn.done})
    assert turn.done.exception() is not None
    assert session.messages[-1].status == "interrupted"


async def test_a_stop_that_the_model_swallows_ends_the_reply_at_its_next_delta() -> None:
    class Deaf(ScriptedModel):
        async def stream(self, request: Any) -> Any:
            while True:
                try:
                    yield TextDelta("x")
                    await asyncio.sleep(0)
                except asyncio.CancelledError:
                    continue

    session = Session(model=Deaf())
    turn = session.submit("Hi")
    await ticks(5)
    await session.stop()
    reply = await turn.done
    assert reply is not None
    assert reply.status == "stopped"
