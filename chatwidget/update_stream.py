"""Streams that are written into a chat, chunk by chunk, and what they add up to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable, Callable, Iterable
from typing import Any

from chatwidget.openai_delta import fields_of
from chatwidget.openai_stream import StreamSum, close_async

Write = Callable[[Any, Exception | None], None]


def write_stream(stream: Iterable[Any], delay: float, write: Write) -> Any:
    """Write each item of a stream, or what it broke off with; return what they add up to, and close it."""
    total = StreamSum()
    try:
        for item in stream:
            write(item, None)
            total.add(_as_choice(item))
            if delay:
                time.sleep(delay)
    except Exception as error:
        write(None, error)
        raise
    finally:
        close = getattr(stream, "close", None)
        if close is not None:
            close()
    return total.choice


async def write_async_stream(stream: AsyncIterable[Any], delay: float, write: Write) -> Any:
    """Write each item of a stream, or what it broke off with; return what they add up to, and close it."""
    total = StreamSum()
    try:
        async for item in stream:
            write(item, None)
            total.add(_as_choice(item))
            if delay:
                await asyncio.sleep(delay)
    except Exception as error:
        write(None, error)
        raise
    finally:
        await close_async(stream)
    return total.choice


def _as_choice(item: Any) -> Any:
    """Return a chunk or a choice as it is, a delta or a text as a choice."""
    if isinstance(item, str):
        return {"delta": {"content": item}}
    fields = fields_of(item, "an update")
    return item if fields.keys() & {"choices", "delta", "message"} else {"delta": fields}
