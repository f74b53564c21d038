"""Any value as plain JSON data that every page can read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from chatwidget.messages import clean_text
from chatwidget.results import to_content

# Deeper than any argument that is accepted, see `partial_json.py`.
MAX_DEPTH = 250

# What a value that JSON cannot say may cost a page, in bytes.
TEXT_LIMIT = 64_000


def plain(value: Any, *, spend: Callable[[int], None] | None = None, depth: int = 0) -> Any:
    """Return a copy of a value as JSON that any page can read; what JSON cannot say becomes a text.

    `spend` is told roughly how many characters each value takes, before it is copied; what it raises ends the copy.
    """
    if spend is not None:
        spend(2 + (len(value) if isinstance(value, str) else 0))
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, int) and value.bit_length() < 1024:
        return int(value)
    if isinstance(value, float) and isfinite(value):
        return float(value)
    if depth < MAX_DEPTH and isinstance(value, Mapping):
        items = value.items()
        return {plain(str(key), spend=spend): plain(item, spend=spend, depth=depth + 1) for key, item in items}
    if depth < MAX_DEPTH and isinstance(value, list | tuple):
        return [plain(item, spend=spend, depth=depth + 1) for item in value]
    return plain(to_content(value, TEXT_LIMIT), spend=spend)
