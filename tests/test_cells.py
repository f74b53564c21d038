"""Promises of `chatwidget.cells`: any value is a short text, and what is missing is known as such."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import numpy
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget.cells import MAX_CELL, cell_texts, is_missing


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        ("", ""),
        (True, "True"),
        (12345678, "12345678"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.333333"),
        (1234567.891234, "1234567.891234"),
        (100000.00000001, "100000.0"),
        (1.23456789e-10, "1.23457e-10"),
        (1.23456789012e30, "1.23457e+30"),
        (float("inf"), "inf"),
        (float("nan"), "NaN"),
        (numpy.float32(0.1), "0.1"),
        (numpy.int64(3), "3"),
        (None, "None"),
        (pandas.NaT, "NaT"),
        (pandas.NA, "<NA>"),
        (Decimal("1.50"), "1.50"),
        (datetime.date(2024, 2, 1), "2024-02-01"),
        ([1, {"a": (2,)}], "[1, {'a': (2,)}]"),
        (numpy.arange(1000), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, ...]"),
        (b"\x00", "b'\\x00'"),
    ],
)
def test_a_cell_is_written_as_a_notebook_writes_it(value: Any, text: str) -> None:
    assert cell_texts([value]) == [text]


def test_what_none_is_called_is_told_by_the_library() -> None:
    assert cell_texts([None, 1], "null") == ["null", "1"]


class Hostile:
    def __repr__(self) -> str:
        raise SystemExit("leave")


@pytest.mark.parametrize("value", [Hostile(), 10**5000, [Hostile()]], ids=["exits", "too many digits", "inside a list"])
def test_a_value_that_cannot_be_written_is_named(value: Any) -> None:
    assert cell_texts([value])[0].startswith("<")


@pytest.mark.parametrize("value", ["x" * 10**6, ["x" * 10**6] * 10**5, {n: [n] * 99 for n in range(999)}, b"x" * 10**6])
def test_a_long_value_is_cut(value: Any) -> None:
    (text,) = cell_texts([value])
    assert 20 < len(text) <= MAX_CELL
    assert text.endswith(("…", "...]", "...}", "'"))


def test_half_of_a_surrogate_pair_is_mended() -> None:
    assert cell_texts(["a\ud83d"]) == ["a\ufffd"]


@pytest.mark.parametrize(
    "value", [None, float("nan"), numpy.float64("nan"), pandas.NaT, pandas.NA, Decimal("NaN"), Decimal("sNaN")]
)
def test_what_is_missing_is_known(value: Any) -> None:
    assert is_missing(value)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.decimals() | st.datetimes(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
)


@given(values)
def test_any_value_has_a_text_and_is_missing_or_not(value: Any) -> None:
    (text,) = cell_texts([value])
    assert len(text) <= MAX_CELL
    text.encode()
    assert is_missing(value) in (True, False)
