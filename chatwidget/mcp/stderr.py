"""What a server's process writes to stderr: the last lines are kept, all of it goes to the log, none to a cell.

The process needs a real file, and a kernel's `sys.stderr` is none: so it gets a pipe, that a thread reads.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import deque

from chatwidget.threads import call_in_thread

_LONGEST_LINE = 10_000
_KEPT = 20
_PATIENCE = 1.0  # a child of the server may hold the pipe open for ever

log = logging.getLogger("chatwidget")


class Stderr:
    """A pipe for one process; `file` is the end for it, to be closed here once it runs."""

    def __init__(self, name: str) -> None:
        read, write = os.pipe()
        self.file = os.fdopen(write, "w")
        self._lines: deque[str] = deque(maxlen=_KEPT)
        self._name = name
        self._thread = threading.Thread(target=self._read, args=(read,), name=f"chatwidget {name}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Close our copy of the end for the process."""
        self.file.close()

    async def last_line(self) -> str:
        """Return the last line that says something, after waiting a moment for what is still in the pipe."""
        await call_in_thread(self._thread.join, _PATIENCE)
        return next((line for line in reversed(self._lines) if any(map(str.isalnum, line))), "")

    def _read(self, read: int) -> None:
        with os.fdopen(read, "rb") as pipe:
            while line := pipe.readline(_LONGEST_LINE):
                text = line.decode(errors="replace").strip()
                self._lines.append(text)
                log.debug("MCP server %s: %s", self._name, text)
