"""The file of a recording: a line for each reply, only ever added to.

Recording again does not rewrite the file: of the replies to one request, those of the newest recording count.
"""

from __future__ import annotations

import json
import logging
import threading
from pathlib import Path

from chatwidget.errors import FormatError, ModelUnavailable
from chatwidget.messages import new_id
from chatwidget.models._recorded_reply import RecordedReply, read_reply, write_reply
from chatwidget.models._request_hashes import RequestHashes

log = logging.getLogger("chatwidget")


class RecordingFile:
    """The replies of one file, read when it is made and kept up as replies are added; for any thread.

    A last line that was cut off is passed over, and the log says so; the next reply takes its place.
    Raises `FormatError` that names the line for a file that is no recording, `ModelUnavailable` for one that cannot
    be read, or written where `writable`, which makes it when it is not there.
    """

    def __init__(self, path: str | Path, *, writable: bool = False) -> None:
        self.path = Path(path).expanduser()
        self.recording = new_id()
        self._lock = threading.Lock()
        self._replies: dict[str, list[RecordedReply]] = {}
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
        whole = self.path.read_bytes()
        lines = whole.split(b"\n")
        self._ends_in_line = bool(lines[-1])
        self._size, self._cut = len(whole), len(lines[-1]) if _is_cut(lines[-1]) else 0
        if self._cut:
            log.warning(
                "%s, line %s is cut off and passed over: that reply has to be recorded again",
                self.path.name,
                len(lines),
            )
            lines.pop()
        for number, line in enumerate(lines, 1):
            if line.strip():
                self._keep(self._read(line, number))

    def _read(self, line: bytes, number: int) -> RecordedReply:
        where = f"{self.path.name}, line {number}"
        try:
            return read_reply(line, where)
        except RecursionError:
            raise FormatError(f"{where}: is nested too deeply") from None

    def replies(self, hashes: RequestHashes) -> list[RecordedReply]:
        """Return the replies to a request, in order: those of the newest recording.

        A cancelled one is among them only when there is no other.
        """
        with self._lock:
            found = self._replies.get(hashes.key, [])
            whole = [reply for reply in found if reply.end.how != "cancelled"] or found[-1:]
            return [reply for reply in whole if reply.recording == whole[-1].recording]

    def all(self) -> list[RecordedReply]:
        """Return every reply."""
        with self._lock:
            return [reply for replies in self._replies.values() for reply in replies]

    def add(self, reply: RecordedReply) -> None:
        """Write a reply, if it is worth it: a cancelled one only when there is nothing else for its request.

        Raises OSError when it cannot be written.
        """
        with self._lock:
            if reply.end.how == "cancelled" and reply.hashes.key in self._replies:
                return
            with self.path.open("ab") as file:
                # What a crash left of a line shall not swallow this one as well.
                if self._cut and file.tell() == self._size:
                    self._ends_in_line = False
                    file.truncate(self._size - self._cut)
                file.write((("\n" if self._ends_in_line else "") + write_reply(reply)).encode("ascii"))
            self._ends_in_line, self._cut = False, 0
            self._keep(reply)

    def _keep(self, reply: RecordedReply) -> None:
        self._replies.setdefault(reply.hashes.key, []).append(reply)


def _is_cut(line: bytes) -> bool:
    """Whether the last line, which has no end, is no JSON as it stands."""
    try:
        json.loads(line)
    except ValueError:
        return bool(line.strip())
    except RecursionError:
        return False
    return False
