"""Events of the Responses API become deltas."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget.models._chunks import ServerFailed, Unreadable, read_usage
from chatwidget.models._responses import ResponsesReader
from chatwidget.models._sse import Event
from chatwidget.models.base import ReasoningDelta, TextDelta, ToolCallDelta
from tests.response_events import DONE, Dict, added, ended, event, feed, item_done, read, text


def said(*events: Dict) -> str:
    return "".join(delta.text for delta in read(*events) if isinstance(delta, TextDelta))


def thought(*events: Dict) -> str:
    return "".join(delta.text for delta in read(*events) if isinstance(delta, ReasoningDelta))


def test_text_comes_as_it_arrives_and_is_not_told_twice() -> None:
    whole: Dict = {"content": [{"type": "output_text", "text": "Hello"}]}
    events = [added("message"), text("Hel"), text("lo"), event("output_text.done", text="Hello")]
    assert read(*events, item_done("message", **whole), ended(output=[{"type": "message", **whole}])) == [
        TextDelta("Hel"),
        TextDelta("lo"),
    ]


@pytest.mark.parametrize(
    "events",
    [
        [event("output_text.done", text="Hello")],
        [item_done("message", content=[{"type": "output_text", "text": "Hello"}])],
        [ended(output=[{"type": "message", "content": [{"type": "output_text", "text": "Hello"}]}])],
    ],
    ids=["text", "item", "response"],
)
def test_a_server_without_deltas_is_read_all_the_same(events: list[Dict]) -> None:
    assert said(*events) == "Hello"


def test_items_are_told_apart_by_their_ids_where_no_place_is_told() -> None:
    """As llama.cpp does it."""
    whole = {"type": "message", "id": "m", "content": [{"type": "output_text", "text": "Hi"}]}
    added_item = event("output_item.added", None, item={"type": "message", "id": "m", "content": []})
    done_item = event("output_item.done", None, item=whole)
    assert said(added_item, text("Hi", None, item_id="m"), done_item, ended(output=[whole])) == "Hi"


def test_ids_that_change_from_event_to_event_do_no_harm() -> None:
    assert (
        said(text("H", item_id="a"), text("i", item_id="b"), event("output_text.done", text="Hi", item_id="c")) == "Hi"
    )


def test_two_messages_are_two_paragraphs() -> None:
    assert said(text("I look it up.", 0), text("It is ", 2), text("42.", 2)) == "I look it up.\n\nIt is 42."


def test_a_refusal_is_text_and_noted() -> None:
    reader = ResponsesReader()
    assert feed(reader, event("refusal.delta", delta="I can't."), DONE) == [TextDelta("I can't.")]
    assert reader.finish().note == "the model refused"


def test_a_blank_line_stands_between_the_parts_of_a_summary() -> None:
    def summary(part: int, delta: str) -> Dict:
        return event("reasoning_summary_text.delta", summary_index=part, delta=delta)

    assert thought(summary(0, "**Plan**"), summary(0, " one"), summary(1, "two")) == "**Plan** one\n\ntwo"


def test_reasoning_in_full_is_reasoning_and_comes_from_the_item_when_no_deltas_did() -> None:
    assert thought(event("reasoning_text.delta", delta="Hm")) == "Hm"
    parts = [{"type": "summary_text", "text": "One"}, {"type": "summary_text", "text": "Two"}]
    assert thought(item_done("reasoning", summary=parts)) == "One\n\nTwo"


def call_events(arguments: list[str], place: int = 0, name: str = "add") -> list[Dict]:
    whole = "".join(arguments)
    fields = {"call_id": f"call_{place}", "name": name}
    return [
        added("function_call", place, arguments="", **fields),
        *(event("function_call_arguments.delta", place, delta=each) for each in arguments),
        event("function_call_arguments.done", place, arguments=whole),
        item_done("function_call", place, arguments=whole, **fields),
    ]


def test_a_call_has_its_name_first_and_each_argument_once() -> None:
    assert read(*call_events(['{"a":', "1}"]), DONE) == [
        ToolCallDelta(0, "call_0", "add"),
        ToolCallDelta(0, arguments='{"a":'),
        ToolCallDelta(0, arguments="1}"),
    ]


def test_calls_are_numbered_one_after_another_whatever_stands_between() -> None:
    events = [added("reasoning", 0), *call_events(["{}"], 1), text("Hm", 2), *call_events(["{}"], 3)]
    calls = {delta.index: delta.id for delta in read(*events) if isinstance(delta, ToolCallDelta) and delta.id}
    assert calls == {0: "call_1", 1: "call_3"}


def test_a_call_without_deltas_is_taken_from_its_item() -> None:
    item = {"type": "function_call", "call_id": "c", "name": "add", "arguments": "{}"}
    for last in (event("output_item.done", item=item), ended(output=[item])):
        assert read(last) == [ToolCallDelta(0, "c", "add", "{}")]


def test_an_id_of_an_earlier_turn_does_not_come_again() -> None:
    reader = ResponsesReader(["call_0"])
    assert feed(reader, *call_events(["{}"]))[0] == ToolCallDelta(0, "call_0_2", "add")


@given(st.lists(st.text(min_size=1), min_size=1), st.lists(st.text(min_size=1), min_size=1))
def test_interleaved_calls_keep_their_own_arguments(first: list[str], second: list[str]) -> None:
    """Text is any text, also with characters that come in two halves."""
    one, two = call_events(first, 0), call_events(second, 1)
    mixed = [each for pair in zip(one, two, strict=False) for each in pair]
    rest = [*one[min(len(one), len(two)) :], *two[min(len(one), len(two)) :]]
    arguments = {0: "", 1: ""}
    for delta in read(*mixed, *rest, DONE):
        assert isinstance(delta, ToolCallDelta)
        arguments[delta.index] += delta.arguments
    assert arguments == {0: "".join(first), 1: "".join(second)}


def test_half_a_character_waits_for_the_other() -> None:
    assert read(text("\ud83d"), text("\ude00"), text("\ud83d"), DONE) == [TextDelta("😀"), TextDelta("\ufffd")]


def test_a_reply_is_finished_by_its_last_event_only() -> None:
    reader = ResponsesReader()
    feed(reader, event("created", None, response={"status": "in_progress", "error": None}), text("Hi"))
    feed(reader, item_done("message", content=[]))
    assert (reader.visible, reader.finished) == (True, False)
    feed(reader, DONE)
    assert (reader.finished, reader.done, reader.finish().reason) == (True, True, "complete")


@pytest.mark.parametrize(
    ("last", "reason", "note"),
    [
        (ended("incomplete", incomplete_details={"reason": "max_output_tokens"}), "length", None),
        (ended("incomplete", incomplete_details={"reason": "content_filter"}), "filtered", None),
        (ended("incomplete", incomplete_details=None), "length", "the reply is incomplete: no reason was given"),
        (ended("incomplete", incomplete_details={"reason": "tired"}), "length", "the reply is incomplete: tired"),
        # llmock ends a cut reply so.
        (ended() | {"response": {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}},
         "length", None),
        (event("completed", None), "complete", None),
    ],
)  # fmt: skip
def test_how_a_reply_ended(last: Dict, reason: str, note: str | None) -> None:
    reader = ResponsesReader()
    feed(reader, last)
    assert (reader.finished, reader.finish().reason, reader.finish().note) == (True, reason, note)


ERROR = {"code": "server_error", "message": "It broke."}


@pytest.mark.parametrize(
    "last",
    [
        ended("failed", error=ERROR),
        event("completed", None, response={"status": "failed", "error": ERROR}),
        {"type": "error", **ERROR, "param": None},
        {"type": "error", "error": ERROR},
    ],
)
def test_a_failure_is_none_of_the_replys_ends(last: Dict) -> None:
    reader = ResponsesReader()
    with pytest.raises(ServerFailed) as failure:
        feed(reader, last)
    assert failure.value.body["message"] == "It broke."
    assert not reader.finished


def test_usage_is_read_with_what_was_cached_and_what_was_thought() -> None:
    reader = ResponsesReader()
    usage = {"input_tokens": 9, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 5}
    feed(reader, ended(usage={**usage, "output_tokens_details": {"reasoning_tokens": 3}}))
    assert reader.finish().usage == {"input_tokens": 9, "output_tokens": 5, "cached_tokens": 0, "reasoning_tokens": 3}


@pytest.mark.parametrize(
    ("usage", "counts"),
    [
        ({"prompt_tokens": 9, "completion_tokens": 5}, {"input_tokens": 9, "output_tokens": 5}),
        ({"prompt_tokens": 9, "prompt_tokens_details": {"cached_tokens": 4}, "completion_tokens_details": None},
         {"input_tokens": 9, "output_tokens": None, "cached_tokens": 4}),
        ({"completion_tokens": 5, "completion_tokens_details": {"reasoning_tokens": 2}, "prompt_tokens": "9"},
         {"input_tokens": None, "output_tokens": 5, "reasoning_tokens": 2}),
        ({"input_tokens": -1, "output_tokens": True, "input_tokens_details": {"cached_tokens": "4"}},
         {"input_tokens": None, "output_tokens": None}),
    ],
)  # fmt: skip
def test_both_apis_counts_are_read_and_only_those_that_are_told(usage: Dict, counts: Dict) -> None:
    assert read_usage(usage) == counts


def test_unknown_events_are_passed_over_and_broken_ones_counted() -> None:
    reader = ResponsesReader()
    assert feed(reader, event("hologram.delta", delta="?"), {"type": 7}, {}, event("output_text.delta", delta=5)) == []
    reader.feed(Event("message", "{nonsense"))
    feed(reader, text("Hi"), DONE)
    assert reader.finish().note == "1 unreadable event was skipped"


def test_a_stream_of_nothing_readable_is_given_up() -> None:
    reader = ResponsesReader()
    with pytest.raises(Unreadable):
        for _ in range(9):
            reader.feed(Event("message", "["))


KINDS = """
response.output_item.added response.output_item.done response.output_text.delta response.output_text.done
response.function_call_arguments.delta response.function_call_arguments.done response.completed response.incomplete
response.mcp_call_arguments.delta response.web_search_call.searching
"""
ITEMS = "message reasoning function_call web_search_call mcp_call mcp_list_tools code_interpreter_call"
KEYS = """
type item id call_id name arguments delta text code action query queries content summary output outputs error status
response usage incomplete_details output_index item_id tools logs message refusal
"""
kinds, item_kinds, keys = (st.sampled_from(words.split()) for words in (KINDS, ITEMS, KEYS))
leaves = st.none() | st.booleans() | st.integers(-2, 9) | st.text(max_size=5)
json_values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=5), max_leaves=12
)


@given(st.lists(st.tuples(kinds, item_kinds, json_values, json_values)))
def test_no_shape_of_an_event_makes_the_reader_fall_over(events: list[tuple[str, str, Any, Any]]) -> None:
    reader = ResponsesReader()
    for kind, item_kind, inside, item in events:
        fields = inside if isinstance(inside, dict) else {"delta": inside}
        item = {**item, "type": item_kind} if isinstance(item, dict) else item
        response = {"output": [item], "incomplete_details": inside, "usage": inside}
        try:
            deltas = feed(reader, {"item": item, "response": response, **fields, "type": kind})
        except ServerFailed:
            return
        for delta in deltas:
            assert isinstance(getattr(delta, "text", getattr(delta, "arguments", "")), str)
    reader.finish()
