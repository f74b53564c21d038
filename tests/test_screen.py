"""What a screen is sent: when, how much, and that it adds up to the state."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chatwidget import Assistant, DisplayPart, GetUserInput, Message, Session, ToolCallPart, ToolResultPart, User, app
from chatwidget.events import MessageEnded, MessageStarted, PartDelta, PartStarted, Rewound
from chatwidget.frames import Frame
from chatwidget.messages import TextPart, UserText
from chatwidget.models.base import TextDelta
from chatwidget.models.scripted import Delay, ScriptedModel, ToolCall
from chatwidget.screen import Screen
from chatwidget.transcript import Transcript
from tests.core_strategies import TOOLS, ManualClock, Mirror, make_session, stop_time, ticks, turn_clock

FOREVER = Delay(3600)


def bare_screen(clock: ManualClock | None = None) -> tuple[Screen, list[Frame]]:
    """A screen without a session, and the list its frames go to."""
    screen = Screen(Transcript(), {"status": "idle", "notice": None}, clock)
    frames: list[Frame] = []
    screen.attach(frames.append)
    return screen, frames


def begin(screen: Screen) -> None:
    """Begin a message with one text part."""
    screen.apply(MessageStarted(Message(role="assistant", id="m", status="arriving")))
    screen.apply(PartStarted("m", 0, TextPart()))


# When.


def test_the_first_change_leaves_at_once_then_one_frame_each_20_ms() -> None:
    clock = ManualClock()
    screen, frames = bare_screen(clock)
    begin(screen)
    clock.advance(0)
    assert len(frames) == 1
    for _ in range(1000):
        screen.apply(PartDelta("m", 0, "word "))
        clock.advance(0.001)
    assert len(frames) == 1 + 1000 // 20
    clock.advance(1)
    screen.apply(PartDelta("m", 0, "after a pause"))
    clock.advance(0)
    assert frames[-1]["patches"][0]["text"] == "after a pause"


def test_nothing_is_sent_when_nothing_changes() -> None:
    clock = ManualClock()
    screen, frames = bare_screen(clock)
    screen.set("status", "idle")
    screen.flush()
    clock.advance(1)
    assert frames == []


def test_growth_between_two_frames_is_one_patch_with_its_offset_in_utf16_units() -> None:
    screen, frames = bare_screen()
    begin(screen)
    for text in ("a", "😀", "b"):
        screen.apply(PartDelta("m", 0, text))
    screen.flush()
    screen.apply(PartDelta("m", 0, "c"))
    screen.flush()
    path = ["messages", 0, "parts", 0, "text"]
    assert frames[0]["patches"][-1] == {"op": "append", "path": path, "offset": 0, "text": "a😀b"}
    assert frames[1]["patches"] == [{"op": "append", "path": path, "offset": 4, "text": "c"}]


def test_the_frame_that_settles_a_message_tells_the_lengths_of_its_texts() -> None:
    screen, frames = bare_screen()
    begin(screen)
    screen.apply(PartDelta("m", 0, "a😀"))
    screen.apply(MessageEnded(Message(role="assistant", id="m", parts=(TextPart("a😀"),))))
    screen.flush()
    assert frames[0]["lengths"] == [[["messages", 0, "parts", 0, "text"], 3]]


def test_a_message_that_left_the_branch_before_the_frame_left_tells_no_length() -> None:
    screen, frames = bare_screen()
    begin(screen)
    screen.apply(PartDelta("m", 0, "gone"))
    screen.apply(MessageEnded(Message(role="assistant", id="m", parts=(TextPart("gone"),))))
    screen.apply(Rewound(None))
    screen.flush()
    assert "lengths" not in frames[0]
    json.dumps(frames)


def test_one_screen_that_fails_takes_nothing_from_the_others(caplog: pytest.LogCaptureFixture) -> None:
    screen, frames = bare_screen()

    def closed(frame: Frame) -> None:
        raise OSError("comm closed")

    off = screen.attach(closed)
    another: list[Frame] = []
    screen.attach(another.append)
    begin(screen)
    screen.flush()
    assert frames == another != []
    assert "comm closed" in caplog.text
    off()
    off()


# How much.


async def turn_frames(earlier: int) -> list[str]:
    """The frames of one turn with a tool call, behind so many earlier messages; numbers and ids are taken out."""
    session = Session(
        model=ScriptedModel(["Let me see. ", ToolCall("add", {"a": 1, "b": 2}, id="call")], "It is 3, of course."),
        tools=TOOLS,
        history=[User("Earlier") if number % 2 else Assistant("before") for number in range(earlier)],
    )
    clock = session.screen.clock = ManualClock()
    frames: list[str] = []
    session.attach(lambda frame: frames.append(json.dumps(frame)))
    turn = session.submit("What is 1 + 2?")
    while not turn.done.done():
        await asyncio.sleep(0)
        clock.advance(0.02)
    return [re.sub(r"[0-9a-f]{16}|[\d.]+(e-\d+)?(,\d{3})*", "#", frame) for frame in frames[1:]]


async def test_a_turn_costs_the_same_behind_1_and_behind_1000_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_time(monkeypatch)
    alone = await turn_frames(1)
    assert sum('"append"' in frame for frame in alone) > 5
    assert alone == await turn_frames(1000)


async def test_bytes_follow_the_text_and_not_its_square() -> None:
    async def cost(words: int) -> int:
        session = Session(model=ScriptedModel([TextDelta("word ")] * words))
        clock = session.screen.clock = ManualClock()
        sizes: list[int] = []
        session.attach(lambda frame: sizes.append(len(json.dumps(frame))))
        turn = session.submit("Go")
        while not turn.done.done():
            await asyncio.sleep(0)
            clock.advance(0.02)
        return sum(sizes[1:])

    small, large = await cost(200), await cost(2000)
    assert large < 11 * small


# What it adds up to.


async def test_screens_attached_at_different_moments_show_the_same() -> None:
    session = make_session([["Let me ", ToolCall("add", {"a": 1, "b": 2}), FOREVER], "Again."])
    mirrors = [Mirror(session)]
    turn = session.submit("Hi")
    for _ in range(40):
        await ticks(1)
        mirrors.append(Mirror(session))
    await session.stop()
    await turn.done
    await (await session.retry()).done
    turn_clock(session)
    turn_clock(session)
    state = session.screen.state()
    assert all(mirror.state == state for mirror in mirrors)


async def test_a_detached_screen_hears_no_more() -> None:
    session = Session(model="echo")
    frames: list[Frame] = []
    off = session.attach(frames.append)
    off()
    await session.send("Hi")
    session.screen.flush()
    assert [frame["kind"] for frame in frames] == ["snapshot"]


async def test_changing_what_was_sent_changes_nothing_in_the_session() -> None:
    session = Session(model=ScriptedModel(ToolCall("add", {"a": 1}), "Done."), tools=TOOLS)
    seen: list[Any] = []
    session.attach(seen.append)
    await session.send("Hi")
    before = json.dumps(session.screen.state())
    for holder in (session.screen.state(), session.screen.snapshot()["state"], session.screen.field("tools")):
        spoil(holder)
    spoil(seen)
    assert json.dumps(session.screen.state()) == before


def spoil(value: Any) -> None:
    for item in list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, list) else ():
        spoil(item)
    if isinstance(value, dict | list):
        value.clear()


async def test_an_app_may_settle_a_message_otherwise_than_it_began() -> None:
    @app
    async def mender() -> Any:
        text: UserText = yield GetUserInput()
        assert text.message is not None
        yield replace(text.message, parts=(TextPart("mended"),), name="Ada")
        text = yield GetUserInput()
        assert text.message is not None
        yield replace(text.message, parts=())

    session = Session(mender, model="echo")
    mirror = Mirror(session)
    await session.send(["a", "b"])
    session.screen.flush()
    assert [part["text"] for part in mirror.state["messages"][0]["parts"]] == ["mended"]
    await session.send("c")
    session.screen.flush()
    assert mirror.state == session.screen.state()
    assert mirror.state["messages"][1]["parts"] == []


async def test_a_call_and_its_result_put_there_by_an_app_make_one_card() -> None:
    @app
    async def replayer() -> Any:
        yield Assistant(ToolCallPart("c", "f", '{"a": 1}'))
        yield Message(role="tool", parts=(ToolResultPart("c", "f", "7"),))
        yield Message(role="assistant", parts=(ToolResultPart("d", "f", "by itself"),))

    session = Session(replayer, model="echo")
    mirror = Mirror(session)
    session.start()
    await ticks(10)
    session.screen.flush()
    assert mirror.state == session.screen.state()
    card, text = (message["parts"][0] for message in mirror.state["messages"])
    assert (card["input"], card["state"], card["result"]) == ({"a": 1}, "output-available", "7")
    assert text == {"type": "text", "text": "by itself"}


@pytest.mark.parametrize(
    "value",
    [b"\x89PNG", float("nan"), float("inf"), 10**400, "\ud800", {"\ud800": object()}, (1, 2), {3: {4}}, [[[]]]],
)
async def test_what_json_cannot_say_reaches_a_screen_as_something_it_can(value: object) -> None:
    session = Session(history=[Assistant(DisplayPart({"application/x": value}))], model="echo")
    mirror = Mirror(session)
    assert mirror.state == session.screen.state()
    assert "application/x" in mirror.state["messages"][0]["parts"][0]["bundle"]


async def test_a_display_that_holds_itself_is_cut() -> None:
    bundle: dict[str, Any] = {}
    bundle["self"] = bundle
    Mirror(Session(history=[Assistant(DisplayPart(bundle))], model="echo"))


def test_a_screen_can_wait_for_its_clock() -> None:
    screen, frames = bare_screen()
    begin(screen)
    assert frames == []
    later: list[Callable[[], None]] = []

    class Loop:
        def time(self) -> float:
            return 0.0

        def call_later(self, delay: float, callback: Callable[[], None], /) -> None:
            later.append(callback)

    screen.clock = Loop()
    screen.apply(PartDelta("m", 0, "a"))
    later.pop()()
    assert len(frames) == 1
