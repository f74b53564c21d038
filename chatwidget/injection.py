"""What an app is given besides its arguments: parameters are filled in by their type hints."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from chatwidget.context import RunContext
from chatwidget.errors import AppError

_KINDS = {"Memory": "memory", "Session": "session", "RunContext": "context"}


def injected(function: Callable[..., Any]) -> dict[str, str]:
    """Return the parameters of an app that ask for the `Memory`, the `Session` or the `RunContext`, and which."""
    parameters = inspect.signature(function).parameters.values()
    found = {parameter.name: _kind(parameter.annotation) for parameter in parameters}
    return {name: kind for name, kind in found.items() if kind is not None}


def provided(kind: str, context: RunContext) -> Any:
    """Return what an app asks for; raises AppError where there is none."""
    value = {"memory": context.memory, "session": context.session, "context": context}[kind]
    if value is None:
        raise AppError(f"The app wants the {kind}, and there is none here. Run it in a Session.")
    return value


def _kind(annotation: Any) -> str | None:
    """A hint may be a string, and naming it must not import anything."""
    if isinstance(annotation, str):
        return _KINDS.get(annotation.removesuffix(" | None").rpartition(".")[2])
    for base in getattr(annotation, "__mro__", ()):
        if base.__module__.startswith("chatwidget.") and base.__name__ in _KINDS:
            return _KINDS[base.__name__]
    return None
