"""Who is told of events: functions by event type, and streams."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from typing import Any, TypeVar, get_args

from chatwidget.capture import uncaptured
from chatwidget.events import Event

E = TypeVar("E", bound=Event)
_EVENTS = frozenset(get_args(Event))
log = logging.getLogger("chatwidget")


class Listeners:
    """Functions that want to know of events. One that raises is logged and changes nothing."""

    def __init__(self) -> None:
        self._by_type: dict[type, tuple[Callable[[Any], object], ...]] = {}

    def on(self, event_type: Any, function: Callable[[Any], object]) -> Callable[[], None]:
        """Call `function` with every event of a type, or of any of a union; returns the function that ends it."""
        kinds = get_args(event_type) or (event_type,)
        for kind in kinds:
            if not isinstance(kind, type) or kind not in _EVENTS:
                raise TypeError(f"on() takes an event type such as MessageEnded, not {kind!r:.80}.")
        call = getattr(function, "__call__", None)  # noqa: B004 - of an object, which may be async
        if call is None or inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(call):
            cure = "Give a plain function of the event; it may start a task for what has to wait."
            raise TypeError(f"on() cannot call {function!r:.80} with events. {cure}")
        for kind in kinds:
            self._by_type[kind] = (*self._by_type.get(kind, ()), function)

        def off() -> None:
            for kind in kinds:
                self._by_type[kind] = tuple(f for f in self._by_type.get(kind, ()) if f is not function)

        return off

    def tell(self, event: Event) -> None:
        """Call everyone who asked for this event's type."""
        for function in self._by_type.get(type(event), ()):
            try:
                with uncaptured():  # it is not the tool or app, in whose midst the event happened, that prints
                    function(event)
            except BaseException:  # an exit in it would end the loop of all chats
                log.exception("a listener for %s failed", type(event).__name__)
