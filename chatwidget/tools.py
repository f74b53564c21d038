"""Tools: functions a model may call.

    @function_tool
    async def weather(city: str, days: Annotated[int, Field(ge=1, le=7)] = 1) -> str:
        '''Tell the weather of a city.'''
        return await look_up(city, days)

Type hints become the JSON schema, the docstring the descriptions. What a model sends is validated and coerced by
pydantic. Async functions run on the loop; others in a thread of their own, so that they may block.
"""

from __future__ import annotations

import contextvars
import functools
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, NoReturn, ParamSpec, TypeVar, overload

from chatwidget._tool_call import ToolExit, in_thread, on_loop, settle
from chatwidget.errors import ToolDefinitionError

__all__ = ["Tool", "ToolExit", "ToolSpec", "function_tool"]

P = ParamSpec("P")
R = TypeVar("R")
RunOn = Literal["thread", "loop"]

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """What a model is told of a tool: its name, its description and the JSON schema of its arguments."""

    name: str
    description: str
    parameters: Mapping[str, Any]


class Tool(Generic[P, R]):
    """A function a model may call; called from Python it is the function it was.

    Made by `function_tool`. `spec` is what a model is told, `timeout` the limit in seconds (None: none), `run_on`
    where its code runs.
    """

    def __init__(
        self,
        function: Callable[P, R],
        *,
        name: str | None = None,
        description: str | None = None,
        timeout: float | None = None,
        run_on: RunOn | None = None,
    ) -> None:
        # Here, not above: a chat without tools does not pay for pydantic, a quarter of a second.
        from chatwidget._docstrings import read_docstring
        from chatwidget._tool_schema import arguments_of, root

        functools.update_wrapper(self, function, updated=())
        plain = root(function)
        self.function = function
        self.name = _checked_name(function, _own_name(function, plain) if name is None else name)
        _check_kind(self.name, function, plain)
        words = read_docstring(inspect.getdoc(plain))
        self.description = words.description if description is None else description.strip()
        if not self.description:
            _refuse(self.name, "a model must be told what it does. Write a docstring, or pass `description=`.")
        if not _is_limit(timeout):
            _refuse(self.name, f"timeout={timeout!r} is no time limit. Give seconds above 0, or None for no limit.")
        if run_on not in (None, "thread", "loop"):
            _refuse(self.name, f"run_on={run_on!r} is no place to run. Give 'thread' or 'loop'.")
        self.timeout = timeout
        self.run_on: RunOn = run_on or ("loop" if _is_async(function) else "thread")
        self._arguments = arguments_of(function, self.name, words.parameters)
        self.spec = ToolSpec(self.name, self.description, self._arguments.schema)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the function itself, without validation, limit or thread."""
        return self.function(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<Tool {self.name}{inspect.signature(self.function)}>"

    def validate(self, arguments: str) -> dict[str, Any]:
        """Turn a model's JSON text into keyword arguments for `call`; a blank text is no arguments.

        Raises `ToolArgumentsError` whose text, of at most 1,000 characters, tells the model what to correct.
        """
        from chatwidget._tool_arguments import validate_arguments

        return validate_arguments(self._arguments, self.name, arguments)

    async def call(self, arguments: Mapping[str, Any], *, context: contextvars.Context | None = None) -> Any:
        """Run the tool with validated arguments and return what it returns.

        Its code sees a copy of `context` (by default the caller's), so that captured output finds its way. Raises
        what the tool raises; `ToolTimeout` after `timeout` seconds; `ToolExit` for KeyboardInterrupt, SystemExit and
        a CancelledError of its own. When cancelled or out of time, an async tool is cancelled and has a second to
        clean up; a thread cannot be stopped, it ends by itself and its result is dropped.
        """
        context = contextvars.copy_context() if context is None else context.copy()
        start = on_loop if self.run_on == "loop" else in_thread
        return await settle(start(self.function, arguments), self.name, self.timeout, context)


@overload
def function_tool(function: Callable[P, R], /) -> Tool[P, R]: ...


@overload
def function_tool(
    *,
    name: str | None = None,
    description: str | None = None,
    timeout: float | None = None,
    run_on: RunOn | None = None,
) -> Callable[[Callable[P, R]], Tool[P, R]]: ...


def function_tool(
    function: Callable[..., Any] | None = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
    timeout: float | None = None,
    run_on: RunOn | None = None,
) -> Any:
    """Make a tool of a function, bare (`@function_tool`) or with options (`@function_tool(timeout=10)`).

    Every parameter needs a type hint, the function a docstring (Google, NumPy or Sphinx style) or a `description`.
    `timeout` is in seconds; `run_on` is "loop" or "thread", by default as the function is async or not. Raises
    `ToolDefinitionError` that names the function, the parameter and the cure.
    """

    def make(function: Callable[..., Any]) -> Tool[..., Any]:
        return Tool(function, name=name, description=description, timeout=timeout, run_on=run_on)

    return make if function is None else make(function)


def _refuse(label: str, problem: str) -> NoReturn:
    raise ToolDefinitionError(f"`{label}` cannot become a tool: {problem}")


def _own_name(function: Any, plain: Any) -> str:
    own = getattr(plain, "__name__", "")
    return type(function).__name__ if own == "__call__" else own


def _is_limit(timeout: Any) -> bool:
    return timeout is None or (isinstance(timeout, int | float) and timeout > 0)


def _checked_name(function: Any, name: Any) -> str:
    if isinstance(name, str) and _NAME.fullmatch(name):
        return str(name)
    cure = "Pass `name=` with 1 to 64 letters a-z, digits, `_` or `-`."
    raise ToolDefinitionError(f"{function!r:.80} cannot become a tool called {name!r:.80}. {cure}")


def _check_kind(label: str, function: Any, plain: Any) -> None:
    if not callable(function) or inspect.isclass(function):
        _refuse(label, f"{function!r:.80} is no function. Write a function that uses it.")
    if isinstance(function, Tool):
        _refuse(label, "it is a tool already. To change its options, wrap its `.function`.")
    if inspect.isgeneratorfunction(plain) or inspect.isasyncgenfunction(plain):
        _refuse(label, "it yields, and a tool has one result. Collect the items and return them.")


def _is_async(function: Any) -> bool:
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(getattr(function, "__call__", None))  # noqa: B004
