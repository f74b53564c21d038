"""Foreign code kept from harming the loop it runs on: blocking calls, exits, and a stop that was swallowed.

A blocking function gets one fresh daemon thread a call, not the loop's default executor: a function that never
returns would hold one of its few threads for ever and keep the interpreter from exiting.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import logging
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
log = logging.getLogger("chatwidget")


class Exited(Exception):
    """The function raised KeyboardInterrupt, SystemExit or another exception that must not reach an event loop."""


async def guarded(work: Awaitable[T]) -> T:
    """Await foreign code, turning KeyboardInterrupt and SystemExit, which would end the loop, into `Exited`."""
    try:
        return await work
    except (KeyboardInterrupt, SystemExit) as error:
        raise Exited(f"{type(error).__name__}: {error}") from error


def heed_stop() -> None:
    """Raise CancelledError if the current task was cancelled and somebody on the way has swallowed it."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def text_of(error: BaseException) -> str:
    """Return the text of an exception, whatever its `__str__` does."""
    try:
        return str(error)
    except Exception:
        return "(its text cannot be read)"


async def call_anyhow(function: Callable[..., Any], *args: Any) -> Any:
    """Call somebody's function and return its result: an async one on this loop, any other in a thread of its own.

    Raises what it raises; `Exited` for KeyboardInterrupt and SystemExit.
    """
    if inspect.iscoroutinefunction(function):
        return await guarded(function(*args))
    value = await call_in_thread(function, *args)
    return await guarded(value) if inspect.isawaitable(value) else value


async def call_in_thread(function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Call a blocking function in a thread of its own, under a copy of the current context.

    Raises what it raises; `Exited` for exceptions that are no `Exception`. When cancelled, the thread is left to end
    by itself and its result is dropped.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(value: Any, error: Exception | None) -> None:
        if future.done():
            log.debug("the result of %r came after it was given up", function)
        elif error is not None:
            future.set_exception(error)
        else:
            future.set_result(value)

    def work() -> None:
        value: Any = None
        error: Exception | None = None
        try:
            value = context.run(function, *args, **kwargs)
        except StopIteration as stop:
            error = RuntimeError(f"{function!r} raised StopIteration({stop.value!r})")
            error.__cause__ = stop
        except Exception as caught:
            error = caught
        except BaseException as caught:
            error = Exited(f"{type(caught).__name__}: {caught}")
        try:
            loop.call_soon_threadsafe(settle, value, error)
        except RuntimeError:
            log.debug("the loop that waited for %r has ended", function)

    context = contextvars.copy_context()
    threading.Thread(target=work, name=f"chatwidget {getattr(function, '__name__', 'call')}", daemon=True).start()
    return await future


# A loop holds its tasks weakly.
_spawned: set[asyncio.Task[Any]] = set()


def spawn(work: Coroutine[Any, Any, Any]) -> None:
    """Run a coroutine on the running loop, without waiting for it."""
    task = asyncio.create_task(work)
    _spawned.add(task)
    task.add_done_callback(_spawned.discard)


async def unhindered(work: Coroutine[Any, Any, T]) -> T:
    """Await work that goes on when who waits for it is cancelled, which it may have to be for the work to end."""
    task = asyncio.create_task(work)
    _spawned.add(task)
    task.add_done_callback(_spawned.discard)
    return await asyncio.shield(task)
