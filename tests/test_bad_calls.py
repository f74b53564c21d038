"""What a model may do wrong with tool calls, the whole way through: events, transcript, screen, each next request."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise

import pytest

from chatwidget import Session
from chatwidget.events import LimitReached, ToolPreviewed, ToolStarted
from chatwidget.models.base import ReasoningDelta, ToolCallDelta
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.openai_format import to_openai
from tests.core_strategies import assert_valid
from tests.played import play

# Rows 21 to 24: reasoning, ids, interleaved and doubled calls.


async def test_reasoning_around_a_call_is_shown_and_in_no_request() -> None:
    first = [ReasoningDelta("Hm. "), ToolCall("echo", {"text": "a"}), ReasoningDelta("So.")]
    played = await play(first, "Done.")
    kinds = [part["type"] for part in played.mirror.state["messages"][1]["parts"]]
    assert kinds == ["reasoning", "tool_call", "reasoning"]
    assert "Hm." not in json.dumps(to_openai(played.model.requests[1].messages))


async def test_a_call_without_an_id_has_one_and_the_same_in_every_request_after_it() -> None:
    first = [ToolCallDelta(0, None, "echo", '{"text": "a"}'), ToolCallDelta(1, "", "echo", '{"text": "b"}')]
    played = await play(first, ToolCall("echo"), "Done.")
    sent = [
        [call.id for message in request.messages for call in message.tool_calls] for request in played.model.requests
    ]
    assert all(sent[1])
    assert sent[2][:2] == sent[1]
    assert played.answers == ["a", "b", ""]


async def test_interleaved_calls_grow_each_in_its_own_card() -> None:
    texts = ["first " * 30, "second " * 30, "third " * 30]
    whole = [json.dumps({"text": text}) for text in texts]
    heads = [ToolCallDelta(number, f"c{number}", "echo") for number in range(3)]
    pieces = [
        ToolCallDelta(number, arguments=whole[number][start : start + 5])
        for start in range(0, max(map(len, whole)), 5)
        for number in range(3)
    ]
    played = await play([*heads, *pieces], "Done.")
    assert played.answers == texts
    for number, text in enumerate(texts):
        seen = [
            (event.arguments or {}).get("text", "")
            for event in played.of(ToolPreviewed)
            if event.tool_call_id == f"c{number}"
        ]
        assert len(seen) > 3
        assert all(later.startswith(sooner) for sooner, later in pairwise([*seen, text]))


async def test_one_id_for_all_calls_of_all_rounds_is_told_apart() -> None:
    same = [ToolCall("echo", {"text": "a"}, id="x"), ToolCall("echo", {"text": "b"}, id="x")]
    played = await play(same, same, "Done.")
    assert played.answers == ["a", "b", "a", "b"]
    assert len(played.of(ToolStarted)) == 4


# Rows 25 to 28: names and arguments.


@pytest.mark.parametrize("name", ["", "ecko", "echo ", "__class__", "__proto__", "echo\x00", "é" * 500, "\ud800"])
async def test_an_unknown_tool_is_not_run_and_the_model_is_told_which_there_are(name: str) -> None:
    played = await play(ToolCall(name, {"text": "a"}), ToolCall("echo", {"text": "b"}), "Done.")
    assert "The tools are: echo, keep." in played.answers[0]
    assert played.answers[1] == "b"
    assert [event.tool_call_id for event in played.of(ToolStarted)] == [played.session.messages[3].tool_calls[0].id]
    assert played.cards[0]["state"] == "output-error"


BROKEN = ["{", '{"text": "cut', '{"text": "a"}}', "{'text': 1}", "text", "[1]", '"a"', "0", "\x00", "{" * 5000]
UNFIT = ['{"text": 1}', '{"text": null}', '{"text": "a", "more": 1}', '{"self": 1}', '{"__proto__": {"x": 1}}']


@pytest.mark.parametrize("arguments", BROKEN + UNFIT, ids=lambda text: ascii(text)[:30])
async def test_arguments_that_do_not_fit_never_run_and_the_model_may_try_again(arguments: str) -> None:
    played = await play(ToolCall("echo", arguments), ToolCall("echo", {"text": "b"}), "Done.")
    assert "arguments" in played.answers[0]
    assert len(played.answers[0]) <= 1000
    assert played.answers[1] == "b"
    assert len(played.of(ToolStarted)) == 1
    assert [card["state"] for card in played.cards] == ["output-error", "output-available"]
    assert played.cards[0]["seconds"] is None


@pytest.mark.parametrize(
    ("number", "said"),
    [("NaN", "NaN"), ("-Infinity", "Infinity"), ("1e99999", "too large"), ("-1e999", "too large"), ("9" * 400, "300")],
    ids=["nan", "infinity", "1e99999", "-1e999", "400 digits"],
)
@pytest.mark.parametrize(
    "place", ['{{"text": {}}}', '{{"value": {{"a": [1, {}], "b": 2}}}}'], ids=["text", "free dict"]
)
async def test_a_number_no_browser_can_hold_reaches_neither_tool_nor_screen(number: str, said: str, place: str) -> None:
    played = await play(ToolCall("keep" if "value" in place else "echo", place.format(number)), "Done.")
    assert not played.of(ToolStarted)
    assert said in played.answers[0]
    assert number not in json.dumps([event.arguments for event in played.of(ToolPreviewed)])


async def test_keys_that_mean_something_elsewhere_are_plain_keys() -> None:
    keys = ["__class__", "__dict__", "__proto__", "constructor", "self", "toString"]
    before = dict(vars(Session))
    played = await play(ToolCall("keep", {"value": {key: {"polluted": True} for key in keys}}), "Done.")
    assert json.loads(played.answers[0]) == keys
    assert sorted(played.cards[0]["input"]["value"]) == keys
    assert dict(vars(Session)) == before


# Row 35: a loop without end.


async def test_a_loop_of_calls_ends_in_words_after_ten_rounds_even_if_each_names_another_tool() -> None:
    calls = [ToolCall("echo", {"text": str(number)}) for number in range(10)]
    played = await play(*calls, "Enough.")
    assert [len(request.tools) for request in played.model.requests] == [2] * 10 + [0]
    assert played.text == "Enough."
    assert [event.limit for event in played.of(LimitReached)] == ["calls"]


async def test_a_model_that_calls_without_being_offered_anything_is_not_obeyed() -> None:
    played = await play(*[ToolCall("echo", {"text": "a"})] * 3, max_tool_rounds=2)
    assert len(played.of(ToolStarted)) == 2
    assert played.answers[:2] == ["a", "a"]
    assert "too many rounds" in played.answers[2]
    assert played.model.remaining == 0


# A tool that is replaced while it runs.


async def test_a_tool_replaced_while_it_runs_ends_with_the_old_code_and_the_next_call_has_the_new() -> None:
    started, release = asyncio.Event(), asyncio.Event()

    async def version() -> str:
        """Tell it."""
        started.set()
        await release.wait()
        return "old"

    def newer(more: int) -> str:
        """Tell it, and more."""
        return f"new {more}"

    model = ScriptedModel(ToolCall("version"), ToolCall("version", {"more": 2}), "Done.")
    session = Session(model=model, tools=[version])
    turn = session.submit("Hi")
    await started.wait()
    newer.__name__ = "version"
    session.tools.add(newer, replace=True)
    release.set()
    await turn.done
    assert [item["content"] for item in session.history if item["role"] == "tool"] == ["old", "new 2"]
    offered = [[tool.description for tool in request.tools] for request in model.requests]
    assert offered == [["Tell it."], ["Tell it, and more."], ["Tell it, and more."]]
    assert_valid(session.history)
