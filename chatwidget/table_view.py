"""A table as a person looks at it: its columns, a page of its cells, an order, and the rows that hold a text.

Only what is asked for is written out: a page of a table costs the same, whatever its length.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from typing import Any

from chatwidget.cells import MAX_CELL, cell_texts, clip_cell, is_missing
from chatwidget.errors import RequestError
from chatwidget.table_sources import Source, source_of

MAX_COLUMNS = 100
"""How many columns a person is shown; the page says how many there are."""

FIRST_ROWS = 50
"""How many rows come with a table at once."""

MOST_MIXED = 500_000
"""The most values that are put in order one by one, where their library cannot."""

_PAGE_CHARACTERS = 400_000
_FIRST_CHARACTERS = 150_000  # in a bundle, which has other forms too
_UNREADABLE = "<cannot be shown>"
_KINDS = {
    r"bool": "bool",
    r"u?int\d|float|double|halffloat|decimal|complex": "number",
    r"date|time|duration|period": "time",
    r"str(?!uct)|large_string|utf8|enum|<U": "text",
}
_KINDS_BY_TYPE = {
    "bool": "bool",
    **dict.fromkeys(("int", "float", "complex", "Decimal"), "number"),
    **dict.fromkeys(("date", "datetime", "time", "timedelta", "Timestamp", "Timedelta", "Period"), "time"),
    "str": "text",
}


class TableView:
    """What can be seen of one table; `source` reads it as it is now."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @property
    def columns(self) -> range:
        """The columns that are shown, by their numbers."""
        return range(min(self.source.width, MAX_COLUMNS))

    def describe(self) -> dict[str, Any]:
        """Return the table's head and first page as JSON data (`docs/sync.md`)."""
        source, rows = self.source, self.source.rows
        columns = [
            {"name": _name(source.label(number)), "type": self._kind(number)}
            | ({"index": True} if number < source.index else {})
            for number in self.columns
        ]
        page = self.page(slice(0, min(rows, FIRST_ROWS)), _FIRST_CHARACTERS)
        return {
            "columns": columns,
            "column_count": source.width,
            "rows": rows,
            "index": source.index > 0,
            "page": page,
        }

    def page(self, rows: slice | list[int], characters: int = _PAGE_CHARACTERS) -> list[list[str]]:
        """Return the texts of some rows, each cell of at most 200 characters, fewer where they are more than enough."""
        count = rows.stop - rows.start if isinstance(rows, slice) else len(rows)
        if not count or not self.columns:
            return [[] for _ in range(count)]
        page = [list(row) for row in zip(*self.texts(rows), strict=True)]
        room = max(characters // (count * len(self.columns)), 10)
        if room < MAX_CELL and sum(len(text) for row in page for text in row) > characters:
            return [[clip_cell(text, room) for text in row] for row in page]
        return page

    def texts(self, rows: slice | list[int]) -> list[list[str]]:
        """Return the texts of some rows, column by column; one that its library cannot read does not spoil the others.

        Raises anything for rows that are not there any more.
        """
        return [self._texts(column, rows) for column in self.columns]

    def _texts(self, column: int, rows: slice | list[int]) -> list[str]:
        try:
            return self.source.texts(column, rows)
        except Exception:  # of another library
            last, count = (rows.stop - 1, rows.stop - rows.start) if isinstance(rows, slice) else (max(rows), len(rows))
            if last >= self.source.rows:
                raise
            return [_UNREADABLE] * count

    def order(self, column: int, descending: bool) -> Sequence[int]:
        """Return the rows in the order of a column: a stable one, with missing values last.

        Values that cannot be compared go by their texts. Raises RequestError for a column that is not shown, and for
        more of such values than can be compared in reasonable time.
        """
        if column not in self.columns:
            raise RequestError(f"This table has no column number {column}.")
        try:
            positions = self.source.order(column, descending)
        except BaseException:  # what cannot be compared, and some libraries end in a panic that is no Exception
            if self.source.rows > MOST_MIXED:
                raise RequestError(
                    f"This column has mixed values, and {self.source.rows:,} of them are too many to sort. "
                    "Sort them in Python."
                ) from None
            positions = _one_by_one(self.source.values(column, slice(0, self.source.rows)), descending)
        return array("q", positions) if isinstance(positions, list) else positions

    def _kind(self, column: int) -> str:
        dtype = self.source.dtype(column)
        known = next((kind for pattern, kind in _KINDS.items() if re.match(pattern, dtype, re.IGNORECASE)), None)
        if known is not None:
            return known
        try:
            values = self.source.values(column, slice(0, min(self.source.rows, FIRST_ROWS)))
        except Exception:  # of another library
            values = []
        kinds = {_KINDS_BY_TYPE.get(type(value).__name__, "other") for value in values if not is_missing(value)}
        return kinds.pop() if len(kinds) == 1 else "other"


def view_of(value: Any) -> TableView | None:
    """Return the view of a DataFrame or Series (pandas, polars), an arrow table or a NumPy array of two dimensions.

    None for anything else.
    """
    source = source_of(value)
    return None if source is None else TableView(source)


def _name(label: Any) -> str:
    if isinstance(label, tuple):
        return clip_cell(" / ".join(cell_texts(level for level in label if not is_missing(level))))
    return cell_texts([label], "")[0]


def _one_by_one(values: list[Any], descending: bool) -> list[int]:
    present = [number for number, value in enumerate(values) if not is_missing(value)]
    missing = [number for number, value in enumerate(values) if is_missing(value)]
    try:
        ordered = sorted(present, key=values.__getitem__, reverse=descending)
    except BaseException:  # of anybody's `__lt__`
        texts = cell_texts(values)
        ordered = sorted(present, key=texts.__getitem__, reverse=descending)
    return ordered + missing
