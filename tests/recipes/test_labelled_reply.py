"""Lines with labels are sorted the same way, in whatever pieces they come."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chatwidget.models.base import ReasoningDelta, TextDelta, ToolCallDelta
from chatwidget.recipes._labelled_reply import LabelledReply

LINES = ["Thought: hm", "tool: add", "Tool:", 'Input: {"a": 1}', "Answer: 42", "Result: 9", "Ans", "words", "", "  x "]
texts = st.lists(st.sampled_from(LINES), max_size=7).map("\n".join) | st.text(alphabet="Tol: in\npu", max_size=20)


def read(pieces: list[str]) -> tuple[str, str, list[tuple[str, str]], bool]:
    """What is said, what is thought, what is called, and whether the rest was cut off."""
    reply = LabelledReply()
    deltas = [delta for piece in pieces for delta in reply.feed(piece)]
    deltas += reply.rest()
    said = "".join(delta.text for delta in deltas if isinstance(delta, TextDelta))
    thought = "".join(delta.text for delta in deltas if isinstance(delta, ReasoningDelta))
    calls = [(delta.name or "", delta.arguments) for delta in deltas if isinstance(delta, ToolCallDelta)]
    return said, thought, calls, reply.ended


@given(texts, st.data())
def test_pieces_make_no_difference(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    edges = [0, *cuts, len(text)]
    pieces = [text[start:end] for start, end in pairwise(edges)]
    assert read(pieces) == read([text])


@given(texts)
def test_no_word_is_lost_where_nothing_is_called_or_cut(text: str) -> None:
    said, thought, calls, ended = read([text])
    everything = f"{said} {thought}"
    if not ended and not calls:
        labels = ("thought:", "tool:", "input:", "answer:", "result:")
        words = [word for word in text.split() if word.lower() not in labels and '"' not in word]
        assert all(word.removesuffix(":") in everything for word in words)


def test_words_are_told_as_soon_as_they_are_no_label() -> None:
    reply = LabelledReply()
    assert list(reply.feed("Tho")) == []
    assert list(reply.feed("se are")) == [TextDelta("Those are")]
    assert list(reply.feed(" words\nAnswer: ")) == [TextDelta(" words")]
    assert list(reply.feed("yes")) == [TextDelta("\n\nyes")]


def test_a_call_ends_the_reply_at_the_next_label() -> None:
    assert read(['Tool: add\nInput: {"a": 1}\nThought: so\nTool: add']) == ("", "", [("add", '{"a": 1}')], True)
    assert read(["Tool: add\nTool: add"]) == ("", "", [("add", "")], True)
