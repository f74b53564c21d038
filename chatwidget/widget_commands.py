"""Commands of a `ChatWidget`, from code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, overload

from chatwidget.session import Session

F = TypeVar("F", bound=Callable[..., Any])


class WidgetCommands:
    """What a person may run by typing `/name`; safe on any thread."""

    session: Session

    @overload
    def command(self, function: F, /, *, name: str | None = ..., description: str | None = ...) -> F: ...
    @overload
    def command(self, /, *, name: str | None = ..., description: str | None = ...) -> Callable[[F], F]: ...
    def command(self, function: Any = None, /, *, name: str | None = None, description: str | None = None) -> Any:
        """Let a person run a function by typing `/name`, from any cell; use as a decorator, bare or with options.

        A sync function runs on a thread, an async one on the controller's. Running the cell again replaces it. See
        `Session.command`.
        """
        return self.session.command(function, name=name, description=description)
