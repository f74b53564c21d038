"""Replies of a type: `Generate(output_type=...)` and `session.ask`."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any, Literal

import pytest
from pydantic import BaseModel, field_validator
from typing_extensions import TypedDict

from chatwidget import Assistant, Generate, GetUserInput, Session, User, app, function_tool
from chatwidget.errors import AppError, ModelError, OutputError
from chatwidget.events import OutputPreviewed, OutputRejected, ToolStarted
from chatwidget.models.base import Finish
from chatwidget.models.scripted import BreakOff, ScriptedModel, ToolCall
from tests.core_strategies import Mirror, assert_valid, quiet, record, ticks
from tests.gated import GatedModel, others, until

OLD, NEW = '{"title": "a", "year": 1800}', '{"title": "a", "year": 1934}'


class Song(BaseModel):
    """A song."""

    title: str
    year: int

    @field_validator("year")
    @classmethod
    def _late(cls, value: int) -> int:
        if value < 1900:
            raise ValueError("too old")
        return value


@dataclasses.dataclass
class Point:
    x: float
    y: float = 0.0


class Film(TypedDict):
    name: str


async def asked(output_type: Any, *replies: Any, **options: Any) -> Any:
    return await Session(model=ScriptedModel(*replies)).ask("Hi", output_type=output_type, **options)


@pytest.mark.parametrize(
    ("output_type", "reply", "value"),
    [
        (Song, NEW, Song(title="a", year=1934)),
        (Song, f"Here it is:\n```json\n{NEW}\n```\nEnjoy!", Song(title="a", year=1934)),
        (Point, '{"x": 1}', Point(1.0)),
        (Film, '{"name": "M"}', {"name": "M"}),
        (list[int], "[1, 2]", [1, 2]),
        (list[int], '{"value": [1, 2]}', [1, 2]),
        (Literal["yes", "no"], '"yes"', "yes"),
        (Literal["yes", "no"], '{"value": "no"}', "no"),
        (Point | Film, '{"name": "M"}', {"name": "M"}),
        (Song | None, '{"value": null}', None),
        (int, "7", 7),
        (bool, '{"value": false}', False),
        (str, "as it is", "as it is"),
    ],
)
async def test_the_answer_is_an_object_of_the_type(output_type: Any, reply: str, value: Any) -> None:
    assert await asked(output_type, reply) == value


async def test_a_call_named_after_the_type_is_an_answer() -> None:
    session = Session(model=ScriptedModel(ToolCall("Song", NEW)))
    mirror = Mirror(session)
    assert (await session.ask("Hi", output_type=Song)).year == 1934
    assert_valid(session.history)
    session.screen.flush()
    assert mirror.state == session.screen.state()


async def test_a_tool_of_that_name_is_the_tool() -> None:
    @function_tool(name="Song")
    def find(title: str) -> str:
        """Find a song."""
        return "found"

    session = Session(model=ScriptedModel(ToolCall("Song", {"title": "x"}), NEW), tools=[find])
    assert (await session.ask("Hi", output_type=Song)).year == 1934
    assert session.history[2]["content"] == "found"


async def test_what_does_not_fit_stays_on_screen_and_is_in_no_request_but_the_next() -> None:
    model = ScriptedModel("in words", OLD, NEW, "Bye.")
    session = Session(model=model)
    mirror = Mirror(session)
    events = record(session)
    assert await session.ask("Hi", output_type=Song) == Song(title="a", year=1934)
    await session.send("Thanks")
    sent = [[message.text for message in request.messages] for request in model.requests]
    assert sent[0] == ["Hi"]
    assert sent[1][:2] == ["Hi", "in words"]
    assert sent[2][:2] == ["Hi", OLD]
    assert "too old" in sent[2][2]
    assert [len(texts) for texts in sent] == [1, 3, 3, 3]
    assert sent[3] == ["Hi", NEW, "Thanks"]
    assert [request.output.name if request.output else None for request in model.requests] == ["Song"] * 3 + [None]
    shown = session.screen.field("messages")
    assert [message["parts"][0]["text"] for message in shown] == ["Hi", "in words", OLD, NEW, "Thanks", "Bye."]
    assert [message["off_record"] for message in shown] == [False, True, True, False, False, False]
    rejected = [event for event in events if isinstance(event, OutputRejected)]
    assert [event.attempts for event in rejected] == [2, 1]
    session.screen.flush()
    assert mirror.state == session.screen.state()
    assert shown[3]["output"] == "Song"


async def test_a_rejected_call_of_the_type_is_answered_and_told_what_is_wrong() -> None:
    model = ScriptedModel(ToolCall("Song", OLD), ToolCall("Song", NEW))
    session = Session(model=model)
    assert (await session.ask("Hi", output_type=Song)).year == 1934
    assert [message.text for message in model.requests[1].messages][1] == OLD
    assert_valid(session.history)
    assert "1800" not in str(session.history)


@pytest.mark.parametrize("attempts", [1, 2])
async def test_when_no_attempt_is_left_the_error_holds_the_last_text(attempts: int) -> None:
    with pytest.raises(OutputError, match="not a Song") as caught:
        await asked(Song, *["first", "last"][-attempts:], max_attempts=attempts)
    assert caught.value.text == "last"


@pytest.mark.parametrize("attempts", [0, -1])
async def test_no_attempt_is_an_error_of_the_app(attempts: int) -> None:
    with pytest.raises(AppError, match="max_attempts"):
        await asked(Song, "x", max_attempts=attempts)


async def test_a_type_that_json_cannot_say_is_refused_before_anything_is_sent() -> None:
    session = Session(model=ScriptedModel("x"))
    with pytest.raises(AppError):
        await session.ask("Hi", output_type=type(record))
    assert session.messages == ()


async def test_real_tools_run_first() -> None:
    @function_tool
    def look_up() -> str:
        """Look it up."""
        return "1934"

    session = Session(model=ScriptedModel("words", ToolCall("look_up"), OLD, NEW), tools=[look_up])
    events = record(session)
    assert (await session.ask("Hi", output_type=Song)).year == 1934
    assert sum(isinstance(event, ToolStarted) for event in events) == 1
    model: Any = session.model
    assert [message.role for message in model.requests[2].messages] == ["user", "assistant", "tool"]
    assert_valid(session.history)


@pytest.mark.parametrize("reply", [NEW, ToolCall("Song", NEW)])
async def test_growing_objects_come_before_the_final_one(monkeypatch: pytest.MonkeyPatch, reply: Any) -> None:
    monkeypatch.setattr("chatwidget.growing.SECONDS", 0.0)
    session = Session(model=ScriptedModel(reply))
    events = record(session)
    song = await session.ask("Hi", output_type=Song)
    previews = [event for event in events if isinstance(event, OutputPreviewed)]
    assert [event.final for event in previews] == [False] * (len(previews) - 1) + [True]
    assert len(previews) > 3
    assert previews[-1].value == song
    assert previews[-2].value.title == "a"


@pytest.mark.parametrize("reason", ["length", "filtered"])
async def test_a_cut_reply_is_no_object(reason: Any) -> None:
    with pytest.raises(OutputError) as caught:
        await asked(Song, ['{"title": "a"', Finish(reason)], max_attempts=1)
    assert caught.value.text == '{"title": "a"'


@pytest.mark.parametrize("end", [BreakOff(), ModelError("away"), ValueError("x")])
async def test_a_model_that_fails_fails_as_ever(end: Any) -> None:
    with pytest.raises(ModelError) as caught:
        await asked(Song, [NEW, end])
    assert not isinstance(caught.value, OutputError)


async def test_a_stop_at_any_point_is_no_object_and_leaves_a_valid_history() -> None:
    before = others()
    for moment in range(0, 60, 3):
        session = Session(model=ScriptedModel("words", ToolCall("Song", OLD), [NEW[:20], BreakOff()]))
        mirror = Mirror(session)
        asking = session.ask("Hi", output_type=Song)
        task = asyncio.ensure_future(asking)
        await ticks(moment)
        stopped = await session.stop()
        await quiet(session)
        await asyncio.wait({task})
        assert isinstance(task.exception(), OutputError if stopped else ModelError)
        assert_valid(session.history)
        session.screen.flush()
        assert mirror.state == session.screen.state()
        await session.close()
        assert others() <= before


async def test_a_stopped_answer_is_in_the_error() -> None:

    session = Session(model=GatedModel(['{"title": "a', asyncio.Event()]))
    task = asyncio.ensure_future(session.ask("Hi", output_type=Song))
    await until(lambda: session.messages and session.messages[-1].text == '{"title": "a')
    await session.stop()
    with pytest.raises(OutputError) as caught:
        await task
    assert caught.value.text == '{"title": "a'


async def test_a_function_may_be_the_model() -> None:
    answers = ["words", NEW]

    def handler(messages: Any) -> str:
        return answers.pop(0)

    assert (await Session(handler).ask("Hi", output_type=Song)).year == 1934


async def test_an_app_that_goes_on_talking_is_still_answered_by_its_reply() -> None:
    @app
    async def talkative() -> Any:
        while True:
            yield User((yield GetUserInput("And?")))
            reply = yield Generate()
            assert reply.text == NEW
            yield Assistant("There you are.")

    session = Session(talkative, model=ScriptedModel(OLD, NEW))
    assert (await session.ask("Hi", output_type=Song)).year == 1934


async def test_an_app_that_never_asks_a_model_gives_no_object() -> None:
    @app
    async def mute() -> Any:
        yield User((yield GetUserInput()))
        yield Assistant(NEW)

    with pytest.raises(OutputError, match="No reply of this turn") as caught:
        await Session(mute, model=ScriptedModel()).ask("Hi", output_type=Song)
    assert caught.value.text == NEW


async def test_a_command_with_a_type_of_its_own_keeps_it() -> None:
    @app
    async def adder() -> Any:
        yield User((yield GetUserInput()))
        numbers = yield Generate(output_type=list[int], max_attempts=1)
        assert numbers == [1, 2]
        try:
            yield Generate(output_type=int, max_attempts=1)
        except OutputError as error:
            yield Assistant(f"sorry: {error.text}")
        yield Generate()

    session = Session(adder, model=ScriptedModel("[1, 2]", "many", NEW))
    assert (await session.ask("Hi", output_type=Song)).year == 1934
    assert [message.text for message in session.messages] == ["Hi", "[1, 2]", "many", "sorry: many", NEW]


async def test_two_asks_that_wait_for_each_other_get_their_own_types() -> None:

    session = Session(model=ScriptedModel("[1]", NEW, "free"))
    first, second, third = await asyncio.gather(
        session.ask("a", output_type=list[int]), session.ask("b", output_type=Song), session.send("c")
    )
    assert (first, second, third.text) == ([1], Song(title="a", year=1934), "free")  # type: ignore[union-attr]


async def test_a_call_that_is_cancelled_leaves_the_turn_running() -> None:

    session = Session(model=ScriptedModel(NEW, "x"))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await session.ask("Hi", output_type=Song)
    await quiet(session)
    assert session.messages[-1].text in ("Hi", NEW)
