"""A comparison of two texts is right for any two, short where it can be, and bounded where it cannot."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget.differences import compare

lines = st.lists(st.sampled_from(["a", "b", "c d", "c e", "", "f g h", "f g i"]), max_size=12).map("\n".join)
any_text = lines | st.text(max_size=30)


def side(text: list[list[str]], op: str) -> list[str]:
    return [line for kind, line in text if kind in ("=", op)]


@given(any_text, any_text)
def test_what_stays_and_goes_is_the_old_text_and_what_stays_and_comes_the_new_one(old: str, new: str) -> None:
    found = compare(old, new)
    assert "\n".join(side(found["lines"], "-")) == old
    assert "\n".join(side(found["lines"], "+")) == new


@given(any_text, any_text)
def test_the_pieces_of_a_line_make_the_line(old: str, new: str) -> None:
    found = compare(old, new)
    for number, pieces in found["words"].items():
        op, line = found["lines"][int(number)]
        assert op in "-+"
        assert {kind for kind, _ in pieces} <= {"=", op}
        assert "".join(text for _, text in pieces) == line


@given(lines, lines)
def test_no_shorter_comparison_keeps_more_lines(old: str, new: str) -> None:
    """The longest common subsequence, computed in the plain way, is what stays."""
    a, b = old.split("\n"), new.split("\n")
    best = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, left in enumerate(a):
        for j, right in enumerate(b):
            best[i + 1][j + 1] = best[i][j] + 1 if left == right else max(best[i][j + 1], best[i + 1][j])
    assert sum(op == "=" for op, _ in compare(old, new)["lines"]) == best[-1][-1]


def test_equal_texts_have_no_difference() -> None:
    assert compare("a\nb", "a\nb") == {"lines": [["=", "a"], ["=", "b"]], "words": {}}


def test_lines_that_are_replaced_go_before_others_come() -> None:
    found = compare("same\nred\ngreen\nend", "same\n1\n2\nend")
    assert "".join(op for op, _ in found["lines"]) == "=--++="


def test_a_line_in_which_a_word_changed_says_which() -> None:
    found = compare("The sky is blue today.", "The sky is grey today.")
    assert found["words"] == {
        "0": [["=", "The sky is "], ["-", "blue"], ["=", " today."]],
        "1": [["=", "The sky is "], ["+", "grey"], ["=", " today."]],
    }


def test_lines_that_have_little_in_common_are_replaced_as_a_whole() -> None:
    assert compare("one two three", "something else, one thing")["words"] == {}


def test_where_the_steps_are_used_up_the_rest_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatwidget.differences.LINE_STEPS", 5)
    found = compare("first\na\nb\nc\nd\nlast", "first\nb\nd\na\nc\nlast")
    assert "".join(op for op, _ in found["lines"]) == "=----++++="


def test_ten_thousand_lines_in_random_order_are_compared_whole() -> None:
    numbers = [str(number) for number in range(10_000)]
    shuffled = numbers.copy()
    random.Random(1).shuffle(shuffled)
    found = compare("\n".join(numbers), "\n".join(shuffled))
    assert side(found["lines"], "-") == numbers
    assert side(found["lines"], "+") == shuffled
