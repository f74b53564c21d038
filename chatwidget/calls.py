"""The Python objects that tools returned, for as long as they are small enough to keep."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chatwidget.errors import ToolError

KEPT_BYTES = 64 * 1024 * 1024
"""How much the results of one chat may hold together; the oldest give way."""

_SAMPLE = 1000
_MISSING: Any = object()


@dataclass(slots=True)
class CallRecord:
    """One tool call that ran: the tool's name, the arguments it was called with, and what it returned or raised."""

    id: str
    name: str
    arguments: Mapping[str, Any]
    error: BaseException | None = None
    _result: Any = field(default=_MISSING, repr=False)
    _bytes: int = field(default=0, repr=False)

    @property
    def result(self) -> Any:
        """The very object the tool returned.

        Raises what the tool raised, and `ToolError` when there is none (yet), or it was too large to keep.
        """
        if self.error is not None:
            raise self.error
        if self._result is not _MISSING:
            return self._result
        if self._bytes:
            raise ToolError(
                f"The result of {self.name} is not kept: it has about {self._bytes:,} bytes, and a chat keeps "
                f"{KEPT_BYTES:,} in all. Raise `chat.calls.limit`, or store it in the tool."
            )
        raise ToolError(f"{self.name} has no result: it is still running, or was stopped.")


class Calls(Mapping[str, CallRecord]):
    """The calls of a chat by id, oldest first: `chat.calls[id].result`. `limit` is how many bytes of results are kept.

    Sizes are estimates: exact for texts, bytes and whatever tells its `nbytes`, from a sample for containers.
    """

    def __init__(self, limit: int = KEPT_BYTES) -> None:
        self.limit = limit
        self._calls: dict[str, CallRecord] = {}

    def begin(self, call_id: str, name: str, arguments: Mapping[str, Any]) -> CallRecord:
        """Note a call that begins."""
        record = self._calls[call_id] = CallRecord(call_id, name, arguments)
        return record

    def keep(self, record: CallRecord, result: Any) -> None:
        """Keep a result, and let go of the oldest ones where it becomes too much."""
        record._bytes = size_of(result)
        if record._bytes <= self.limit:
            record._result = result
        held = [one for one in self._calls.values() if one._result is not _MISSING]
        excess = sum(one._bytes for one in held) - self.limit
        for one in held:
            if excess <= 0:
                break
            excess -= one._bytes
            one._result = _MISSING

    def __getitem__(self, call_id: str) -> CallRecord:
        return self._calls[call_id]

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._calls))

    def __len__(self) -> int:
        return len(self._calls)


def size_of(value: Any, depth: int = 0) -> int:
    """Estimate how many bytes an object holds; at least 1."""
    try:
        nbytes = getattr(value, "nbytes", None)
        if isinstance(nbytes, int):
            return max(nbytes, 1)
        usage = getattr(value, "memory_usage", None)
        if callable(usage):  # a DataFrame, or a Series
            return max(int(getattr(usage(deep=False), "sum", lambda: 0)()), 1)
        size = sys.getsizeof(value)
        if depth < 4 and isinstance(value, Mapping | list | tuple | set | frozenset):
            items = [item for pair in value.items() for item in pair] if isinstance(value, Mapping) else list(value)
            sample = items[:_SAMPLE]
            size += sum(size_of(item, depth + 1) for item in sample) * len(items) // max(len(sample), 1)
        return max(size, 1)
    except Exception:  # anybody's object
        return 1
