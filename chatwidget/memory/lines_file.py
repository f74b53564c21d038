"""A file of lines to which several processes append.

Rules:

1. Only bytes behind the last line are written, in one piece and under a lock (`flock`, where there is one), so that
   lines never mix. What could not be written whole is cut off again.
2. Behind a line without an end, as a killed or full machine leaves it, a new line is begun.
3. A line that is no JSON is copied to `<path>.damaged`, and blanks are put in its place: the file is clean again, and
   no other line moves. One that is JSON stays, whatever it says: a later version may read it.
4. What others appended is read from where we last stopped. That the file is still the one we know is seen by the
   beginning of the last line we read, which has its id.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path

from chatwidget.errors import FormatError
from chatwidget.memory.base import MemoryUnavailable, held_by_another
from chatwidget.memory.reader import Record
from chatwidget.serialize import parse_json

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger("chatwidget")

PATIENCE = 10.0
_PAUSE = 0.002
_HEAD = 256

Line = tuple[int, bytes]
"""A line's number, counted from 1, and what it says."""


@dataclass(slots=True)
class _Known:
    """What we have read of the file: the byte behind each id's line and its number, and how far we are."""

    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    end: int = 0
    number: int = 1
    last_start: int = 0
    last_head: bytes = b""


class LinesFile:
    """A file of JSON objects with an `id`, one a line; `report` is told of lines that were put aside."""

    def __init__(self, path: Path, report: Callable[[Line, str], None]) -> None:
        self.path = path
        self.aside = path.with_name(f"{path.name}.damaged")
        self._report = report
        self._known = _Known()
        self._file: FileIO | None = None

    @contextmanager
    def batch(self, writes: bool) -> Iterator[LinesFile]:
        """Hold the file; what was added is on the disk when this exits. Raises `MemoryUnavailable`."""
        try:
            with self._held(writes) as file:
                self._file = file
                before = self._read_on()
                try:
                    yield self
                    if file is not None and writes:
                        os.fsync(file.fileno())
                except BaseException:
                    self._undo(before)
                    raise
        except OSError as error:
            raise MemoryUnavailable(f"{self.path} cannot be used: {error.strerror or error}.") from error
        finally:
            self._file = None

    def add(self, records: Sequence[Record]) -> None:
        """Append lines with ids that are not there yet."""
        new = {name: line for name, line in records if name not in self._known.places}
        if not new or self._file is None:
            return
        known = self._known
        data = b"" if known.end == 0 or self._bytes(known.end - 1, known.end) == b"\n" else b"\n"
        data += b"".join(line.encode() + b"\n" for line in new.values())
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) :]
        self._read_on()

    def lines(self, after: str | None) -> list[Line]:
        """Return the lines behind that of an id; all for None and an unknown one."""
        start, number = (0, 1) if after is None else self._known.places.get(after, (0, 1))
        pieces = self._bytes(start, self._known.end).split(b"\n")
        return [line for line in enumerate(pieces, number) if line[1].strip()]

    def clear(self) -> None:
        """Remove all lines."""
        if self._file is not None:
            self._file.truncate(0)
        self._known = _Known()

    @contextmanager
    def _held(self, writes: bool) -> Iterator[FileIO | None]:
        deadline = time.monotonic() + PATIENCE
        while True:
            file = self._open(writes)
            if file is None:
                yield None
                return
            with file:
                self._lock(file, deadline)
                # Somebody may have put another file in its place while we waited.
                if _is_at(file, self.path):
                    yield file
                    return

    def _open(self, writes: bool) -> FileIO | None:
        if writes:
            return FileIO(self.path, "a+")
        try:
            return FileIO(self.path, "r")
        except FileNotFoundError:
            self._known = _Known()
            return None

    def _lock(self, file: FileIO, deadline: float) -> None:
        while fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise MemoryUnavailable(held_by_another(self.path, PATIENCE)) from None
            time.sleep(_PAUSE)

    def _read_on(self) -> int:
        """Learn what is new in the file, and return its size."""
        if self._file is None:
            return 0
        size = self._file.seek(0, os.SEEK_END)
        known = self._known
        if (
            size < known.end
            or self._bytes(known.last_start, known.last_start + len(known.last_head)) != known.last_head
        ):
            known = self._known = _Known()
        data = self._bytes(known.end, size)
        if fcntl is None:
            # Nobody can be kept out, so a line without an end may still be written.
            data = data[: data.rfind(b"\n") + 1]
        for place, line in enumerate(data.split(b"\n")):
            known.number += place > 0
            known.end += place > 0
            if line.strip():
                self._learn(line)
            known.end += len(line)
        return size

    def _learn(self, line: bytes) -> None:
        known = self._known
        try:
            data = parse_json(line)
        except FormatError as error:
            self._put_aside(line, str(error))
            return
        known.last_start, known.last_head = known.end, line[:_HEAD]
        if isinstance(data, dict) and isinstance(data.get("id"), str):
            known.places.setdefault(data["id"], (known.end + len(line), known.number))

    def _put_aside(self, line: bytes, reason: str) -> None:
        self._report((self._known.number, line), reason)
        if fcntl is None:
            return
        try:
            with self.aside.open("ab") as aside:
                aside.write(line + b"\n")
                aside.flush()
                os.fsync(aside.fileno())
            with FileIO(self.path, "r+") as file:
                file.seek(self._known.end)
                file.write(b" " * len(line))
        except OSError:
            log.warning("%s could not be cleaned of its line %d", self.path, self._known.number, exc_info=True)

    def _undo(self, size: int) -> None:
        if self._file is not None and self._file.writable() and self._file.seek(0, os.SEEK_END) > size:
            self._file.truncate(size)
        self._known = _Known()

    def _bytes(self, start: int, stop: int) -> bytes:
        pieces: list[bytes] = []
        if self._file is not None:
            self._file.seek(start)
            while start < stop and (piece := self._file.read(stop - start)):
                pieces.append(piece)
                start += len(piece)
        return b"".join(pieces)


def _is_at(file: FileIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
