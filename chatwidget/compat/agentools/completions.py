"""Replies as the objects of the openai package: chunks, what they add up to, and settled messages."""

from __future__ import annotations

import copy
import time
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from chatwidget.messages import Message
from chatwidget.openai_format import to_openai

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
    """Adds up the chunks of one reply.

    It takes whatever servers send: several choices and calls in a chunk, calls out of order, chunks without choices, a
    delta that is None. Each `completion` is a value of its own, which later chunks do not change.
    """

    def __init__(self) -> None:
        self._head: dict[str, Any] = {}
        self._usage: Any = None
        self._choices: dict[int, dict[str, Any]] = {}

    def add(self, chunk: ChatCompletionChunk) -> ChatCompletion:
        """Add a chunk; returns the reply so far."""
        self._head = self._head or {"id": chunk.id, "created": chunk.created, "model": chunk.model}
        self._usage = chunk.usage or self._usage
        for choice in chunk.choices or ():
            known = self._choices.setdefault(
                choice.index, {"content": None, "refusal": None, "calls": {}, "finish_reason": None}
            )
            known["finish_reason"] = choice.finish_reason or known["finish_reason"]
            self._add_delta(known, choice.delta)
        return self.completion

    @staticmethod
    def _add_delta(known: dict[str, Any], delta: Any) -> None:
        if delta is None:
            return
        for name in ("content", "refusal"):
            if (text := getattr(delta, name, None)) is not None:
                known[name] = (known[name] or "") + text
        for call in delta.tool_calls or ():
            place = len(known["calls"]) if call.index is None else call.index
            so_far = known["calls"].setdefault(place, {"id": "", "name": "", "arguments": ""})
            so_far["id"] = so_far["id"] or call.id or ""
            if call.function is not None:
                so_far["name"] = so_far["name"] or call.function.name or ""
                so_far["arguments"] += call.function.arguments or ""

    @property
    def completion(self) -> ChatCompletion:
        """The reply so far; `length` is its finish reason until it has one."""
        from openai.types.chat import ChatCompletion

        return ChatCompletion.model_validate(
            {
                "id": "",
                "created": 0,
                "model": "",
                **self._head,
                "object": "chat.completion",
                "choices": [_choice(index, known) for index, known in sorted(self._choices.items())],
                "usage": copy.deepcopy(self._usage),
            }
        )


def _choice(index: int, known: Mapping[str, Any]) -> dict[str, Any]:
    calls = [
        {"id": call["id"], "type": "function", "function": {"name": call["name"], "arguments": call["arguments"]}}
        for _, call in sorted(known["calls"].items())
    ]
    message = {"role": "assistant", "content": known["content"], "refusal": known["refusal"]}
    return {
        "index": index,
        "message": {**message, "tool_calls": calls} if calls else message,
        "finish_reason": known["finish_reason"] or "length",
        "logprobs": None,
    }


async def accumulate_partial(
    stream: AsyncIterator[ChatCompletionChunk],
) -> AsyncIterator[tuple[ChatCompletionChunk, ChatCompletion]]:
    """Give each chunk of a stream with the reply so far; closes the stream when it ends or is left."""
    reply = Accumulator()
    try:
        async for chunk in stream:
            yield chunk, reply.add(chunk)
    finally:
        close = getattr(stream, "aclose", None) or getattr(stream, "close", None)
        if close is not None:
            await close()
