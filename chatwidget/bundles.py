"""MIME bundles made fit for a page: plain JSON data of bounded size."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from chatwidget.messages import clean_text
from chatwidget.pictures import shrink
from chatwidget.plain import MAX_DEPTH, TEXT_LIMIT, plain
from chatwidget.results import clip, to_content
from chatwidget.serialize import MAX_DEPTH as MOST_WRITTEN
from chatwidget.sounds import KINDS as SOUNDS
from chatwidget.sounds import known_as

LIMIT = 1_000_000
"""The most JSON one bundle may be, in bytes of UTF-8."""

IMAGE_LIMIT = LIMIT * 3 // 4 - 50_000
"""The most bytes of a picture for which there is room, in base64 and beside a text."""

SOUND_LIMIT = 10_000_000
"""The most bytes of a sound; it counts apart from the rest of its bundle."""

PLOTLY = "application/vnd.plotly.v1+json"
TABLE = "application/vnd.chatwidget.table+json"
FILE = "application/vnd.chatwidget.file+json"

_NOTES_ROOM = 10_000

# As deep as a message is written: `parts[0].displays[0].bundle[kind]` is six levels of it.
_DEPTH = MOST_WRITTEN - 6


class _TooBig(Exception):
    """Some data is more than a bundle may hold."""


def clean_bundle(bundle: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of a MIME bundle as plain JSON data of at most 1 MB; binary becomes base64.

    A sound may have 10 MB besides. Pictures that are too large are made smaller where Pillow is installed. Whatever
    else is too large is left out, and `text/plain` says so. What is nested deeper than a message is written becomes a
    text. Never raises for what the values are.
    """
    sized: list[tuple[int, str, Any]] = []
    notes: list[str] = []
    for kind, value in bundle.items():
        kind = clean_text(str(kind))[:200]
        if kind == "text/plain" or (kind == "text/html" and PLOTLY in bundle):  # plotly's HTML is a script
            continue
        try:
            kind, data = _clean(kind, value)
            sized.append((_size(data), kind, data))
        except _TooBig:
            notes.append(_note(kind, value))
        except Exception as error:  # anybody's mapping, changed or broken while it is read
            notes.append(f"[{kind} is left out: reading it raised {type(error).__name__}]")
    words = _text(bundle["text/plain"]) if "text/plain" in bundle else ""
    left = LIMIT - _NOTES_ROOM - _size(words := clip(words, TEXT_LIMIT))
    made: dict[str, Any] = {}
    for size, kind, data in sorted(sized, key=lambda item: item[0]):
        left -= len(kind) + 10 + (0 if kind in SOUNDS else size)
        if left < 0:
            notes.append(_note(kind, data))
        else:
            made[kind] = data
    text = clip("\n".join(filter(None, [words, *notes])), TEXT_LIMIT)
    return made | ({"text/plain": text} if text or "text/plain" in bundle else {})


def _clean(kind: str, value: Any) -> tuple[str, Any]:
    if known_as(kind) in SOUNDS and isinstance(value, bytes | bytearray | memoryview | str):
        return known_as(kind), _sound(value)
    if isinstance(value, bytes | bytearray | memoryview):
        if _is_text(kind):
            return kind, _short(_text(value))
        return _fitted(kind, bytes(value)) if kind.startswith("image/") else (kind, _short(_base64(value)))
    if isinstance(value, str) and len(value) > LIMIT and kind.startswith("image/") and not _is_text(kind):
        return _fitted(kind, b64decode(value))
    return kind, clean_text(_short(value)) if isinstance(value, str) else _copy(value)


def _sound(value: bytes | bytearray | memoryview | str) -> str:
    if len(value) > (SOUND_LIMIT * 4 // 3 if isinstance(value, str) else SOUND_LIMIT):
        raise _TooBig
    return clean_text(value) if isinstance(value, str) else b64encode(value).decode()


def _is_text(kind: str) -> bool:
    return kind.startswith("text/") or kind.endswith(("xml", "json", "javascript"))


def _fitted(kind: str, data: bytes) -> tuple[str, str]:
    if len(data) > IMAGE_LIMIT:
        kind, data = shrink(data, IMAGE_LIMIT) or (kind, data)
    return kind, _short(_base64(data))


def _base64(data: bytes | bytearray | memoryview) -> str:
    if len(data) > LIMIT:
        raise _TooBig
    return b64encode(data).decode()


def _short(text: str) -> str:
    if len(text) > LIMIT:
        raise _TooBig
    return text


def _text(value: Any) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value[: 4 * LIMIT]).decode(errors="replace")
    return to_content(value, TEXT_LIMIT) if not isinstance(value, str) else value


def _size(data: Any) -> int:
    return len(json.dumps(data, ensure_ascii=False).encode())


def _note(kind: str, value: Any) -> str:
    if isinstance(value, str | bytes | bytearray | memoryview):
        return f"[{kind} is left out: its {len(value) / 1e6:,.1f} MB are too much to show here]"
    return f"[{kind} is left out: more than {LIMIT / 1e6:.0f} MB is too much to show here]"


def _copy(value: Any) -> Any:
    """Copy data as plain JSON; a copy that would be too big is given up."""
    left = LIMIT

    def spend(characters: int) -> None:
        nonlocal left
        left -= characters
        if left < 0:
            raise _TooBig

    return plain(value, spend=spend, depth=MAX_DEPTH - _DEPTH)
