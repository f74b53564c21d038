"""Promises of `chatwidget.table_pages`: pages in any order, a search that ends, a table that may change meanwhile."""

from __future__ import annotations

from typing import Any

import numpy
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget.cells import cell_texts
from chatwidget.errors import RequestError
from chatwidget.kept import Kept
from chatwidget.shown_objects import ShownObjects
from chatwidget.table_pages import FIND_SECONDS, TablePages
from chatwidget.table_sources import _Pandas
from chatwidget.table_view import TableView
from tests.table_libraries import LIBRARIES, cells, column, make


class Shown:
    """One table as a page reads it; `clock` is what time it is, each look at it a tick later."""

    def __init__(self, value: Any, tick: float = 0.0) -> None:
        self.objects = ShownObjects(Kept())
        self.name = self.objects.add(value)
        self.now = 0.0
        self.tick = tick
        self.pages = TablePages(self.objects, self.clock)

    def clock(self) -> float:
        self.now += self.tick
        return self.now

    def rows(self, start: int = 0, count: int = 200, **how: Any) -> dict[str, Any]:
        return self.pages.rows(self.name, start, count, **how)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many cells were written at a time."""
    counts: list[int] = []

    def counted(values: list[Any], null: str) -> list[str]:
        counts.append(len(values))
        return cell_texts(values, null)

    monkeypatch.setattr("chatwidget.table_sources.cell_texts", counted)
    return counts


def test_whether_a_column_holds_days_is_found_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []
    are_midnights = _Pandas._are_midnights

    def counted(times: Any) -> bool:
        counts.append(len(times))
        return are_midnights(times)

    monkeypatch.setattr(_Pandas, "_are_midnights", staticmethod(counted))
    shown = Shown(pandas.DataFrame({"day": pandas.date_range("2024-01-01", periods=1000)}))
    pages = [shown.rows(start)["rows"] for start in (0, 200, 400)]
    assert [page[0][-1] for page in pages] == ["2024-01-01", "2024-07-19", "2025-02-04"]
    assert counts == [1000]


@pytest.mark.parametrize("library", [*LIBRARIES, "numpy"])
def test_a_page_is_the_rows_that_were_asked_for(library: str) -> None:
    shown = Shown(make(library, {"a": list(range(1000)), "b": list(range(1000, 2000))}))
    page = shown.rows(998, 200)
    assert (cells(library, page["rows"]), page["total"]) == ([["998", "1998"], ["999", "1999"]], 1000)
    assert shown.rows(5000, 10) == {"rows": [], "total": 1000}
    assert shown.rows(0, 0) == {"rows": [], "total": 1000}


@pytest.mark.parametrize("library", LIBRARIES)
def test_only_the_cells_of_the_page_are_written_in_a_table_of_five_million(library: str, read: list[int]) -> None:
    numbers = numpy.arange(100_000)
    shown = Shown(make(library, {f"c{n}": numbers + n for n in range(50)}))
    shown.rows(99_000, 200)
    shown.rows(0, 200, sort=(column(library, 3), True))
    assert max(read) == 200 and sum(read) == 2 * 200 * column(library, 50)


@pytest.mark.parametrize("library", LIBRARIES)
def test_pages_of_an_order_fit_together(library: str) -> None:
    values = [(7 * number) % 100 for number in range(300)]
    shown = Shown(make(library, {"v": values}))
    sort = (column(library, 0), True)
    pages = [shown.rows(start, 100, sort=sort)["rows"] for start in (0, 100, 200)]
    assert [int(row[-1]) for page in pages for row in page] == sorted(values, reverse=True)


def test_an_order_is_made_once_for_all_its_pages() -> None:
    shown = Shown(pandas.DataFrame({"v": [2, 1, 3]}))
    first = shown.rows(sort=(1, False))
    shown.objects.get(shown.name)["v"] = [3, 2, 1]
    assert (
        [row[0] for row in shown.rows(sort=(1, False))["rows"]] == [row[0] for row in first["rows"]] == ["1", "0", "2"]
    )


@pytest.mark.parametrize("library", LIBRARIES)
def test_find_gives_the_rows_that_hold_a_text_in_any_case_and_in_the_order(library: str) -> None:
    shown = Shown(make(library, {"s": ["Straße 1", "STRASSE 2", "weg", None], "n": [1.0, 2.0, 3.0, 2.25]}))
    page = shown.rows(find="strasse", sort=(column(library, 1), True))
    assert (cells(library, page["rows"]), page["total"]) == ([["STRASSE 2", "2.0"], ["Straße 1", "1.0"]], 2)
    assert shown.rows(find="STRAßE")["total"] == 2
    assert shown.rows(find="2.2")["total"] == 1, "what is shown is what is searched"
    assert shown.rows(1, 1, find="strasse")["rows"] == shown.rows(find="strasse")["rows"][1:]
    assert shown.rows(find="e 12") == {"rows": [], "total": 0}, "two cells are not one text"


def test_a_search_ends_after_two_seconds_says_so_and_goes_on_when_asked_again() -> None:
    shown = Shown(pandas.DataFrame({"v": range(2500)}), tick=FIND_SECONDS * 0.4)
    first = shown.rows(find="99")
    assert (first["searched"], first["total"]) == (1000, 19)
    assert shown.rows(find="99")["searched"] == 2000
    last = shown.rows(find="99")
    assert "searched" not in last and last["total"] == 43
    assert shown.rows(0, 200, find="99") == last


@pytest.mark.filterwarnings("ignore:The inplace keyword")
@pytest.mark.parametrize("how", [{}, {"sort": (1, True)}, {"find": "1"}, {"sort": (1, False), "find": "1"}], ids=str)
@pytest.mark.parametrize("rows", [[0], [3, 4], list(range(50, 1000))], ids=["fewer", "two", "from the middle"])
def test_a_table_that_has_other_rows_now_is_read_as_it_is_now(how: dict[str, Any], rows: list[int]) -> None:
    table = pandas.DataFrame({"v": range(1000)})
    shown = Shown(table)
    shown.rows(900, 50, **how)
    table.drop(index=[row for row in range(1000) if row not in rows], inplace=True)
    assert shown.rows(900, 50, **how)["total"] <= len(rows)
    assert len(shown.rows(0, 200, **how)["rows"]) == min(shown.rows(0, 200, **how)["total"], 200)


def test_a_column_that_is_not_there_any_more_is_refused() -> None:
    table = pandas.DataFrame({"a": [1], "b": [2]})
    shown = Shown(table)
    shown.rows(sort=(2, False))
    del table["b"]
    with pytest.raises(RequestError, match="no column number 2"):
        shown.rows(sort=(2, False))


@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_a_table_that_changes_while_it_is_read_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pandas.DataFrame({"v": range(10)})
    shown = Shown(table)
    order = TableView.order

    def order_and_change(view: TableView, *how: Any) -> Any:
        made = order(view, *how)
        table.drop(index=range(1, 10), inplace=True)
        return made

    monkeypatch.setattr(TableView, "order", order_and_change)
    with pytest.raises(RequestError, match=r"cannot be read now: IndexError\. Try again"):
        shown.rows(sort=(1, False))
    monkeypatch.undo()
    assert shown.rows(sort=(1, False))["rows"] == [["0", "0"]]


def test_a_table_that_is_gone_is_refused_in_a_sentence() -> None:
    shown = Shown(pandas.DataFrame({"v": range(3)}))
    shown.objects._kept.limit = 100
    shown.objects._kept.keep("x" * 50)
    for name in (shown.name, "0123456789abcdef", shown.objects.add("no table")):
        with pytest.raises(RequestError, match=r"not kept any more\. Run again"):
            shown.pages.rows(name, 0, 10)


def test_orders_are_kept_only_as_far_as_they_are_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatwidget.table_pages._KNOWN_ROWS", 250)
    shown = Shown(pandas.DataFrame({n: numpy.arange(100) for n in range(5)}))
    for number in range(1, 6):
        shown.rows(sort=(number, False))
    assert sum(len(order) for order in shown.pages._known.values()) <= 250
    shown.rows(find="1")
    assert len(shown.rows(sort=(1, True))["rows"]) == 100


tables = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["a", "B", "ab", ""])), max_size=30)


@given(tables, st.integers(0, 2), st.booleans(), st.sampled_from(["", "a", "b", "zz"]), st.integers(1, 7))
def test_the_pages_are_the_sorted_rows_that_hold_the_text(
    rows: list[tuple[int, str]], number: int, descending: bool, find: str, size: int
) -> None:
    shown = Shown(pandas.DataFrame(rows, columns=["n", "s"]))
    how: dict[str, Any] = {"sort": (number, descending), "find": find}
    total = shown.rows(**how)["total"]
    paged = [row for start in range(0, total, size) for row in shown.rows(start, size, **how)["rows"]]
    numbered = [(place, *row) for place, row in enumerate(rows)]
    expected = sorted(numbered, key=lambda row: row[number], reverse=descending)
    held = [list(map(str, row)) for row in expected if find in "\0".join(map(str, row)).lower()]
    assert paged == held
