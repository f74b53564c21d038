"""A called app: to be run step by step, gone through, yielded by another app, or shown by a `ChatWidget`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from chatwidget.apps import AppInstance
from chatwidget.compat.turbo_chat.progress import Progress
from chatwidget.compat.turbo_chat.result import Result
from chatwidget.compat.turbo_chat.scene import Scene
from chatwidget.compat.turbo_chat.settings import Settings
from chatwidget.context import RunContext
from chatwidget.errors import AppError


@dataclass(frozen=True, eq=False)
class TurboGenWrapper(AppInstance):
    """One run of an app, that keeps its place between calls.

        app = horoscope({"user_id": 1})
        result = await app.run()                    # until it says or asks something
        result = await app.run("What will be?")

    Belongs to one event loop.
    """

    progress: Progress = field(default_factory=lambda: Progress("app"), repr=False)

    async def init(self) -> TurboGenWrapper:
        """Return the run, which needs no preparing; raises AppError when it has begun."""
        if self.progress.has_begun:
            raise AppError(f"{self.name} has begun: init() comes before run().")
        return self

    async def run(self, input: Any = None) -> Result:
        """Go on to the next thing that it says or asks; `input` answers what it asked last.

        The first call may bring the answer to the first question. Where several things were said, each call gives one,
        the question behind them last; inside another app the messages come together. Raises what the app raised,
        and GeneratorAlreadyExhaustedError when it has ended.
        """
        return await self.progress.run(self, input)

    async def asend(self, value: Any) -> Result:
        """Go on as `run` does, one thing at a time; StopAsyncIteration at the end."""
        if self.progress.has_ended:
            raise StopAsyncIteration
        result = await self.progress.next(self, value)
        if result.is_empty:
            raise StopAsyncIteration
        return result

    def __aiter__(self) -> AsyncIterator[Result]:
        return self

    async def __anext__(self) -> Result:
        return await self.asend(None)

    async def athrow(self, error: BaseException) -> Result:
        """End the app and raise the error."""
        await self.aclose()
        raise error

    async def aclose(self) -> None:
        """End the app, its `finally` blocks included."""
        await self.progress.close()


# A generator that was never decorated is an app as well; where it stands is known for as long as it lives.
_generators: WeakKeyDictionary[AsyncGenerator[Any, Any], TurboGenWrapper] = WeakKeyDictionary()


def run_of(app: Any) -> TurboGenWrapper:
    """Return a called app as it is, and a running generator as the app that it makes up; AppError for anything else."""
    if isinstance(app, TurboGenWrapper):
        return app
    if not hasattr(app, "ag_frame"):
        raise AppError(f"{app!r:.80} is no app that was called. Call it: run(app(...), input).")
    if app not in _generators:
        progress = Progress(app.__name__)

        def start(context: RunContext) -> AsyncGenerator[Any, Any]:
            return Scene(progress.name, Settings(), context, progress).play(app)

        _generators[app] = TurboGenWrapper(progress.name, start, progress=progress)
    return _generators[app]
