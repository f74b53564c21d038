"""What holds in every conversation with previews, streaming tools, apps as tools, versions, types and budgets."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from chatwidget import Generate, GetUserInput, Session, User, app, function_tool
from chatwidget.errors import ModelError
from chatwidget.messages import Message
from chatwidget.models.scripted import ScriptedModel
from chatwidget.streaming_tools import streaming_function_tool
from chatwidget.usage import Budget
from tests.core_strategies import ManualClock, Mirror, assert_valid, conversations, converse, record, replies, ticks
from tests.gated import others
from tests.test_properties import assert_orderly


@pytest.fixture(autouse=True, scope="module")
def _quiet_log() -> Any:
    """Tools fail on purpose, hundreds of times."""
    logging.getLogger("chatwidget").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("chatwidget").setLevel(logging.NOTSET)


class Item(BaseModel):
    a: int
    b: int = 0


@streaming_function_tool
async def add(items: AsyncIterator[Item]) -> str:
    """Print what comes."""
    async for item in items:
        print(item.a)
        await ticks(1)
    return "added"


@function_tool
async def boom(a: int = 0) -> int:
    """Fail."""
    await ticks(a % 3)
    raise ValueError("boom")


@boom.preview
async def show_boom(a: int = 0) -> str:
    await ticks(2)
    if a > 0:
        raise ValueError("no")
    return f"a={a}"


@streaming_function_tool(approve=True)
async def slow(items: AsyncIterator[Item]) -> str:
    """Take a while."""
    async for _ in items:
        await ticks(3)
    return "late"


@slow.preview
def show_slow(**arguments: Any) -> None:
    print(arguments)


async def last(messages: list[Message]) -> int:
    await ticks(2)
    return -1


@app
async def nested(a: int = 0) -> Any:
    """Ask, and answer twice."""
    yield User((yield GetUserInput("What?")))
    yield Generate(n=2, choice=last)
    yield Generate(n=a + 1)


@app
async def versions() -> Any:
    while True:
        yield User((yield GetUserInput("And now?")))
        try:
            yield Generate(n=3, choice=last)
            yield Generate(output_type=Item, max_attempts=2)
            yield Generate(n=2, output_type=list[int], choice=last)
        except ModelError:
            continue


programs = st.sampled_from([None, versions])
scripts = st.lists(replies, min_size=8, max_size=20)


def agree(ask: Any) -> Any:
    return True if ask.kind == "approval" else "yes"


@settings(max_examples=150)
@given(conversations, scripts, programs, st.booleans(), st.booleans())
def test_any_conversation_is_orderly_valid_and_on_screen_and_leaves_nothing_running(
    script: Any, scripted: Any, program: Any, parallel: bool, limited: bool
) -> None:
    async def play() -> None:
        session = Session(
            program,
            model=ScriptedModel(*scripted),
            tools=[add, boom, slow, nested.as_tool(name="nope")],
            parallel_tools=parallel,
            policy=agree,
            budget=Budget(requests=3) if limited else (),
        )
        session.screen.clock = ManualClock()
        mirror = Mirror(session)
        events = record(session)
        await converse(session, script)
        await session.close()
        await ticks(3)  # who asked for a stop is still being told
        assert not others()
        session.screen.flush()
        assert mirror.state == session.screen.state()
        assert_valid(session.history)
        assert_orderly(events)
        assert not session.transcript.drafts

    asyncio.run(play())
