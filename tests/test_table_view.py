"""Promises of `chatwidget.table_view`: any table of any library has a head and pages, and an order by each column."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget import table_sources
from chatwidget.cells import MAX_CELL, is_missing
from chatwidget.errors import RequestError
from chatwidget.table_view import FIRST_ROWS, MAX_COLUMNS, TableView, view_of
from tests.table_libraries import LIBRARIES, cells, column, make

HOSTILE = ["", "a", "__proto__", "<script>", "\u202eabc", "\ud83d", "x" * 1000, "a\nb"]


def view(value: Any) -> TableView:
    made = view_of(value)
    assert made is not None
    return made


def described(value: Any) -> Any:
    """The head of a table, once it has been JSON."""
    return json.loads(json.dumps(view(value).describe(), allow_nan=False).encode())


def ordered(value: Any, number: int, descending: bool = False) -> list[int]:
    return [int(row) for row in view(value).order(number, descending)]


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_table_is_its_columns_its_size_and_its_first_rows(library: str) -> None:
    noon = datetime.datetime(2024, 2, 1, 12)  # noqa: DTZ001 - a table may hold times without a zone
    table = make(
        library,
        {
            "n": [1, 2, 3],
            "x": [0.5, None, 1 / 3],
            "s": ["a", None, ""],
            "b": [True, False, True],
            "t": [noon, noon, None],
            "d": [Decimal("1.10"), Decimal("2.20"), None],
        },
    )
    head = described(table)
    assert (head["rows"], head["column_count"]) == (3, column(library, 6))
    kinds = [(one["name"], one["type"]) for one in head["columns"][column(library, 0) :]]
    assert kinds == [("n", "number"), ("x", "number"), ("s", "text"), ("b", "bool"), ("t", "time"), ("d", "number")]
    first, second, third = cells(library, head["page"])
    assert first == ["1", "0.5", "a", "True", "2024-02-01 12:00:00", "1.10"]
    assert third[:4] == ["3", "0.333333", "", "True"]
    assert (second[1], third[4]) == (("NaN", "NaT") if library == "pandas" else ("null", "null"))


def test_the_index_of_pandas_comes_first_with_all_its_levels() -> None:
    index = pandas.MultiIndex.from_product([["a", "b"], [1, 2]], names=["letter", None])
    head = described(pandas.DataFrame({"v": [1, 2, 3, 4]}, index=index))
    assert head["index"] is True
    assert [(one["name"], one.get("index", False)) for one in head["columns"]] == [
        ("letter", True), ("", True), ("v", False)
    ]  # fmt: skip
    assert head["page"][2] == ["b", "1", "3"]
    assert described(make("polars", {"a": [1]}))["index"] is False


def test_columns_of_several_levels_and_of_one_name_are_all_there() -> None:
    columns = pandas.MultiIndex.from_tuples([("a", "x"), ("a", "x"), ("b", None), (3, "z")])
    head = described(pandas.DataFrame([[1, 2, 3, 4]], columns=columns))
    assert [one["name"] for one in head["columns"]] == ["", "a / x", "a / x", "b", "3 / z"]
    assert head["page"] == [["0", "1", "2", "3", "4"]]


def test_a_series_and_an_array_are_tables_too() -> None:
    head = described(pandas.Series([1.5, 2.5], index=["a", "b"], name="size"))
    assert [one["name"] for one in head["columns"]] == ["", "size"]
    assert head["page"] == [["a", "1.5"], ["b", "2.5"]]
    head = described(numpy.array([[1, 2], [3, 4]]))
    assert ([one["name"] for one in head["columns"]], head["page"]) == (["0", "1"], [["1", "2"], ["3", "4"]])
    with pytest.warns(PendingDeprecationWarning):
        assert described(numpy.matrix("1 2; 3 4"))["page"] == [["1", "2"], ["3", "4"]]
    masked: Any = numpy.ma.array([[1, 2]], mask=[[False, True]])
    assert described(masked)["page"] == [["1", "None"]]
    assert described(numpy.array([["2024-01-01T05"]], dtype="datetime64[ns]"))["page"][0][0].startswith("2024-01-01T05")


@pytest.mark.parametrize(
    "value", [numpy.arange(3), numpy.zeros((2, 2, 2)), pandas.DataFrame, [[1, 2]], {"a": [1]}, None]
)
def test_other_things_are_no_tables(value: Any) -> None:
    assert view_of(value) is None


@pytest.mark.parametrize("rows", [0, 3])
@pytest.mark.parametrize("columns", [0, 2])
def test_a_table_may_be_empty_either_way(rows: int, columns: int) -> None:
    for table in (pandas.DataFrame(index=range(rows), columns=range(columns)), numpy.zeros((rows, columns))):
        head = described(table)
        assert (head["rows"], len(head["page"])) == (rows, rows)
        assert head["column_count"] == columns + (1 if isinstance(table, pandas.DataFrame) else 0)


@pytest.mark.parametrize("library", LIBRARIES)
def test_of_very_many_columns_a_hundred_are_shown_and_all_are_counted(library: str) -> None:
    head = described(make(library, {f"c{n}": [n] for n in range(5000)}))
    assert len(head["columns"]) == len(head["page"][0]) == MAX_COLUMNS
    assert head["column_count"] == column(library, 5000)


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_first_page_is_fifty_rows_and_of_bounded_size(library: str) -> None:
    table = make(library, {f"c{n}": ["é" * 500] * 60 for n in range(100)})
    head = described(table)
    assert len(head["page"]) == FIRST_ROWS
    assert len(json.dumps(head, ensure_ascii=False).encode()) < 500_000
    assert all(len(text) <= MAX_CELL for row in view(table).page(slice(0, 2)) for text in row)


def test_a_table_with_hostile_names_and_cells_is_plain_json() -> None:
    table = pandas.DataFrame([[name, [name] * 3] for name in HOSTILE], dtype=object)
    table.columns, table.index = pandas.Index(["__proto__", "x" * 1000]), pandas.Index(HOSTILE, dtype=object)
    head = described(table)
    assert [len(one["name"]) for one in head["columns"]] == [0, 9, MAX_CELL]
    assert head["page"][5][:2] == ["\ufffd", "\ufffd"]


class Broken:
    def __str__(self) -> str:
        raise ValueError("no")

    def __lt__(self, other: object) -> bool:
        raise SystemExit


def test_a_cell_that_cannot_be_read_or_compared_spoils_nothing() -> None:
    table = pandas.DataFrame({"a": [Broken(), Broken(), 1], "b": [3, 2, 1]})
    assert described(table)["page"] == [
        ["0", "<Broken that cannot be shown>", "3"], ["1", "<Broken that cannot be shown>", "2"], ["2", "1", "1"]
    ]  # fmt: skip
    assert ordered(table, 1) == [2, 0, 1]


def test_dates_without_a_time_are_dates_on_every_page() -> None:
    days = pandas.Series([*pandas.date_range("2024-01-01", periods=3), pandas.NaT])
    assert view(days).page(slice(0, 4)) == [["0", "2024-01-01"], ["1", "2024-01-02"], ["2", "2024-01-03"], ["3", "NaT"]]
    days[3] = pandas.Timestamp("2024-01-04 01:00")
    assert view(days).page(slice(0, 1)) == [["0", "2024-01-01 00:00:00"]], "as some other row has a time"
    zoned = pandas.Series(pandas.date_range("2024-01-01", periods=1, tz="Europe/Oslo"))
    assert view(zoned).page(slice(0, 1)) == [["0", "2024-01-01 00:00:00+01:00"]]
    by_day = pandas.DataFrame({"v": [1]}, index=pandas.date_range("2024-01-01", periods=1))
    assert view(by_day).page(slice(0, 1)) == [["2024-01-01", "1"]]


@pytest.mark.parametrize("library", [*LIBRARIES, "numpy"])
@pytest.mark.parametrize("descending", [False, True])
def test_an_order_is_stable_and_missing_values_come_last(library: str, descending: bool) -> None:
    values = [2.0, math.nan, 1.0, 2.0, math.nan, 1.0, 3.0]
    rows = ordered(make(library, {"v": values}), column(library, 0), descending)
    assert rows == ([6, 0, 3, 2, 5, 1, 4] if descending else [2, 5, 0, 3, 6, 1, 4])


@pytest.mark.parametrize("library", LIBRARIES)
def test_texts_times_and_truths_have_an_order(library: str) -> None:
    later, sooner = (datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) for year in (2025, 2024))
    table = make(library, {"s": ["b", None, "a"], "t": [later, None, sooner], "b": [True, None, False]})
    assert [ordered(table, column(library, number)) for number in range(3)] == [[2, 0, 1]] * 3


def test_categories_have_the_order_they_were_given_and_an_index_its_own() -> None:
    sizes = pandas.Categorical(["L", "S", None, "M"], categories=["S", "M", "L"], ordered=True)
    table = pandas.DataFrame({"size": sizes}, index=[4, 3, 2, 1])
    assert ordered(table, 1) == [1, 3, 0, 2]
    assert ordered(table, 0) == [3, 2, 1, 0]
    levels = pandas.DataFrame({"v": [1, 2]}, index=pandas.MultiIndex.from_tuples([("b", 1), ("a", 2)]))
    assert (ordered(levels, 0), ordered(levels, 1)) == ([1, 0], [0, 1])


MIXED: list[list[Any]] = [
    [3, "a", None, 1.5],
    [[2], [1, 2], {"a": 1}, None],
    [numpy.array([1, 2]), numpy.array([3]), None, 0],
    [Decimal("sNaN"), Decimal(2), Decimal(1), "x"],
    [datetime.date(2024, 1, 1), pandas.Timestamp("2024-01-01", tz="UTC"), None, 1],
    [1, 2 + 1j, None, 3],
]


@pytest.mark.parametrize("values", MIXED, ids=str)
@pytest.mark.parametrize("library", ["pandas", "objects"])
@pytest.mark.parametrize("descending", [False, True])
def test_what_cannot_be_compared_goes_by_its_texts(values: list[Any], library: str, descending: bool) -> None:
    table = pandas.DataFrame({"v": pandas.Series(values, dtype=object)})
    if library == "objects":
        table = numpy.empty((len(values), 1), dtype=object)
        table[:, 0] = values
    rows = ordered(table, column(library, 0), descending)
    assert sorted(rows) == [0, 1, 2, 3]
    assert not any(is_missing(values[row]) for row in rows[: sum(not is_missing(value) for value in values)])


@pytest.mark.parametrize("descending", [False, True])
def test_objects_that_can_be_compared_are(descending: bool) -> None:
    values = [10, None, 9, 10, math.nan, Decimal("9.5")]
    rows = ordered(numpy.array([[value] for value in values], dtype=object), 0, descending)
    assert rows == ([0, 3, 5, 2, 1, 4] if descending else [2, 5, 0, 3, 1, 4])


def test_a_column_that_its_library_cannot_read_spoils_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    read = table_sources._Pandas.values

    def values(self: Any, column: int, rows: Any) -> list[Any]:
        if column == 1:
            raise ValueError("no kernel for this type")
        return read(self, column, rows)

    monkeypatch.setattr(table_sources._Pandas, "values", values)
    head = described(pandas.DataFrame({"a": pandas.Series([1, "x"], dtype=object), "b": [3, 4]}))
    assert head["page"] == [["0", "<cannot be shown>", "3"], ["1", "<cannot be shown>", "4"]]
    assert [one["type"] for one in head["columns"]] == ["number", "other", "number"]


@pytest.mark.parametrize("library", ["polars", "pyarrow"])
def test_lists_and_structs_have_some_order(library: str) -> None:
    table = make(library, {"l": [[2], None, [1, 5]], "s": [{"a": 2}, {"a": 1}, None]})
    assert [one["type"] for one in described(table)["columns"]] == ["other", "other"]
    assert ordered(table, 0)[-1] == 1
    assert sorted(ordered(table, 1)) == [0, 1, 2]


def test_too_many_mixed_values_are_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatwidget.table_view.MOST_MIXED", 2)
    with pytest.raises(RequestError, match="3 of them are too many to sort"):
        ordered(pandas.Series([1, "a", None], dtype=object), 1)


def test_only_a_column_that_is_shown_can_be_sorted_by() -> None:
    for number in (2, -1, 10**9):
        with pytest.raises(RequestError, match="no column number"):
            ordered(pandas.Series([1]), number)


scalars = st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats() | st.text(max_size=5) | st.binary()


@given(st.lists(scalars | st.lists(scalars, max_size=3) | st.dates() | st.decimals(), max_size=20), st.booleans())
def test_any_column_of_objects_has_a_page_and_an_order(values: Sequence[Any], descending: bool) -> None:
    table = pandas.DataFrame({"v": pandas.Series(list(values), dtype=object)})
    described(table)
    assert sorted(ordered(table, 1, descending)) == list(range(len(values)))


@given(st.lists(st.none() | st.floats() | st.integers(-3, 3).map(float), max_size=20), st.booleans())
def test_every_library_orders_numbers_in_the_same_way(values: list[float | None], descending: bool) -> None:
    numbers = [math.nan if value is None else value for value in values]
    orders = [
        ordered(make(library, {"v": numpy.array(numbers, dtype=float)}), column(library, 0), descending)
        for library in [*LIBRARIES, "numpy"]
    ]
    assert all(order == orders[0] for order in orders)
