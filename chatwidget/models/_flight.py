"""One reply on its way to everyone who asked for it.

A task of its own reads the reply, so that whoever asked first may leave without breaking it off for the others. When
the last one leaves, the task is cancelled and waited for: nothing goes on that nobody wants.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace

from chatwidget.models.base import Finish, ModelDelta, RetryDelta
from chatwidget.threads import guarded, heed_stop


class Flight:
    """Read `source` and give it to each passenger from its beginning; `landed` is called when no one may board."""

    def __init__(self, source: AsyncGenerator[ModelDelta, None], landed: Callable[[Flight], None]) -> None:
        self._deltas: list[ModelDelta] = []
        self._news = asyncio.Event()
        self._ended = False
        self._error: BaseException | None = None
        self._landed = landed
        self._passengers: list[object] = []
        self._paid = False
        self._task = asyncio.create_task(self._fly(source))

    def board(self) -> object:
        """Join, and return what the other methods want as `passenger`."""
        passenger = object()
        self._passengers.append(passenger)
        return passenger

    async def deltas(self, passenger: object) -> AsyncGenerator[ModelDelta, None]:
        """Yield the reply from its beginning, as it comes; raises what the source raised.

        The first passenger pays: all others are told that their reply is a cached one.
        """
        index = 0
        while True:
            news = self._news
            while index < len(self._deltas):
                delta = self._deltas[index]
                index += 1
                if isinstance(delta, RetryDelta) and index < len(self._deltas):
                    continue  # that wait is over
                yield delta if not isinstance(delta, Finish) or self._bills(passenger) else free(delta)
            if self._ended and index == len(self._deltas):
                break
            await news.wait()
        if self._error is not None:
            raise _anew(self._error) from self._error

    async def leave(self, passenger: object) -> None:
        """Leave; when it is the last one, this ends the flight and returns when it has ended."""
        self._passengers.remove(passenger)
        if self._passengers or self._ended:
            return
        self._landed(self)
        self._task.cancel()
        await asyncio.wait({self._task})

    def _bills(self, passenger: object) -> bool:
        pays = not self._paid and self._passengers[0] is passenger
        self._paid = self._paid or pays
        return pays

    async def _fly(self, source: AsyncGenerator[ModelDelta, None]) -> None:
        try:
            finish = await guarded(self._read(source))
            if finish is not None:
                self._deltas.append(finish)
        except (Exception, asyncio.CancelledError) as error:
            # Also a cancellation, by a loop that ends or by the model's own code: nobody shall wait for ever.
            self._error = error
        finally:
            self._ended = True
            self._landed(self)
            self._news.set()

    async def _read(self, source: AsyncGenerator[ModelDelta, None]) -> Finish | None:
        async with aclosing(source):
            async for delta in source:
                heed_stop()
                if isinstance(delta, Finish):
                    return delta
                self._deltas.append(delta)
                news, self._news = self._news, asyncio.Event()
                news.set()
                await asyncio.sleep(0)
        return None


def free(finish: Finish) -> Finish:
    """Return the end of a reply that cost nothing, for it was in a cache or another pays for it."""
    return replace(finish, usage={"input_tokens": 0, "output_tokens": 0, "cached": True})


def _anew(error: BaseException) -> BaseException:
    """Return an exception of one's own for each who is told: raising one adds to its traceback."""
    try:
        return copy.copy(error)
    except Exception:
        return error  # some cannot be copied
