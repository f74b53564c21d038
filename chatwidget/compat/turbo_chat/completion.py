"""A documented function as a prompt."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar, overload

from chatwidget.compat.turbo_chat.settings import Settings
from chatwidget.completions import Completion
from chatwidget.models import get_model
from chatwidget.models.caching import cached

__all__ = ["completion"]

T = TypeVar("T")
Prompt = Callable[..., Awaitable[Any]]


@overload
def completion(parse: Callable[[str], T], **options: Any) -> Callable[[Prompt], Callable[..., Awaitable[T]]]: ...
@overload
def completion(**options: Any) -> Callable[[Prompt], Callable[..., Awaitable[str]]]: ...
def completion(parse: Callable[[str], Any] = str, **options: Any) -> Any:
    """Make a prompt of an async function: `await f(a, b)` sends its docstring, a template, and returns `parse(reply)`.

    A ValueError that `parse` raises is told to the model, three times in all; then OutputError holds the last text.
    `options` are those of `turbo`. The call also takes `cache_args` and, for turbo-chat's sake, `memory_args`.
    """
    if inspect.iscoroutinefunction(parse) and (parse.__doc__ or "").strip():
        return completion()(parse)
    settings = Settings(options)

    def decorated(function: Prompt) -> Prompt:
        prompts: dict[int, Completion[..., Any]] = {}

        def prompt(found: Any) -> Completion[..., Any]:
            own = settings.options
            model = own.model if found is None else cached(get_model(own.model), found[1])
            plain = {"model": model, "n": own.n, "choice": own.choice, "tools": own.tools or (), **own.parameters}
            if id(found) not in prompts:
                prompts[id(found)] = Completion(function, parse=parse, **plain)
            return prompts[id(found)]

        prompt(None)  # what is wrong with it is told now

        @functools.wraps(function)
        async def called(
            *args: Any, memory_args: object = None, cache_args: Mapping[str, Any] | None = None, **kwargs: Any
        ) -> Any:
            asked = prompt(settings.cache(cache_args or {}))
            messages = asked.messages(*args, **kwargs)
            settings.note(asked.name, "input", messages[-1].text)
            value = await asked(*args, **kwargs)
            settings.note(asked.name, "output", value)
            return value

        return called

    return decorated
