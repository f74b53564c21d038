"""The Python objects that tools returned, for as long as they are small enough to keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chatwidget.errors import ToolError
from chatwidget.kept import GONE, KEPT_BYTES, Cell, Kept
from chatwidget.shown_objects import ShownObjects
from chatwidget.table_pages import TablePages


@dataclass(slots=True)
class CallRecord:
    """One tool call that ran: the tool's name, the arguments it was called with, and what it returned or raised."""

    id: str
    name: str
    arguments: Mapping[str, Any]
    error: BaseException | None = None
    _cell: Cell | None = field(default=None, repr=False)

    @property
    def result(self) -> Any:
        """The very object the tool returned.

        Raises what the tool raised, and `ToolError` when there is none (yet), or it was too large to keep.
        """
        if self.error is not None:
            raise self.error
        if self._cell is None:
            raise ToolError(f"{self.name} has no result: it is still running, or was stopped.")
        if self._cell.value is not GONE:
            return self._cell.value
        raise ToolError(
            f"The result of {self.name} is not kept: it has about {self._cell.bytes:,} bytes, and a chat keeps "
            f"{KEPT_BYTES:,} in all. Raise `chat.calls.limit`, or store it in the tool."
        )


class Calls(Mapping[str, CallRecord]):
    """The calls of a chat by id, oldest first: `chat.calls[id].result`. `limit` is how many bytes of results are kept.

    Sizes are estimates, see `Kept`. `shown` are the objects that can be looked at further, and count as results do;
    `tables` reads those that are tables.
    """

    def __init__(self, limit: int = KEPT_BYTES) -> None:
        self._kept = Kept(limit)
        self._calls: dict[str, CallRecord] = {}
        self.shown = ShownObjects(self._kept)
        self.tables = TablePages(self.shown)

    @property
    def limit(self) -> int:
        """How many bytes the results of this chat may hold together."""
        return self._kept.limit

    @limit.setter
    def limit(self, limit: int) -> None:
        self._kept.limit = limit

    def begin(self, call_id: str, name: str, arguments: Mapping[str, Any]) -> CallRecord:
        """Note a call that begins."""
        record = self._calls[call_id] = CallRecord(call_id, name, arguments)
        return record

    def keep(self, record: CallRecord, result: Any) -> None:
        """Keep a result, and let go of the oldest ones where it becomes too much."""
        record._cell = self._kept.keep(result)

    def __getitem__(self, call_id: str) -> CallRecord:
        return self._calls[call_id]

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._calls))

    def __len__(self) -> int:
        return len(self._calls)
