"""A small real model in this process: no key, no network, no server to start."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any, Literal

from chatwidget.errors import ContextTooLong, ModelError, ModelUnavailable
from chatwidget.models import local_engine
from chatwidget.models.base import Finish, ModelDelta, ModelRequest, TextDelta
from chatwidget.openai_format import to_openai

# Without a system message this model answers "What is the capital of France?" in French, at length and wrong.
SYSTEM = {"role": "system", "content": "You are a helpful assistant. Give short answers in English."}
# A light penalty keeps a greedy small model from repeating one sentence until its limit; stronger ones (1.1, DRY) make
# it avoid names from the question.
DEFAULTS = {"temperature": 0.0, "max_tokens": 512, "repeat_penalty": 1.05}
_REASONS: dict[str, Literal["complete", "length"]] = {"length": "length"}


def available() -> bool:
    """Say whether the local model is installed; cheap, loads nothing."""
    return local_engine.missing() is None


class LocalModel:
    """SmolLM2-135M-Instruct, run by llama.cpp inside this process.

    The engine loads on the first request (about a second, 340 MB) and is shared by all objects of this class, on any
    thread and loop; four replies are written at once, further ones wait. Each has 2,048 tokens for prompt and reply;
    a longer prompt raises `ContextTooLong`. Closing the stream stops the engine at its next token.

    It is greedy by default, so the same messages give the same reply; `options` are llama.cpp's: `temperature`,
    `top_p`, `top_k`, `min_p`, `seed`, `max_tokens` (512 by default), `stop`, `repeat_penalty`, `response_format`. What
    135 million parameters can do: short facts, small talk, rephrasing. What they cannot: arithmetic, long answers,
    images, and tools: it is not told of them, because it does not call them of its own accord, and repeats one call
    forever once it has seen one. Earlier calls and results in the history it reads as text.

    Raises `ModelUnavailable`, with the commands to run, where the packages are not installed.
    """

    name = "SmolLM2-135M"
    note = "A very small model in this process; set OPENAI_API_KEY for a large one."

    def __init__(self, **options: Any) -> None:
        fault = local_engine.missing()
        if fault is not None:
            raise ModelUnavailable(fault)
        self.options = DEFAULTS | options

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        """Answer a request; deltas come from the engine's thread, one a token."""
        loop = asyncio.get_running_loop()
        # Not bounded by a number: one reply is at most the context, 2,048 deltas of a token each.
        chunks: asyncio.Queue[local_engine.Chunk | BaseException | None] = asyncio.Queue()

        def hand_over(item: local_engine.Chunk | BaseException | None) -> bool:
            try:
                loop.call_soon_threadsafe(chunks.put_nowait, item)
            except RuntimeError:  # the loop is closed: nobody listens any more
                return True
            return False

        job = local_engine.Job(self._body(request), hand_over, hand_over)
        reason, usage = None, None
        try:
            while (chunk := await chunks.get()) is not None:
                if isinstance(chunk, BaseException):
                    raise chunk if isinstance(chunk, ModelError) else _as_model_error(str(chunk)) from chunk
                if "error" in chunk:
                    raise _refusal(chunk["error"])
                usage = _usage(chunk) or usage
                for choice in chunk.get("choices", ()):
                    reason = choice.get("finish_reason") or reason
                    if text := choice["delta"].get("content"):
                        yield TextDelta(text)
            if reason is not None:
                yield Finish(_REASONS.get(reason, "complete"), usage=usage)
        finally:
            job.stop()

    def _body(self, request: ModelRequest) -> dict[str, Any]:
        messages = [_plain(message) for message in to_openai(request.messages)]
        if not messages or messages[0]["role"] != "system":
            messages.insert(0, SYSTEM)
        options = self.options | dict(request.options)
        for key in ("model", "tools", "tool_choice", "parallel_tool_calls", "n"):
            options.pop(key, None)
        options |= {"stream": True, "stream_options": {"include_usage": True}, "return_progress": True}
        return options | {"messages": messages}


def _plain(message: Mapping[str, Any]) -> dict[str, Any]:
    # The model's template knows texts of system, user and assistant only.
    content = message.get("content") or ""
    if not isinstance(content, str):
        if any(part.get("type") not in ("text", "refusal") for part in content):
            raise ModelError("The local model reads text only: remove the image or file, or use another model.")
        content = "".join(part.get("text", "") for part in content)
    for call in message.get("tool_calls") or ():
        content += f"I call {call['function']['name']} with {call['function']['arguments']}."
    if message["role"] == "tool":
        return {"role": "user", "content": f"The result is {content}"}
    role = "system" if message["role"] == "developer" else message["role"]
    return {"role": role, "content": content}


def _usage(chunk: Mapping[str, Any]) -> dict[str, int] | None:
    usage = chunk.get("usage")
    return usage and {"input_tokens": usage["prompt_tokens"], "output_tokens": usage["completion_tokens"]}


def _refusal(error: Mapping[str, Any]) -> ModelError:
    if error.get("type") == "exceed_context_size_error":
        return ContextTooLong(
            f"The conversation has {error.get('n_prompt_tokens')} tokens and the local model takes "
            f"{error.get('n_ctx')}. Start a new chat, or use a larger model."
        )
    return _as_model_error(str(error.get("message", error)))


def _as_model_error(text: str) -> ModelError:
    return ModelError(f"The local model could not answer: {text[:300]}")
