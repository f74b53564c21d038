"""Tools as programs of AgenTools make, call, preview and collect them."""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel

import chatwidget.tools
from chatwidget import AppError, Generate, Return, User, app
from chatwidget.compat.agentools import (
    ChatGPT,
    FunctionTool,
    Toolkit,
    ToolList,
    call_function_preview,
    call_requested_function,
    function_tool,
    streaming_function_tool,
)
from chatwidget.errors import ToolArgumentsError, ToolDefinitionError
from chatwidget.models.scripted import ScriptedModel, ToolCall


@function_tool(require_doc=False)
def double(n: int) -> int:
    return 2 * n


async def results_of(tools: Any, *calls: ToolCall, **options: Any) -> list[str]:
    gpt = ChatGPT(tools=tools, model=ScriptedModel(list(calls), "Done"))
    await gpt("Go", **options)
    return [item["content"] for item in gpt.messages.history if item["role"] == "tool"]


def test_each_parameter_must_be_described_unless_that_is_waived() -> None:
    def plain(n: int) -> int:
        return n

    with pytest.raises(ToolDefinitionError, match="`n` has no description"):
        function_tool(plain)
    assert function_tool(require_doc=False)(plain)(3) == function_tool(check_description=False)(plain)(3) == 3
    with pytest.raises(ToolDefinitionError, match="no option 'nme'"):
        function_tool(nme="x")(plain)

    @function_tool
    def clock() -> str:
        return "noon"

    assert clock.description == ""


def test_a_tool_has_the_attributes_it_has_in_agentools() -> None:
    assert (double(4), double.name, double.tool_enabled) == (8, "double", True)
    schema = double.schema[0]
    assert (schema["type"], schema["function"]["name"]) == ("function", "double")
    assert schema["function"]["parameters"]["properties"]["n"]["type"] == "integer"
    assert double.lookup["double"]({"n": "4"}) == 8
    assert double.lookup["double"]({"m": 4}).startswith("Invalid Argument: ")
    assert double.validator(n="4") == {"n": 4}
    with pytest.raises(ToolArgumentsError):
        double.validator()
    assert double.lookup_preview == {}


async def test_a_schema_may_stand_for_the_signature_by_either_name() -> None:
    class Point(BaseModel):
        x: int

    def total(**point: int) -> int:
        return sum(point.values())

    for options in ({"schema": Point}, {"json_schema": Point.model_json_schema()}):
        tool = function_tool(require_doc=False, **options)(total)
        assert await results_of(tool, ToolCall("total", {"x": 5})) == ["5"]


async def test_a_function_runs_in_a_thread_or_on_the_loop_as_told() -> None:
    here = threading.get_ident()

    def sync() -> bool:
        return threading.get_ident() == here

    async def on_loop() -> bool:
        return threading.get_ident() == here

    made = [
        function_tool(name=f"t{number}", require_doc=False, in_thread=where)(function)
        for number, (function, where) in enumerate([(sync, None), (sync, False), (on_loop, None), (on_loop, True)])
    ]
    assert await results_of(made, *(ToolCall(tool.name) for tool in made)) == ["false", "true", "true", "false"]


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_a_tool_may_be_given_the_id_of_its_call(kind: str) -> None:
    def tag(call_id: str, text: str = "") -> str:
        return f"{call_id} {text}"

    async def tag_async(text: str, call_id: str) -> str:
        return f"{call_id} {text}"

    tool = function_tool(name="tag", require_doc=False, include_call_id=True)(tag if kind == "sync" else tag_async)
    assert list(tool.spec.parameters["properties"]) == ["text"]
    assert await results_of(tool, ToolCall("tag", {"text": "hi"}, id="c7")) == ["c7 hi"]
    assert tag("me", "hi") == "me hi"


async def test_a_call_can_be_made_by_hand() -> None:
    assert await call_requested_function("double", '{"n": 3}', double.lookup) == 6
    assert await call_requested_function(SimpleNamespace(name="double", arguments='{"n": 3}'), double.lookup) == 6
    assert (
        await call_requested_function("triple", "{}", double.lookup) == "Error: There is no function called 'triple'."
    )
    for wrong in ('{"n": "x"}', "[1]", "no"):
        assert (await call_requested_function("double", wrong, double.lookup)).startswith("Invalid Argument: ")
    assert await call_requested_function("plain", '{"a": 1}', {"plain": lambda given: given["a"]}) == 1
    assert "no JSON" in await call_requested_function("plain", "{", {"plain": lambda given: given})


async def test_a_preview_can_be_called_by_hand_and_its_failure_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    @function_tool(require_doc=False)
    async def draw(shape: str) -> None: ...

    @draw.preview
    def show(shape: str = "") -> str:
        return shape[0]

    assert await call_function_preview("draw", {"shape": "ring"}, draw.lookup_preview) == "r"
    assert await call_function_preview("paint", {}, draw.lookup_preview) is None
    assert not caplog.records
    assert await call_function_preview("draw", {}, draw.lookup_preview) is None
    assert "the preview of draw failed" in caplog.text


class Pad(Toolkit):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    @function_tool(require_doc=False)
    def write(self, text: str) -> None:
        self.text = text

    @function_tool(require_doc=False)
    def read(self) -> str:
        return self.text


async def test_the_tools_of_a_toolkit_belong_to_its_instance() -> None:
    mine, yours = Pad(), Pad()
    mine.lookup["write"]({"text": "a"})
    assert (mine.read(), yours.read()) == ("a", "")
    mine.write.tool_enabled = False
    assert [tool["function"]["name"] for tool in (*mine.schema, *yours.schema)] == ["read", "write", "read"]
    mine.tool_enabled = False
    assert (mine.tool_enabled, mine.schema, mine.lookup) == (False, [], {})
    assert yours.tool_enabled
    yours.register_tool(double)
    assert await results_of(yours, ToolCall("double", {"n": 2}), ToolCall("write", {"text": "b"})) == [
        "4",
        "Done; the tool returned nothing.",
    ]
    assert yours.text == "b"


async def test_a_list_of_tools_joins_them_and_refuses_one_name_twice() -> None:
    tools = ToolList(Pad(), [double])
    assert list(tools.lookup) == ["write", "read", "double"]
    with pytest.raises(ToolDefinitionError, match="duplicate name"):
        ToolList(double, double)
    tools.tool_enabled = False
    assert tools.schema == []
    model = ScriptedModel("Hi")
    await ChatGPT(tools=tools, model=model)("Hi")
    assert not model.requests[0].tools


async def test_what_tools_print_goes_where_prints_go(capsys: pytest.CaptureFixture[str]) -> None:
    @function_tool(require_doc=False)
    def say(text: str) -> None:
        print(text)

    await results_of(say, ToolCall("say", {"text": "from a thread"}))
    assert capsys.readouterr().out == "from a thread\n"


async def test_tools_and_apps_of_this_library_serve_as_well() -> None:
    @chatwidget.tools.function_tool
    def triple(n: int) -> int:
        """Triple a number."""
        return 3 * n

    @app
    async def greeter(name: str) -> AsyncGenerator[Any, Any]:
        """Greet somebody."""
        yield Return(f"Hello, {name}")

    tools = [triple, greeter.as_tool()]
    made = ToolList(tools)
    assert all(isinstance(tool, FunctionTool) for tool in made)
    calls = [ToolCall("triple", {"n": 2}), ToolCall("greeter", {"name": "Ada"})]
    assert await results_of(tools, *calls) == ["6", "Hello, Ada"]


async def test_what_an_app_inside_a_tool_says_and_calls_is_its_own_affair() -> None:
    @app
    async def helper(question: str) -> AsyncGenerator[Any, Any]:
        """Ask somebody else."""
        yield User(question)
        reply = yield Generate()
        yield Return(reply.text)

    replies = (ToolCall("helper", {"question": "2 * 4?"}), ToolCall("double", {"n": 4}), "It is 8.", "Eight.")
    gpt = ChatGPT(tools=[helper.as_tool(), double], model=ScriptedModel(*replies))
    events = [event async for event in gpt.response_events("What is 2 * 4?", stream=True)]
    assert sum(isinstance(event, gpt.CompletionStartEvent) for event in events) == 2
    assert [event.result for event in events if isinstance(event, gpt.ToolResultEvent)] == ["It is 8."]
    assert [item["role"] for item in gpt.messages.history] == ["user", "assistant", "tool", "assistant"]
    assert gpt.messages.history[-1]["content"] == "Eight."


@pytest.mark.parametrize("streaming", [True, False])
async def test_a_streaming_tool_is_given_growing_dicts_and_the_whole_ones_last(streaming: bool) -> None:
    class Note(BaseModel):
        text: str

    seen: list[dict[str, Any]] = []

    @streaming_function_tool(schema=Note, require_doc=False)
    async def write(arg_stream: Any) -> str:
        async for arguments in arg_stream:
            seen.append(arguments)  # noqa: PERF401 - one at a time, as they come
        return "written"

    call = ToolCall("write", {"text": "a longer text, in several pieces"})
    assert await results_of(write, call, stream=streaming) == ["written"]
    assert seen[-1] == {"text": "a longer text, in several pieces"}
    assert all(seen[-1]["text"].startswith(one.get("text", "")) for one in seen)
    with pytest.raises(ToolDefinitionError, match="in_thread"):
        streaming_function_tool(in_thread=True)


def test_events_are_given_only_while_a_prompt_is_answered() -> None:
    with pytest.raises(AppError, match="while a prompt is answered"):
        ChatGPT(model="mocked")._translation()
