"""Who decides what runs, and when a response ends: overrides, leaving, and prompts at the same time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import pytest

from chatwidget.compat.agentools import GPT, ChatGPT, Toolkit, function_tool
from chatwidget.compat.agentools.assistant import Assistant
from chatwidget.errors import SessionBusy
from chatwidget.models.base import ModelRequest, TextDelta
from chatwidget.models.scripted import Delay, ScriptedModel, ToolCall
from tests.core_strategies import assert_valid, ticks


class Files(Toolkit):
    def __init__(self) -> None:
        self.deleted: list[str] = []

    @function_tool(require_doc=False)
    def delete(self, name: str) -> str:
        self.deleted.append(name)
        return f"{name} is gone"


@dataclass
class ConfirmToolCall(Assistant.Event):
    call: Any
    confirmed: bool = False


class Careful(ChatGPT):
    """The pattern AgenTools documents: ask before each call, by an event of one's own."""

    async def tool_events(self, tool_calls: list[Any], tools: Any, parallel_calls: bool) -> AsyncGenerator[Any, None]:
        for call in tool_calls:
            question = ConfirmToolCall(call)
            yield question
            if question.confirmed:
                async for event in super().tool_events([call], tools, parallel_calls):
                    yield event


def deletes(*names: str) -> list[ToolCall]:
    return [ToolCall("delete", {"name": name}, id=name) for name in names]


async def test_a_call_runs_only_when_the_override_lets_it_and_the_model_is_told_of_the_others() -> None:
    files = Files()
    gpt = Careful(tools=files, model=ScriptedModel(deletes("a", "b", "c"), "Done"))
    async for event in gpt.response_events("Delete all"):
        if isinstance(event, ConfirmToolCall):
            await ticks(20)
            event.confirmed = event.call.id == "b"
    assert files.deleted == ["b"]
    results = [item["content"] for item in gpt.messages.history if item["role"] == "tool"]
    assert results == ["This call was not allowed to run.", "b is gone", "This call was not allowed to run."]


async def test_an_override_may_change_the_arguments_which_are_validated_again() -> None:
    class Correcting(ChatGPT):
        async def tool_events(self, tool_calls: list[Any], *args: Any) -> AsyncGenerator[Any, None]:
            tool_calls[0].function.arguments = json.dumps({"name": "z"})
            tool_calls[1].function.arguments = json.dumps({"nome": "z"})
            async for event in super().tool_events(tool_calls, *args):
                yield event

    files = Files()
    gpt = Correcting(tools=files, model=ScriptedModel(deletes("a", "b"), "Done"))
    await gpt("Delete all")
    assert files.deleted == ["z"]
    assert "do not fit" in gpt.messages.history[-2]["content"]


async def test_an_override_may_answer_a_call_itself() -> None:
    class Dry(ChatGPT):
        async def tool_events(self, tool_calls: list[Any], *args: Any) -> AsyncGenerator[Any, None]:
            for index, call in enumerate(tool_calls):
                yield self.ToolResultEvent("only pretended", call, index)

    files = Files()
    gpt = Dry(tools=files, model=ScriptedModel(deletes("a"), "Done"))
    assert await gpt("Delete it") == "Done"
    assert not files.deleted
    assert gpt.messages.history[2]["content"] == "only pretended"


async def test_no_tool_runs_when_the_events_are_left_at_the_calls() -> None:
    files = Files()
    gpt = ChatGPT(tools=files, model=ScriptedModel(deletes("a"), "Never said"))
    async with aclosing(gpt.response_events("Delete it")) as events:
        async for event in events:
            if isinstance(event, gpt.ToolCallsEvent):
                await ticks(20)
                break
    assert not files.deleted
    assert_valid(gpt.messages.history)
    assert [item["role"] for item in gpt.messages.history] == ["user", "assistant", "tool"]


async def test_leaving_the_events_closes_the_models_stream_and_keeps_the_text_that_had_come() -> None:
    closed = asyncio.Event()

    class Endless:
        name, note = "endless", ""

        async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta, None]:
            try:
                while True:
                    yield TextDelta("on and ")
                    await asyncio.sleep(0)
            finally:
                closed.set()

    gpt = ChatGPT(model=Endless())
    async for event in gpt.response_events("Tell", stream=True):
        if isinstance(event, gpt.PartialTextMessageEvent) and len(event.content) > 20:
            break
    await asyncio.wait_for(closed.wait(), 5)
    assert await gpt("More", model="echo") == "More"
    assert gpt.messages.history[1]["content"].startswith("on and on and ")
    assert gpt.messages.history[2:] == [{"role": "user", "content": "More"}, {"role": "assistant", "content": "More"}]


async def test_prompts_at_the_same_time_do_not_interleave() -> None:
    gpt = ChatGPT(model=ScriptedModel([TextDelta("A"), Delay(0.001), TextDelta("a")], "B", "C"))
    answers = await asyncio.gather(*(gpt(prompt) for prompt in "123"))
    assert answers == ["Aa", "B", "C"]
    assert [item["content"] for item in gpt.messages.history] == ["1", "Aa", "2", "B", "3", "C"]


async def test_a_prompt_ends_a_response_that_nobody_reads_any_more() -> None:
    gpt = ChatGPT(model="mocked")
    events = gpt.response_events("One")
    assert isinstance(await anext(events), gpt.ResponseStartEvent)
    assert await gpt("Two", model="echo") == "Two"
    left = [event async for event in events]
    assert not left
    assert [item["content"] for item in gpt.messages.history] == ["Two", "Two"]


async def test_a_tool_that_prompts_its_own_assistant_is_told_so_and_another_one_answers() -> None:
    @function_tool(require_doc=False)
    async def own() -> Any:
        return await gpt("And you?")

    @function_tool(require_doc=False)
    async def other() -> Any:
        return await ChatGPT(model="echo")("And you?")

    @function_tool(require_doc=False)
    async def by_way_of_another() -> Any:
        between = ChatGPT(tools=own, model=ScriptedModel(ToolCall("own"), "Well"))
        await between("Ask")
        return between.messages.history[2]["content"]

    calls = [ToolCall("own"), ToolCall("other"), ToolCall("by_way_of_another")]
    gpt = ChatGPT(tools=[own, other, by_way_of_another], model=ScriptedModel(calls, "Well"))
    assert await gpt("Ask") == "Well"
    results = [item["content"] for item in gpt.messages.history if item["role"] == "tool"]
    assert SessionBusy.__name__ in results[0]
    assert SessionBusy.__name__ in results[2]
    assert results[1] == "And you?"


async def test_a_cancelled_prompt_is_stopped_and_its_history_stays_valid() -> None:
    started = asyncio.Event()

    @function_tool(require_doc=False)
    async def hang() -> None:
        started.set()
        await asyncio.Event().wait()

    gpt = ChatGPT(tools=hang, model=ScriptedModel(ToolCall("hang")))
    task = asyncio.create_task(gpt("Hang"))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert_valid(gpt.messages.history)
    assert gpt.messages.history[-1]["role"] == "tool"


async def test_an_assistant_without_memory_forgets_after_an_answer_a_failure_and_an_early_end() -> None:
    files = Files()
    model = ScriptedModel(deletes("a"), "Done", [RuntimeError("no")], "Said")
    gpt = GPT(tools=files, model=model)
    assert await gpt("Delete a") == "Done"
    assert [message.role for message in model.requests[1].messages] == ["user", "assistant", "tool"]
    assert gpt.messages.history == []
    with pytest.raises(Exception, match="no"):
        await gpt("Fail")
    assert gpt.messages.history == []
    async with aclosing(gpt.response_events("Leave")) as events:
        await anext(events)
        await anext(events)
        assert gpt.messages.history
    assert gpt.messages.history == []
