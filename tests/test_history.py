"""What a model is sent: valid, whatever happened on the way."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chatwidget.history import NEVER_RAN, as_messages, history
from chatwidget.messages import (
    Assistant,
    DisplayPart,
    Message,
    ReasoningPart,
    System,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    User,
)
from chatwidget.openai_format import to_openai
from tests.core_strategies import assert_valid
from tests.strategies import messages


def result(*ids: str) -> Message:
    return Message(role="tool", parts=tuple(ToolResultPart(call_id, "f", f"result of {call_id}") for call_id in ids))


def call(*ids: str) -> Message:
    return Assistant([ToolCallPart(call_id, "f", "{}") for call_id in ids])


def contents(*path: Message) -> list[str]:
    return [
        "".join(part.content for part in message.parts if isinstance(part, ToolResultPart)) or message.text
        for message in history(path)
    ]


@given(st.lists(messages(), max_size=6))
def test_any_messages_give_a_history_in_which_each_call_is_answered_next_and_once(path: list[Message]) -> None:
    sent = to_openai(history(path))
    calls = [(item, number) for number, item in enumerate(sent) if item.get("tool_calls")]
    for item, number in calls:
        ids = [each["id"] for each in item["tool_calls"]]
        assert [answer.get("tool_call_id") for answer in sent[number + 1 : number + 1 + len(ids)]] == ids
    assert sum(len(item["tool_calls"]) for item, _ in calls) == sum(item["role"] == "tool" for item in sent)


def test_results_follow_their_calls_in_the_order_of_the_calls() -> None:
    path = [User("Hi"), call("a", "b"), result("b"), User("Meanwhile"), result("a"), Assistant("Done.")]
    assert contents(*path) == ["Hi", "", "result of a", "result of b", "Meanwhile", "Done."]


def test_several_results_in_one_message_are_told_apart() -> None:
    sent = to_openai(history([call("a", "b"), result("a", "b")]))
    assert_valid(sent)
    assert len(sent) == 3


def test_a_call_without_a_result_is_answered_and_a_result_without_a_call_left_out() -> None:
    assert contents(call("a"), User("Hm"), result("unknown")) == ["", NEVER_RAN, "Hm"]


def test_calls_with_one_id_get_their_results_in_order() -> None:
    first, second = result("a"), Message(role="tool", parts=(ToolResultPart("a", "f", "the second"),))
    assert contents(call("a"), first, call("a"), second, call("a")) == [
        "",
        "result of a",
        "",
        "the second",
        "",
        NEVER_RAN,
    ]


def test_of_a_label_the_newest_is_sent_where_the_first_stood() -> None:
    path = [System("old", label="x"), User("Hi"), System("plain"), System("new", label="x"), System("other", label="y")]
    assert contents(*path) == ["new", "Hi", "plain", "other"]


def test_off_record_other_scopes_and_silent_messages_are_left_out() -> None:
    path = [
        User("sent"),
        User("off", off_record=True),
        Message(role="assistant", parts=(TextPart("inner"),), scope="s"),
        Assistant([ReasoningPart("thinking")]),
        Assistant([DisplayPart({})]),
        Assistant(""),
        Message(role="user", parts=(TextPart("being taken"),), status="arriving"),
    ]
    assert contents(*path) == ["sent"]
    assert [message.text for message in history(path, "s")] == ["inner"]


def test_a_live_message_is_computed_each_time() -> None:
    moods = iter(["calm", "hasty"])
    path = [System(lambda: f"Be {next(moods)}.")]
    assert [history(path)[0].text, history(path)[0].text] == ["Be calm.", "Be hasty."]


@given(st.lists(messages(), max_size=5))
def test_messages_given_one_after_another_are_a_branch(given_ones: list[Message]) -> None:
    read = as_messages([*given_ones, *given_ones])
    assert len({message.id for message in read}) == len(read)
    known: set[str | None] = {None}
    for before, after in pairwise([None, *read]):
        assert after is not None
        assert after.parent_id in known
        assert (after.parent_id is None) == (before is None)
        known.add(after.id)
