"""A small real model in this process: no key, no network, no server to start."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from typing import Any, Literal

from chatwidget.errors import ContextTooLong, ModelError, ModelUnavailable
from chatwidget.messages import new_id
from chatwidget.models import local_engine
from chatwidget.models.base import Finish, ModelDelta, ModelRequest, TextDelta, ToolCallDelta
from chatwidget.openai_format import to_openai
from chatwidget.tools import ToolSpec

# Tried on 16 questions with a known answer: these two gave 15 right ones, "You are a helpful assistant." alone 12, no
# system message at all answers in French. Stronger penalties (1.1, DRY) avoid the very names of the question.
SYSTEM = {"role": "system", "content": "You are a helpful assistant. Give short answers."}
DEFAULTS = {"temperature": 0.0, "repeat_penalty": 1.05, "max_tokens": 512}
_NOT_SENT = {"model", "n", "parallel_tool_calls", "tool_choice", "tools"}
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
    135 million parameters can do: short facts, small talk, the arguments of one tool they are told to call. What they
    cannot: arithmetic, long answers, images, and choosing a tool. So tools are not offered to it; with `tool_choice`
    naming a function (or "required", where there is one) it is made to write that call, in valid JSON, and after the
    result it answers in words.

    Raises `ModelUnavailable`, with the commands to run, where the packages are not installed.
    """

    name = "SmolLM2-135M"
    note = "A very small model in this process; set OPENAI_API_KEY for a large one."

    def __init__(self, **options: Any) -> None:
        fault = local_engine.missing()
        if fault is not None:
            raise ModelUnavailable(fault)
        self.options = DEFAULTS | options

    def prepare(self) -> None:
        """Begin to load the model (about a second, 340 MB), so that the first reply need not wait for it."""
        local_engine.load()

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

        call = _forced_call(request, self.options | dict(request.options))
        job = local_engine.Job(self._body(request, call), hand_over, hand_over)
        reason, usage = None, None
        try:
            if call is not None:
                yield ToolCallDelta(0, f"call_{new_id()}", call.name)
            while (chunk := await chunks.get()) is not None:
                if isinstance(chunk, BaseException):
                    raise chunk if isinstance(chunk, ModelError) else _as_model_error(str(chunk)) from chunk
                if "error" in chunk:
                    raise _refusal(chunk["error"])
                usage = _usage(chunk) or usage
                for choice in chunk.get("choices", ()):
                    reason = choice.get("finish_reason") or reason
                    if text := choice["delta"].get("content"):
                        yield TextDelta(text) if call is None else ToolCallDelta(0, arguments=text)
            if reason is not None:
                yield Finish(_REASONS.get(reason, "complete"), usage=usage)
        finally:
            job.stop()

    def _body(self, request: ModelRequest, call: ToolSpec | None) -> dict[str, Any]:
        messages = list(_told(to_openai(request.messages)))
        options = {key: value for key, value in (self.options | dict(request.options)).items() if key not in _NOT_SENT}
        if call is not None:
            question = messages.pop() if messages and messages[-1]["role"] == "user" else {"content": ""}
            wanted = f"{call.name}: {call.description}\nWrite its arguments as JSON.\n\n{question['content']}"
            messages.append({"role": "user", "content": wanted})
            schema = {"name": "arguments", "schema": dict(call.parameters)}
            # Without the penalty: it makes the model avoid the numbers of the question.
            options |= {"response_format": {"type": "json_schema", "json_schema": schema}, "repeat_penalty": 1.0}
        if not messages or messages[0]["role"] != "system":
            messages.insert(0, SYSTEM)
        stream = {"stream": True, "stream_options": {"include_usage": True}, "return_progress": True}
        return options | stream | {"messages": messages}


def _forced_call(request: ModelRequest, options: Mapping[str, Any]) -> ToolSpec | None:
    choice = options.get("tool_choice")
    if choice in (None, "auto", "none") or (request.messages and request.messages[-1].role == "tool"):
        return None
    name = choice["function"]["name"] if isinstance(choice, Mapping) else None
    tools = [tool for tool in request.tools if name in (None, tool.name)]
    if len(tools) != 1:
        raise ModelError(
            "The local model cannot choose a tool: name one that there is, with "
            'tool_choice={"type": "function", "function": {"name": ...}}.'
        )
    return tools[0]


def _told(messages: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Retell OpenAI's messages with texts of system, user and assistant only, which is all the model's template knows.

    This wording of calls and results made the model use 4 of 4 results, and no other of seven more than 3.
    """
    names: dict[str, str] = {}
    for message in messages:
        text = _text(message.get("content") or "")
        for call in message.get("tool_calls") or ():
            names[call["id"]] = call["function"]["name"]
            text += f"I will use {names[call['id']]}."
        if message["role"] == "tool":
            name = names.get(message["tool_call_id"], "The tool")
            text = f"{name} gave this result: {text}\nWhat is the answer to my question?"
        yield {"role": "user" if message["role"] == "tool" else message["role"], "content": text}


def _text(content: str | list[dict[str, Any]]) -> str:
    if isinstance(content, str):
        return content
    if any(part["type"] != "text" for part in content):
        raise ModelError("The local model reads text only: remove the image or file, or use another model.")
    return "".join(part["text"] for part in content)


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
