"""Random conversations that a model may be sent, and what every view of them promises."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from chatwidget.history import history
from chatwidget.memory import Memory
from chatwidget.messages import Assistant, Message, System, TextPart, ToolCallPart, ToolResultPart, User
from chatwidget.openai_format import to_openai
from tests.core_strategies import assert_valid

texts = st.text("ab é😀\n", min_size=1, max_size=30)


def spoken() -> st.SearchStrategy[list[Message]]:
    """One message, or a reply with tool calls and some of their results, in one message or apart."""
    one = st.one_of(
        texts.map(User), texts.map(Assistant), texts.map(System), st.builds(System, texts, label=st.sampled_from("xy"))
    )
    return st.one_of(one.map(lambda message: [message]), texts.map(lambda text: [User(text)]), rounds())


@st.composite
def rounds(draw: st.DrawFn) -> list[Message]:
    calls = [ToolCallPart(f"call_{number}", "add", draw(texts)) for number in range(draw(st.integers(1, 3)))]
    said = [TextPart(draw(texts))] if draw(st.booleans()) else []
    results = [ToolResultPart(call.id, call.name, draw(texts)) for call in calls if draw(st.integers(0, 9))]
    groups = [tuple(results)] if draw(st.booleans()) else [(result,) for result in results]
    return [
        Message(role="assistant", parts=(*said, *calls)),
        *(Message(role="tool", parts=group) for group in groups if group),
    ]


paths = st.lists(spoken(), min_size=1, max_size=14).map(
    lambda pieces: [message for piece in pieces for message in piece]
)
histories = paths.map(history)


def run(work: Callable[[], Awaitable[Any]]) -> Any:
    """Run something on a loop of its own, as hypothesis' examples must."""

    async def whole() -> Any:
        return await work()

    return asyncio.run(whole())


def shown_by(memory: Memory, messages: Sequence[Message]) -> Sequence[Message]:
    return run(lambda: memory.view(messages, "gpt-4o"))  # type: ignore[no-any-return]


def check_view(whole: Sequence[Message], shown: Sequence[Message]) -> None:
    """A view is valid, keeps the order, all system messages and the newest message, and parts no call from a result."""
    assert_valid(to_openai(shown))
    places = {(message.id, message.parts): place for place, message in enumerate(whole)}
    order = [places[message.id, message.parts] for message in shown if (message.id, message.parts) in places]
    assert order == sorted(set(order))
    for place, message in enumerate(whole):
        if message.role == "system" or place == len(whole) - 1:
            assert place in order
        if message.role == "tool":
            assert (place in order) == (place - 1 in order)
