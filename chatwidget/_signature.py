"""A function's signature as a tool needs it: its parameters, their hints evaluated, and what lies behind wrappers."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn, get_type_hints

from chatwidget.errors import ToolDefinitionError

_EMPTY = inspect.Parameter.empty


def refuse(label: str, problem: str) -> NoReturn:
    """Raise ToolDefinitionError: this function cannot become a tool."""
    raise ToolDefinitionError(f"`{label}` cannot become a tool: {problem}")


def parameters_of(function: Callable[..., Any], label: str) -> list[inspect.Parameter]:
    try:
        parameters = list(inspect.signature(function).parameters.values())
        if is_method(function):
            parameters = parameters[1:]
    except (TypeError, ValueError, NameError) as error:
        refuse(label, f"its signature cannot be read ({error}). Wrap it in a function with type hints.")
    for parameter in parameters:
        name, kind = parameter.name, parameter.kind
        if kind is parameter.VAR_POSITIONAL:
            refuse(label, f"a model cannot fill `*{name}`. Take a list instead: `{name}: list[str]`.")
        if kind is parameter.VAR_KEYWORD:
            refuse(label, f"a model cannot fill `**{name}`. Name each parameter, or take `{name}: dict[str, str]`.")
        if kind is parameter.POSITIONAL_ONLY:
            refuse(label, f"`{name}` is positional-only, and models pass arguments by name. Remove the `/`.")
        if parameter.annotation is _EMPTY:
            cure = f"Write `{name}: str`, or whatever type it takes."
            if name in ("self", "cls"):
                cure = "For a method, make a tool of the bound one: `function_tool(thing.method)`."
            refuse(label, f"its parameter `{name}` has no type hint. {cure}")
    return parameters


def hints_of(function: Callable[..., Any], label: str, parameters: list[inspect.Parameter]) -> dict[str, Any]:
    """Return the parameters' hints with their strings evaluated, where the function was written."""
    home = root(function)
    names: dict[str, Any] = dict(getattr(home, "__globals__", {}))
    if inspect.isfunction(home):
        for name, cell in zip(home.__code__.co_freevars, home.__closure__ or (), strict=True):
            with suppress(ValueError):  # not bound yet
                names[name] = cell.cell_contents

    def holder() -> None: ...

    # One at a time, so that the error can name the parameter; without the return hint, which may be anything.
    hints = {}
    for parameter in parameters:
        holder.__annotations__ = {parameter.name: parameter.annotation}
        try:
            hints.update(get_type_hints(holder, names, include_extras=True))
        except Exception as error:  # a hint in a string is code
            refuse(
                label,
                f"the type hint of `{parameter.name}`, {parameter.annotation!r:.80}, cannot be read ({error}). "
                "Define its type before the function, at the top level of a module or cell.",
            )
    return hints


def is_method(function: Callable[..., Any]) -> bool:
    """Whether a function was written in a class and is not bound to an instance yet."""
    place = getattr(function, "__qualname__", "").rpartition(".")[0]
    if not inspect.isfunction(function) or not place or place.endswith("<locals>"):
        return False
    first = next(iter(inspect.signature(function).parameters.values()), None)
    return first is not None and first.name == "self" and first.annotation is _EMPTY


def root(function: Callable[..., Any]) -> Any:
    """Return the plain function behind wrappers, partials, bound methods and callable objects."""
    seen: Any = function
    while True:
        if isinstance(seen, functools.partial):
            seen = seen.func
        elif hasattr(seen, "__wrapped__"):
            seen = seen.__wrapped__
        elif inspect.ismethod(seen):
            seen = seen.__func__
        elif inspect.isroutine(seen) or inspect.isclass(seen):
            return seen
        else:
            seen = type(seen).__call__
