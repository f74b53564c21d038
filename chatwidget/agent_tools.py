"""An app, or a whole session, as a tool of another one: an agent that calls agents."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from chatwidget._signature import hints_of, parameters_of
from chatwidget.asker import current_run
from chatwidget.asking import Asks
from chatwidget.errors import AppError
from chatwidget.injection import injected
from chatwidget.tools import Tool


def tool_of_app(
    name: str, function: Callable[..., Any] | None, start: Callable[..., Any], options: dict[str, Any]
) -> Tool[..., Any]:
    """Make a tool of an app: `function` is what it was written as, `start` makes an instance of it.

    See `App.as_tool`.
    """
    given = {} if function is None else injected(function)
    asked = [] if function is None else parameters_of(function, name)
    parameters = [parameter for parameter in asked if parameter.name not in given]

    async def run(**arguments: Any) -> Any:
        message = None if parameters else arguments.pop("message")
        context = current_run()
        if context.run_nested is None:
            raise AppError(f"{name} is an app, and nothing here can run apps. Use it as a tool of a Session.")
        return await context.run_nested(start(**arguments), context, message)

    hints = {} if function is None else hints_of(function, name, parameters)
    typed = [parameter.replace(annotation=hints[parameter.name]) for parameter in parameters]
    run.__signature__ = inspect.Signature(typed or [_MESSAGE])  # type: ignore[attr-defined]
    run.__name__ = name
    run.__module__ = getattr(function, "__module__", None) or __name__
    run.__doc__ = inspect.getdoc(function) if function is not None else None
    return Tool(run, run_on="loop", **options)


def tool_of_session(
    name: str,
    submit: Callable[[str], Any],
    give_up: Callable[[Any], Awaitable[None]],
    asks: Asks,
    options: dict[str, Any],
) -> Tool[..., Any]:
    """Make a tool of a session.

    `submit` sends it a text and returns the turn, `give_up` ends that, `asks` are its open questions.
    See `Session.as_tool`.
    """
    one_at_a_time = asyncio.Lock()

    async def run(message: str) -> str:
        above = current_run().asks
        if above is asks:
            raise AppError(f"{name} is the session that calls it, and would wait for itself. Use another one.")
        async with one_at_a_time:  # whoever calls is the one who is asked
            turn = submit(message)
            asks.above = above
            try:
                reply = await asyncio.shield(turn.done)
            except asyncio.CancelledError:
                await give_up(turn)
                raise
            finally:
                asks.above = None
        return "" if reply is None else reply.text

    return Tool(run, run_on="loop", **{"name": name, **options})


_MESSAGE = inspect.Parameter("message", inspect.Parameter.KEYWORD_ONLY, annotation=str)
