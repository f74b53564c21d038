"""One thread for a file: jobs in their order, all that wait at once.

What makes many appends cheap is that the slow part, making sure of the disk, is done once for all jobs that waited
while it was done for those before them. A job's thread is woken one turn of the loop after the job was asked for, so
that tasks which all go on in one turn are served together.

When nothing was asked for `LINGER` seconds, the file is closed and the thread ends: nobody need close it by hand.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Generic, TypeVar

from chatwidget.threads import call_in_thread

LINGER = 2.0

H = TypeVar("H")
P = TypeVar("P")
R = TypeVar("R")


@dataclass(slots=True, eq=False)
class Job(Generic[H]):
    """What is to be done: `prepare` apart from others, `act` with the open file."""

    prepare: Callable[[], Any]
    act: Callable[[H, Any], Any]
    writes: bool
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    value: Any = None
    error: Exception | None = None

    def settle(self) -> None:
        """Tell who waits; an error that nobody awaits any more is no fault of anyone."""
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.value)
        else:
            self.future.set_exception(self.error)


class Worker(Generic[H]):
    """Do jobs in one thread.

    `batch(writes)` opens the file for some jobs; what they did is safe when it exits, and undone when it raises.
    `rest` closes what stayed open between batches.
    """

    def __init__(
        self, name: str, batch: Callable[[bool], AbstractContextManager[H]], rest: Callable[[], None] = lambda: None
    ) -> None:
        self._name = name
        self._batch = batch
        self._rest = rest
        self._changed = threading.Condition()
        self._jobs: list[Job[H]] = []
        self._thread: threading.Thread | None = None
        self._closing = False

    async def do(self, prepare: Callable[[], P], act: Callable[[H, P], R], *, writes: bool) -> R:
        """Return what `act` returns of the open file and of what `prepare` returned, once it is safe.

        When cancelled, the job is done all the same and its result dropped.
        """
        loop = asyncio.get_running_loop()
        job: Job[H] = Job(prepare, act, writes, loop, loop.create_future())
        with self._changed:
            self._jobs.append(job)
        loop.call_soon(self._wake)
        value: R = await job.future
        return value

    async def close(self) -> None:
        """Close the file as soon as nothing waits; the next job opens it again."""
        with self._changed:
            thread, self._closing = self._thread, True
            self._changed.notify()
        if thread is not None:
            await call_in_thread(thread.join, LINGER)

    def _wake(self) -> None:
        with self._changed:
            if self._thread is None or not self._thread.is_alive():  # after a fork it is not
                self._closing = False
                self._thread = threading.Thread(target=self._work, name=f"chatwidget {self._name}", daemon=True)
                self._thread.start()
            else:
                self._changed.notify()

    def _work(self) -> None:
        while True:
            if jobs := self._take():
                self._perform(jobs)
                continue
            self._rest()
            with self._changed:
                if not self._jobs:
                    self._thread = None
                    return

    def _take(self) -> list[Job[H]]:
        with self._changed:
            if not self._jobs and not self._closing:
                self._changed.wait(LINGER)
            jobs, self._jobs = self._jobs, []
            return jobs

    def _perform(self, jobs: list[Job[H]]) -> None:
        ready = [job for job in jobs if self._prepared(job)]
        try:
            if ready:
                with self._batch(any(job.writes for job in ready)) as handle:
                    for job in ready:
                        job.value = job.act(handle, job.value)
        except Exception as error:
            for job in ready:
                job.error = error
        for loop, group in groupby(sorted(jobs, key=lambda job: id(job.loop)), lambda job: job.loop):
            _tell(loop, list(group))

    def _prepared(self, job: Job[H]) -> bool:
        try:
            job.value = job.prepare()
        except Exception as error:
            job.error = error
        return job.error is None


def _tell(loop: asyncio.AbstractEventLoop, jobs: list[Job[Any]]) -> None:
    def settle() -> None:
        for job in jobs:
            job.settle()

    try:
        loop.call_soon_threadsafe(settle)
    except RuntimeError:
        # The loop has ended, and with it whoever waited.
        return
