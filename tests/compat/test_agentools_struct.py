"""Answers that are objects: what is rejected is asked for again, and they can be seen growing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import BaseModel, Field, field_validator

from chatwidget.compat.agentools import SimpleHistory, StructGPT
from chatwidget.compat.agentools.assistants import StructCreatedEvent, StructFailedEvent
from chatwidget.errors import OutputError
from chatwidget.models.scripted import ScriptedModel, ToolCall


class Song(BaseModel):
    """A song."""

    title: str
    genres: list[str] = Field(description="AT LEAST 3 genres!")

    @field_validator("genres")
    @classmethod
    def enough(cls, genres: list[str]) -> list[str]:
        if len(genres) < 3:
            raise ValueError("name more genres")
        return genres


GOOD: dict[str, Any] = {"title": "Hello", "genres": ["pop", "soul", "ballad"]}
BAD = {"title": "Hello", "genres": ["pop"]}


@pytest.mark.parametrize(
    "wrong",
    ["Sure, I can do that!", json.dumps(BAD), ToolCall("Song", BAD), '{"title": 1}'],
    ids=["prose", "json", "call", "type"],
)
async def test_a_reply_that_does_not_fit_goes_back_with_what_is_wrong(wrong: Any) -> None:
    model = ScriptedModel(wrong, json.dumps(GOOD))
    lines: list[str] = []
    assert await StructGPT(Song, model=model)("A song", event_logger=lines.append) == Song(**GOOD)
    failed = next(line for line in lines if line.startswith("[StructFailedEvent]"))
    assert model.requests[1].messages[-1].text in failed
    assert any(line.startswith("[StructCreatedEvent]: result=") for line in lines)


async def test_used_up_attempts_are_told_and_raised_with_the_last_text() -> None:
    struct = StructGPT(Song, model=ScriptedModel(*["no"] * 3))
    lines: list[str] = []
    with pytest.raises(OutputError) as caught:
        await struct("A song", max_attempts=3, event_logger=lines.append)
    assert caught.value.text == "no"
    assert lines[-1] == "[MaxCallsExceededEvent]: num_calls=3"


async def test_the_events_of_a_call_come_in_the_order_of_agentools() -> None:
    struct = StructGPT(Song, model=ScriptedModel(ToolCall("Song", GOOD)))
    events = [type(event).__name__ async for event in struct.response_events("A song")]
    order = "ResponseStart CompletionStart Completion FullMessage ToolCalls StructCreated ToolResult ResponseEnd"
    assert events == [f"{name}Event" for name in order.split()]
    assert struct.StructCreatedEvent is StructCreatedEvent
    assert struct.StructFailedEvent is StructFailedEvent


async def test_the_model_is_told_the_type_by_the_name_it_is_given_and_remembers_nothing() -> None:
    model = ScriptedModel(json.dumps(GOOD), json.dumps(GOOD))
    struct = StructGPT(Song, model=model, tool_name="make_song", messages=SimpleHistory.system("Be bold"))
    await struct("One")
    await struct("Two")
    assert [message.text for message in model.requests[1].messages] == ["Be bold", "Two"]
    output = model.requests[0].output
    assert output is not None
    assert (output.name, output.description) == ("make_song", "A song.")
    assert "AT LEAST 3" in json.dumps(output.schema)


async def test_what_was_rejected_does_not_stay_in_the_history() -> None:
    struct = StructGPT(Song, model=ScriptedModel("no", ToolCall("Song", BAD), json.dumps(GOOD)))
    assert await struct("A song") == Song(**GOOD)
    assert [item["content"] for item in struct.messages.history] == ["A song", json.dumps(GOOD)]


@pytest.mark.parametrize("reply", [json.dumps(GOOD), ToolCall("Song", GOOD)], ids=["text", "call"])
async def test_an_object_can_be_read_while_it_is_written(reply: Any) -> None:
    struct = StructGPT(Song, model=ScriptedModel(reply))
    grown = [part async for part in struct.stream_json("A song")]
    assert len(grown) > 3
    assert grown[-1] == GOOD
    assert all(part for part in grown)
    titles = [part["title"] for part in grown if "title" in part]
    assert all("Hello".startswith(title) for title in titles)


async def test_a_preview_is_called_with_the_fields_so_far_and_may_fail(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[dict[str, Any]] = []

    def show(**fields: Any) -> None:
        seen.append(fields)
        if len(seen) == 2:
            raise RuntimeError("no canvas")

    assert await StructGPT(Song, model=ScriptedModel(json.dumps(GOOD)), on_preview=show)("A song") == Song(**GOOD)
    assert len(seen) > 3
    assert seen[-1]["title"] == "Hello"
    assert caplog.text.count("the preview of Song failed") == 1
