"""Messages kept in a file, one a line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from chatwidget.memory.base import Memory
from chatwidget.memory.lines_file import Line, LinesFile
from chatwidget.memory.reader import Damaged, Reader, Record, records, settled
from chatwidget.memory.worker import Worker
from chatwidget.messages import Message, clean_text
from chatwidget.serialize import parse_json
from chatwidget.threads import call_in_thread


class JSONLMemory(Memory):
    """Keep a chat's messages in a file, each as a line of JSON; a file that `chat.export("talk.jsonl")` wrote will do.

    Several memories and processes may append to one file. A line that was cut, by a crash or a full disk, is reported,
    moved to `<path>.damaged`, and costs no other line. `~` in the path is your home; the file is made by the first
    `append`. Where the system has no `flock` (Windows), let only one process write.

        memory = JSONLMemory("~/chat.jsonl")
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path).expanduser()
        self._reader = Reader()
        self._file = LinesFile(self.path, self._put_aside)
        self._worker = Worker(f"file {self.path.name}", self._file.batch)

    @property
    def damaged(self) -> tuple[Damaged, ...]:
        """The lines that could not be read."""
        return self._reader.damaged

    async def load(self) -> Sequence[Message]:
        """Return everything kept, oldest first; raises `MemoryUnavailable`."""
        return await self.since(None)

    async def append(self, messages: Sequence[Message]) -> None:
        """Keep messages behind all others, those with a known id excepted; on return they are on the disk.

        Raises `MemoryUnavailable`, or `FormatError` for a message that JSON cannot say; then none of them is kept.
        """
        kept = settled(messages)

        def add(file: LinesFile, lines: list[Record]) -> None:
            file.add(lines)

        await self._worker.do(lambda: records(kept), add, writes=True)

    async def clear(self) -> None:
        """Empty the file; what was put aside stays."""

        def empty(file: LinesFile, _: object) -> None:
            file.clear()

        await self._worker.do(lambda: None, empty, writes=True)

    async def since(self, message_id: str | None) -> Sequence[Message]:
        """Return what was kept behind a message; its cost is that of what is new in the file and what it returns."""
        after = None if message_id is None else clean_text(message_id)

        def read(file: LinesFile, _: object) -> list[Line]:
            return file.lines(after)

        lines = await self._worker.do(lambda: None, read, writes=False)
        return await call_in_thread(self._read, lines) if lines else ()

    async def close(self) -> None:
        """End the thread; the next call starts it again."""
        await self._worker.close()

    def _read(self, lines: list[Line]) -> list[Message]:
        named = [(self._where(number), line) for number, line in lines if number > 1 or not _is_header(line)]
        return self._reader.read(named)

    def _put_aside(self, line: Line, reason: str) -> None:
        self._reader.report(self._where(line[0]), line[1], reason)

    def _where(self, number: int) -> str:
        return f"{self.path.name}, line {number}"


def _is_header(line: bytes) -> bool:
    """Whether it is the first line of an exported file, which has no message."""
    data = parse_json(line)
    return isinstance(data, dict) and "format" in data and "role" not in data
