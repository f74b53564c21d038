"""Apps: async-generator functions that hold the dialogue, and everything that can stand for one.

    @app
    async def fortune_teller(name: str):
        yield System("You are a fortune teller.")
        while True:
            yield User((yield GetUserInput(f"{name}, what do you want to know?")))
            yield Generate(temperature=0.9)

`fortune_teller("Ada")` is an app instance; nothing of it runs until a session starts it.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import Any, Generic, ParamSpec, overload

from chatwidget.agent_tools import tool_of_app
from chatwidget.app_options import AppOptions
from chatwidget.commands import Generate, GetUserInput
from chatwidget.context import RunContext
from chatwidget.errors import AppError
from chatwidget.injection import injected, provided
from chatwidget.mentions import is_addressed
from chatwidget.messages import User
from chatwidget.tools import Tool

P = ParamSpec("P")
Steps = AsyncGenerator[Any, Any]


def _name(value: object) -> str:
    return str(getattr(value, "__name__", type(value).__name__))


@dataclass(frozen=True)
class AppInstance:
    """An app with its arguments, ready to be started, as often as needed; each start is fresh."""

    name: str
    start: Callable[[RunContext], Steps] = field(repr=False)
    options: AppOptions = field(default_factory=AppOptions, repr=False)


class App(Generic[P]):
    """An async-generator function as an app; calling it gives an `AppInstance`."""

    def __init__(self, function: Callable[P, Steps], options: AppOptions | None = None) -> None:
        if not inspect.isasyncgenfunction(function):
            raise AppError(
                f"@app needs an async generator function, but {_name(function)} is not one. "
                "Write `async def` and yield what you want done."
            )
        self.function = function
        self.options = options or AppOptions()
        self.name = _name(function)
        self.__doc__ = function.__doc__
        self.__wrapped__ = function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> AppInstance:
        """Bind the arguments; raises TypeError at once when they do not fit."""
        signature = inspect.signature(self.function)
        given = injected(self.function)
        own = [parameter for name, parameter in signature.parameters.items() if name not in given]
        try:
            bound = signature.replace(parameters=own).bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{self.name}(...): {error}") from None

        def start(context: RunContext) -> Steps:
            every = signature.bind_partial()
            every.arguments = bound.arguments | {name: provided(kind, context) for name, kind in given.items()}
            return self.function(*every.args, **every.kwargs)

        return AppInstance(self.name, start, self.options)

    def configure(self, **options: Any) -> App[P]:
        """Return the app with other options, those of `@app`; what is not named stays, and so does this app."""
        return App(self.function, self.options.merged(options))

    def as_tool(self, **options: Any) -> Tool[..., Any]:
        """Return the app as a tool; its docstring is the description. `options` are those of `function_tool`.

        Its parameters are the tool's, its `Return` value, or else the last thing it said, the result. What it asks by
        `GetUserInput` is asked in the conversation that uses it. An app without parameters takes a `message`, which
        answers its first `GetUserInput`; at the next one it is closed.
        """
        has_parameters = bool(inspect.signature(self.function).parameters.keys() - injected(self.function))
        function = self.function if has_parameters else None
        if function is None:
            options.setdefault("description", inspect.getdoc(self.function) or "")
        return tool_of_app(self.name, function, self, options)

    def __repr__(self) -> str:
        return f"<app {self.name}>"


@overload
def app(function: Callable[P, Steps], /) -> App[P]: ...
@overload
def app(**options: Any) -> Callable[[Callable[P, Steps]], App[P]]: ...
def app(function: Callable[P, Steps] | None = None, /, **options: Any) -> Any:
    """Make an app of an async-generator function, bare (`@app`) or with options (`@app(model="gpt-5-mini")`).

    The function yields messages, commands (`Generate`, `GetUserInput`, `Return`) and other apps, and gets back what
    each of them results in. It may have any parameters; those with the type hint `Memory`, `Session` or `RunContext`
    are given these.

    - `model`, `n`, `choice`: for its replies, where `Generate` says nothing else
    - `tools`: functions, tools and toolkits; an app inside another one has these only, or else those around it
    - `memory`: a `Memory`, which is shared by all its runs, or a function that makes one for each
    - `cache`: a `Cache`, or True for the one of the process
    - `max_tool_rounds`, `parallel_tools`: as in `Session`; `retries`: how often a failing endpoint is asked again
    - `debug`: a function, called with "input" or "output" and what the app was given or has yielded

    All other keywords are parameters of the model (`temperature=0.2`). Raises AppError when the function is no async
    generator.
    """
    wanted = AppOptions().merged(options)
    return App(function, wanted) if function is not None else lambda function: App(function, wanted)


@app
async def conversation(context: RunContext) -> Steps:
    """Ask, answer, repeat: the app of a `ChatWidget()` that was given none.

    Where two or more people speak it answers only when it is mentioned (`mentions.py`).
    """
    while True:
        text = yield GetUserInput()
        message = yield User(text)
        handler = getattr(context.session, "handler", None)
        if not is_addressed(context.transcript.path, message, (handler or context.resolve_model(None)).name):
            continue
        if handler is None:
            yield Generate()
        else:
            await handler.answer(context.session.history)


def as_app(value: object) -> AppInstance:
    """Return what `value` means as an app: an app, an instance, an async-generator function, or a started generator.

    Raises AppError naming the value when it means none.
    """
    if isinstance(value, AppInstance):
        return value
    if isinstance(value, App):
        try:
            return value()
        except TypeError as error:
            raise AppError(f"{value.name} needs arguments ({error}). Pass it called with them.") from None
    if inspect.isasyncgen(value):
        return AppInstance(_name(value), _once(value))
    if inspect.isasyncgenfunction(value):
        return as_app(App(value))
    cure = "Pass an @app, a handler such as `async def answer(messages)`, or nothing for a plain chat."
    if isinstance(value, str):
        cure = f"If it is the name of a model, pass model={value!r:.80}."
    raise AppError(f"{value!r:.80} is not an app. {cure}")


def _once(generator: Steps) -> Callable[[RunContext], Steps]:
    async def ended() -> Steps:
        raise AppError(f"{_name(generator)} was passed as a running generator and has ended. Pass the function.")
        yield

    waiting = [generator]
    return lambda _: waiting.pop() if waiting else ended()
