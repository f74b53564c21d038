"""Server-sent events: bytes in, events out; no I/O.

Follows the WHATWG standard (HTML, section 9.2.6), with two liberties a chat needs: invalid UTF-8 becomes U+FFFD, and
`end` hands out an event whose closing blank line never came (the standard drops it; it may hold the finish reason).
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

# Only these end a line; str.splitlines would also split at U+2028 and others, which are data here.
_LINE_END = re.compile(r"\r\n|\n|\r")

# A 5 MB delta is legal; an event that never ends must not fill the memory.
MAX_EVENT_CHARACTERS = 64_000_000


class Event(NamedTuple):
    """One event: its type ("message" unless the server named one) and its data lines joined by line feeds."""

    type: str
    data: str


class EventTooLong(ValueError):
    """An event grew over MAX_EVENT_CHARACTERS."""


class EventDecoder:
    """Turn the pieces of a stream, cut anywhere, into events."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._at_start = True
        self._after_cr = False
        self._line: list[str] = []
        self._type = ""
        self._data: list[str] = []
        self._pending = 0

    def feed(self, chunk: bytes) -> list[Event]:
        """Take more bytes; return the events they complete."""
        return self._take(self._decoder.decode(chunk))

    def end(self) -> list[Event]:
        """Say that the stream is over; return the event that was left open, if any."""
        rest = self._decoder.decode(b"", final=True)
        return self._take(rest) + self._take("\n\n")

    def _take(self, text: str) -> list[Event]:
        if not text:
            return []
        if self._at_start:
            self._at_start = False
            text = text.removeprefix("\ufeff")
        if self._after_cr:
            text = text.removeprefix("\n")
            if not text:
                self._after_cr = False
                return []
        self._after_cr = text.endswith("\r")
        first, *others = _LINE_END.split(text)
        self._hold(first)
        self._line.append(first)
        events: list[Event] = []
        for following in others:
            event = self._end_line()
            if event is not None:
                events.append(event)
            self._hold(following)
            self._line = [following]
        return events

    def _hold(self, text: str) -> None:
        self._pending += len(text)
        if self._pending > MAX_EVENT_CHARACTERS:
            raise EventTooLong(f"an event of more than {MAX_EVENT_CHARACTERS:,} characters")

    def _end_line(self) -> Event | None:
        line = "".join(self._line)
        if not line:
            return self._dispatch()
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            self._data.append(value)
        else:
            self._pending -= len(line)  # a comment or another field: nothing is kept of it
            if field == "event":
                self._type = value
        return None

    def _dispatch(self) -> Event | None:
        event = Event(self._type or "message", "\n".join(self._data)) if self._data else None
        self._type, self._data, self._pending = "", [], 0
        return event
