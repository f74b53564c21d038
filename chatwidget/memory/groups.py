"""Messages that belong together: a reply with tool calls and the results behind it. Any other is a group of its own."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from chatwidget.going_on import is_go_on
from chatwidget.messages import Message

_CONVERSATIONS = 64


def group_start(messages: Sequence[Message], stop: int) -> int:
    """Return where the group begins that ends before `stop`."""
    start = stop - 1
    while start > 0 and messages[start].role == "tool":
        start -= 1
    return start


def group_stop(messages: Sequence[Message], start: int) -> int:
    """Return the place behind the group that begins at `start`."""
    stop = start + 1
    while stop < len(messages) and messages[stop].role == "tool":
        stop += 1
    return stop


def gathered(messages: Sequence[Message], starts: Iterable[int]) -> list[Message]:
    """Return the messages of the groups that begin at these places."""
    return [message for start in starts for message in messages[start : group_stop(messages, start)]]


def is_pinned(message: Message) -> bool:
    """Whether views keep a message wherever it stands: what an app sets and nobody said (system, sticky, examples)."""
    hidden = message.hidden and not is_go_on(message)
    return message.role == "system" or (message.role != "tool" and (message.label is not None or hidden))


@dataclass(slots=True)
class _Seen:
    count: int = 0
    last: str = ""
    places: list[int] = field(default_factory=list)

    def begins(self, messages: Sequence[Message]) -> bool:
        """Whether these are the messages seen before and more: what comes before a message stays what it was."""
        return (
            0 < self.count <= len(messages)
            and messages[self.count - 1].id == self.last
            and all(is_pinned(messages[place]) for place in self.places)
        )


class Pins:
    """Find pinned messages, looking at each message of a growing conversation once.

    The newest question and what follows are looked at each time: sticky messages before it may move on with the next.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: OrderedDict[str, _Seen] = OrderedDict()

    def places(self, messages: Sequence[Message]) -> list[int]:
        """Return where pinned messages stand, in order."""
        if not messages:
            return []
        with self._lock:
            seen = self._seen.pop(messages[0].id, None)
            if seen is None or not seen.begins(messages):
                seen = _Seen()
            places = seen.places + [place for place in range(seen.count, len(messages)) if is_pinned(messages[place])]
            count = _turn_start(messages)
            if count:
                kept = places[: bisect_left(places, count)]
                self._seen[messages[0].id] = _Seen(count, messages[count - 1].id, kept)
            if len(self._seen) > _CONVERSATIONS:
                self._seen.popitem(last=False)
            return places


def _turn_start(messages: Sequence[Message]) -> int:
    """Return the place of the newest question, or of the pinned messages right before it."""
    place = len(messages)
    while place and (messages[place - 1].role != "user" or is_pinned(messages[place - 1])):
        place -= 1
    place -= place > 0
    while place and is_pinned(messages[place - 1]):
        place -= 1
    return place
