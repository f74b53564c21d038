"""The file of a recording: a line for each reply, only ever added to.

Recording again does not rewrite the file: of the replies to one request, those of the newest recording count.
"""

from __future__ import annotations

import threading
from pathlib import Path

from chatwidget.errors import FormatError, ModelUnavailable
from chatwidget.messages import new_id
from chatwidget.models._marks import Marks
from chatwidget.models._take import Take, read_take, write_take


class Tape:
    """The takes of one file, read when it is made and kept up as takes are added; for any thread.

    Raises `FormatError` that names the line for a file that is no recording, `ModelUnavailable` for one that cannot
    be read, or written where `writable`, which makes it when it is not there.
    """

    def __init__(self, path: str | Path, *, writable: bool = False) -> None:
        self.path = Path(path).expanduser()
        self.recording = new_id()
        self._lock = threading.Lock()
        self._takes: dict[str, list[Take]] = {}
        try:
            self._open(writable)
        except OSError as error:
            cure = "Choose another path." if writable else "Make a recording first: record(path, model)."
            raise ModelUnavailable(
                f"The recording {str(self.path)!r} cannot be opened ({error.strerror or error}). {cure}"
            ) from None

    def _open(self, writable: bool) -> None:
        if writable:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.open("ab").close()
        lines = self.path.read_bytes().split(b"\n")
        self._ends_in_line = bool(lines[-1])
        for number, line in enumerate(lines, 1):
            if line.strip():
                self._keep(self._read(line, number))

    def _read(self, line: bytes, number: int) -> Take:
        where = f"{self.path.name}, line {number}"
        try:
            return read_take(line, where)
        except RecursionError:
            raise FormatError(f"{where}: is nested too deeply") from None

    def takes(self, marks: Marks) -> list[Take]:
        """Return the replies to a request, in order: those of the newest recording.

        A cancelled one is among them only when there is no other.
        """
        with self._lock:
            found = self._takes.get(marks.key, [])
            whole = [take for take in found if take.end.how != "cancelled"] or found[-1:]
            return [take for take in whole if take.recording == whole[-1].recording]

    def all(self) -> list[Take]:
        """Return every take."""
        with self._lock:
            return [take for takes in self._takes.values() for take in takes]

    def add(self, take: Take) -> None:
        """Write a take, if it is worth it: a cancelled one only when there is nothing else for its request.

        Raises OSError when it cannot be written.
        """
        with self._lock:
            if take.end.how == "cancelled" and take.marks.key in self._takes:
                return
            # What a crash left of a line shall not swallow this one as well.
            line = ("\n" if self._ends_in_line else "") + write_take(take)
            with self.path.open("ab") as file:
                file.write(line.encode("ascii"))
            self._ends_in_line = False
            self._keep(take)

    def _keep(self, take: Take) -> None:
        self._takes.setdefault(take.marks.key, []).append(take)
