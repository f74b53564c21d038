"""Tool calls come out whole, whatever a server leaves out or mixes up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chatwidget.errors import ReplyInterrupted
from chatwidget.messages import Message, ToolCallPart, ToolResultPart, User
from chatwidget.models.base import ModelRequest
from chatwidget.models.openai import OpenAIModel
from chatwidget.tools import ToolSpec
from tests.wire.reading import ask
from tests.wire.server import STOP, WireServer, call, delta, say

pytestmark = pytest.mark.wire

END = delta("tool_calls")
ADD = ["a1", "add", '{"a": 1}']
SUB = ["s1", "sub", '{"b": 2}']

REPLIES: dict[str, tuple[bytes, list[list[str]]]] = {
    "in one chunk": (call(index=0, id="a1", name="add", arguments='{"a": 1}'), [ADD]),
    "in fragments": (
        call(index=0, id="a1", type="function", name="add", arguments="")
        + b"".join(call(index=0, arguments=character) for character in '{"a": 1}'),
        [ADD],
    ),
    "interleaved": (
        call(index=0, id="a1", name="add")
        + call(index=1, id="s1", name="sub")
        + call(index=1, arguments='{"b"')
        + call(index=0, arguments='{"a": ')
        + call(index=1, arguments=": 2}")
        + call(index=0, arguments="1}"),
        [ADD, SUB],
    ),
    "two in one chunk without index": (
        delta(tool_calls=[
            {"id": "a1", "function": {"name": "add", "arguments": '{"a": 1}'}},
            {"id": "s1", "function": {"name": "sub", "arguments": '{"b": 2}'}},
        ]),
        [ADD, SUB],
    ),
    "without index, told apart by id": (
        call(id="a1", name="add") + call(id="s1", name="sub") + call(id="a1", arguments='{"a": 1}')
        + call(id="s1", arguments='{"b": 2}'),
        [ADD, SUB],
    ),
    "without index and id": (
        call(name="add", arguments='{"a"') + call(arguments=": 1}") + call(name="sub", arguments='{"b": 2}'),
        [["call_1", *ADD[1:]], ["call_2", *SUB[1:]]],
    ),
    "without id": (
        call(index=0, name="add", arguments='{"a": 1}') + call(index=1, name="sub", arguments='{"b": 2}'),
        [["call_1", *ADD[1:]], ["call_2", *SUB[1:]]],
    ),
    "index 0 for all": (
        call(index=0, id="a1", name="add", arguments='{"a": 1}') + call(index=0, id="s1", name="sub")
        + call(index=0, arguments='{"b": 2}'),
        [ADD, SUB],
    ),
    "index a text": (call(index="0", id="a1", name="add", arguments='{"a": 1}'), [ADD]),
    "indexes with gaps, backwards": (
        call(index=7, id="a1", name="add", arguments='{"a": 1}')
        + call(index=3, id="s1", name="sub", arguments='{"b": 2}'),
        [ADD, SUB],
    ),
    "one id twice": (
        call(index=0, id="a1", name="add", arguments='{"a": 1}')
        + call(index=1, id="a1", name="sub", arguments='{"b": 2}'),
        [ADD, ["a1_2", *SUB[1:]]],
    ),
    "arguments an object": (call(index=0, id="a1", name="add", arguments={"a": 1}), [ADD]),
    "arguments null": (call(index=0, id="a1", name="now", arguments=None), [["a1", "now", ""]]),
    "name after the arguments": (
        call(index=0, id="a1", arguments='{"a"') + call(index=0, name="add", arguments=": 1}"), [ADD],
    ),
    "no name": (call(index=0, id="a1", arguments="{}"), [["a1", "", "{}"]]),
    "a character cut in two": (
        call(index=0, id="a1", name="add", arguments='"\ud83c') + call(index=0, arguments='\udf88"'),
        [["a1", "add", '"🎈"']],
    ),
    "the form before tools": (
        delta(function_call={"name": "add", "arguments": '{"a"'}) + delta(function_call={"arguments": ": 1}"}),
        [["call_1", *ADD[1:]]],
    ),
    "not a dict among them": (delta(tool_calls=["x", {"id": "a1", "index": 0, "function": None}, 3]), [["a1", "", ""]]),
    "no list": (delta(tool_calls="x") + delta(tool_calls=None) + say("Hi"), []),
}  # fmt: skip


@pytest.mark.parametrize("name", REPLIES)
async def test_calls_are_told_apart_and_come_out_whole(
    name: str, wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    body, calls = REPLIES[name]
    wire.script(body + END)
    answer = await ask(make_model())
    assert answer.verdict == "complete"
    assert list(answer.calls.values()) == calls
    assert list(answer.calls) == list(range(len(calls))), "our indexes count from 0 in the order of appearance"


def conversation(call_id: str, arguments: str = "{}") -> ModelRequest:
    called = Message(role="assistant", parts=(ToolCallPart(call_id, "add", arguments),))
    answered = Message(role="tool", parts=(ToolResultPart(call_id, "add", "1"),))
    return ModelRequest((User("1?"), called, answered, User("And?")))


@pytest.mark.parametrize(("sent", "made"), [("a1", "a1_2"), (None, "call_2")])
async def test_an_id_of_an_earlier_turn_does_not_come_again(
    sent: str | None, made: str, wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    wire.script(call(index=0, id=sent, name="add", arguments="{}") + END)
    model = make_model()
    for _ in range(2):  # and the same reply to the same history has the same id
        answer = await ask(model, conversation(sent or "call_1"))
        assert answer.calls == {0: [made, "add", "{}"]}


async def test_a_call_that_breaks_off_is_interrupted(wire: WireServer, make_model: Callable[..., OpenAIModel]) -> None:
    wire.script(call(index=0, id="a1", name="add", arguments='{"a'))
    answer = await ask(make_model())
    assert answer.verdict is ReplyInterrupted
    assert answer.calls == {0: ["a1", "add", '{"a']}


TOOL = ToolSpec("add", "Add.", {"type": "object", "properties": {}})


async def test_tools_are_offered_and_the_choice_of_one_only_with_them(
    wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    model = make_model(tool_choice="auto", parallel_tool_calls=False)
    await ask(model, ModelRequest((User("1?"),), (TOOL,)))
    await ask(model, ModelRequest((User("1?"),)))
    offered, plain = (asked.body for asked in wire.asked)
    function = {"name": "add", "description": "Add.", "parameters": {"type": "object", "properties": {}}}
    assert offered["tools"] == [{"type": "function", "function": function}]
    assert offered["tool_choice"] == "auto"
    assert plain.keys().isdisjoint({"tools", "tool_choice", "parallel_tool_calls"})


@pytest.mark.parametrize("broken", ['{"a', "", "[1]", '{"a": NaN}', "null"])
async def test_arguments_a_server_would_choke_on_are_sent_as_an_empty_object(
    broken: str, wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    wire.script(say("Hi") + STOP)
    await ask(make_model(), conversation("a1", broken))
    sent: Any = wire.asked[0].body["messages"][1]["tool_calls"][0]["function"]["arguments"]
    assert sent == "{}"
