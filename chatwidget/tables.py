"""Tables and arrays as a model reads them: their shape, their head and their tail."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from chatwidget._foreign import is_a

MAX_ROWS = 60
"""The rows of a table that are written out: more lose their middle."""

MAX_COLUMNS = 30
MAX_CELL = 100
MAX_ITEMS = 1000
_EDGE = 5


def text_of_table(value: Any) -> str | None:
    """Return the text of a DataFrame or Series (pandas, polars), an arrow table or a NumPy array; None for others.

    It begins with a line that says the shape. Raises what the library raises.
    """
    if is_a(value, "pandas", "DataFrame"):
        text = value.to_string(max_rows=MAX_ROWS, min_rows=MAX_ROWS, max_cols=MAX_COLUMNS, max_colwidth=MAX_CELL)
        return f"{_shape(*value.shape)}\n{text}"
    if is_a(value, "pandas", "Series"):
        text = value.to_string(max_rows=MAX_ROWS, min_rows=MAX_ROWS, dtype=True, name=True)
        return f"{len(value):,} values\n{text}"
    if is_a(value, "polars", "DataFrame"):
        return f"{_shape(*value.shape)}\n{_polars_text(value)}"
    if is_a(value, "polars", "Series"):
        return f"{len(value):,} values\n{_polars_text(value.to_frame())}"
    if is_a(value, "pyarrow", "Table") or is_a(value, "pyarrow", "RecordBatch"):
        return f"{_shape(value.num_rows, value.num_columns)}\n{_arrow_text(value)}"
    if is_a(value, "numpy", "ndarray"):
        return _array_text(value)
    return None


def _shape(rows: int, columns: int) -> str:
    return f"{rows:,} row{'s' * (rows != 1)} × {columns:,} column{'s' * (columns != 1)}"


def _polars_text(frame: Any) -> str:
    # Not `str(frame)`: what that writes is set for the whole process.
    seen = frame[:, :MAX_COLUMNS]
    head = [f"{name} ({kind})" for name, kind in seen.schema.items()]
    return _lines(head, frame.height, frame.width, lambda start, count: seen[start : start + count].rows())


def _arrow_text(table: Any) -> str:
    head = [f"{field.name} ({field.type})" for field in list(table.schema)[:MAX_COLUMNS]]

    def rows(start: int, count: int) -> list[Any]:
        columns = (column[start : start + count].to_pylist() for column in table.columns[:MAX_COLUMNS])
        return list(zip(*columns, strict=True))

    return _lines(head, table.num_rows, table.num_columns, rows)


def _lines(head: list[str], rows: int, columns: int, read: Callable[[int, int], list[Any]]) -> str:
    half = MAX_ROWS // 2
    body = read(0, rows) if rows <= MAX_ROWS else [*read(0, half), ["…"] * len(head), *read(rows - half, half)]
    more = f" | … {columns - MAX_COLUMNS:,} more columns" if columns > MAX_COLUMNS else ""
    return "\n".join(" | ".join(map(_cell, row)) + more for row in [head, *body])


def _cell(value: object) -> str:
    text = str(value)
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…"


def _array_text(array: Any) -> str:
    numpy = sys.modules["numpy"]
    values = numpy.array2string(array, max_line_width=120, threshold=MAX_ITEMS, edgeitems=_EDGE)
    return f"array of shape {array.shape}, dtype {array.dtype}\n{values}"
