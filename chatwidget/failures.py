"""Tools that never fail: what they raise becomes their result."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable
from typing import Any, TypeVar, cast

from chatwidget.results import clip, repr_of
from chatwidget.threads import text_of

F = TypeVar("F", bound=Callable[..., Any])

log = logging.getLogger("chatwidget")

_ARGUMENT_LIMIT = 200


def fail_with_message(
    message: str = "[Internal Error]",
    *,
    include_exception: bool = True,
    logger: Callable[[str], object] | None = log.warning,
) -> Callable[[F], F]:
    """Make a function return a text for the model in place of raising; goes under `@function_tool`.

        @function_tool
        @fail_with_message("The weather service is away")
        def weather(city: str) -> str: ...

    The text is `message`, and with `include_exception` the exception after a colon. `logger` is called with a line
    that tells the call and the exception; None keeps quiet. Without this decorator a tool that raises is no harm
    either: its result is an error that names the exception. KeyboardInterrupt, SystemExit and a stop pass through.
    """

    def answer(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], error: Exception) -> str:
        if logger is not None:
            shown = [_short(value) for value in args] + [f"{name}={_short(value)}" for name, value in kwargs.items()]
            name = getattr(function, "__name__", "tool")
            logger(f"Tool call {name}({', '.join(shown)}) failed: {text_of(error)}")
        return f"{message.rstrip(': ')}: {text_of(error)}" if include_exception else message

    def decorate(function: F) -> F:
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def call_async(*args: Any, **kwargs: Any) -> Any:
                try:
                    return await function(*args, **kwargs)
                except Exception as error:
                    return answer(function, args, kwargs, error)

            return cast("F", call_async)

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            except Exception as error:
                return answer(function, args, kwargs, error)

        return cast("F", call)

    return decorate


def _short(value: object) -> str:
    return clip(repr_of(value, _ARGUMENT_LIMIT), _ARGUMENT_LIMIT)
