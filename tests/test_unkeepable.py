"""What cannot be written down as it is takes nothing else with it: what is shown is kept, or the person is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pytest

from chatwidget import Assistant, DisplayPart, GetUserInput, Session, User, app
from chatwidget.bundles import clean_bundle
from chatwidget.events import Noticed
from chatwidget.memory import JSONLMemory, Memory, SQLiteMemory
from chatwidget.messages import Message, ToolResultPart
from chatwidget.serialize import message_from_json, message_to_json
from tests.core_strategies import record


def nested(levels: int) -> Any:
    value: Any = "the end"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("levels", [1, 57, 58, 59, 64, 65, 250, 900])
def test_a_display_of_any_depth_can_be_written_and_read_again(levels: int) -> None:
    display = DisplayPart(clean_bundle({"application/json": nested(levels)}))
    result = ToolResultPart("c", "f", displays=(display,))
    for message in (Message(role="tool", parts=(result,)), Message(role="assistant", parts=(display,))):
        assert message_from_json(message_to_json(message)) == message
    assert levels > 65 or "the end" in str(display.bundle), "what is deeper is there as a text, cut where it is long"


@app
async def showing(*said: Message) -> Any:
    yield User((yield GetUserInput()))
    for message in said:
        yield message


def memories(folder: Path) -> list[Memory]:
    return [JSONLMemory(folder / "talk.jsonl"), SQLiteMemory(folder / "talk.db")]


async def test_a_display_that_an_app_yields_is_kept_as_it_is_shown(tmp_path: Path) -> None:
    for memory in memories(tmp_path):
        session = Session(showing(Assistant(DisplayPart({"application/json": {"x": numpy.int64(1)}}))), memory=memory)
        await session.send("Show")
        kept = await memory.load()
        await session.close()
        assert kept == list(session.messages)
        assert isinstance(kept[-1].parts[0], DisplayPart)


async def test_a_message_that_cannot_be_saved_is_told_and_those_around_it_are_saved(tmp_path: Path) -> None:
    odd = Message(role="assistant", id="odd", usage={"tokens": object()})
    for memory in memories(tmp_path):
        session = Session(showing(Assistant("before"), odd, Assistant("after")), memory=memory)
        events = record(session)
        await session.send("Go")
        told = [event.text for event in events if isinstance(event, Noticed) and event.level == "warning"]
        assert [message.text for message in await memory.load()] == ["Go", "before", "after"]
        assert len(told) == 1 and "usage.tokens: object is not JSON" in told[0]
        await session.send("Again")
        assert [message.text for message in await memory.load()][3:] == ["Again", "before", "after"]
        await session.close()
