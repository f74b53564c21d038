"""A JSON text that grows, and when it is worth another look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatwidget.partial_json import PartialJSON

# It is parsed when it has grown by an eighth, which bounds the work by the length. To keep slow streams lively, also
# after so many seconds, but with one piece for each so many characters: that bounds the work by the pieces.
GROWTH = 1.125
SECONDS = 0.02
CHARACTERS = 4096


class Growing:
    """A JSON text in pieces; `feed` tells when to look at its `value` again. `clock` is in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._json = PartialJSON()
        self._length = 0
        self._pieces = 0
        self._seen_length = 0
        self._seen_at = float("-inf")

    def feed(self, text: str) -> bool:
        """Add a piece; returns whether it is time for a look, which is taken as had."""
        self._json.feed(text)
        self._length += len(text)
        self._pieces += 1
        now = self._clock()
        rested = now - self._seen_at >= SECONDS and self._pieces * CHARACTERS >= self._length
        if not rested and self._length < self._seen_length * GROWTH:
            return False
        self._seen_length, self._seen_at, self._pieces = self._length, now, 0
        return True

    @property
    def value(self) -> Any:
        """The best value so far, None while there is none."""
        return self._json.value
