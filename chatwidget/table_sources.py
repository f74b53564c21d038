"""Tables of any library, read in one way: how many rows and columns, what is in some rows of a column, in what order.

Nothing is copied but what is asked for, and no library is imported. All of it runs the library's code and raises what
that raises; what is changed meanwhile on another thread may raise anything.
"""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from chatwidget._foreign import is_a
from chatwidget.cells import cell_texts

Rows = slice | list[int]
"""Which rows: a slice with both ends, or positions."""


class Source(ABC):
    """A table. The first `index` of its `width` columns are names of rows; `null` is what None is called there."""

    null = "None"
    index = 0

    def __init__(self, value: Any) -> None:
        self._value = value
        self.known: dict[Any, Any] = {}
        """What it took all rows to find out; who reads the table again may put it back."""

    @property
    @abstractmethod
    def rows(self) -> int:
        """How many rows there are now."""

    @property
    @abstractmethod
    def width(self) -> int:
        """How many columns there are now, those of the index included."""

    @abstractmethod
    def label(self, column: int) -> Any:
        """Return what a column is called, as its library has it."""

    @abstractmethod
    def dtype(self, column: int) -> str:
        """Return what a column holds, in the words of its library."""

    @abstractmethod
    def values(self, column: int, rows: Rows) -> list[Any]:
        """Return the values of a column as Python objects."""

    @abstractmethod
    def order(self, column: int, descending: bool) -> Sequence[int]:
        """Return the rows in the order of a column, a stable one, with missing values last.

        Raises anything for values that the library cannot compare.
        """

    def texts(self, column: int, rows: Rows) -> list[str]:
        """Return the texts of a column's cells."""
        return cell_texts(self.values(column, rows), self.null)


class _Pandas(Source):
    """A DataFrame or Series of pandas."""

    def __init__(self, value: Any) -> None:
        super().__init__(value)
        self.index = value.index.nlevels

    @property
    def rows(self) -> int:
        return len(self._value)

    @property
    def width(self) -> int:
        return self.index + (self._value.shape[1] if self._value.ndim == 2 else 1)

    def label(self, column: int) -> Any:
        if column < self.index:
            return self._value.index.names[column]
        return self._value.columns[column - self.index] if self._value.ndim == 2 else self._value.name

    def dtype(self, column: int) -> str:
        return str(self._pick(column, slice(0, 0)).dtype)

    def values(self, column: int, rows: Rows) -> list[Any]:
        values: list[Any] = self._pick(column, rows).tolist()
        return values

    def texts(self, column: int, rows: Rows) -> list[str]:
        texts = super().texts(column, rows)
        return [text[:10] for text in texts] if self._holds_days(column) else texts

    def order(self, column: int, descending: bool) -> Sequence[int]:
        series = self._pick(column, slice(0, self.rows))
        if column < self.index:
            series = series.to_series()
        ordered = series.reset_index(drop=True).sort_values(ascending=not descending, kind="stable", na_position="last")
        positions: Sequence[int] = ordered.index.to_numpy()
        return positions

    def _pick(self, column: int, rows: Rows) -> Any:
        if column < self.index:
            index = self._value.index
            part = index[rows] if isinstance(rows, slice) else index.take(rows)
            return part.get_level_values(column)
        series = self._value.iloc[:, column - self.index] if self._value.ndim == 2 else self._value
        return series.iloc[rows]

    def _holds_days(self, column: int) -> bool:
        """Whether a column of times has midnights only, in which case a notebook shows the dates."""
        if column not in self.known:
            kind = self.dtype(column)
            is_time = kind.startswith("datetime64") and "," not in kind  # no midnight of a time zone
            self.known[column] = is_time and self._are_midnights(self._pick(column, slice(0, self.rows)))
        holds: bool = self.known[column]
        return holds

    @staticmethod
    def _are_midnights(times: Any) -> bool:
        midnights = getattr(times, "dt", times).normalize()
        return bool(((midnights == times) | times.isna()).all())


class _Polars(Source):
    """A DataFrame or Series of polars."""

    null = "null"

    def __init__(self, value: Any) -> None:
        super().__init__(value.to_frame() if is_a(value, "polars", "Series") else value)

    @property
    def rows(self) -> int:
        height: int = self._value.height
        return height

    @property
    def width(self) -> int:
        width: int = self._value.width
        return width

    def label(self, column: int) -> Any:
        return self._value.columns[column]

    def dtype(self, column: int) -> str:
        return str(self._value.dtypes[column])

    def values(self, column: int, rows: Rows) -> list[Any]:
        series = self._value.to_series(column)
        values: list[Any] = (series[rows] if isinstance(rows, slice) else series.gather(rows)).to_list()
        return values

    def order(self, column: int, descending: bool) -> Sequence[int]:
        series = self._value.to_series(column).alias("value")
        if self.dtype(column).startswith("Float"):
            series = series.fill_nan(None)
        numbered = series.to_frame().with_row_index("row")
        ordered = numbered.sort("value", descending=descending, nulls_last=True, maintain_order=True)
        positions: list[int] = ordered["row"].to_list()
        return positions


class _Arrow(Source):
    """A Table or RecordBatch of pyarrow."""

    null = "null"

    @property
    def rows(self) -> int:
        rows: int = self._value.num_rows
        return rows

    @property
    def width(self) -> int:
        width: int = self._value.num_columns
        return width

    def label(self, column: int) -> Any:
        return self._value.schema.field(column).name

    def dtype(self, column: int) -> str:
        return str(self._value.schema.field(column).type)

    def values(self, column: int, rows: Rows) -> list[Any]:
        array = self._value.column(column)
        values: list[Any] = (array[rows] if isinstance(rows, slice) else array.take(rows)).to_pylist()
        return values

    def order(self, column: int, descending: bool) -> Sequence[int]:
        arrow = sys.modules["pyarrow"]
        columns = [self._value.column(column), arrow.array(range(self.rows))]
        table = arrow.table(columns, names=["value", "row"])
        positions: list[int] = table.sort_by([("value", "descending" if descending else "ascending")])[
            "row"
        ].to_pylist()
        return positions


class _Numpy(Source):
    """A NumPy array of two dimensions; its columns are called by their numbers."""

    def __init__(self, value: Any) -> None:
        is_matrix = is_a(value, "numpy", "matrix")  # whose columns are matrices again
        super().__init__(value.A if is_matrix else value)

    @property
    def rows(self) -> int:
        return len(self._value)

    @property
    def width(self) -> int:
        width: int = self._value.shape[1]
        return width

    def label(self, column: int) -> Any:
        return column

    def dtype(self, column: int) -> str:
        return str(self._value.dtype)

    def values(self, column: int, rows: Rows) -> list[Any]:
        part = self._value[rows, column]
        if part.dtype.kind in "mM":  # nanoseconds are no time of Python's, but a number
            part = part.astype(str)
        values: list[Any] = part.tolist()
        return values

    def order(self, column: int, descending: bool) -> Sequence[int]:
        numpy = sys.modules["numpy"]
        part = self._value[:, column]
        if part.dtype.kind == "O" or is_a(part, "numpy.ma", "MaskedArray"):
            raise TypeError("no order of its own")
        missing = part != part
        present = numpy.flatnonzero(~missing)
        if descending:  # equal ones stay as they are, so all is turned round twice
            present = present[::-1][part[present][::-1].argsort(kind="stable")][::-1]
        else:
            present = present[part[present].argsort(kind="stable")]
        positions: Sequence[int] = numpy.concatenate([present, numpy.flatnonzero(missing)])
        return positions


def source_of(value: Any) -> Source | None:
    """Return how to read a table; None for what is none."""
    if is_a(value, "pandas", "DataFrame") or is_a(value, "pandas", "Series"):
        return _Pandas(value)
    if is_a(value, "polars", "DataFrame") or is_a(value, "polars", "Series"):
        return _Polars(value)
    if is_a(value, "pyarrow", "Table") or is_a(value, "pyarrow", "RecordBatch"):
        return _Arrow(value)
    if is_a(value, "numpy", "ndarray") and value.ndim == 2:
        return _Numpy(value)
    return None
