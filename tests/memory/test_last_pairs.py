"""`LastPairs`: the last questions and answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget.memory import LastPairs, ListMemory
from chatwidget.messages import Assistant, ExampleAssistant, ExampleUser, Message, System, User
from tests.memory.conversations import check_view, histories, shown_by


@given(histories, st.integers(0, 4))
def test_the_last_pairs_are_a_valid_history_with_that_many_questions_and_the_newest(
    messages: tuple[Message, ...], n: int
) -> None:
    shown = shown_by(LastPairs(ListMemory(), n), messages)
    check_view(messages, shown)
    asked = [message for message in messages if message.role == "user"]
    assert [message for message in shown if message.role == "user"] == asked[-n - 1 :]


async def test_examples_and_rules_stay_and_do_not_count_as_pairs() -> None:
    always = [System("Be brief."), ExampleUser("Good!"), ExampleAssistant("positive")]
    said = [kind(f"{number}") for number in range(5) for kind in (User, Assistant)]
    shown = await LastPairs(ListMemory(), 2).view([*always, *said, User("And now?")], "gpt-4o")
    assert [message.text for message in shown[:3]] == [message.text for message in always]
    assert [message.text for message in shown[3:]] == ["3", "3", "4", "4", "And now?"]


def test_fewer_than_no_pairs_are_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        LastPairs(ListMemory(), -1)
