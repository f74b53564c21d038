"""Completions: a documented function as a prompt, awaited like any other function.

@completion
async def rhymes(word: str, count: int = 3) -> list[str]:
    '''You are a poet.
    ---
    Give {{ count }} rhymes for "{{ word }}".
    '''

words = await rhymes("moon")
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, ParamSpec, TypeVar, cast, get_type_hints, overload

from chatwidget._completion_run import run_anywhere
from chatwidget._signature import root
from chatwidget.agent_tools import tool_of_app
from chatwidget.apps import App, AppInstance
from chatwidget.commands import MAX_ATTEMPTS, Generate, Return
from chatwidget.errors import AppError, OutputError
from chatwidget.messages import Message, System, User
from chatwidget.option_names import check_names, check_types
from chatwidget.templates import Template
from chatwidget.threads import call_anyhow, text_of
from chatwidget.tools import Tool

P = ParamSpec("P")
T = TypeVar("T")

_BREAK = "---"
_OPTIONS = ("parse", "output_type", "model", "max_attempts", "tools")
_AGAIN = "Your reply cannot be used: {} Correct this and answer again."


class Completion(Generic[P, T]):
    """A function whose docstring is a prompt; made by `completion`, which says what the options mean."""

    def __init__(
        self,
        function: Callable[P, Awaitable[T]],
        *,
        parse: Callable[[str], Any] | None = None,
        output_type: Any = None,
        model: Any = None,
        max_attempts: int = MAX_ATTEMPTS,
        tools: Any = (),
        **options: Any,
    ) -> None:
        self.name = str(getattr(function, "__name__", type(function).__name__))
        if not inspect.iscoroutinefunction(function):
            raise AppError(f"@completion needs a function, but {self.name} is not one: write `async def`.")
        if parse is not None and output_type is not None:
            raise AppError(f"{self.name} has parse= and output_type=. Give one of them: each makes the result.")
        check_types("@completion", {"max_attempts": max_attempts})
        check_names("@completion", options, {*_OPTIONS, "n", "choice", "forward"})
        self.function = function
        self._signature = inspect.signature(function)
        self._system, self._prompt = self._read()
        self._parse = parse
        if parse is None and output_type is None:
            output_type = self._returned()
        self._max_attempts = max_attempts
        typed = {} if output_type is None else {"output_type": output_type, "max_attempts": max_attempts}
        self._command = Generate(model, tools=() if tools is None else tools, **typed, **options)
        self._model = model
        self.__name__ = self.name
        self.__qualname__ = getattr(function, "__qualname__", self.name)
        self.__module__ = function.__module__
        self.__doc__ = function.__doc__
        self.__wrapped__ = function

    async def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """Send the prompt and return what the reply stands for.

        Raises TypeError when the arguments do not fit, ModelError when the model fails, OutputError with the last text
        when no reply would do. Cancelling it, or a stop of the turn that it belongs to, ends the request.
        """
        found: list[T] = []
        await run_anywhere(self._app(found, *args, **kwargs), self._model)
        return found[0]

    def app(self, *args: P.args, **kwargs: P.kwargs) -> AppInstance:
        """Return the call as an app, to be yielded: `words = yield rhymes.app("moon")`."""
        return self._app([], *args, **kwargs)

    def as_tool(self, description: str, **options: Any) -> Tool[..., Any]:
        """Return it as a tool with its parameters; the docstring is a prompt, so it takes a `description`.

        `options` are those of `function_tool`.
        """
        return tool_of_app(self.name, self.function, self.app, {"description": description, **options})

    def messages(self, *args: P.args, **kwargs: P.kwargs) -> list[Message]:
        """Return what a model would be sent."""
        try:
            bound = self._signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{self.name}(...): {error}") from None
        bound.apply_defaults()
        values = bound.arguments
        system, prompt = (
            None if part is None else part.render(**{name: values[name] for name in values.keys() & part.names})
            for part in (self._system, self._prompt)
        )
        return [*([] if system is None else [System(system)]), User(prompt or "")]

    def __repr__(self) -> str:
        return f"<completion {self.name}{self._signature}>"

    def _app(self, found: list[T], *args: P.args, **kwargs: P.kwargs) -> AppInstance:
        messages = self.messages(*args, **kwargs)

        async def steps() -> Any:
            for message in messages:
                yield message
            attempt = 1
            while True:
                reply = yield self._command
                try:
                    found.append(await self._value(reply))
                    break
                except ValueError as error:
                    problem = text_of(error)
                    if attempt >= self._max_attempts:
                        said = f"No reply to {self.name} could be used, also after it was told why: {problem}"
                        raise OutputError(said, reply.text) from error
                attempt += 1
                yield User(_AGAIN.format(problem))
            yield Return(found[0])

        steps.__name__ = self.name
        return App(steps)()

    async def _value(self, reply: Any) -> Any:
        if not isinstance(reply, Message):
            return reply
        return reply.text if self._parse is None else await call_anyhow(self._parse, reply.text)

    def _read(self) -> tuple[Template | None, Template]:
        """Return the docstring as templates for the system message, if any, and the prompt; the variables checked."""
        text = inspect.getdoc(self.function) or ""
        if not text.strip():
            raise AppError(f"{self.name} has no docstring, which is its prompt. Write one.")
        for parameter in self._signature.parameters.values():
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                stars = "*" if parameter.kind is parameter.VAR_POSITIONAL else "**"
                cure = "Name each parameter, as the prompt does, or take a list or dict."
                raise AppError(f"{self.name} takes {stars}{parameter.name}, which no prompt can name. {cure}")
        lines = text.split("\n")
        at = next((number for number, line in enumerate(lines) if line.strip() == _BREAK), None)
        system = None if at is None else Template("\n".join(lines[:at]))
        prompt = Template(text if at is None else "\n".join(lines[at + 1 :]))
        self._check(frozenset().union(*(part.names for part in (system, prompt) if part is not None)))
        return system, prompt

    def _check(self, names: frozenset[str]) -> None:
        parameters = self._signature.parameters.keys()
        for name in sorted(names - parameters):
            raise AppError(f"The prompt of {self.name} names {name!r}, which is none of its parameters.")
        for name in sorted(parameters - names):
            raise AppError(f"The prompt of {self.name} does not use its parameter {name!r}. Name it, or remove it.")

    def _returned(self) -> Any:
        """Return the type that the reply is to be of, by the return hint; None for text."""
        hint = self._signature.return_annotation
        if isinstance(hint, str):
            home = root(self.function)

            def holder() -> None: ...

            holder.__annotations__ = {"return": hint}
            local = dict(inspect.getclosurevars(home).nonlocals)
            try:
                hint = get_type_hints(holder, home.__globals__, local, include_extras=True)["return"]
            except Exception as error:
                cure = "Define the type at the top level of a module or cell, or pass output_type=."
                raise AppError(
                    f"The return hint {hint!r:.80} of {self.name} cannot be read ({error}). {cure}"
                ) from None
        return None if hint in (inspect.Signature.empty, str, Any, None, type(None)) else hint


@overload
def completion(function: Callable[P, Awaitable[T]], /) -> Completion[P, T]: ...
@overload
def completion(
    *,
    parse: Callable[[str], Coroutine[Any, Any, T]],
    model: Any = None,
    max_attempts: int = MAX_ATTEMPTS,
    tools: Any = (),
    **options: Any,
) -> Callable[[Callable[P, Awaitable[Any]]], Completion[P, T]]: ...
@overload
def completion(
    *, parse: Callable[[str], T], model: Any = None, max_attempts: int = MAX_ATTEMPTS, tools: Any = (), **options: Any
) -> Callable[[Callable[P, Awaitable[Any]]], Completion[P, T]]: ...
@overload
def completion(
    *, output_type: type[T], model: Any = None, max_attempts: int = MAX_ATTEMPTS, tools: Any = (), **options: Any
) -> Callable[[Callable[P, Awaitable[Any]]], Completion[P, T]]: ...
@overload
def completion(**options: Any) -> Callable[[Callable[P, Awaitable[T]]], Completion[P, T]]: ...
def completion(function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Make a prompt of an async function: `await f(a, b)` sends its docstring and returns the reply.

    The docstring is a template (`chatwidget.template`) with the parameters as variables; what stands before a line
    `---` is the system message. The body is not run. The reply is returned as text, or as an object of the return
    hint. Inside an app or a tool it runs as an app within that run: shown, stopped and counted with it. Elsewhere it
    is a conversation of its own that nobody sees.

    - `parse`: a function of the reply's text, sync or async, whose result is returned. The text of a ValueError that it
      raises is told to the model, `max_attempts` times in all; then OutputError holds the last text
    - `output_type`: in place of the return hint, see `Generate`
    - `model`: a model or its name
    - `tools`: what the model may call; by default nothing, also inside a chat with tools

    All other keywords are parameters of the model. Raises AppError, when it is made, for a docstring that is no
    template or does not name exactly the parameters.
    """
    if function is not None:
        return Completion(function, **options)
    return lambda function: Completion(cast("Callable[..., Awaitable[Any]]", function), **options)
