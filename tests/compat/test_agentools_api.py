"""Requests, recordings, mocked models, tokens and costs."""

from __future__ import annotations

import asyncio
import importlib
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chatwidget.compat import agentools
from chatwidget.compat.agentools import (
    GLOBAL_RECORDINGS,
    ChatCompletion,
    ChatCompletionChunk,
    ChatGPT,
    Recordings,
    accumulate_partial,
    function_tool,
    msg,
    openai_chat,
    openai_types,
    set_mock_initial_delay,
    set_mock_streaming_delay,
)
from chatwidget.compat.agentools.utils.tokens import count_tokens
from chatwidget.compat.agentools.utils.trackers import ChatCompletionUsageTracker
from chatwidget.errors import ModelError, ModelUnavailable, ReplyInterrupted
from chatwidget.models.base import Finish, TextDelta, ToolCallDelta
from chatwidget.models.scripted import BreakOff, ScriptedModel
from tests.compat.agentools_endpoint import calls, endpoint, told
from tests.wire.server import WireServer

__all__ = ["endpoint"]

HI = [msg(user="Hi")]


async def chunks_of(**request: Any) -> list[tuple[Any, Any]]:
    stream: Any = await openai_chat(messages=HI, stream=True, **request)
    return [pair async for pair in accumulate_partial(stream)]


async def test_a_request_is_answered_with_a_completion_or_with_chunks_that_add_up_to_it() -> None:
    completion: Any = await openai_chat(messages=HI, model="mocked:Good")
    assert isinstance(completion, ChatCompletion)
    assert completion.choices[0].message.content == "Good"
    assert completion.choices[0].finish_reason == "stop"
    grown = await chunks_of(model="mocked:Good")
    assert [chunk.choices[0].delta.content for chunk, _ in grown] == ["G", "o", "o", "d", None]
    assert [partial.choices[0].message.content for _, partial in grown] == ["G", "Go", "Goo", "Good", "Good"]
    assert [partial.choices[0].finish_reason for _, partial in grown] == ["length"] * 4 + ["stop"]


async def test_calls_and_usage_of_a_stream_are_added_up() -> None:
    deltas: list[Any] = [
        TextDelta("So"),
        ToolCallDelta(0, "a", "one", '{"x"'),
        ToolCallDelta(1, "b", "two"),
        ToolCallDelta(0, arguments=": 1}"),
        Finish(usage={"input_tokens": 3, "output_tokens": 4}),
    ]
    partial = (await chunks_of(model=ScriptedModel(deltas)))[-1][1]
    assert [
        (call.id, call.function.name, call.function.arguments) for call in partial.choices[0].message.tool_calls
    ] == [
        ("a", "one", '{"x": 1}'),
        ("b", "two", ""),
    ]
    assert partial.choices[0].finish_reason == "tool_calls"
    assert partial.usage.total_tokens == 7


async def test_chunks_without_choices_or_with_several_calls_are_taken_as_they_come() -> None:
    def chunk(choices: list[Any], **fields: Any) -> ChatCompletionChunk:
        head = {"id": "c", "created": 1, "model": "m", "object": "chat.completion.chunk"}
        return ChatCompletionChunk.model_validate({**head, "choices": choices, **fields})

    def two(text: str) -> list[Any]:
        return [{"index": place, "function": {"arguments": text}} for place in (2, 0)]

    async def stream() -> Any:
        yield chunk([{"index": 0, "delta": {"tool_calls": two("{")}}])
        empty = chunk([{"index": 0, "delta": {}}])
        empty.choices[0].delta = None  # type: ignore[assignment]
        yield empty
        yield chunk([{"index": 0, "delta": {"tool_calls": two("}")}, "finish_reason": "tool_calls"}])
        yield chunk([], usage={"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3})

    grown = [partial async for _, partial in accumulate_partial(stream())]
    last: Any = grown[-1]
    assert [call.function.arguments for call in last.choices[0].message.tool_calls] == ["{}", "{}"]
    assert last.usage.total_tokens == 3
    first: Any = grown[0]
    assert [call.function.arguments for call in first.choices[0].message.tool_calls] == ["{", "{"]


async def test_a_stream_that_breaks_off_is_no_answer() -> None:
    with pytest.raises(ReplyInterrupted, match="without saying"):
        await openai_chat(messages=HI, model=ScriptedModel([TextDelta("Half"), BreakOff()]))


async def test_a_request_reaches_the_endpoint_with_tools_options_and_a_client_of_ones_own(endpoint: WireServer) -> None:
    from openai import AsyncOpenAI

    @function_tool(require_doc=False)
    def look(where: str) -> None: ...

    endpoint.script(calls("look", where="up"), told("Sky."))
    first: Any = await openai_chat(messages=HI, model="gpt-4o-mini", tools=look.schema, temperature=0.1)
    assert first.choices[0].message.tool_calls[0].function.arguments == '{"where": "up"}'
    assert endpoint.asked[0].body["tools"][0]["function"]["name"] == "look"
    assert endpoint.asked[0].body["temperature"] == 0.1
    async with AsyncOpenAI(base_url=endpoint.url, api_key="none") as client:
        second: Any = await openai_chat(client, messages=HI, model="m")
    assert second.choices[0].message.content == "Sky."


async def test_streamed_replies_are_recorded_and_played_again_in_order() -> None:
    GLOBAL_RECORDINGS.recordings.clear()
    GLOBAL_RECORDINGS.start()
    gpt = ChatGPT(model=ScriptedModel("One", "Two", "Three"))
    await gpt("a", stream=True)
    await gpt("b")
    await gpt("c", stream=True)
    GLOBAL_RECORDINGS.stop()
    GLOBAL_RECORDINGS.start()
    GLOBAL_RECORDINGS.stop()
    assert GLOBAL_RECORDINGS.replay_models == ["replay:0"]
    again = ChatGPT(model="replay:0")
    assert [await again("?"), await again("?", stream=True), await again("?")] == ["One", "Three", "One"]
    with pytest.raises(ModelUnavailable, match="no recording 1"):
        await again("?", model="replay:1")


async def test_a_recording_of_nothing_cannot_be_played() -> None:
    recordings = Recordings()
    recordings.start()
    assert recordings.current_recorder is not None
    with pytest.raises(ValueError, match="Nothing was recorded"):
        await recordings.current_recorder.replay()


async def test_the_delays_of_mocked_models_are_those_that_were_set(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    monkeypatch.setattr("chatwidget.compat.agentools.models.asyncio.sleep", note)
    assert [chunk async for chunk in await openai_chat(messages=HI, model="mocked:ab", stream=True)]  # type: ignore[union-attr]
    assert sum(pauses) == 0
    set_mock_initial_delay(0.5)
    set_mock_streaming_delay(0.05)
    try:
        pauses.clear()
        await openai_chat(messages=HI, model="mocked:ab")
    finally:
        set_mock_initial_delay(0)
        set_mock_streaming_delay(0)
    assert [pause for pause in pauses if pause] == [0.5, 0.05, 0.05]


@pytest.mark.parametrize(
    ("name", "answer"),
    [("mock", "Hello, world!"), ("mocked", "Hello, world!"), ("mocked:a:b", "a:b"), ("mock:a", "a"), ("echo", "Hi")],
)
async def test_mocked_models_answer_as_in_agentools(name: str, answer: str) -> None:
    assert await ChatGPT(model=name)("Hi") == answer


async def test_a_name_that_only_begins_like_a_mocked_one_is_a_real_model(endpoint: WireServer) -> None:
    endpoint.script(told("Tweet"))
    assert await ChatGPT(model="mockingbird")("Sing") == "Tweet"


def test_tokens_are_counted_offline() -> None:
    assert count_tokens("Hello, world!") == 4
    assert count_tokens("") == 0


async def test_a_tracker_adds_up_completions_and_whole_assistants() -> None:
    tracker = ChatCompletionUsageTracker()
    completion: Any = await openai_chat(
        messages=HI, model=ScriptedModel([Finish(usage={"input_tokens": 1000, "output_tokens": 500})], name="gpt-4o")
    )
    assert tracker.track_usage(completion) is completion
    used = tracker.usage_per_model["gpt-4o"]
    assert (used.prompt_tokens, used.completion_tokens, used.total_tokens) == (1000, 500, 1500)
    assert 0 < tracker.calculate_cost("gpt-4o", used) < 1
    assert math.isnan(tracker.calculate_cost("nobody-knows-this-model", used))
    model = ScriptedModel(["Hi", Finish(usage={"input_tokens": 7, "output_tokens": 2})], name="mine")
    await ChatGPT(model=model, tracker=tracker)("Hi", stream=True)
    assert tracker.usage_per_model["mine"].total_tokens == 9
    assert "mine" in repr(tracker)


@pytest.mark.parametrize("place", ["api", "assistants", "messages", "tools"])
def test_every_module_of_agentools_is_there_with_all_its_names(place: str) -> None:
    module = importlib.import_module(f"{agentools.__name__}.{place}")
    assert all(hasattr(module, name) for name in module.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = module.nonsense if hasattr(module, "__getattr__") else agentools.nonsense
    assert set(module.__all__) - set(agentools.__all__) <= {"StructCreatedEvent", "StructFailedEvent"}


def test_the_table_of_names_has_every_event_and_every_name_that_is_no_type_of_openai() -> None:
    table = (Path(__file__).parents[2] / "docs/compat.md").read_text()
    events = {name for name in vars(agentools.Assistant) if name.endswith("Event") and name != "Event"}
    names = set(agentools.__all__) - openai_types.CHAT.keys() - openai_types.INNER.keys()
    missing = {name for name in events | names if name not in table}
    assert missing <= {"FunctionTool", "Recordings", "Tools"}


def test_importing_names_does_not_import_the_openai_package() -> None:
    code = "import sys; from chatwidget.compat.agentools import ChatGPT, msg; print('openai' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


async def test_a_missing_key_is_an_error_of_the_prompt_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ModelError, match="Set OPENAI_API_KEY"):
        await ChatGPT()("Hi")
