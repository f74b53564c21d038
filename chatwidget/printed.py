"""What code prints while it runs: gathered from any thread, in order, bounded."""

from __future__ import annotations

import threading

from chatwidget.messages import clean_text

# What one tool call, or one step of an app, may print before the rest is counted only: characters.
OUTPUT_LIMIT = 64_000


class Printed:
    """A bounded heap of printed text. `write` may be called on any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[str] = []
        self._length = 0
        self._left_out = 0

    def write(self, text: str) -> bool:
        """Take a piece; returns whether it is the first since the last `take`."""
        with self._lock:
            room = OUTPUT_LIMIT - self._length
            self._left_out += max(0, len(text) - room)
            text = text[:room]
            self._length += len(text)
            if text:
                self._waiting.append(text)
            return bool(text) and len(self._waiting) == 1

    def take(self) -> str:
        """Return what has come since the last `take`."""
        with self._lock:
            text = clean_text("".join(self._waiting))
            self._waiting.clear()
            return text

    def rest(self) -> str:
        """Say how much was left out since the last `rest`, if anything was, and begin to count anew."""
        with self._lock:
            left_out, self._left_out, self._length = self._left_out, 0, 0
            return f"\n… {left_out:,} more characters were left out." if left_out else ""
