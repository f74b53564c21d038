"""What a tool's preview, or its body while it streams, is given of arguments that are still being written."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from typing import Any

from chatwidget._signature import refuse
from chatwidget.tool_context import ToolContext

_EMPTY = inspect.Parameter.empty


class PartialArguments:
    """The arguments of one tool so far, by the names of its parameters; typed where it has type hints."""

    def __init__(self, arguments: Any) -> None:
        self._names: Mapping[str, str] | None = getattr(arguments, "names", None)
        if self._names is not None:
            # Here, not above: a chat without tools does not pay for pydantic.
            from chatwidget._partial_value import PartialValue

            self._value = PartialValue(arguments.model)

    def of(self, value: Any) -> dict[str, Any]:
        """Return what is there and fits, from the best JSON value so far. Never raises."""
        if self._names is None:
            return dict(value) if isinstance(value, dict) else {}
        so_far = self._value.of(value)
        found = {name: getattr(so_far, field, None) for field, name in self._names.items()}
        return {name: item for name, item in found.items() if item is not None}


class Preview:
    """A preview function and which of a tool's arguments it takes.

    Raises `ToolDefinitionError` for a parameter that is no argument of the tool.
    """

    def __init__(self, function: Callable[..., Any], label: str, names: Collection[str], *, method: bool) -> None:
        self.function = function
        parameters = list(inspect.signature(function).parameters.values())[int(method) :]
        named = [p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
        context = [p.name for p in named if p.annotation in (ToolContext, ToolContext.__name__)]
        self._context = context[0] if context else None
        self._every = any(p.kind is p.VAR_KEYWORD for p in parameters)
        self._names = frozenset(p.name for p in named) - {self._context}
        self._needed = frozenset(p.name for p in named if p.default is _EMPTY) - {self._context}
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            refuse(label, "its preview yields, and is called again and again instead. Return what it shows.")
        if any(p.kind is p.POSITIONAL_ONLY for p in parameters):
            refuse(label, "its preview has positional-only parameters, and is given them by name. Remove the `/`.")
        for name in sorted(self._names.difference(names)):
            known = ", ".join(names) or "none"
            refuse(label, f"its preview takes `{name}`, which is no argument of it. They are: {known}.")

    def keywords(self, arguments: Mapping[str, Any], call: ToolContext) -> dict[str, Any] | None:
        """Return what to call it with; None while something it cannot do without is missing."""
        if self._needed - arguments.keys():
            return None
        given = {name: value for name, value in arguments.items() if self._every or name in self._names}
        return given if self._context is None else {**given, self._context: call}
