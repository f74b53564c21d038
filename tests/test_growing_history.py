"""A growing history says what the whole says, and looks only at what is new."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget import growing_history
from chatwidget.growing_history import GrowingHistory
from chatwidget.history import as_messages, history
from chatwidget.messages import Assistant, Message, System, ToolCallPart, ToolResultPart, User
from chatwidget.transcript import Transcript

ids = st.sampled_from(["a", "b", "c"])
said = st.one_of(
    st.builds(lambda text, name: User(text, label=name), st.text(max_size=3), st.none() | st.just("sticky")),
    st.just(System(lambda: "now")),
    st.builds(lambda text: Assistant(text, off_record=True), st.text(max_size=3)),
    st.builds(
        lambda calls: Message(role="assistant", parts=tuple(ToolCallPart(i, "f", "{}") for i in calls)),
        st.lists(ids, max_size=2, unique=True),
    ),
    st.builds(lambda i: Message(role="tool", parts=(ToolResultPart(i, "f", "x"),)), ids),
    st.builds(lambda text: Message(role="user", parts=User(text).parts, scope="inner"), st.text(max_size=3)),
)


@given(st.lists(said, max_size=12), st.lists(said, max_size=6), st.integers(0, 11))
def test_it_says_what_the_whole_history_says_at_every_length_and_on_every_branch(
    first: list[Message], second: list[Message], fork: int
) -> None:
    growing = GrowingHistory()
    for trunk in (first, [*first[:fork], *second]):
        messages = as_messages(trunk)
        for length in range(len(messages) + 1):
            transcript = Transcript(messages[:length])
            assert growing.of(transcript) == history(transcript.path)


async def test_a_request_behind_10000_messages_looks_at_no_more_than_one_behind_100(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[int] = []

    def counted(path: Any, *args: Any, **options: Any) -> tuple[Message, ...]:
        path = list(path)
        looked.append(len(path))
        return history(path, *args, **options)

    monkeypatch.setattr(growing_history, "history", counted)
    costs = []
    for size in (100, 10_000):
        transcript = Transcript(as_messages([User("a") if n % 2 else Assistant("b") for n in range(size)]))
        growing = GrowingHistory()
        growing.of(transcript)
        longer = Transcript([*transcript.path, *as_messages([User("new")])])
        looked.clear()
        assert growing.of(longer)[-1].text == "new"
        costs.append(sum(looked))
    assert costs[0] == costs[1] <= 2
