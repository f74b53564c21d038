"""One run of a tool: whatever its code does, the event loop lives on and the caller gets an answer."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextvars
import inspect
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from chatwidget import host
from chatwidget.errors import ToolTimeout
from chatwidget.threads import Exited, call_in_thread

log = logging.getLogger("chatwidget")

GRACE_SECONDS = 1.0
"""How long a cancelled tool may clean up before it is left behind."""

# A loop holds its tasks weakly; these are the ones nobody waits for any more.
_abandoned: set[asyncio.Task[Any]] = set()


class ToolExit(Exception):
    """A tool raised KeyboardInterrupt, SystemExit or CancelledError: it asks for the turn to end, as stopped."""


async def on_loop(function: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    """Call a function, sync or async, on the running loop."""
    try:
        value = function(**arguments)
        return await value if inspect.isawaitable(value) else value
    except (KeyboardInterrupt, SystemExit) as error:  # a task would pass these on to its loop and end it
        raise Exited(_name(error)) from error


async def in_thread(function: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    """Call a function in a thread of its own; an async one under a loop of its own."""

    def work() -> Any:
        value = function(**arguments)
        return asyncio.run(_finish(value)) if inspect.isawaitable(value) else value

    work.__name__ = getattr(function, "__name__", "tool")
    return await call_in_thread(work)


async def on_kernel(function: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    """Call a function, sync or async, on the main thread's loop, between cells; here, where there is none."""
    loop = host.kernel_loop()
    if loop is None or loop is asyncio.get_running_loop():
        return await on_loop(function, arguments)
    context = contextvars.copy_context()
    future: concurrent.futures.Future[Any] = concurrent.futures.Future()

    def start() -> None:
        if future.set_running_or_notify_cancel():
            task = loop.create_task(on_loop(function, arguments), context=context)
            running.append(task)
            task.add_done_callback(finish)

    def finish(task: asyncio.Task[Any]) -> None:
        if task.cancelled():
            future.set_exception(Exited("CancelledError"))
        elif error := task.exception():
            future.set_exception(error)
        else:
            future.set_result(task.result())

    running: list[asyncio.Task[Any]] = []
    loop.call_soon_threadsafe(start)
    try:
        return await asyncio.shield(asyncio.wrap_future(future))
    except asyncio.CancelledError:
        future.cancel()  # one that waits for the end of a cell does not start any more
        for task in running:
            loop.call_soon_threadsafe(task.cancel)
        raise


async def settle(work: Coroutine[Any, Any, Any], name: str, timeout: float | None, context: contextvars.Context) -> Any:
    """Run a call to its end, its time limit (`ToolTimeout`) or our cancellation, whichever comes first.

    Raises `ToolExit` when the tool itself raised what is no `Exception`.
    """
    # A task of its own tells a CancelledError of the tool from one that was meant for us.
    task = asyncio.get_running_loop().create_task(work, context=context)
    try:
        done, _ = await asyncio.wait({task}, timeout=timeout)
    except asyncio.CancelledError:
        await _abandon(task, name)
        raise
    if not done:
        await _abandon(task, name)
        raise ToolTimeout(f"{name} took longer than its limit of {timeout:g} s and was given up.", timeout or 0.0)
    if task.cancelled():
        raise ToolExit(f"{name} raised CancelledError")
    error = task.exception()
    if error is not None and (isinstance(error, Exited) or not isinstance(error, Exception)):
        raise ToolExit(f"{name} raised {error if isinstance(error, Exited) else _name(error)}") from error
    return task.result()


async def _finish(value: Awaitable[Any]) -> Any:
    return await value


async def _abandon(task: asyncio.Task[Any], name: str) -> None:
    task.cancel()
    _abandoned.add(task)
    task.add_done_callback(_abandoned.discard)
    task.add_done_callback(lambda ended: _log_late(ended, name))
    _, deaf = await asyncio.wait({task}, timeout=GRACE_SECONDS)
    if deaf:
        log.warning("tool %s did not end within %s s of being cancelled; it is left behind", name, GRACE_SECONDS)


def _log_late(task: asyncio.Task[Any], name: str) -> None:
    if task.cancelled():
        return
    if error := task.exception():
        log.warning("tool %s failed after it was given up", name, exc_info=error)
    else:
        log.warning("tool %s ended after it was given up; its result is dropped", name)


def _name(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".removesuffix(": ")
