"""One table in each library that a chat can show tables of; those that are not installed are skipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy
import pandas
import pytest

LIBRARIES = ("pandas", "polars", "pyarrow")


def make(library: str, columns: Mapping[str, Sequence[Any] | numpy.ndarray[Any, Any]]) -> Any:
    """Make a table of columns, without an index to look at."""
    if library == "pandas":
        return pandas.DataFrame(columns)
    if library == "polars":
        return pytest.importorskip("polars").DataFrame(columns, strict=False)
    if library == "pyarrow":
        return pytest.importorskip("pyarrow").table(dict(columns))
    return numpy.array(list(columns.values()), dtype=object if library == "objects" else None).T


def cells(library: str, page: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the cells of a page without those of the index, which pandas always has."""
    return [list(row[1:] if library == "pandas" else row) for row in page]


def column(library: str, number: int) -> int:
    """Return what number a column has on the page."""
    return number + (library == "pandas")
