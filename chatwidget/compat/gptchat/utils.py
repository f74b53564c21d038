"""gptchat's utilities for streams of OpenAI."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import TYPE_CHECKING, Any, overload

from chatwidget.errors import ToolArgumentsError
from chatwidget.openai_stream import StreamSum, close_async
from chatwidget.partial_json import MISSING, parse

if TYPE_CHECKING:
    from openai.types.chat.chat_completion import Choice

__all__ = ["concat_stream", "iter_stream_choices", "parse_incomplete_json"]


def concat_stream(choices: Iterable[Any]) -> Choice:
    """Return the choice that a stream's choices, or its chunks, add up to; `stop` is its finish reason by default."""
    total = StreamSum("stop")
    for choice in choices:
        total.add(choice)
    return total.choice


@overload
def iter_stream_choices(stream: AsyncIterable[Any]) -> AsyncIterator[Any]: ...
@overload
def iter_stream_choices(stream: Iterable[Any]) -> Iterator[Any]: ...
def iter_stream_choices(stream: Any) -> Any:
    """Give the first choice of each chunk that has one; the stream is closed when it ends or is left."""
    return _choices_async(stream) if hasattr(stream, "__aiter__") else _choices(stream)


def parse_incomplete_json(text: str, end_bracket: str = "}") -> Any:
    """Return the value so far of a JSON text that is still being written, unfinished strings included.

    Where there is none, or the text cannot become JSON, it is an empty dict, or with `end_bracket` "]" an empty list.
    """
    try:
        value = parse(text)
    except ToolArgumentsError:
        value = MISSING
    if value is MISSING:
        return [] if end_bracket == "]" else {}
    return value


def _choices(stream: Iterable[Any]) -> Iterator[Any]:
    try:
        for chunk in stream:
            if chunk.choices:
                yield chunk.choices[0]
    finally:
        close = getattr(stream, "close", None)
        if close is not None:
            close()


async def _choices_async(stream: AsyncIterable[Any]) -> AsyncIterator[Any]:
    try:
        async for chunk in stream:
            if chunk.choices:
                yield chunk.choices[0]
    finally:
        await close_async(stream)
