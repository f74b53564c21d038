"""The options of `@turbo`, split into this library's own and those that only turbo-chat has."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chatwidget.app_options import AppOptions
from chatwidget.cache import Cache
from chatwidget.compat.turbo_chat.cache import BaseCache, to_core_cache
from chatwidget.compat.turbo_chat.kept import Kept, checked_fields
from chatwidget.compat.turbo_chat.memory import BaseMemory, LocalMemory
from chatwidget.errors import AppError
from chatwidget.memory import Memory
from chatwidget.messages import Message

log = logging.getLogger("chatwidget")

_OWN = ("memory", "memory_class", "cache", "cache_class", "debug", "log", "select_choice", "stream", "original_fn")


class Choice(dict[str, Any]):
    """One of several replies, as `select_choice` is given them: `choice.message.content`, or by keys."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"a choice has no {name!r}, it has {', '.join(self)}") from None


def chooser(select: Callable[[Sequence[Choice]], Any] | None) -> Callable[[list[Message]], Any] | None:
    """Return a `select_choice` as this library's `choice`."""
    if select is None:
        return None

    async def choose(messages: list[Message]) -> int:
        replies = [Choice(role="assistant", content=message.text) for message in messages]
        reasons = ["length" if message.status == "length" else "stop" for message in messages]
        choices = [
            Choice(index=place, message=reply, finish_reason=reason)
            for place, (reply, reason) in enumerate(zip(replies, reasons, strict=True))
        ]
        chosen = select(choices)
        chosen = await chosen if inspect.isawaitable(chosen) else chosen
        found = next((place for place, one in enumerate(choices) if one is chosen), None)
        if found is None:
            raise AppError("select_choice= returned none of the choices that it was given.")
        return found

    return choose


@dataclass(frozen=True)
class Settings:
    """What an app was decorated with. `given` is all of it, as it was given."""

    given: Mapping[str, Any] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        for name, kind in (("memory", (BaseMemory, Memory)), ("cache", (BaseCache, Cache))):
            value = self.given.get(name)
            if value is not None and not isinstance(value, kind):
                cure = f"Give an object, or {name}_class= and a class."
                raise AppError(f"{name}={value!r:.80} is no {kind[0].__name__}. {cure}")

    @property
    def options(self) -> AppOptions:
        """The options of this library: the model, `n`, tools, and all parameters of the model."""
        plain = {name: value for name, value in self.given.items() if name not in _OWN}
        select = chooser(self.given.get("select_choice"))
        return AppOptions().merged(plain if select is None else {**plain, "choice": select})

    @property
    def keeps(self) -> bool:
        """Whether there is a memory."""
        return self.given.get("memory") is not None or self.given.get("memory_class") is not None

    def memory(self, fields: Mapping[str, Any], argument: Any) -> Callable[[], Memory]:
        """Return what makes the memory of a run: the very one that was given, or a fresh one of the class.

        Raises AppError for arguments that its `setup` does not take.
        """
        given = self.given.get("memory")
        made = self.given.get("memory_class") or LocalMemory
        setup = getattr(made if given is None else type(given), "setup", None)
        if setup is not None and (fields or given is None):
            checked_fields(made, setup, fields)
        reserved = self.given.get("max_tokens")
        reserved = reserved if isinstance(reserved, int) else 0

        def memory() -> Memory:
            kept = made() if given is None else given
            if isinstance(kept, Memory):
                return kept
            if kept.model is None and isinstance(self.given.get("model"), str):
                kept.model = self.given["model"]
            return Kept(kept, fields, argument, reserved)

        return memory

    def cache(self, fields: Mapping[str, Any]) -> Any:
        """Return the cache as it was given, or that of the class, which all runs share; None where there is none.

        `cache_args` make one of its own for each set of them. Raises AppError where its `setup` does not take them.
        """
        given, made = self.given.get("cache"), self.given.get("cache_class")
        if given is None and made is None:
            return None
        key = repr(sorted(fields.items(), key=lambda item: item[0]))
        if key not in self.made:
            cache = made() if given is None and made is not None else given
            if isinstance(cache, BaseCache) and (fields or given is None):
                checked_fields(type(cache), type(cache).setup, fields)
            wanted = dict(fields) if fields or given is None else None
            self.made[key] = (cache, to_core_cache(cache, wanted))
        return self.made[key]

    def note(self, app: str, direction: str, payload: Any) -> None:
        """Show the debug hook what an app yielded or was given; what the hook raises is logged."""
        hook = self.given.get("debug") or self.given.get("log")
        if not callable(hook) or payload is None:
            return
        try:
            hook({"app": app, "timestamp": datetime.now(UTC), "type": direction, "payload": payload})
        except Exception:
            log.warning("the debug hook failed", exc_info=True)
