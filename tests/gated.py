"""A model whose stream waits where a test wants it to, so that no test needs a clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from chatwidget.models.base import Finish, ModelDelta, ModelRequest, TextDelta, ToolCallDelta

Step = str | ModelDelta | asyncio.Event | Exception | Callable[[], Awaitable[object]]


class GatedModel:
    """Answer with these replies, step by step: a text, a delta, an event to wait for, something to await, an error."""

    name = "gated"
    note = ""

    def __init__(self, *replies: list[Step]) -> None:
        self.replies = list(replies)
        self.requests: list[ModelRequest] = []
        self.ended = asyncio.Event()

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        """Stream the next reply; `ended` is set when it is whole."""
        self.requests.append(request)
        for step in self.replies[len(self.requests) - 1]:
            if isinstance(step, asyncio.Event):
                await step.wait()
            elif isinstance(step, Exception):
                raise step
            elif callable(step):
                await step()
            else:
                yield TextDelta(step) if isinstance(step, str) else step
        self.ended.set()
        yield Finish()


def call(name: str, arguments: str = "", number: int = 0) -> ToolCallDelta:
    """Begin a call."""
    return ToolCallDelta(number, f"call_{number}", name, arguments)


def more(arguments: str, number: int = 0) -> ToolCallDelta:
    """Go on with a call."""
    return ToolCallDelta(number, arguments=arguments)


def others() -> set[Any]:
    """The tasks of this loop but the test's own."""
    return asyncio.all_tasks() - {asyncio.current_task()}


async def until(condition: Callable[[], object]) -> None:
    """Let the loop turn until something is so; a test that waits in vain fails by its own limit."""
    for _ in range(1_000_000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to be")
