"""What a model reads of a tool's result: one text, of bounded length, whatever the object is.

Rules:

1. Never an exception, and never the work or the memory of a copy of a huge object: strings are sliced, containers are
   walked only as far as the text goes.
2. What JSON can say is JSON. What it cannot say is its `repr` in a JSON string; NaN and infinities are strings;
   a container inside itself is "<cycle>".
3. A table or an array is its shape, head and tail. What only an eye can read, a figure or an image, is a sentence:
   what it is, and that the person sees it (`displays.py`).
4. What is left out is said where it was, with its size.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Iterable, Mapping, Set
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any
from uuid import UUID

from chatwidget._foreign import is_a
from chatwidget.messages import DisplayPart, FilePart, ImagePart, ReasoningPart, TextPart, clean_text
from chatwidget.pictures import picture_name
from chatwidget.sounds import sound_name
from chatwidget.tables import text_of_table

LIMIT = 256 * 1024
"""The longest text for a model, in bytes of UTF-8."""

MAX_DEPTH = 50

_NOTHING = "Done; the tool returned nothing."
_PLAIN = (date, time, timedelta, Decimal, UUID, PurePath)
_NOTE_ROOM = 80
_MAX_KEY = 1000
_MAX_BYTES = 1000
_RICH_TEXTS = ("_repr_markdown_", "_repr_latex_", "_repr_html_")
_SAYS_NOTHING = re.compile(r"<[\w.<>]+ object( at 0x[0-9a-fA-F]+)?>")


def to_content(value: object, limit: int = LIMIT) -> str:
    """Return the text a model is sent for a tool's result, at most `limit` bytes of UTF-8.

    None becomes a sentence, a string stays as it is, data becomes JSON, a table its shape, head and tail, a picture a
    sentence, anything else its `repr`. A longer text keeps its head and its tail, with a note between them of how
    much was left out. It never raises, but it runs foreign code.
    """
    if value is None:
        return _NOTHING
    try:
        if isinstance(value, str) and not isinstance(value, Enum):
            text: str = value
        elif isinstance(value, FilePart):
            text = f"The user can download the file {file_words(value)}."
        else:
            data = _Writer(limit).data(value)
            text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    except Exception:  # the object is anybody's code, or changes on another thread while it is read
        text = repr_of(value, limit)
    return clip(text, limit)


def clip(text: str, limit: int) -> str:
    """Shorten a text to `limit` bytes of UTF-8: its head, a note of how much was left out, its tail."""
    if len(text) <= limit and len(clean_text(text).encode()) <= limit:
        return clean_text(text)
    half = max(limit - _NOTE_ROOM, 0) // 2
    # No character is shorter than a byte, so that these slices are long enough.
    head = clean_text(text[:half]).encode()[:half].decode(errors="ignore")
    tail_bytes = clean_text(text[len(text) - half :]).encode()
    tail = tail_bytes[max(len(tail_bytes) - half, 0) :].decode(errors="ignore")
    left_out = len(text) - len(head) - len(tail)
    return f"{head}\n[… {left_out:,} characters left out …]\n{tail}"


def repr_of(value: object, limit: int) -> str:
    """Return the `repr` of an object, or a sentence when that raises; `limit` bounds that of bytes only."""
    try:
        if isinstance(value, bytes | bytearray | memoryview) and len(value) > min(limit, _MAX_BYTES):
            head = bytes(value[: min(limit, _MAX_BYTES) // 4])
            return f"{len(value):,} bytes that begin with {head!r}"
        return repr(value)
    except BaseException as error:  # of anybody's code, and a SystemExit in a repr must not end the loop
        return f"The result is a {type(value).__name__} that cannot be shown: its repr raised {type(error).__name__}."


def _words(value: object, limit: int) -> str:
    """Return the text of an object that is no data: of a table, a picture, a part of a message, or its `repr`."""
    try:
        if (picture := picture_name(value)) is not None:
            return _shown(picture)
        if (sound := sound_name(value)) is not None:
            return f"A {sound} is there for the user to play."
        if (table := text_of_table(value)) is not None:
            return table
    except BaseException:  # see `repr_of`
        return repr_of(value, limit)
    text = repr_of(value, limit)
    return _rich_text(value) or text if _SAYS_NOTHING.fullmatch(text) else text


def _shown(what: str) -> str:
    return f"A{'n' * (what[0] in 'aeiou')} {what} is shown to the user."


def _rich_text(value: Any) -> str | None:
    """Return what an object says to a notebook, where its `repr` says nothing."""
    try:
        if isinstance(value, type):
            return None
        made = (getattr(value, name)() for name in _RICH_TEXTS if callable(getattr(value, name, None)))
        return next((text for text in made if isinstance(text, str) and text), None)
    except BaseException:  # see `repr_of`
        return None


def file_words(part: FilePart) -> str:
    """Return what a file is, as in "'notes.txt' (text/plain, 1,234 bytes)"."""
    size = file_size(part)
    bytes_ = "" if size is None else f", {size:,} bytes"
    return f"{part.name!r:.200} ({part.media_type:.100}{bytes_})"


def file_size(part: FilePart) -> int | None:
    """Return how many bytes a file has; None for one that is not here."""
    return None if part.data is None else len(part.data) * 3 // 4 - part.data[-2:].count("=")


def _part_text(part: TextPart | ReasoningPart | ImagePart | FilePart | DisplayPart) -> str:
    match part:
        case ImagePart():
            return _shown(f"image ({part.alt or 'no description'})")
        case FilePart():
            return f"The file {file_words(part)}."
        case DisplayPart():
            plain = part.bundle.get("text/plain")
            return plain if isinstance(plain, str) else _shown(f"display ({', '.join(map(str, part.bundle))})")
    return part.text


class _Writer:
    """Turns an object into JSON data of about `limit` bytes; `left` is what may still be written."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.left = limit
        self._open: set[int] = set()

    def data(self, value: object) -> Any:
        match value:
            case Enum():
                return self.data(value.value)
            case None | bool():
                self.left -= 5
                return value
            case str():
                return self._text(value)
            case int() if value.bit_length() < 10_000:
                self.left -= value.bit_length() // 3 + 1
                return int(value)
            case float():
                self.left -= 20
                return float(value) if math.isfinite(value) else str(float(value))
            case TextPart() | ReasoningPart() | ImagePart() | FilePart() | DisplayPart():
                return self._text(_part_text(value))
        if isinstance(value, _PLAIN):
            return self._text(str(value))
        if is_a(value, "numpy", "generic"):
            return self.data(_python(value))
        children = _children(value)
        if children is None:
            return self._text(_words(value, self.left))
        return self._container(value, children)

    def _text(self, text: str) -> str:
        # A long text leaves half the room for what comes after it.
        if len(text) > self.left // 2:
            text = clip(text, max(self.left // 2, 2 * _NOTE_ROOM))
        self.left -= len(text) + 4
        return text

    def _container(self, value: object, children: Mapping[Any, Any] | Iterable[Any]) -> Any:
        if id(value) in self._open:
            return self._text("<cycle>")
        if len(self._open) >= MAX_DEPTH:
            return self._text(f"<{type(value).__name__}, nested too deep>")
        self._open.add(id(value))
        try:
            return self._object(children) if isinstance(children, Mapping) else self._array(children)
        finally:
            self._open.discard(id(value))

    def _object(self, mapping: Mapping[Any, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for number, (key, item) in enumerate(mapping.items()):
            if self.left <= 0:
                made["…"] = f"{len(mapping) - number:,} more left out"
                break
            name = clip(key if isinstance(key, str) else repr_of(key, _MAX_KEY), _MAX_KEY)
            self.left -= len(name) + 6
            made[name] = self.data(item)
        return made

    def _array(self, items: Iterable[Any]) -> list[Any]:
        made: list[Any] = []
        for item in items:
            if self.left <= 0:
                made.append(f"… {len(items) - len(made):,} more left out")  # type: ignore[arg-type]
                break
            self.left -= 2
            made.append(self.data(item))
        return made


def _children(value: object) -> Mapping[Any, Any] | Iterable[Any] | None:
    """Return what an object holds: by name, or in order; None when JSON has nothing like it."""
    if is_a(value, "pydantic", "BaseModel"):
        return _model_fields(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping | list | tuple | Set):
        return value
    return None


def _python(scalar: Any) -> Any:
    """Return a NumPy scalar as Python's own number, where there is one."""
    number = scalar.item()
    return number if isinstance(number, bool | int | float) and scalar.dtype.kind in "biuf" else str(scalar)


def _model_fields(model: Any) -> Mapping[Any, Any] | Iterable[Any]:
    try:
        dumped: Any = model.model_dump(
            mode="json", warnings=False
        )  # as its author wants it: aliases, exclusions, masked secrets
    except Exception:  # a field that JSON cannot say, or a cycle
        return {name: getattr(model, name) for name in type(model).model_fields}
    return dumped if isinstance(dumped, Mapping | list) else [dumped]
