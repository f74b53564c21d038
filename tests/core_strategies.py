"""Random conversations, and what watches them: screens that apply frames, a clock turned by hand, valid histories."""

from __future__ import annotations

import asyncio
import copy
import heapq
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import strategies as st

from chatwidget import Generate, GetUserInput, System, User, app
from chatwidget.errors import ModelError, RequestError
from chatwidget.events import Event
from chatwidget.frames import Frame
from chatwidget.models.base import Finish, ReasoningDelta, TextDelta, ToolCallDelta
from chatwidget.models.scripted import BreakOff, ScriptedModel, ToolCall
from chatwidget.patches import apply_patch
from chatwidget.session import Session

# What a person or a model may write: plain, beyond the BMP, combining, bidi, NUL, halves of a pair.
texts = st.text(max_size=12) | st.sampled_from(["😀", "e\u0301", "\u202eab", "\x00", "a\ud83d", "\ude00b", "```\n$"])
arguments = st.sampled_from(
    ['{"a": 1}', '{"a": "😀", "b": [1]}', "", "{", '{"a": 1', "[]", '{"a": NaN}', '{"b": {"c": "\\ud83d"}}', "no"]
)
calls = st.builds(ToolCall, st.sampled_from(["add", "boom", "slow", "nope", ""]), arguments)
fragments = st.builds(
    ToolCallDelta,
    index=st.integers(5, 7),
    id=st.sampled_from([None, "x", "y", "call_1"]),
    name=st.sampled_from([None, "add", "\ud800"]),
    arguments=arguments,
)
steps = st.one_of(
    texts.map(TextDelta),
    texts.map(ReasoningDelta),
    calls,
    fragments,
    st.just(BreakOff()),
    st.just(ModelError("The model is away.")),
    st.sampled_from([Finish(), Finish("length"), Finish("filtered")]),
)
replies = st.lists(steps, max_size=6)
actions = st.one_of(
    st.tuples(st.just("send"), texts),
    st.tuples(st.just("queue"), texts),
    st.tuples(st.sampled_from(["interrupt", "steer"]), texts),
    st.tuples(st.sampled_from(["stop", "clear", "wait", "wait", "unqueue", "attach", "flush"]), st.just("")),
    st.tuples(st.sampled_from(["retry", "edit", "select", "go_on", "delete", "undo", "judge", "open"]), texts),
)
conversations = st.lists(st.tuples(actions, st.integers(0, 40), st.integers(0, 5)), min_size=1, max_size=8)


async def add(a: int, b: int = 0) -> int:
    """Add two numbers."""
    print("adding 😀")
    await asyncio.sleep(0)
    return a + b


async def boom(a: int = 0) -> int:
    """Fail."""
    raise ValueError("boom")


async def slow(a: int = 0) -> str:
    """Take a while."""
    for _ in range(5):
        await asyncio.sleep(0)
    return "late"


TOOLS = (add, boom, slow)


@app
async def inner() -> Any:
    """Speak for itself, once."""
    yield System("You are inside.")
    yield User("Speak.")
    yield Generate()


@app
async def outer() -> Any:
    """Ask, answer, and let another app speak."""
    yield System("Be brief.", label="rules")
    while True:
        text = yield GetUserInput("And now?")
        yield User(text)
        try:
            yield Generate()
            yield inner()
        except ModelError:
            yield System("It failed.", label="rules")


class ManualClock:
    """A clock that goes on only when told to."""

    def __init__(self) -> None:
        self.now = 100.0
        self._numbers = count()
        self._due: list[tuple[float, int, Callable[[], None]]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[[], None], /) -> None:
        heapq.heappush(self._due, (self.now + delay, next(self._numbers), callback))

    def advance(self, seconds: float = 0.0) -> None:
        until = self.now + seconds
        while self._due and self._due[0][0] <= until:
            self.now, _, callback = heapq.heappop(self._due)
            callback()
        self.now = until


@dataclass
class Mirror:
    """A screen: what it shows is made of nothing but the JSON it was sent, checked as `docs/sync.md` says."""

    session: Session
    state: Any = None
    seq: int = -1
    before: Any = None
    sent: list[Frame] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session.attach(self.show)

    def show(self, frame: Frame) -> None:
        frame = json.loads(json.dumps(frame, allow_nan=False, ensure_ascii=False).encode())
        self.sent.append(copy.deepcopy(frame))
        if frame["kind"] == "snapshot":
            self.seq, self.state = frame["seq"], frame["state"]
            self.before = copy.deepcopy(self.state)
            return
        assert frame["seq"] == self.seq + 1
        self.seq = frame["seq"]
        for patch in frame["patches"]:
            apply_patch(self.state, patch)
        for path, length in frame.get("lengths", ()):
            text = self.state
            for step in path:
                text = text[step]
            assert len(text.encode("utf-16-le")) // 2 == length


def stop_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no time pass in sessions made from now on, so that what they send does not depend on the machine."""
    monkeypatch.setattr("chatwidget.chat_state.time", SimpleNamespace(monotonic=float, time=lambda: 1767225600.0))


def record(session: Session) -> list[Event]:
    """Keep every event of a session."""
    events: list[Event] = []
    session.on(Event, events.append)
    return events


def make_session(script: Sequence[Any], program: Any = None, **options: Any) -> Session:
    """A session with the scripted replies, the tools above, and a clock turned by hand."""
    session = Session(program, model=ScriptedModel(*script), tools=TOOLS, **options)
    session.screen.clock = ManualClock()
    return session


async def ticks(number: int) -> None:
    """Let the loop turn a few times."""
    for _ in range(number):
        await asyncio.sleep(0)


async def quiet(session: Session) -> None:
    """Wait for the end of all turns."""
    while session.status in ("running", "stopping"):  # noqa: ASYNC110 - each turn of the loop is a step of the test
        await asyncio.sleep(0)


def assert_valid(history: list[dict[str, Any]]) -> None:
    """Check what every provider asks: each call is answered directly after its message, once, in order."""
    waiting: list[str] = []
    for item in history:
        if item["role"] == "tool":
            assert waiting, f"a result without a call: {item}"
            assert item["tool_call_id"] == waiting.pop(0)
        else:
            assert not waiting, f"calls without a result: {waiting}"
            waiting = [call["id"] for call in item.get("tool_calls", ())]
            assert len(set(waiting)) == len(waiting)
            if item["role"] == "assistant":
                assert item["content"] or item.get("tool_calls")
    assert not waiting
    json.dumps(history, ensure_ascii=False).encode()


async def act(session: Session, action: tuple[str, str], number: int) -> None:
    """Do what a person does next; what cannot be done now is refused with RequestError."""
    kind, text = action
    ids = session.transcript.ids
    chosen = ids[number % len(ids)] if ids else "none"
    match kind:
        case "send" | "queue":
            session.submit(text)
        case "interrupt" | "steer":
            session.submit(text, when_busy=kind)
        case "stop":
            await session.stop()
        case "clear":
            await session.clear()
        case "wait":
            await quiet(session)
        case "unqueue":
            for entry in session.screen.field("queued")[:1]:
                session.unqueue(entry["id"])
    try:
        if kind == "retry":
            await session.retry(chosen)
        elif kind == "edit":
            await session.edit(chosen, text)
        elif kind == "select":
            await session.select(chosen, number % 3)
        elif kind == "go_on":
            await session.go_on()
        elif kind == "delete":
            await session.delete(chosen)
        elif kind == "undo":
            await session.undo()
        elif kind == "judge":
            session.feedback(("up", "down", None)[number % 3], chosen, comment=text)
        elif kind == "open":
            await session.open_chat(session.chats[number % 2].id if len(session.chats) > 1 else chosen)
    except RequestError:
        return


async def converse(session: Session, script: Sequence[Any], watch: Callable[[str, int], None] | None = None) -> None:
    """Play a conversation, turning the clock by hand, and wait for its end."""
    for action, pause, number in script:
        await act(session, action, number)
        if watch is not None:
            watch(action[0], number)
        for _ in range(pause):
            await asyncio.sleep(0)
            if number % 2:
                turn_clock(session)
    await quiet(session)
    turn_clock(session)
    turn_clock(session)


def turn_clock(session: Session) -> None:
    """Let one frame interval pass."""
    clock = session.screen.clock
    assert isinstance(clock, ManualClock)
    clock.advance(0.02)
