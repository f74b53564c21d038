"""The scenes behind tests/golden/frames-*.json: short conversations, and what a page is sent of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from chatwidget import GetUserInput, Session, User, app
from chatwidget.models.base import ReasoningDelta, TextDelta
from chatwidget.models.scripted import ToolCall
from tests.core_strategies import Mirror, make_session, quiet, ticks, turn_clock
from tests.golden_states import FOREVER, begin, play

Watch = Callable[[Session], None]
Course = Callable[[Watch], Awaitable[None]]
FRAMES: dict[str, Course] = {}


def frames(scene: Course) -> Course:
    """Keep the frames a page gets that opens when the scene calls `watch`."""
    FRAMES[scene.__name__.replace("_", "-")] = scene
    return scene


@frames
async def plain_turn(watch: Watch) -> None:
    session = await play(make_session(["Earlier.", "Hello! 😀 How are you?"]), "before")
    watch(session)
    await play(session, "Hi 😀")


@frames
async def tool_turn(watch: Watch) -> None:
    script = [["Adding 😀. ", ToolCall("add", {"a": 1, "b": 2}), ToolCall("slow")], "It is 3."]
    session = make_session(script)
    watch(session)
    await play(session, "What is 1 + 2?")


@frames
async def failing_tools(watch: Watch) -> None:
    session = make_session([[ToolCall("boom"), ToolCall("add", "{no"), ToolCall("add", '{"a": 1')], "Sorry."])
    watch(session)
    await play(session, "Break")


@frames
async def stop_and_retry_in_one_frame(watch: Watch) -> None:
    session = make_session([["Half an", FOREVER], "Whole."])
    watch(session)
    session.submit("Hi")
    await ticks(20)
    await session.retry()
    await play(session)


@frames
async def edit_and_select(watch: Watch) -> None:
    session = await play(make_session(["one", "two", "three"]), "a", "b")
    watch(session)
    first = session.transcript.ids[0]
    await session.edit(first, "c")
    await quiet(session)
    turn_clock(session)
    await session.select(first, 0)
    turn_clock(session)
    turn_clock(session)


@frames
async def feedback_and_undo(watch: Watch) -> None:
    session = await play(make_session(["one", "two"]), "a")
    watch(session)
    first, reply = session.transcript.ids
    session.feedback("up", reply)
    turn_clock(session)
    session.feedback(None, reply)
    await session.delete(first)
    turn_clock(session)
    await session.undo()
    turn_clock(session)


@frames
async def queue_and_clear(watch: Watch) -> None:
    session = make_session([["Half", FOREVER]])
    watch(session)
    await begin(session, "first")
    queued = session.submit("second")
    session.submit("third")
    turn_clock(session)
    session.unqueue(queued.id)
    turn_clock(session)
    await session.clear()
    turn_clock(session)
    turn_clock(session)


@frames
async def failure_with_a_notice(watch: Watch) -> None:
    @app
    async def broken() -> Any:
        yield User((yield GetUserInput("What?")))
        raise ValueError("oops")

    session = make_session([], broken)
    watch(session)
    await play(session, "Hi")


@frames
async def halves_of_pairs(watch: Watch) -> None:
    session = make_session([[TextDelta("a\ud83d"), TextDelta("\ude00b\ud83d"), ReasoningDelta("\ude00"), "end"]])
    watch(session)
    await play(session, "\ud83d alone")


async def frames_of(name: str) -> dict[str, Any]:
    """Play a scene and return `{name, seq, before, frames, after}`."""
    mirrors: list[Mirror] = []
    await FRAMES[name](lambda session: mirrors.append(Mirror(session)))
    (mirror,) = mirrors
    first, *rest = mirror.sent
    after = mirror.session.screen.state()
    assert mirror.state == after
    await mirror.session.close()
    return {"name": name, "seq": first["seq"], "before": mirror.before, "frames": rest, "after": after}
