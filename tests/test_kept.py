"""What a chat keeps: as much as there is room for, each object once, the newest last to go."""

from __future__ import annotations

import threading
from typing import Any

import pandas
import pytest

from chatwidget.calls import Calls
from chatwidget.errors import ToolError
from chatwidget.kept import GONE, Kept, size_of
from chatwidget.messages import FilePart
from chatwidget.shown_objects import MOST, ShownObjects, show_more


class Sized:
    """An object of 10 bytes."""

    nbytes = 10


def test_the_oldest_objects_give_way() -> None:
    kept = Kept(limit=30)
    cells = [kept.keep(Sized()) for _ in range(5)]
    assert [cell.value is GONE for cell in cells] == [True, True, False, False, False]


def test_an_object_kept_twice_counts_once_and_is_the_newest() -> None:
    kept = Kept(limit=20)
    one = Sized()
    first, other = kept.keep(one), kept.keep(Sized())
    assert kept.keep(one) is first
    kept.keep(Sized())
    assert (first.value is one, other.value is GONE) == (True, True)


def test_an_object_that_has_grown_is_measured_anew() -> None:
    kept = Kept(limit=10_000)
    grown = list[str]()
    kept.keep(grown)
    grown.append("x" * 20_000)
    assert kept.keep(grown).value is GONE


def test_too_large_an_object_displaces_nothing() -> None:
    kept = Kept(limit=10)
    small = kept.keep(Sized())
    assert kept.keep("x" * 100).value is GONE
    assert small.value is not GONE


def test_many_threads_may_keep_at_once() -> None:
    kept = Kept(limit=200)
    cells: list[Any] = []
    threads = [threading.Thread(target=lambda: cells.extend(kept.keep(Sized()) for _ in range(200))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(cell.value is not GONE for cell in cells) == 20


@pytest.mark.parametrize("library", ["polars", "pyarrow", "pandas"])
def test_the_size_of_a_table_is_known(library: str) -> None:
    columns = {"a": list(range(10_000))}
    module = pytest.importorskip(library)
    table = module.table(columns) if library == "pyarrow" else module.DataFrame(columns)
    assert 80_000 <= size_of(table) <= 100_000


def test_a_file_counts_its_text() -> None:
    assert size_of(FilePart("a", data="x" * 5000)) > 5000


def test_a_result_and_what_is_shown_of_it_share_one_room() -> None:
    calls = Calls(limit=25)
    record, value = calls.begin("c", "tool", {}), Sized()
    calls.keep(record, value)
    shown = calls.shown.add(value)
    other = calls.shown.add(Sized())
    assert record.result is value and calls.shown.get(shown) is value and calls.shown.get(other) is not GONE
    calls.limit = 10
    calls.shown.add(Sized())
    assert calls.shown.get(other) is GONE
    with pytest.raises(ToolError, match=r"about 10 bytes.*chat\.calls\.limit"):
        _ = record.result


def test_what_is_too_large_to_keep_is_found_while_somebody_else_has_it() -> None:
    shown = ShownObjects(Kept(limit=10))
    table = pandas.DataFrame({"a": range(1000)})
    name = shown.add(table)
    assert shown.get(name) is table
    del table
    assert shown.get(name) is GONE


def test_objects_belong_to_the_chat_whose_code_shows_them() -> None:
    mine, yours = ShownObjects(Kept()), ShownObjects(Kept())
    with mine.collecting():
        name = show_more([1])
        with yours.collecting():
            other = show_more([2])
    assert name is not None and other is not None
    assert (mine.get(name), yours.get(other), mine.get(other), yours.get(name)) == ([1], [2], GONE, GONE)
    assert show_more([3]) is None


def test_only_so_many_are_known_by_their_ids() -> None:
    shown = ShownObjects(Kept())
    first = shown.add(1)
    for number in range(MOST):
        shown.add(number)
    assert shown.get(first) is GONE
