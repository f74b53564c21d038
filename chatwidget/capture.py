"""What code prints and displays, sent to whoever runs that code.

While a capture is open, `sys.stdout`, `sys.stderr` and the log handlers that write to them are routers: a write goes
to the capture of the code that wrote, found through a context variable, and otherwise on to the stream that was there.
So parallel tools keep apart, and other cells and threads print where they always did. `display()` in IPython and the
figures of pyplot are routed the same way. The last capture to close puts everything back.

The variable follows `await`, tasks and `asyncio.to_thread`; a bare `threading.Thread` has no context and is not
captured. What bypasses `sys.stdout` (subprocesses, `os.write`, `sys.stdout.buffer`) is not either.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

from chatwidget import _display_router, _pyplot_router
from chatwidget.displays import Displayed

_STREAMS = ("stdout", "stderr")

Write = Callable[[str], object]
Display = Callable[[Displayed], object]


class _Capture:
    """One open capture; `outer` is the one around it, `figures` those that its code has open in pyplot."""

    def __init__(self, write: Write, display: Display | None, outer: _Capture | None) -> None:
        self.write = write
        self.display = display
        self.outer = outer
        self.closed = False
        self.figures: _pyplot_router.Figures = OrderedDict()
        self._clear_first = False

    def print(self, text: str) -> None:
        """Hand over a text; what the receiver itself prints goes to the capture around this one."""
        with self._around():
            if self._clear_first:
                self._show(Displayed(clear=True))
            self.write(text)

    def show(self, displayed: Displayed, wait: bool = False) -> None:
        """Hand over a display; with `wait` a clearing waits for what takes the place of what it clears."""
        if wait:
            self._clear_first = True
            return
        with self._around():
            self._show(replace(displayed, clear=displayed.clear or self._clear_first))

    def _show(self, displayed: Displayed) -> None:
        self._clear_first = False
        if self.display is not None:
            self.display(displayed)

    @contextmanager
    def _around(self) -> Iterator[None]:
        token = _current.set(self.outer)
        try:
            yield
        finally:
            _current.reset(token)


_current: ContextVar[_Capture | None] = ContextVar("chatwidget_capture", default=None)
# Nothing is imported while it is held: who ends an import of pyplot waits for it.
_lock = threading.Lock()
_open_captures = 0


@contextmanager
def capture(write: Write, display: Display | None = None) -> Iterator[None]:
    """Send what this context prints or logs to `write`, and what it displays to `display`, until the block ends.

    Both are called on the thread that prints, so they must be quick and safe on any thread; how much they keep is
    their own business. Without `display` only texts are captured. What they print themselves goes to the capture
    around this one. Code left running after the block (an abandoned thread) prints there too. Do not `yield` from an
    async generator inside the block: its consumer would be captured as well.

    With `display`, the code has pyplot to itself: it sees no figures but its own. Those it leaves open are closed at
    the end; to show them, take them before with `left_figures`.
    """
    mine = _Capture(write, display, _current.get())
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
        _pyplot_router.take(mine.figures)


class uncaptured:  # noqa: N801 - a block like `capture`; a class, because it is entered for every event
    """Let what is printed in this block go where it would without any capture."""

    __slots__ = ("_token",)

    def __enter__(self) -> None:
        self._token = _current.set(None)

    def __exit__(self, *_: object) -> None:
        _current.reset(self._token)


class Routing:
    """Keeps the streams routed from `hold` to `release`, so that the captures in between cost little."""

    def __init__(self) -> None:
        self._held = False

    def hold(self) -> None:
        """Route the streams, if this one does not hold them yet."""
        if not self._held:
            self._held = True
            _install()

    def release(self) -> None:
        """Put them back, where nothing else needs them."""
        if self._held:
            self._held = False
            _uninstall()


def left_figures() -> list[Any]:
    """Close the matplotlib figures that the captured code has open in pyplot and return them, oldest first.

    Those are the ones it made and neither showed nor closed, on any thread of its context. Call it inside the block
    of a `capture` with `display`; elsewhere the list is empty. They can still be drawn (`displays.displays_of`).
    """
    target = _display_target()
    return [] if target is None else _pyplot_router.take(target.figures)


def _target() -> _Capture | None:
    found = _current.get()
    while found is not None and found.closed:
        found = found.outer
    return found


def _display_target() -> _Capture | None:
    found = _current.get()
    while found is not None and (found.closed or found.display is None):
        found = found.outer
    return found


def _own_figures() -> _pyplot_router.Figures | None:
    target = _display_target()
    return None if target is None else target.figures


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
        target.print(text)
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
        if _open_captures > 1 and isinstance(sys.stdout, _Router) and isinstance(sys.stderr, _Router):
            return
        for name in _STREAMS:
            stream = getattr(sys, name)
            if not isinstance(stream, _Router):  # also when a cell has put its own stream there meanwhile
                router = _Router(stream)
                setattr(sys, name, router)
                _repoint(stream, router)
        _display_router.install(_display_target)
        _pyplot_router.install(_own_figures, _route_pyplot)


def _route_pyplot() -> None:
    with _lock:
        if _open_captures:
            _pyplot_router.install(_own_figures, _route_pyplot)


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
        _display_router.uninstall()
        _pyplot_router.uninstall()


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
