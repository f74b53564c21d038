"""Where sessions of a notebook run: one thread with an event loop of its own, for the whole process.

On the kernel's own loop a chat would stand still while a cell computes, and Stop would wait for the cell. Where there
are no threads (Pyodide) the loop that is running serves.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import sys
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")
log = logging.getLogger("chatwidget")

# How long apps may take to clean up when the process ends.
END_SECONDS = 1.0

_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None
_kernel_loop: asyncio.AbstractEventLoop | None = None
_pid: int | None = None


def controller_loop() -> asyncio.AbstractEventLoop:
    """Return the loop all sessions of this process run on, starting its thread on first use (anew after a fork)."""
    global _loop, _pid
    if sys.platform == "emscripten":
        return asyncio.get_event_loop()
    with _lock:
        if _loop is None or _pid != os.getpid():
            _loop, _pid = asyncio.new_event_loop(), os.getpid()
            threading.Thread(target=_run, args=(_loop,), name="chatwidget controller", daemon=True).start()
            atexit.register(_end, _loop, _pid)
        return _loop


def remember_kernel_loop() -> None:
    """Note the loop of the main thread, when called there; code that needs that thread is run on it."""
    global _kernel_loop
    if threading.current_thread() is threading.main_thread():
        with suppress(RuntimeError):  # plain Python runs no loop
            _kernel_loop = asyncio.get_running_loop()


def kernel_loop() -> asyncio.AbstractEventLoop | None:
    """Return the loop of the main thread, as far as it is known and runs."""
    return _kernel_loop if _kernel_loop is not None and _kernel_loop.is_running() else None


def _run(loop: asyncio.AbstractEventLoop) -> None:
    """Run a loop for good: an observer that calls `sys.exit()` ends nothing but itself."""
    while True:
        try:
            loop.run_forever()
        except (KeyboardInterrupt, SystemExit):
            log.exception("an exit on the thread of the chats was ignored")


def _end(loop: asyncio.AbstractEventLoop, pid: int) -> None:
    """Stop what runs before the interpreter goes, so that apps clean up and nothing is said of destroyed tasks."""
    if pid != os.getpid():
        return

    async def cancel() -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=END_SECONDS)

    with suppress(Exception):  # whatever happens now, the process ends
        asyncio.run_coroutine_threadsafe(cancel(), loop).result(2 * END_SECONDS)


def submit(work: Coroutine[Any, Any, T]) -> Future[T]:
    """Run a coroutine on the controller loop from any thread, in the caller's context."""
    return asyncio.run_coroutine_threadsafe(work, controller_loop())


def on_controller() -> bool:
    """Whether the caller runs on the controller loop, where waiting for it would wait for ever."""
    try:
        return asyncio.get_running_loop() is _loop
    except RuntimeError:
        return False
