"""One request to a model, answered with the objects of the openai package."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, cast

from chatwidget.compat.agentools.completions import Accumulator, chunk_of, finish_reason
from chatwidget.compat.agentools.models import model_of
from chatwidget.compat.agentools.recordings import GLOBAL_RECORDINGS
from chatwidget.errors import ReplyInterrupted
from chatwidget.history import as_messages
from chatwidget.messages import Message
from chatwidget.models.base import Finish, Model, ModelRequest, TextDelta, ToolCallDelta
from chatwidget.tools import ToolSpec

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletion, ChatCompletionChunk


async def openai_chat(
    client: AsyncOpenAI | None = None,
    *,
    messages: Iterable[Mapping[str, Any]],
    model: str | Model,
    stream: bool = False,
    tools: Iterable[Mapping[str, Any]] | None = None,
    **openai_kwargs: Any,
) -> ChatCompletion | AsyncGenerator[ChatCompletionChunk, None]:
    """Ask a model once; with `stream` the answer is an async generator of chunks.

    `client` is an `openai.AsyncOpenAI` of one's own. Raises ModelError.
    """
    specs = tuple(_spec(tool["function"]) for tool in tools or ())
    request = ModelRequest(tuple(as_messages(messages)), specs, openai_kwargs)
    asked = _model(model, client)
    if stream:
        return _chunks(GLOBAL_RECORDINGS.recorded(asked), request)
    reply = Accumulator()
    async for chunk in _chunks(asked, request):
        reply.add(chunk)
    return reply.completion


def _model(model: str | Model, client: AsyncOpenAI | None) -> Model:
    if client is None:
        return model_of(model)
    from chatwidget.models.openai import OpenAIModel

    return OpenAIModel(str(model), client=client)


def _spec(function: Mapping[str, Any]) -> ToolSpec:
    parameters = function.get("parameters") or {"type": "object", "properties": {}}
    return ToolSpec(function["name"], function.get("description") or "", parameters, bool(function.get("strict")))


async def _chunks(model: Model, request: ModelRequest) -> AsyncGenerator[ChatCompletionChunk, None]:
    head = Message(role="assistant", model=model.name)
    calls: dict[int, int] = {}
    stream = cast("AsyncGenerator[Any, None]", cast("AsyncIterator[Any]", model.stream(request)))
    async with aclosing(stream) as deltas:
        async for delta in deltas:
            if isinstance(delta, TextDelta):
                yield chunk_of(head, {"content": delta.text})
            elif isinstance(delta, ToolCallDelta):
                place = calls.setdefault(delta.index, len(calls))
                call = {"index": place, "function": {"name": delta.name, "arguments": delta.arguments}}
                known = {} if delta.id is None else {"id": delta.id, "type": "function"}
                yield chunk_of(head, {"tool_calls": [{**call, **known}]})
            elif isinstance(delta, Finish):
                yield chunk_of(head, {}, finish_reason(delta.reason, bool(calls)), delta.usage)
                return
    raise ReplyInterrupted(f"{model.name} ended its reply without saying that it was done. Retry, please.")
