"""Work on the controller thread, seen from a cell: something to await, to wait for, or to forget."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Generator
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

from chatwidget import host
from chatwidget.errors import RequestError, SessionBusy

log = logging.getLogger("chatwidget")
T = TypeVar("T")
_END = object()


class Pending(Generic[T]):
    """Work that has begun on the controller thread.

    `await` it in a cell, or call `.result()` in plain code. Dropping it, or interrupting who waits for it, changes
    nothing: the work goes on. What a turn fails with is on screen. What cannot be done at all (`RequestError`,
    `SessionBusy`) is not: who waits for it is told, and where nobody ever waits, the log.
    """

    _is_heard = True

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self._future = host.submit(work)
        self._is_heard = False

    def __del__(self) -> None:
        if not self._is_heard:
            self._future.add_done_callback(_log_refusal)

    def __await__(self) -> Generator[Any, None, T]:
        self._is_heard = True
        # Shielded: interrupting the cell that waits must not cancel what it waits for.
        return asyncio.shield(asyncio.wrap_future(self._future)).__await__()

    def done(self) -> bool:
        """Whether it has ended."""
        return self._future.done()

    def result(self, timeout: float | None = None) -> T:
        """Wait and return its result or raise what it failed with; TimeoutError after `timeout` seconds.

        On the controller thread itself (in an app, an async tool, an observer) this would wait for ever: there it
        raises RuntimeError. Use `await`.
        """
        if not self._future.done() and host.on_controller():
            raise RuntimeError("result() would wait for ever on the chat's own thread; use `await` here.")
        self._is_heard = True
        return self._future.result(timeout)

    def __repr__(self) -> str:
        return f"<{'done' if self.done() else 'running'}>"

    if not TYPE_CHECKING:  # a type checker tells by itself what is not there

        def __getattr__(self, name: str) -> NoReturn:
            cure = f"write `(await chat.send(...)).{name}`, or call `.result()`."
            raise AttributeError(f"This is still on its way and has no `{name}`: {cure}")


def _log_refusal(future: Future[Any]) -> None:
    error = None if future.cancelled() else future.exception()
    if isinstance(error, RequestError | SessionBusy):
        log.warning("Refused: %s", error)


async def bridge(items: AsyncIterator[T]) -> AsyncIterator[T]:
    """Give the items of an iterator that runs on the controller thread; leaving the loop closes it there."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[Any] = asyncio.Queue()

    async def forward() -> None:
        try:
            async for item in items:
                loop.call_soon_threadsafe(queue.put_nowait, item)
        finally:
            await items.aclose()  # type: ignore[attr-defined]
            loop.call_soon_threadsafe(queue.put_nowait, _END)

    future = host.submit(forward())
    try:
        while (item := await queue.get()) is not _END:
            yield item
        await asyncio.wrap_future(future)
    finally:
        future.cancel()
