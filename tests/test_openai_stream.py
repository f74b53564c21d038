"""What OpenAI streams add up to, whatever servers send."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.chat.chat_completion import Choice

from chatwidget.errors import FormatError
from chatwidget.openai_stream import accumulate, concat_stream


def chunk(delta: Any = None, finish: str | None = None, index: int = 0, **fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": index, "delta": delta, "finish_reason": finish}], **fields}


def part(name: str | None = None, arguments: str | None = None, **fields: Any) -> dict[str, Any]:
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    return {**fields, "function": function}


def calls_of(*deltas: Any) -> list[tuple[str, str, str]]:
    calls = concat_stream([chunk(delta) for delta in deltas]).choices[0].message.tool_calls or ()
    return [(call.id, call.function.name, call.function.arguments) for call in calls]


def test_texts_that_never_came_are_none_and_empty_ones_are_empty() -> None:
    silent = concat_stream([chunk({"role": "assistant"})]).choices[0].message
    assert (silent.content, silent.refusal, silent.tool_calls, silent.role) == (None, None, None, "assistant")
    assert concat_stream([chunk({"content": ""})]).choices[0].message.content == ""


def test_every_call_of_a_delta_counts() -> None:
    both = {"tool_calls": [part("one", "{", index=0, id="a"), part("two", "[", index=1, id="b")]}
    more = {"tool_calls": [part(None, "]", index=1), part(None, "}", index=0)]}
    assert calls_of(both, more) == [("a", "one", "{}"), ("b", "two", "[]")]


def test_gaps_and_disorder_of_the_index_lose_nothing() -> None:
    assert calls_of(
        {"tool_calls": [part("late", "{", index=7, id="b")]},
        {"tool_calls": [part("soon", "[", index=2, id="a")]},
        {"tool_calls": [part(None, "}", index=7)]},
    ) == [("a", "soon", "["), ("b", "late", "{}")]


def test_a_call_without_index_is_known_by_its_id_and_one_without_both_goes_on_with_the_last() -> None:
    assert calls_of(
        {"tool_calls": [part("one", "1", id="a")]},
        {"tool_calls": [part("two", "2", id="b")]},
        {"tool_calls": [part(None, "1", id="a")]},
        {"tool_calls": [part(None, "2")]},
        {"tool_calls": [part("three", None)]},
        {"tool_calls": [part(None, "3")]},
    ) == [("a", "one", "11"), ("b", "two", "22"), ("call_3", "three", "3")]


def test_an_id_that_comes_late_or_never_and_arguments_that_do_not_come_are_no_loss() -> None:
    assert calls_of(
        {"tool_calls": [part("one", "{", index=0)]},
        {"tool_calls": [part(None, "}", index=0, id="late")]},
        {"tool_calls": [part("none", None, index=1)]},
    ) == [("late", "one", "{}"), ("call_2", "none", "")]


def test_one_index_for_several_whole_calls_is_several_calls() -> None:
    assert calls_of({"tool_calls": [part("one", "{}", index=0, id="a"), part("two", "{}", index=0, id="b")]}) == [
        ("a", "one", "{}"),
        ("b", "two", "{}"),
    ]


@pytest.mark.parametrize("nothing", [None, {}, {"tool_calls": []}, {"content": None, "tool_calls": None}])
def test_null_and_empty_deltas_add_nothing(nothing: Any) -> None:
    whole = concat_stream(
        [chunk({"content": "a"}), chunk(nothing), {"choices": []}, {"choices": None}, {"usage": None}]
    )
    assert whole.choices[0].message.content == "a"
    assert whole.choices[0].message.tool_calls is None


def test_usage_head_and_the_last_finish_reason_are_kept() -> None:
    whole = concat_stream(
        [
            chunk({"content": "a"}, id="c1", model="m", created=5),
            chunk({}, "stop"),
            {"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}},
        ]
    )
    assert isinstance(whole, ChatCompletion)
    assert (whole.id, whole.model, whole.created, whole.usage and whole.usage.total_tokens) == ("c1", "m", 5, 3)
    assert whole.choices[0].finish_reason == "stop"


def test_refusal_reasoning_legacy_calls_and_logprobs_are_kept_under_the_servers_names() -> None:
    whole = concat_stream(
        [
            {"choices": [{"delta": {"reasoning_content": "Hm"}, "logprobs": {"content": [1], "refusal": None}}]},
            {"choices": [{"delta": {"reasoning": "m", "refusal": "No"}, "logprobs": {"content": [2]}}]},
            chunk({"refusal": ".", "function_call": {"name": "f", "arguments": "{"}}),
            chunk({"function_call": {"arguments": "}"}}, "function_call"),
        ]
    )
    message: Any = whole.choices[0].message
    assert (message.reasoning_content, message.reasoning, message.refusal) == ("Hm", "m", "No.")
    assert (message.function_call.name, message.function_call.arguments) == ("f", "{}")
    assert whole.choices[0].logprobs is not None
    assert whole.choices[0].logprobs.content == [1, 2]


def test_several_choices_are_kept_apart() -> None:
    whole = concat_stream([chunk({"content": "b"}, index=1), chunk({"content": "a"}), chunk({"content": "B"}, index=1)])
    assert [choice.message.content for choice in whole.choices] == ["a", "bB"]


def test_choices_add_up_to_a_choice_and_objects_count_as_dicts_do() -> None:
    raw = [chunk({"role": "assistant", "content": "a"}), chunk({"content": "b", "reasoning_content": "r"}, "stop")]
    head = {"id": "c", "created": 1, "model": "m", "object": "chat.completion.chunk"}
    objects = [ChatCompletionChunk.model_validate({**head, **one}) for one in raw]
    for choice in (
        concat_stream([one["choices"][0] for one in raw]),
        concat_stream([one.choices[0] for one in objects]),
        concat_stream(objects).choices[0],
    ):
        assert isinstance(choice, Choice)
        message: Any = choice.message
        assert (message.content, message.reasoning_content, choice.finish_reason) == ("ab", "r", "stop")


def test_no_chunk_at_all_is_an_empty_choice_that_has_not_finished() -> None:
    nothing = concat_stream([])
    assert (nothing.message.content, nothing.finish_reason) == (None, None)


def test_what_is_no_chunk_is_named() -> None:
    with pytest.raises(FormatError, match="42 is not a chunk"):
        concat_stream([42])


def test_each_reply_so_far_is_a_value_of_its_own() -> None:
    grown = [reply for _, reply in accumulate([chunk({"content": text}) for text in "abc"])]
    assert [reply.choices[0].message.content for reply in grown] == ["a", "ab", "abc"]


def test_leaving_a_stream_closes_it() -> None:
    closed: list[str] = []

    def stream() -> Iterator[Any]:
        try:
            yield chunk({"content": "a"})
            yield chunk({"content": "b"})
        finally:
            closed.append("sync")

    replies = accumulate(stream())
    next(replies)
    replies.close()  # type: ignore[attr-defined]
    assert closed == ["sync"]


async def test_an_async_stream_is_accumulated_as_a_sync_one_and_closed() -> None:
    closed: list[str] = []

    async def stream() -> AsyncIterator[Any]:
        try:
            yield chunk({"content": "a"})
            yield chunk({"content": "b"})
        finally:
            closed.append("async")

    grown = [reply.choices[0].message.content async for _, reply in accumulate(stream())]
    assert (grown, closed) == (["a", "ab"], ["async"])


pieces = st.lists(
    st.tuples(st.integers(0, 3), st.text(max_size=5)).map(lambda piece: part(None, piece[1], index=piece[0])),
    max_size=4,
)


@given(
    st.lists(st.fixed_dictionaries({}, optional={"content": st.none() | st.text(), "tool_calls": st.none() | pieces}))
)
def test_nothing_that_was_sent_is_lost_or_told_twice(deltas: list[dict[str, Any]]) -> None:
    message = concat_stream([chunk(delta) for delta in deltas] or [{"choices": [{}]}]).choices[0].message
    assert (message.content or "") == "".join(delta.get("content") or "" for delta in deltas)
    sent: dict[int, str] = {}
    for delta in deltas:
        for piece in delta.get("tool_calls") or ():
            sent[piece["index"]] = sent.get(piece["index"], "") + piece["function"].get("arguments", "")
    calls: Any = message.tool_calls or ()
    assert [call.function.arguments for call in calls] == [text for _, text in sorted(sent.items())]
