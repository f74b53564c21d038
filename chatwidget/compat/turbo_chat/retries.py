"""Trying again what failed for a reason that may pass: for requests of your own. Models here retry by themselves."""

from __future__ import annotations

import asyncio
import functools
import sys
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

from chatwidget.errors import EndpointError, ModelTimeout, RateLimited

P = ParamSpec("P")
T = TypeVar("T")

_OF_OPENAI = ("APIConnectionError", "RateLimitError", "InternalServerError")


def create_retry_decorator(
    min_seconds: float = 4, max_seconds: float = 10, max_retries: int = 5
) -> Callable[[Callable[P, Awaitable[T]]], Callable[P, Awaitable[T]]]:
    """Make a decorator that calls an async function at most `max_retries` times, and raises what the last call does.

    Called again is after failures of this library's models, and of openai, that may pass: limits, time-outs, lost
    connections, faults of the server. The waits begin with `min_seconds` and double up to `max_seconds`; a wait that
    the server asks for is kept to.
    """

    def decorated(function: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        @functools.wraps(function)
        async def tried(*args: P.args, **kwargs: P.kwargs) -> T:
            for number in range(1, max_retries):
                try:
                    return await function(*args, **kwargs)
                except _passing() as error:
                    asked = getattr(error, "retry_after", None)
                    await asyncio.sleep(asked or min(min_seconds * 2 ** (number - 1), max_seconds))
            return await function(*args, **kwargs)

        return tried

    return decorated


def _passing() -> tuple[type[Exception], ...]:
    """Return the exceptions after which it is worth trying again; openai's where it is in use."""
    openai = sys.modules.get("openai")
    found = () if openai is None else tuple(getattr(openai, name) for name in _OF_OPENAI)
    return (RateLimited, EndpointError, ModelTimeout, *found)


def with_retries(function: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    """Call an async function up to five times, waiting 4 to 10 seconds in between."""
    return create_retry_decorator()(function)
