"""JSON for pages that cannot hold every whole number: JavaScript rounds those beyond 2 ** 53."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chatwidget.plain import MAX_DEPTH, plain

MOST = 2**53 - 1
"""The largest whole number that JavaScript holds exactly, Number.MAX_SAFE_INTEGER."""

INDENT_LIMIT = 20_000
"""The most characters of a JSON text that is indented."""

JSON = "application/json"

EXACT = "application/vnd.chatwidget.json"
"""The MIME type, beside `JSON`, of the same data as JSON text: it is there where a page would lose digits."""


def is_exact(value: Any, depth: int = 0) -> bool:
    """Whether JavaScript can hold every whole number in a value."""
    if isinstance(value, int):
        return abs(value) <= MOST
    if depth > MAX_DEPTH or not isinstance(value, Mapping | list | tuple):
        return True
    items = value.values() if isinstance(value, Mapping) else value
    return all(is_exact(item, depth + 1) for item in items)


def readable(value: Any) -> str:
    """Return JSON text for somebody to read: indented, unless it is so long that nobody does.

    Indenting what is nested deeply makes it a hundred times as long.
    """
    text = json.dumps(value, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False, indent=2) if len(text) <= INDENT_LIMIT else text


def view_bundle(bundle: Mapping[str, Any]) -> dict[str, Any]:
    """Return a MIME bundle as a page is sent it."""
    if JSON not in bundle or is_exact(bundle[JSON]):
        return dict(bundle)
    return {**bundle, EXACT: readable(plain(bundle[JSON]))}
