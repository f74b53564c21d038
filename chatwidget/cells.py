"""The cells of a table as short texts, whatever they hold: what is missing is called what its library calls it."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable
from typing import Any

from chatwidget.messages import clean_text

MAX_CELL = 200
"""The longest text of a cell, in characters."""

_ROUND = 12  # what is written with more characters than these is rounded, as a notebook would
_LONG = 10**30  # digits beyond a few thousand are more than Python writes
_CONTAINERS = (list, tuple, dict, set, frozenset, bytes, bytearray, memoryview)

_short = reprlib.Repr()
_short.maxlevel = 4
_short.maxlist = _short.maxtuple = _short.maxset = _short.maxfrozenset = _short.maxdict = 20
_short.maxstring = _short.maxother = _short.maxlong = MAX_CELL


def cell_texts(values: Iterable[Any], null: str = "None") -> list[str]:
    """Return the texts of cells, each of at most 200 characters; `null` is what None is called. It never raises."""
    return [null if value is None else _WRITERS.get(type(value), _text)(value) for value in values]


def clip_cell(text: str, limit: int = MAX_CELL) -> str:
    """Cut a text to what a cell shows; the cut is marked by an ellipsis."""
    return clean_text(text if len(text) <= limit else text[: limit - 1] + "…")


def is_missing(value: Any) -> bool:
    """Whether a cell holds nothing: None, NaN, and what pandas has for it."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    if isinstance(value, float):
        return value != value
    is_nan = getattr(value, "is_nan", None) if type(value).__name__ == "Decimal" else None
    return is_nan is not None and bool(is_nan())


def _float(value: float) -> str:
    text = repr(value)
    if len(text) <= _ROUND:
        return "NaN" if text == "nan" else text
    if not 1 <= abs(value) < 1e15:
        return f"{value:.6g}"
    whole, point, rest = f"{value:.6f}".partition(".")
    return whole + point + (rest.rstrip("0") or "0")


def _int(value: int) -> str:
    return str(value) if -_LONG < value < _LONG else _text(value)


def _text(value: Any) -> str:
    """Write anything else; a large container as far as it can be seen."""
    try:
        if isinstance(value, float):  # one of NumPy
            return _float(float(value))
        if type(value).__name__ == "ndarray" and value.ndim == 1:
            value = value[: _short.maxlist + 1].tolist()
        return clip_cell(_short.repr(value) if isinstance(value, _CONTAINERS) else str(value))
    except BaseException:  # of anybody's code, and a SystemExit in a repr must not end the thread
        return f"<{type(value).__name__:.100} that cannot be shown>"


_WRITERS: dict[type, Any] = {str: clip_cell, float: _float, int: _int, bool: str}
