"""The decorator that makes an app."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any, overload

from chatwidget.apps import App, Steps
from chatwidget.cache import Cache
from chatwidget.commands import Return
from chatwidget.compat.turbo_chat.app_run import TurboGenWrapper
from chatwidget.compat.turbo_chat.kept import Kept
from chatwidget.compat.turbo_chat.progress import Progress
from chatwidget.compat.turbo_chat.scene import Scene
from chatwidget.compat.turbo_chat.settings import Settings
from chatwidget.context import RunContext
from chatwidget.injection import injected, provided

__all__ = ["TurboApp", "turbo"]

_LIVE = ("memory", "cache")
"""The parameters that are filled in by their names."""


class TurboApp(App[...]):
    """An async-generator function as an app; calling it gives a run of it. `fn` is the function as it was."""

    def __init__(self, function: Callable[..., Any], settings: Settings) -> None:
        self.fn = function
        self.turbo_settings = settings
        super().__init__(_generator(function), settings.options)

    @property
    def settings(self) -> dict[str, Any]:
        """The options that it was decorated with."""
        return dict(self.turbo_settings.given)

    def configure(self, new_settings: Mapping[str, Any] | None = None, **options: Any) -> TurboApp:
        """Return the app with other options; what is not named stays, and so does this app."""
        return TurboApp(self.fn, Settings({**self.turbo_settings.given, **(new_settings or {}), **options}))

    def __call__(
        self,
        *args: Any,
        memory_args: Mapping[str, Any] | None = None,
        cache_args: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> TurboGenWrapper:
        """Bind the arguments; raises TypeError, and AppError for `memory_args` or `cache_args`, that do not fit.

        Parameters called `memory` and `cache` are given these, unless the call has them as keywords.
        """
        signature = inspect.signature(self.function)
        given = injected(self.function)
        live = [name for name in _LIVE if name in signature.parameters and name not in kwargs and name not in given]
        bindable = [one for name, one in signature.parameters.items() if name not in given and name not in live]
        bound = signature.replace(parameters=bindable).bind(*args, **kwargs)
        argument = bound.arguments.get("context", next(iter(bound.arguments.values()), None))
        settings = self.turbo_settings
        make_memory = settings.memory(memory_args or {}, argument)
        found: tuple[Any, Cache] | None = settings.cache(cache_args or {})
        progress = Progress(self.name)

        def start(context: RunContext) -> Steps:
            memory = context.memory if not context.depth else None
            if not isinstance(memory, Kept) and "memory" in live:
                memory = make_memory()
            kept = memory if isinstance(memory, Kept) else None
            if kept is not None:
                kept.ask = lambda: context.resolve_model(None)
            every = signature.bind_partial()
            objects = {"memory": memory if kept is None else kept.memory, "cache": found and found[0]}
            every.arguments = (
                bound.arguments
                | {name: provided(kind, context) for name, kind in given.items()}
                | {name: objects[name] for name in live}
            )
            scene = Scene(self.name, settings, context, progress, kept)
            return scene.play(self.function(*every.args, **every.kwargs), prepares="memory" in live)

        own: dict[str, Any] = {"memory": make_memory} if settings.keeps or "memory" in live else {}
        own |= {"cache": found[1]} if found else {}
        return TurboGenWrapper(self.name, start, self.options.merged(own), progress)


def _generator(function: Callable[..., Any]) -> Callable[..., Steps]:
    """Return an async function that yields nothing as an app that says nothing; what it returns is its value."""
    if not inspect.iscoroutinefunction(function):
        return function

    @functools.wraps(function)
    async def steps(*args: Any, **kwargs: Any) -> Steps:
        value = await function(*args, **kwargs)
        if value is not None:
            yield Return(value)

    return steps


@overload
def turbo(function: Callable[..., Any], /) -> TurboApp: ...
@overload
def turbo(**options: Any) -> Callable[[Callable[..., Any]], TurboApp]: ...
def turbo(function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Make an app of an async-generator function, bare (`@turbo`) or with options (`@turbo(temperature=0.9)`).

    - `memory`: a `BaseMemory` or a `chatwidget.Memory`, which all runs share; `memory_class`: one for each run
    - `cache`, `cache_class`: a `BaseCache` or a `chatwidget.Cache`, which all runs share
    - `n` and `select_choice`: how many replies to ask for, and a function of these choices that returns one
    - `debug`, or `log`: a function, called with a dict of app, timestamp, type ("input" or "output") and payload
    - `model`, `tools` and the other options of `chatwidget.app`
    - `stream`: taken; replies always stream

    All other keywords are parameters of the model. An async function that yields nothing is an app as well. Raises
    AppError when the function is neither.
    """
    settings = Settings(options)
    return TurboApp(function, settings) if function is not None else lambda function: TurboApp(function, settings)
