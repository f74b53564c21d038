"""One reply in a cache: a head that says what and when, and the reply as recordings have it.

    {"version": 1, "key": "…", "stored": 1790000000.0}
    {"version": 1, "key": "…", …, "deltas": [[0, {"type": "text", "text": "Hello"}], …], "end": {…}}

What is read is read strictly: whoever can write to a cache can put anything into it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from chatwidget.errors import FormatError
from chatwidget.models._recorded_reply import End, RecordedReply, read_reply, write_reply
from chatwidget.models._request_hashes import RequestHashes
from chatwidget.models.base import Finish, ModelDelta, ReasoningDelta, TextDelta, ToolCallDelta
from chatwidget.serialize import parse_json

VERSION = 1
# A hit shows as fast as it can be shown; pieces of about a line make it move, and cost a tenth of single tokens.
PIECE = 80

_WHERE = "the entry"


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """A whole reply, `Finish` last, and when it was stored, in seconds since 1970."""

    deltas: tuple[ModelDelta, ...]
    stored: float

    def is_older(self, ttl: float | None, now: float) -> bool:
        """Tell whether it is too old; as much too new is no better: a clock was wrong."""
        return ttl is not None and abs(now - self.stored) >= ttl


def is_whole(deltas: Sequence[ModelDelta]) -> bool:
    """Tell whether a reply says something and was ended by the model, not by a limit or a filter."""
    last = deltas[-1] if deltas else None
    return isinstance(last, Finish) and last.reason == "complete" and any(map(_says, deltas))


def write_entry(key: str, hashes: RequestHashes, entry: CacheEntry) -> str:
    """Write an entry as text."""
    head = json.dumps({"version": VERSION, "key": key, "stored": entry.stored})
    deltas = tuple((0, delta) for delta in pieces(entry.deltas))
    return f"{head}\n{write_reply(RecordedReply(hashes, '', {}, deltas, End('finished', 0)))}"


def read_entry(data: Any, key: str, hashes: RequestHashes) -> CacheEntry:
    """Read what a cache gave for a key; raises FormatError where it is not the whole reply to that request."""
    if not isinstance(data, str | bytes):
        raise FormatError(f"{_WHERE}: must be text, not {type(data).__name__}")
    try:
        head, _, line = (data.encode("ascii") if isinstance(data, str) else data).partition(b"\n")
        told = parse_json(head, f"{_WHERE}'s head")
        reply = read_reply(line, _WHERE)
    except UnicodeEncodeError:
        raise FormatError(f"{_WHERE}: is not ASCII") from None
    if not isinstance(told, dict) or told.get("version") != VERSION:
        raise FormatError(f"{_WHERE}'s head: version must be {VERSION}")
    stored: Any = told.get("stored")
    if type(stored) not in (int, float) or not isfinite(stored):
        raise FormatError(f"{_WHERE}'s head: stored must be a time, not {stored!r:.40}")
    if told.get("key") != key or reply.hashes != hashes:
        raise FormatError(f"{_WHERE}: is the reply to another request")
    deltas = tuple(delta for _, delta in reply.deltas)
    if reply.end.how != "finished" or not is_whole(deltas) or any(isinstance(d, Finish) for d in deltas[:-1]):
        raise FormatError(f"{_WHERE}: is no whole reply")
    return CacheEntry(deltas, float(stored))


def pieces(deltas: Iterable[ModelDelta]) -> Iterator[ModelDelta]:
    """Join neighbours that go on with one text or one call, up to `PIECE` characters or a little more."""
    last: ModelDelta | None = None
    for delta in deltas:
        joined = None if last is None else _joined(last, delta)
        if joined is None and last is not None:
            yield last
        last = delta if joined is None else joined
    if last is not None:
        yield last


def _says(delta: ModelDelta) -> bool:
    return bool(delta.text) if isinstance(delta, TextDelta) else not isinstance(delta, ReasoningDelta | Finish)


def _joined(one: ModelDelta, next_one: ModelDelta) -> ModelDelta | None:
    match one, next_one:
        case TextDelta(text), TextDelta(more) if len(text) < PIECE:
            return TextDelta(text + more)
        case ReasoningDelta(text), ReasoningDelta(more) if len(text) < PIECE:
            return ReasoningDelta(text + more)
        case ToolCallDelta(index, call, name, text), ToolCallDelta(same, None, None, more) if index == same:
            return ToolCallDelta(index, call, name, text + more) if len(text) < PIECE else None
    return None
