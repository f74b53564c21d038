"""Calling a handler, whatever kind of function it is: what it returns or yields comes as one async stream.

A sync function runs in a thread of its own, so that one that blocks holds up neither the screen nor Stop.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from types import GeneratorType
from typing import Any, cast

from chatwidget.threads import call_in_thread

_END = object()


async def handler_items(handler: Callable[..., Any], *args: Any) -> AsyncGenerator[tuple[Any, bool], None]:
    """Call a function and give what it yields, each with True, or the one thing it returns, with False.

    Async functions and generators run on this loop. Raises what the function raises, and `Exited` for the exits of
    one in a thread. Closing this closes the generator.
    """
    if inspect.isasyncgenfunction(handler) or inspect.iscoroutinefunction(handler):
        result = handler(*args)
    else:
        result = await call_in_thread(handler, *args)
    if inspect.isawaitable(result):
        result = await result
    if inspect.isgenerator(result):
        result = _from_thread(cast("GeneratorType[Any, Any, Any]", result))
    if inspect.isasyncgen(result):
        async with aclosing(result):
            async for item in result:
                yield item, True
    else:
        yield result, False


async def _from_thread(generator: GeneratorType[Any, Any, Any]) -> AsyncGenerator[Any, None]:
    try:
        while (item := await call_in_thread(next, generator, _END)) is not _END:
            yield item
    finally:
        # One that is still at work in its thread cannot be closed; it ends when that call returns.
        if not generator.gi_running:
            await call_in_thread(generator.close)
