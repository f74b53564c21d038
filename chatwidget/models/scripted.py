"""Models that need no network: the fakes our own tests use, and yours may.

A chat that calls a tool, tested without a model:

    model = ScriptedModel(ToolCall("add", {"a": 2, "b": 40}), "It is 42.")
    chat = ChatWidget(model=model, tools=[add])
    await chat.send("What is 2 + 40?")
    assert model.requests[-1].messages[-1].role == "tool"
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from chatwidget.errors import ModelError
from chatwidget.models.base import (
    Finish,
    ImageDelta,
    ModelDelta,
    ModelRequest,
    ReasoningDelta,
    RetryDelta,
    SourceDelta,
    StepDelta,
    TextDelta,
    ToolCallDelta,
)

TEXT_STEP = 4
ARGUMENTS_STEP = 3  # llama.cpp streams 1 to 3 characters of arguments a delta


@dataclass(frozen=True, slots=True)
class ToolCall:
    """Script a tool call. `arguments` is a dict, or a text sent exactly as it is (it need not be JSON).

    Without an `id` the call gets "call_1", "call_2", ... counted over all replies of its model.
    """

    name: str
    arguments: Mapping[str, Any] | str = "{}"
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Delay:
    """Script a pause of so many seconds on the running loop's clock."""

    seconds: float


@dataclass(frozen=True, slots=True)
class BreakOff:
    """Script a lost connection: the stream ends here, without an exception and without `Finish`."""


Step = str | ToolCall | Delay | BreakOff | Exception | ModelDelta
Reply = Step | Sequence[Step]
_STEPS = (
    str,
    ToolCall,
    Delay,
    BreakOff,
    Exception,
    TextDelta,
    ReasoningDelta,
    RetryDelta,
    ToolCallDelta,
    StepDelta,
    ImageDelta,
    SourceDelta,
    Finish,
)


class ScriptedModel:
    """Answer request number n with reply number n, and remember every request in `requests`.

    A reply is a text (streamed in deltas of 4 characters) or a list of steps, done in order:

    - a text: one delta, whole
    - `ToolCall(name, arguments)`: its arguments are streamed in small fragments; several in one reply are parallel
    - an exception: raised at that point, also after text
    - `Delay(seconds)`, `BreakOff()`, or any delta of `chatwidget.models.base`
    - `Finish(...)`: ends the reply; without one it ends with `Finish()`

    `delay` is the pause before each delta, in seconds. When the replies are used up, `ModelError` says so.
    """

    def __init__(self, *replies: Reply, name: str = "scripted", delay: float = 0.0) -> None:
        self.name = name
        self.note = "Scripted replies, for tests."
        self.delay = delay
        self.identity = repr(replies)
        self.requests: list[ModelRequest] = []
        self._scripted = len(replies)
        self._replies = deque(_steps(reply, number) for number, reply in enumerate(replies, 1))
        self._call_numbers = count(1)

    @property
    def remaining(self) -> int:
        """How many replies have not been asked for yet."""
        return len(self._replies)

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        """Stream the next scripted reply."""
        self.requests.append(request)
        if not self._replies:
            raise ModelError(
                f"The model {self.name!r} has {self._scripted} scripted replies and was asked for number "
                f"{len(self.requests)}. Script one more, or look in `requests` for what it was asked."
            )
        index = -1
        for step in self._replies.popleft():
            if isinstance(step, Delay):
                await asyncio.sleep(step.seconds)
                continue
            if isinstance(step, BreakOff):
                return
            if isinstance(step, Exception):
                raise step
            index += isinstance(step, ToolCall)
            for delta in self._deltas(step, index):
                await asyncio.sleep(self.delay)
                yield delta
            if isinstance(step, Finish):
                return
        yield Finish()

    def _deltas(self, step: str | ToolCall | ModelDelta, index: int) -> Iterator[ModelDelta]:
        if isinstance(step, str):
            yield TextDelta(step)
        elif isinstance(step, ToolCall):
            yield ToolCallDelta(index, step.id or f"call_{next(self._call_numbers)}", step.name)
            plain = step.arguments if isinstance(step.arguments, str) else json.dumps(step.arguments)
            for piece in _pieces(plain, ARGUMENTS_STEP):
                yield ToolCallDelta(index, arguments=piece)
        else:
            yield step


class EchoModel:
    """Repeat the text of the last user message; nothing but `Finish` when there is none."""

    name = "echo"
    note = "Repeats what you write."

    def __init__(self, note: str | None = None) -> None:
        self.note = note or type(self).note

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        """Stream the echo."""
        last = next((message for message in reversed(request.messages) if message.role == "user"), None)
        for piece in _pieces(last.text if last else "", TEXT_STEP):
            await asyncio.sleep(0)
            yield TextDelta(piece)
        yield Finish()


class MockedModel:
    """Answer every request with the same text."""

    note = "Always the same answer, for tests."

    def __init__(self, text: str = "Hello, world!") -> None:
        self.name = "mocked"
        self.text = text

    @property
    def identity(self) -> str:
        """What a cache tells it by."""
        return self.text

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        """Stream the text."""
        for piece in _pieces(self.text, TEXT_STEP):
            await asyncio.sleep(0)
            yield TextDelta(piece)
        yield Finish()


def _pieces(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))


def _steps(reply: Any, number: int) -> tuple[Step, ...]:
    if isinstance(reply, str):
        return tuple(_pieces(reply, TEXT_STEP))
    steps = [reply] if isinstance(reply, _STEPS) or not isinstance(reply, Sequence) else reply
    for step in steps:
        if not isinstance(step, _STEPS):
            raise TypeError(f"reply {number} holds {step!r:.80}; use a text, ToolCall, Delay, Finish or an exception")
    return tuple(steps)
