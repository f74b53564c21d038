"""What code prints, sent to whoever runs that code.

While a capture is open, `sys.stdout`, `sys.stderr` and the log handlers that write to them are routers: a write goes
to the capture of the code that wrote, found through a context variable, and otherwise on to the stream that was there.
So parallel tools keep apart, and other cells and threads print where they always did. The last capture to close puts
everything back.

The variable follows `await`, tasks and `asyncio.to_thread`; a bare `threading.Thread` has no context and is not
captured. What bypasses `sys.stdout` (subprocesses, `os.write`, `sys.stdout.buffer`) is not either.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

_STREAMS = ("stdout", "stderr")


class _Capture:
    """One open capture; `outer` is the one around it."""

    def __init__(self, write: Callable[[str], object], outer: _Capture | None) -> None:
        self.write = write
        self.outer = outer
        self.closed = False


_current: ContextVar[_Capture | None] = ContextVar("chatwidget_capture", default=None)
_lock = threading.Lock()
_open_captures = 0


@contextmanager
def capture(write: Callable[[str], object]) -> Iterator[None]:
    """Send what this context prints or logs to `write`, piece by piece, until the block ends.

    `write` is called on the thread that prints, so it must be quick and safe on any thread; how much it keeps is its
    own business. What it prints itself goes to the capture around this one. Code left running after the block (an
    abandoned thread) prints there too. Do not `yield` from an async generator inside the block: its consumer would be
    captured as well.
    """
    mine = _Capture(write, _current.get())
    token = _current.set(mine)
    _install()
    try:
        yield
    finally:
        mine.closed = True
        _uninstall()
        # Ending in another context than it began in is no harm: the capture is closed.
        with suppress(ValueError):
            _current.reset(token)


def _target() -> _Capture | None:
    found = _current.get()
    while found is not None and found.closed:
        found = found.outer
    return found


class _Router:
    """A stream that writes to the capture of the calling code, or else to the stream it stands for."""

    def __init__(self, original: Any) -> None:
        self._original = original

    def write(self, text: str) -> int:
        target = _target()
        if target is None:
            return 0 if self._original is None else self._original.write(text)
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        token = _current.set(target.outer)
        try:
            target.write(text)
        finally:
            _current.reset(token)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        # Captured text waits nowhere, and ipykernel's flush can block for seconds.
        if _target() is None and self._original is not None:
            self._original.flush()

    def isatty(self) -> bool:
        return _target() is None and self._original is not None and self._original.isatty()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._original, name)


def _install() -> None:
    global _open_captures
    with _lock:
        _open_captures += 1
        for name in _STREAMS:
            stream = getattr(sys, name)
            if not isinstance(stream, _Router):  # also when a cell has put its own stream there meanwhile
                router = _Router(stream)
                setattr(sys, name, router)
                _repoint(stream, router)


def _uninstall() -> None:
    global _open_captures
    with _lock:
        _open_captures -= 1
        if _open_captures:
            return
        for name in _STREAMS:
            stream = getattr(sys, name)
            while isinstance(stream, _Router):
                router, stream = stream, stream._original
                _repoint(router, stream)
            setattr(sys, name, stream)


def _repoint(old: Any, new: Any) -> None:
    """Make log handlers that write to one stream write to another; they hold streams, not `sys.stderr`."""
    if old is None:
        return
    known = list(logging.root.manager.loggerDict.values())
    for logger in [logging.root, *(item for item in known if isinstance(item, logging.Logger))]:
        for handler in logger.handlers:
            if isinstance(handler, logging.StreamHandler) and handler.stream is old:
                # Not `setStream`: it flushes, see above.
                handler.acquire()
                handler.stream = new
                handler.release()
