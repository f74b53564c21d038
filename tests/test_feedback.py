"""What a person thinks of a message is shown, told, exported, and kept by any memory."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from chatwidget import Assistant, Feedback, Message, Session, User
from chatwidget.errors import FormatError, RequestError
from chatwidget.events import FeedbackGiven
from chatwidget.export import export_file, import_file, markdown_transcript
from chatwidget.memory import JSONLMemory, ListMemory, Memory, SQLiteMemory
from chatwidget.models.scripted import Delay, ScriptedModel
from chatwidget.serialize import message_from_json, message_to_json
from tests.core_strategies import Mirror, make_session, record, ticks

DOWN = Feedback("down", "Too long.")


async def reply_with(memory: Memory | None = None) -> Session:
    session = Session(model=ScriptedModel("a", "b"), memory=memory)
    await session.send("1")
    return session


async def test_feedback_is_told_and_shown_and_taken_back() -> None:
    session = make_session(["a"])
    events, mirror = record(session), Mirror(session)
    await session.send("1")
    reply = session.transcript.ids[1]
    session.feedback("up")
    session.feedback("down", reply, comment="Too long.")
    session.feedback("down", reply, comment="Too long.")
    assert session.messages[1].feedback == DOWN
    session.screen.flush()
    assert mirror.state["messages"][1]["feedback"] == "down"
    session.feedback(None)
    session.screen.flush()
    assert mirror.state["messages"][1]["feedback"] is None
    told = [event for event in events if isinstance(event, FeedbackGiven)]
    assert [event.feedback for event in told] == [Feedback("up"), DOWN, None]


async def test_feedback_on_a_reply_that_is_being_written_stays_when_it_has_ended() -> None:
    session = make_session([["Half", Delay(3600)]])
    session.submit("1")
    await ticks(20)
    session.feedback("up")
    await session.stop()
    assert session.messages[1].feedback == Feedback("up")


@pytest.mark.parametrize(("value", "message_id"), [("up", "nothing"), ("sideways", None)])
async def test_feedback_that_makes_no_sense_is_refused(value: str, message_id: str | None) -> None:
    session = await reply_with()
    with pytest.raises(RequestError):
        session.feedback(value, message_id)  # type: ignore[arg-type]


async def test_no_model_is_sent_feedback() -> None:
    session = await reply_with()
    before = session.history
    session.feedback("down", comment="Too long.")
    assert session.history == before


@pytest.mark.parametrize("kind", [ListMemory, JSONLMemory, SQLiteMemory])
async def test_feedback_on_what_is_kept_already_survives_in_a_memory(kind: type, tmp_path: Path) -> None:
    memory = kind() if kind is ListMemory else kind(tmp_path / "kept")
    session = await reply_with(memory)
    session.feedback("up")
    session.feedback("down", comment="Too long.")
    await session.send("2")
    await session.close()
    again = Session(model=ScriptedModel("c"), memory=memory)
    await again.send("3")
    assert [(m.text, m.feedback) for m in again.messages if m.role == "assistant"] == [
        ("a", DOWN),
        ("b", None),
        ("c", None),
    ]
    assert [item["content"] for item in again.history] == ["1", "a", "2", "b", "3", "c"]
    await again.close()


async def test_feedback_is_kept_without_another_turn() -> None:
    memory = ListMemory()
    session = await reply_with(memory)
    session.feedback("up")
    kept: list[Message] = []

    async def look() -> None:
        kept[:] = await memory.load()

    for _ in range(20):
        await ticks(1)
        await look()
    assert Session(history=kept, model="echo").messages[1].feedback == Feedback("up")


async def test_feedback_given_while_the_message_is_being_written_down_is_not_lost() -> None:
    begun, free = asyncio.Event(), asyncio.Event()

    class Slow(ListMemory):
        async def append(self, messages: Sequence[Message]) -> None:
            if any(message.role == "assistant" for message in messages):
                begun.set()
                await free.wait()
            await super().append(messages)

    memory = Slow()
    session = Session(model=ScriptedModel("a", "b"), memory=memory)
    turn = session.submit("1")
    await begun.wait()
    session.feedback("up")
    free.set()
    await turn.done
    await session.send("2")
    assert Session(history=await memory.load(), model="echo").messages[1].feedback == Feedback("up")


def test_feedback_is_in_files_and_files_without_it_still_load(tmp_path: Path) -> None:
    given = [User("1"), Message(role="assistant", parent_id=None, feedback=DOWN)]
    for name in ("talk.json", "talk.jsonl"):
        read = import_file(export_file(tmp_path / name, given)).messages
        assert [message.feedback for message in read] == [None, DOWN]
    old = message_to_json(Assistant("a"))
    assert "feedback" not in old
    assert message_from_json(old).feedback is None


@pytest.mark.parametrize(
    ("feedback", "words"),
    [
        ({"comment": "x"}, "feedback.value: is missing"),
        ({"value": "sideways"}, "feedback.value: must be"),
        ({"value": "up", "more": 1}, "feedback.more: is not a key"),
        ("up", "feedback: must be an object"),
    ],
)
def test_feedback_in_a_file_is_read_strictly(feedback: object, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        message_from_json({"role": "assistant", "id": "a", "feedback": feedback})


def test_a_transcript_to_read_says_what_was_thought() -> None:
    text = markdown_transcript([Message(role="assistant", feedback=DOWN)])
    assert r"A bad answer\: Too long\." in text
