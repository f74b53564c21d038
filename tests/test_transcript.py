"""The fold of events: a tree with an active branch, drafts that grow, and what cannot be folded."""

from __future__ import annotations

import pytest
from hypothesis import given

from chatwidget.events import (
    Event,
    MessageEnded,
    MessageStarted,
    Noticed,
    PartDelta,
    PartEnded,
    PartStarted,
    Rewound,
    RunStarted,
    ToolEnded,
    ToolOutput,
)
from chatwidget.messages import Message, Status, TextPart, ToolCallPart, ToolResultPart
from chatwidget.transcript import Transcript
from tests.strategies import trees


def said(text: str, message_id: str, parent_id: str | None = None, status: Status = "complete") -> Message:
    return Message(role="user", parts=(TextPart(text),), id=message_id, parent_id=parent_id, status=status)


def folded(*events: Event) -> Transcript:
    transcript = Transcript()
    for event in events:
        transcript.apply(event)
    return transcript


def test_a_message_grows_and_settles() -> None:
    head = Message(role="assistant", id="a", status="arriving")
    transcript = folded(MessageStarted(head), PartStarted("a", 0, TextPart("So")))
    transcript.apply(PartDelta("a", 0, ", so"))
    assert transcript.get("a").text == "So, so"
    assert transcript.get("a").status == "arriving"
    whole = Message(role="assistant", id="a", parts=(TextPart("So, so"),))
    transcript.apply(PartEnded("a", 0, TextPart("So, so")))
    transcript.apply(MessageEnded(whole))
    assert transcript.path == (whole,)
    assert transcript.drafts == {}


def test_going_on_from_an_earlier_message_makes_a_sibling() -> None:
    transcript = Transcript([said("one", "a"), said("two", "b", "a")])
    transcript.apply(Rewound("a"))
    assert list(transcript.ids) == ["a"]
    transcript.apply(MessageStarted(said("", "c", "a", "arriving")))
    assert list(transcript.ids) == ["a", "c"]
    assert transcript.siblings("c") == ("b", "c")
    assert transcript.tip("a") == "c"
    transcript.apply(Rewound(None))
    assert [*transcript.ids, transcript.leaf] == [None]
    assert [message.id for message in transcript.all_messages()] == ["a", "b", "c"]


@given(trees())
def test_any_tree_is_kept_whole_and_each_message_leads_back_to_its_root(tree: list[Message]) -> None:
    transcript = Transcript(tree)
    assert [message.id for message in transcript.all_messages()] == [message.id for message in tree]
    for message in tree:
        transcript.apply(Rewound(message.id))
        path = transcript.path
        assert path[-1].id == message.id
        assert [earlier.id for earlier in path[:-1]] == [later.parent_id for later in path[1:]]
        assert path[0].parent_id is None
        assert message.id in transcript.siblings(message.id)


@given(trees())
def test_no_message_that_was_given_is_still_arriving(tree: list[Message]) -> None:
    for given_one, kept in zip(tree, Transcript(tree).all_messages(), strict=True):
        assert kept.status != "arriving"
        assert kept.parts == given_one.parts


@pytest.mark.parametrize(
    "event",
    [
        MessageStarted(said("again", "a")),
        MessageStarted(said("lost", "x", "unknown")),
        PartStarted("unknown", 0, TextPart()),
        PartDelta("a", 0, "after the end"),
        Rewound("unknown"),
    ],
)
def test_an_event_that_does_not_fit_is_an_error_and_changes_nothing(event: Event) -> None:
    transcript = Transcript([said("one", "a")])
    with pytest.raises((ValueError, KeyError)):
        transcript.apply(event)
    assert (transcript.ids, transcript.leaf) == (("a",), "a")
    assert [message.id for message in transcript.all_messages()] == ["a"]


def test_parts_begin_in_order_and_only_texts_grow() -> None:
    transcript = folded(MessageStarted(Message(role="assistant", id="a")))
    with pytest.raises(ValueError, match="0 is next"):
        transcript.apply(PartStarted("a", 1, TextPart()))
    transcript.apply(PartStarted("a", 0, ToolResultPart("c")))
    with pytest.raises(ValueError, match="cannot grow"):
        transcript.apply(PartDelta("a", 0, "x"))


def test_the_first_result_of_a_call_counts() -> None:
    transcript = Transcript([Message(role="assistant", id="a", parts=(ToolCallPart("c", "f", "{}"),))])
    transcript.apply(ToolOutput("c", "printed"))
    assert transcript.calls["c"].output == ["printed"]
    transcript.apply(ToolEnded(ToolResultPart("c", "f", "first")))
    transcript.apply(ToolEnded(ToolResultPart("c", "f", "second")))
    transcript.apply(ToolEnded(ToolResultPart("unknown", "f", "third")))
    result = transcript.calls["c"].result
    assert result is not None
    assert result.content == "first"


def test_a_call_that_came_whole_with_its_message_is_known() -> None:
    call = Message(role="assistant", id="a", parts=(ToolCallPart("c", "f", "{}"),))
    transcript = folded(MessageStarted(Message(role="assistant", id="a")), MessageEnded(call))
    assert transcript.calls["c"].ended


def test_events_that_concern_no_message_change_nothing() -> None:
    assert folded(RunStarted("r", "app"), Noticed("info", "Hello")).path == ()
