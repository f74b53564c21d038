"""Replies as the objects of the openai package: chunks, what they add up to, and settled messages."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from chatwidget.messages import Message
from chatwidget.openai_format import to_openai
from chatwidget.openai_stream import StreamSum, close_async

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion, ChatCompletionChunk

_REASONS = {"length": "length", "filtered": "content_filter"}


def finish_reason(status: str, calls: bool) -> str:
    """Say in OpenAI's word how a reply ended."""
    return _REASONS.get(status, "tool_calls" if calls else "stop")


def usage_of(usage: Mapping[str, Any] | None) -> dict[str, int] | None:
    """Write what an endpoint told of its tokens as OpenAI does; None where it told nothing."""
    if not usage:
        return None
    sent, written = int(usage.get("input_tokens") or 0), int(usage.get("output_tokens") or 0)
    return {"prompt_tokens": sent, "completion_tokens": written, "total_tokens": sent + written}


def completion_of(message: Message) -> ChatCompletion:
    """Return a settled reply as a `ChatCompletion`."""
    from openai.types.chat import ChatCompletion

    fields = to_openai([message])[0]
    fields["content"] = fields["content"] or None
    choice = {
        "index": 0,
        "message": fields,
        "finish_reason": finish_reason(message.status, bool(message.tool_calls)),
        "logprobs": None,
    }
    return ChatCompletion.model_validate(
        {
            "id": f"chatcmpl-{message.id}",
            "object": "chat.completion",
            "created": int(message.created or time.time()),
            "model": message.model or "",
            "choices": [choice],
            "usage": usage_of(message.usage),
        }
    )


def chunk_of(
    head: Message, delta: Mapping[str, Any], finish: str | None = None, usage: Mapping[str, Any] | None = None
) -> ChatCompletionChunk:
    """Return a delta of a reply as a `ChatCompletionChunk`."""
    from openai.types.chat import ChatCompletionChunk

    return ChatCompletionChunk.model_validate(
        {
            "id": f"chatcmpl-{head.id}",
            "object": "chat.completion.chunk",
            "created": int(head.created or time.time()),
            "model": head.model or "",
            "choices": [{"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}],
            "usage": usage_of(usage),
        }
    )


class Accumulator:
    """Adds up the chunks of one reply; `length` is the finish reason of one that has none yet."""

    def __init__(self) -> None:
        self._sum = StreamSum("length")

    def add(self, chunk: ChatCompletionChunk) -> ChatCompletion:
        """Add a chunk; returns the reply so far."""
        self._sum.add(chunk)
        return self.completion

    @property
    def completion(self) -> ChatCompletion:
        """The reply so far, a value of its own."""
        return self._sum.completion


async def accumulate_partial(
    stream: AsyncIterator[ChatCompletionChunk],
) -> AsyncIterator[tuple[ChatCompletionChunk, ChatCompletion]]:
    """Give each chunk of a stream with the reply so far; closes the stream when it ends or is left."""
    reply = Accumulator()
    try:
        async for chunk in stream:
            yield chunk, reply.add(chunk)
    finally:
        await close_async(stream)
