"""Objects that a chat shows a part of: the rest is asked for later, by an id, while the object is still there.

What code displays is turned into a bundle far from the chat it is displayed in; the chat is found through a context
variable, as the output of that code is (`capture.py`).
"""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from chatwidget.kept import GONE, Cell, Kept
from chatwidget.messages import new_id

MOST = 500
"""How many objects of one chat are known by their ids; the oldest are forgotten."""

_here: ContextVar[ShownObjects | None] = ContextVar("chatwidget_shown_objects", default=None)


class ShownObjects:
    """The objects one chat shows, by id. An object that is too large to be kept is found while somebody else has it."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[Cell, weakref.ref[Any] | None]] = OrderedDict()

    def add(self, value: Any) -> str:
        """Keep an object and return the id it can be asked for by."""
        name, cell = new_id(), self._kept.keep(value)
        with self._lock:
            self._known[name] = cell, _weak(value)
            if len(self._known) > MOST:
                self._known.popitem(last=False)
        return name

    def get(self, name: str) -> Any:
        """Return the object with this id, or GONE."""
        cell, weak = self._known.get(name, (None, None))
        if cell is not None and cell.value is not GONE:
            return cell.value
        value = None if weak is None else weak()
        return GONE if value is None else value

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Let what is shown inside this block, and in tasks and threads that it starts, belong to this chat."""
        token = _here.set(self)
        try:
            yield
        finally:
            _here.reset(token)


def show_more(value: Any) -> str | None:
    """Keep an object for the chat that the calling code displays in; None where there is no chat."""
    here = _here.get()
    return None if here is None else here.add(value)


def _weak(value: Any) -> weakref.ref[Any] | None:
    try:
        return weakref.ref(value)
    except TypeError:
        return None
