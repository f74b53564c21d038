"""Pages of the tables that a chat shows: in any order, and of the rows that hold a text."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from chatwidget.errors import RequestError
from chatwidget.kept import GONE
from chatwidget.shown_objects import ShownObjects
from chatwidget.table_view import TableView, view_of

FIND_SECONDS = 2.0
"""How long one request may search; the next one for the same goes on where it stopped."""

_KNOWN = 16
_KNOWN_ROWS = 4_000_000
_CHUNK = 500

Order = tuple[int, bool]
"""The number of a column, and whether it goes down."""


class TablePages:
    """Reads the tables among the objects a chat shows. An order and a search are kept, so that pages of them are cheap.

    All of it blocks, so call it off the event loop. `clock` counts seconds.
    """

    def __init__(self, shown: ShownObjects, clock: Callable[[], float] = time.monotonic) -> None:
        self._shown = shown
        self._clock = clock
        self._known: OrderedDict[Any, Any] = OrderedDict()
        self._lock = threading.Lock()

    def rows(self, table: str, start: int, count: int, sort: Order | None = None, find: str = "") -> dict[str, Any]:
        """Return `count` rows from number `start` of those that hold the text `find`, and how many there are.

        With `searched` when there was no time for all rows: so many of them were. Raises RequestError for a table that
        is not there any more, or cannot be read.
        """
        value = self._shown.get(table)
        view = None if value is GONE else view_of(value)
        if view is None:
            raise RequestError(
                "This table is not kept any more. Run again what made it, or raise `chat.calls.limit` to keep more."
            )
        try:
            return self._rows(view, table, slice(start, start + count), sort, find.casefold())
        except RequestError:
            raise
        except BaseException as error:  # of anybody's table, which may be changed while it is read
            raise RequestError(f"This table cannot be read now: {type(error).__name__}. Try again.") from error

    def _rows(self, view: TableView, table: str, wanted: slice, sort: Order | None, find: str) -> dict[str, Any]:
        shape = view.source.rows, view.source.width
        view.source.known = self._once((table, shape), dict)
        order = self._once((table, shape, sort), lambda: _order(view, sort))
        found = order
        more = {}
        if find:
            search: _Search = self._once((table, shape, sort, find), lambda: _Search(order, find))
            search.go_on(view, self._clock)
            found = search.found
            more = {} if search.is_over else {"searched": search.searched}
        rows = found[wanted]
        page = view.page(slice(rows.start, rows.stop) if isinstance(rows, range) else [int(row) for row in rows])
        return {"rows": page, "total": len(found), **more}

    def _once(self, key: Any, make: Callable[[], Any]) -> Any:
        made = self._known.get(key)
        if made is None:
            made = make()  # twice, where two pages ask for it at the same time
        with self._lock:
            made = self._known.setdefault(key, made)
            self._known.move_to_end(key)
            excess = sum(map(_size, self._known.values())) - _KNOWN_ROWS
            while len(self._known) > _KNOWN or (excess > 0 and len(self._known) > 1):
                _, oldest = self._known.popitem(last=False)
                excess -= _size(oldest)
        return made


class _Search:
    """The rows of an order that hold a text, as far as they were searched."""

    def __init__(self, order: Sequence[int], text: str) -> None:
        self.found: list[int] = []
        self.searched = 0
        self.order = order
        self._text = text
        self._lock = threading.Lock()

    @property
    def is_over(self) -> bool:
        return self.searched >= len(self.order)

    def go_on(self, view: TableView, clock: Callable[[], float]) -> None:
        """Search on, for two seconds at most."""
        with self._lock:
            end = clock() + FIND_SECONDS
            while not self.is_over and clock() < end:
                rows = self.order[self.searched : self.searched + _CHUNK]
                numbers = [int(row) for row in rows]
                columns = view.texts(slice(rows.start, rows.stop) if isinstance(rows, range) else numbers)
                for number, cells in zip(numbers, zip(*columns, strict=True), strict=False):
                    # What lies between two cells is in no text a person looks for.
                    if self._text in "\0".join(cells).casefold():
                        self.found.append(number)
                self.searched += len(rows)


def _size(known: Any) -> int:
    """Return how many numbers of rows something holds; those of a range take no room."""
    if isinstance(known, _Search):
        return len(known.found) + _size(known.order)
    return 0 if isinstance(known, range) else len(known)


def _order(view: TableView, sort: Order | None) -> Sequence[int]:
    return range(view.source.rows) if sort is None else view.order(*sort)
