"""Scratchpads: what a model wrote on labelled lines, typed; nothing is dropped in silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from chatwidget.errors import AppError, FormatError
from chatwidget.scratchpad import Scratchpad

SPEC = """
    Thought: {thought}
    Score: {score:int}
    Part: {part:float}
    Done: {done:bool}
    Mood: {mood:word}
    Data: {data:json}
    Answer: {answer:multiline}
"""
PAD = Scratchpad[Any](SPEC)


def test_each_line_becomes_a_value_of_its_type() -> None:
    text = (
        "Thought: It is easy: yes.\nScore: 9\nPart: 0.5\nDone: Yes\nMood: merry\n"
        'Data: {"a": [1, 2],\n "b": null}\nAnswer: One.\n\n  Two.\n'
    )
    parsed = PAD.parse(text)
    assert dict(parsed) == {
        "thought": "It is easy: yes.",
        "score": 9,
        "part": 0.5,
        "done": True,
        "mood": "merry",
        "data": {"a": [1, 2], "b": None},
        "answer": "One.\n\n  Two.",
    }
    assert (parsed.missing, dict(parsed.problems), parsed.unparsed) == ((), {}, "")
    assert parsed.value == dict(parsed)


def test_labels_come_in_any_order_and_case_and_what_lacks_is_said() -> None:
    parsed = PAD.parse("  DONE: off\nscore:3")
    assert dict(parsed) == {"done": False, "score": 3}
    assert parsed.missing == ("thought", "part", "mood", "data", "answer")
    with pytest.raises(FormatError, match="thought: it is missing"):
        _ = parsed.value


def test_what_belongs_to_no_field_is_kept_as_unparsed_text() -> None:
    parsed = PAD.parse("Sure!\nThought: one\nmore of it\nThought: two\nDone: no")
    assert parsed["thought"] == "one"
    assert parsed.unparsed == "Sure!\nmore of it\nThought: two"


@pytest.mark.parametrize(
    ("line", "name", "problem"),
    [
        ("Score: nine", "score", "'nine' is not a whole number"),
        ("Score: " + "9" * 5000, "score", "is not a whole number"),
        ("Score:", "score", "'' is not a whole number"),
        ("Part: nan", "part", "'nan' is not a number"),
        ("Done: perhaps", "done", "'perhaps' is neither yes nor no"),
        ("Mood: very merry", "mood", "is not one word"),
        ("Data: well", "data", "'well' is not JSON"),
        ('Data: {"a": ', "data", "is not JSON"),
    ],
)
def test_a_value_of_the_wrong_type_is_reported(line: str, name: str, problem: str) -> None:
    parsed = PAD.parse(line)
    assert name not in parsed
    assert name not in parsed.missing
    assert problem in parsed.problems[name]
    assert parsed.raw[name] == line.partition(":")[2].strip()
    with pytest.raises(FormatError, match=f"{name}: "):
        _ = parsed.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, 2,], "b": ",]",}', {"a": [1, 2], "b": ",]"}),
        ('```json\n{"a": "\\"],"}\n```', {"a": '"],'}),
        ("[1, 2]", [1, 2]),
        ('"x"', "x"),
        ("true", True),
    ],
)
def test_json_is_read_in_a_fence_and_with_a_comma_too_many(text: str, value: Any) -> None:
    assert PAD.parse(f"Data: {text}\nDone: yes")["data"] == value


def test_a_line_may_have_several_fields_with_text_between() -> None:
    pad = Scratchpad[Any]("Action: {tool:word}[{input}]\nScore: {score:int}/10")
    parsed = pad.parse("Action: Search[a[0]]\nScore: 7/10")
    assert dict(parsed) == {"tool": "Search", "input": "a[0]", "score": 7}
    other = pad.parse("Action: Search\nScore: 7")
    assert (dict(other), other.unparsed) == ({}, "Action: Search\nScore: 7")


def test_the_longer_of_two_labels_counts() -> None:
    parsed = Scratchpad[Any]("Tool {a}\nTool Input {b}").parse("Tool Input x\nTool y")
    assert dict(parsed) == {"a": "y", "b": "x"}


class Review(BaseModel):
    thought: str
    score: int = 0


@dataclass
class Note:
    thought: str


class Loose(TypedDict, total=False):
    thought: str
    score: int


@pytest.mark.parametrize(
    ("type_", "value"), [(Review, Review(thought="x")), (Note, Note("x")), (Loose, {"thought": "x"})]
)
def test_a_type_gives_objects_and_says_what_may_be_missing(type_: Any, value: Any) -> None:
    pad: Scratchpad[Any] = Scratchpad("Thought: {thought}\nScore: {score:int}", type=type_)
    text = "Thought: x" if type_ is not Note else "Thought: x\n"
    assert pad.read(text) == value
    assert Scratchpad[type_]("Thought: {thought}").read(text) == value


class Strict(TypedDict):
    thought: str
    score: int


@pytest.mark.parametrize(
    ("type_", "text", "said"),
    [
        (Review, "Score: 1", "thought: Field required"),
        (Strict, "Thought: x", "score: it is missing"),
        (Strict, "Thought: x\nScore: one", "score: 'one' is not a whole number"),
    ],
)
def test_what_does_not_make_an_object_is_said_in_words_for_the_model(type_: Any, text: str, said: str) -> None:
    pad: Scratchpad[Any] = Scratchpad("Thought: {thought}\nScore: {score:int}", type=type_)
    with pytest.raises(FormatError, match=said):
        pad.read(text)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("", "needs a line such as"),
        ("{x}", "needs a label and a field"),
        ("Heading", "needs a label and a field"),
        ("A: {x:in}", "unknown type 'in'. Did you mean 'int'?"),
        ("A: {x}{y}", "need text between them"),
        ("A: {x:json} end", "must end its line"),
        ("A: {x}\na: {y}", "'a:' twice"),
        ("A: {x}\nB: {x}", "'x' twice"),
        ("A: {", "cannot be read"),
        ("A: {x.y}", "needs a name"),
        ("A: {x!r}", "needs a name"),
        ("A: {}", "needs a name"),
    ],
)
def test_a_spec_that_cannot_be_read_is_refused_with_the_cure(spec: str, said: str) -> None:
    with pytest.raises(AppError) as caught:
        Scratchpad(spec)
    assert said in str(caught.value)


lines = st.lists(
    st.sampled_from(
        ["Thought: a", "Score: 1", "score: x", "Data: {", "Data: [1,", "]", "Answer:", "words", "", "Done:"]
    )
    | st.text(max_size=8),
    max_size=12,
).map("\n".join)


@given(lines)
def test_any_text_is_read_and_each_word_of_it_is_in_a_field_or_unparsed(text: str) -> None:
    parsed = PAD.parse(text)
    assert set(parsed) | set(parsed.problems) == set(parsed.raw)
    assert set(parsed.raw) | set(parsed.missing) == set(PAD.names)
    kept = "\n".join([*parsed.raw.values(), parsed.unparsed])
    labels = {f"{name}:" for name in PAD.names}
    for line in text.split("\n"):
        words = line.strip()
        cut = next((label for label in labels if words.lower().startswith(label)), "")
        assert words[len(cut) :].strip() in kept


@given(
    st.text(alphabet="abc :{}[]", max_size=20).map(str.strip),
    st.integers(),
    st.booleans(),
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(alphabet='a",]}[{:\\', max_size=6),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=6,
    ),
)
def test_what_is_written_down_is_read_back(thought: str, score: int, done: bool, data: Any) -> None:
    import json

    text = f"Thought: {thought}\nScore: {score}\nDone: {done}\nData: {json.dumps(data, indent=1)}\nAnswer: end"
    parsed = PAD.parse(text)
    assert (parsed["thought"], parsed["score"], parsed["done"], parsed["data"]) == (thought, score, done, data)


def test_long_and_hostile_texts_are_read_too() -> None:
    for text in ("Data: " + "[" * 200_000, "Answer: " + "Answer\n" * 100_000, ": " * 500_000, "{ " * 200_000):
        assert isinstance(PAD.parse(text).unparsed, str)


@pytest.mark.parametrize(
    "line",
    [
        "**Score:** 4",
        "**Score**: 4",
        "- Score: 4",
        "* __score:__ 4",
        "Score\uff1a4",
        "## Score: 4",
        "**Score: 4**",
        "*Score*\uff1a 4",
    ],
)
def test_labels_are_found_as_models_dress_them(line: str) -> None:
    assert dict(Scratchpad("Thought: {thought}\nScore: {score:int}").parse(f"Thought: easy\n{line}")) == {
        "thought": "easy",
        "score": 4,
    }


@pytest.mark.parametrize("text", ["*yes*", "**a** and **b**", "- one"])
def test_what_a_field_says_keeps_its_own_marks(text: str) -> None:
    pad: Scratchpad[Any] = Scratchpad("Answer: {answer}")
    assert pad.parse(f"Answer: {text}")["answer"] == pad.parse(f"**Answer:** {text}")["answer"] == text
