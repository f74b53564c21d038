"""The events of an assistant: their order, what they hold, and that each of them is real."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import pytest

from chatwidget.compat.agentools import ChatGPT, StructGPT, function_tool
from chatwidget.compat.agentools.assistant import Assistant
from chatwidget.errors import ModelError, ModelTimeout
from chatwidget.models.base import Finish, TextDelta, ToolCallDelta
from chatwidget.models.scripted import ScriptedModel, ToolCall


@function_tool(require_doc=False)
async def add(a: int, b: int = 0) -> int:
    return a + b


@function_tool(require_doc=False)
async def draw(shape: str) -> str:
    return f"a {shape}"


@draw.preview
def preview(shape: str = "") -> str:
    return shape.upper()


async def events_of(gpt: ChatGPT, prompt: Any = "Hi", **options: Any) -> list[Any]:
    return [event async for event in gpt.response_events(prompt, **options)]


def names(events: list[Any]) -> str:
    return " ".join(type(event).__name__.removesuffix("Event") for event in events)


HEAD = "ResponseStart CompletionStart"
TEXT = "Completion FullMessage TextMessage"
CHUNK = "PartialCompletion PartialMessage"
CALL = ToolCallDelta(0, "call_1", "draw", '{"shape": "ring"}')

ORDERS: dict[str, tuple[dict[str, Any], list[Any], str]] = {
    "plain": ({}, ["Hello"], f"{HEAD} {TEXT} ResponseEnd"),
    "streamed": (
        {"stream": True},
        [[TextDelta("He"), TextDelta("llo")]],
        f"{HEAD} {CHUNK} PartialTextMessage {CHUNK} PartialTextMessage {TEXT} ResponseEnd",
    ),
    "tools": (
        {},
        [[TextDelta("Let me see."), ToolCall("add", {"a": 1}), ToolCall("add", {"a": 2})], "Done"],
        f"{HEAD} {TEXT} ToolCalls ToolResult ToolResult CompletionStart {TEXT} ResponseEnd",
    ),
    "streamed tool with preview": (
        {"stream": True},
        [[CALL], [TextDelta("Done")]],
        f"{HEAD} {CHUNK} PartialToolCalls {CHUNK} PartialToolCalls PartialFunctionToolCall PartialFunctionToolCall "
        f"Completion FullMessage ToolCalls PartialToolResult ToolResult "
        f"CompletionStart {CHUNK} PartialTextMessage {TEXT} ResponseEnd",
    ),
}


@pytest.mark.parametrize("case", ORDERS)
async def test_events_come_in_the_order_of_agentools(case: str) -> None:
    options, replies, order = ORDERS[case]
    events = await events_of(ChatGPT(tools=[add, draw], model=ScriptedModel(*replies)), **options)
    told = [event for event in events if not isinstance(event, Assistant.PartialToolResultEvent)]
    results = [event for event in events if isinstance(event, Assistant.PartialToolResultEvent)]
    assert names(told) == order.replace("PartialToolResult ", "")
    assert bool(results) == ("preview" in case)


async def test_events_hold_what_they_hold_in_agentools() -> None:
    model = ScriptedModel([ToolCall("add", {"a": 1, "b": 2}, id="x")], "Three")
    gpt = ChatGPT(tools=add, model=model)
    start, begin, completion, message, calls, result, again, *_, text, end = await events_of(
        gpt, max_function_calls=4, temperature=0.5
    )
    assert (start.prompt, start.model, start.max_function_calls) == ("Hi", "scripted", 4)
    assert start.openai_kwargs == model.requests[0].options == {"temperature": 0.5}
    assert [tool.name for tool in start.tools] == ["add"]
    assert (begin.call_index, completion.call_index, again.call_index) == (0, 0, 1)
    assert completion.completion.choices[0].finish_reason == "tool_calls"
    assert message.message == completion.completion.choices[0].message
    assert calls.tool_calls == message.message.tool_calls
    assert (result.result, result.tool_call, result.index) == ("3", calls.tool_calls[0], 0)
    assert text.content == end.content == "Three"


async def test_partial_events_grow_and_what_was_given_does_not_change() -> None:
    gpt = ChatGPT(tools=draw, model=ScriptedModel([TextDelta("On"), TextDelta("e")], name="m"))
    events = await events_of(gpt, stream=True)
    partials = [event.partial for event in events if isinstance(event, gpt.PartialCompletionEvent)]
    assert [partial.choices[0].message.content for partial in partials] == ["On", "One"]
    assert [event.content for event in events if isinstance(event, gpt.PartialTextMessageEvent)] == ["On", "One"]


async def test_arguments_are_completed_while_they_are_written() -> None:
    deltas = [
        ToolCallDelta(0, "c", "draw", '{"sha'),
        ToolCallDelta(0, arguments='pe": "rin'),
        ToolCallDelta(0, arguments='g"}'),
    ]
    gpt = ChatGPT(tools=draw, model=ScriptedModel(deltas, "Done"))
    events = [e for e in await events_of(gpt, stream=True) if isinstance(e, gpt.PartialFunctionToolCallEvent)]
    assert {event.function_name for event in events} == {"draw"}
    assert ('{"shape": "rin', '{"shape": "rin"}', {"shape": "rin"}) in [
        (event.partial, event.autocompleted, event.arguments) for event in events
    ]
    assert events[-1].arguments == {"shape": "ring"}


async def test_previews_run_only_when_the_response_is_streamed_and_their_value_is_told() -> None:
    replies = ([CALL], "Done")
    silent = await events_of(ChatGPT(tools=draw, model=ScriptedModel(*replies)))
    assert "PartialToolResult" not in names(silent)
    events = await events_of(ChatGPT(tools=draw, model=ScriptedModel(*replies)), stream=True)
    shown = [event for event in events if isinstance(event, Assistant.PartialToolResultEvent)]
    assert (shown[-1].result, shown[-1].tool_call.id, shown[-1].index) == ("RING", "call_1", 0)


async def test_results_come_as_tools_end_and_stand_in_the_history_in_the_order_of_the_calls() -> None:
    second_ended = asyncio.Event()

    @function_tool(require_doc=False)
    async def wait(first: bool) -> str:
        if first:
            await second_ended.wait()
        second_ended.set()
        return "first" if first else "second"

    gpt = ChatGPT(
        tools=wait, model=ScriptedModel([ToolCall("wait", {"first": True}), ToolCall("wait", {"first": False})], "Ok")
    )
    results = [event for event in await events_of(gpt) if isinstance(event, gpt.ToolResultEvent)]
    assert [(event.result, event.index) for event in results] == [("second", 1), ("first", 0)]
    assert [item["content"] for item in gpt.messages.history if item["role"] == "tool"] == ["first", "second"]


async def test_used_up_calls_are_told_and_the_model_is_asked_once_more_without_tools() -> None:
    model = ScriptedModel(*[ToolCall("add", {"a": n}) for n in range(2)], "Enough")
    gpt = ChatGPT(tools=add, model=model)
    events = await events_of(gpt, max_function_calls=2)
    assert [event.num_calls for event in events if isinstance(event, gpt.MaxCallsExceededEvent)] == [2]
    assert events[-1].content == "Enough"
    assert [bool(request.tools) for request in model.requests] == [True, True, False]


async def test_a_reply_cut_at_its_limit_of_tokens_is_told_with_their_number() -> None:
    gpt = ChatGPT(model=ScriptedModel([TextDelta("Once upon"), Finish("length", usage={"output_tokens": 2})]))
    events = await events_of(gpt)
    assert [event.num_tokens for event in events if isinstance(event, gpt.MaxTokensExceededEvent)] == [2]
    assert events[-1].content == "Once upon"


async def test_a_model_that_is_too_slow_is_told_before_it_is_raised() -> None:
    gpt = ChatGPT(model=ScriptedModel([ModelTimeout("Too slow.")]))
    seen: list[Any] = []
    with pytest.raises(ModelTimeout, match=r"Too slow\."):
        async for event in gpt.response_events("Hi"):
            seen.append(event)  # noqa: PERF401 - the loop ends with an exception
    assert isinstance(seen[-1], gpt.ModelTimeoutEvent)


async def test_a_tool_that_is_too_slow_is_told_before_its_result() -> None:
    @function_tool(require_doc=False, timeout=0.01)
    async def hang() -> None:
        await asyncio.Event().wait()

    gpt = ChatGPT(tools=hang, model=ScriptedModel(ToolCall("hang"), "Well"))
    events = await events_of(gpt)
    place = next(place for place, event in enumerate(events) if isinstance(event, gpt.ToolTimeoutEvent))
    assert events[place].tool_call.function.name == "hang"
    assert "took longer than its limit" in events[place + 1].result


async def test_a_tool_that_fails_or_does_not_exist_or_gets_wrong_arguments_is_answered_and_the_model_goes_on() -> None:
    @function_tool(require_doc=False)
    def fail() -> None:
        raise RuntimeError("broken")

    wrong = [ToolCall("fail", "null"), ToolCall("nothing"), ToolCall("add", {"a": "x"}), ToolCall("add", {"a": 1})]
    gpt = ChatGPT(tools=[fail, add], model=ScriptedModel(wrong, "I see"))
    assert await gpt("Try") == "I see"
    results = [item["content"] for item in gpt.messages.history if item["role"] == "tool"]
    assert results[0] == "fail raised RuntimeError: broken"
    assert "no tool called 'nothing'" in results[1]
    assert "do not fit" in results[2]
    assert results[3] == "1"


async def test_events_of_ones_own_come_through_an_override() -> None:
    @dataclass
    class Counted(Assistant.Event):
        chunks: int

    class Counting(ChatGPT):
        async def completion_events(self, *args: Any, **kwargs: Any) -> AsyncGenerator[Any, None]:
            chunks = 0
            async for event in super().completion_events(*args, **kwargs):
                chunks += isinstance(event, self.PartialCompletionEvent)
                if isinstance(event, self.CompletionEvent):
                    yield Counted(chunks)
                yield event

    events = await events_of(Counting(model=ScriptedModel([TextDelta("a"), TextDelta("b")])), stream=True)
    assert [event.chunks for event in events if isinstance(event, Counted)] == [2]


async def test_a_failing_model_raises_and_leaves_a_prompt_that_can_be_asked_again() -> None:
    gpt = ChatGPT(model=ScriptedModel([ModelError("No.")], "Yes."))
    with pytest.raises(ModelError, match=r"No\."):
        await gpt("Will you?")
    assert gpt.messages.history == [{"role": "user", "content": "Will you?"}]
    assert await gpt(None) == "Yes."


async def test_every_event_of_agentools_is_an_attribute_of_every_assistant() -> None:
    declared = {name for name in vars(Assistant) if name.endswith("Event") and name != "Event"}
    assert len(declared) == 18
    assert all(hasattr(StructGPT, name) for name in declared)
