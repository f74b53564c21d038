"""Printing values in full."""

from __future__ import annotations

from pprint import pprint
from typing import Any


def pprint_color(obj: Any) -> Any:
    """Print a value, laid out, and return it."""
    pprint(obj)  # noqa: T203 - printing is what it is for
    return obj
