"""Files on their way from a page: they arrive in pieces, and wait until they are sent or taken away.

Rules:

1. The pieces of a file arrive in order; each is answered with how many bytes are here. One that begins anew at 0
   replaces what was there. A piece that does not fit where it should go is refused, the file stays as it was.
2. No file has more than `UPLOAD_LIMIT` bytes, and all that wait no more than `WAITING_LIMIT`: what a file says it will
   have counts from its first piece on. Where room is needed, files nobody has touched for an hour are forgotten first:
   the page they came from is gone.
3. What is taken to be sent is taken whole, in the order asked for; if that fails, everything stays.
4. What was sent and is taken back, before its turn, waits again as it was: nothing has to be uploaded twice.
"""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from chatwidget.errors import FormatError, RequestError
from chatwidget.messages import FilePart, ImagePart, clean_text, new_id

UPLOAD_LIMIT = 25_000_000
"""Bytes of one file."""

WAITING_LIMIT = 100_000_000
"""Bytes of all files that wait to be sent."""

PIECE_LIMIT = 512_000
"""Bytes of one piece."""

MOST_FILES = 100
ABANDONED_SECONDS = 3600.0


@dataclass(slots=True)
class Upload:
    """A file that is arriving, or waits to be sent; `kept` is the part it was before it was taken back."""

    name: str
    media_type: str
    size: int
    touched: float
    data: bytearray = field(default_factory=bytearray)
    kept: ImagePart | FilePart | None = None

    @property
    def whole(self) -> bool:
        """Whether all of it is here."""
        return self.kept is not None or len(self.data) == self.size

    def part(self) -> ImagePart | FilePart:
        """Return it as a part of a message: a picture that models can see as an image, anything else as a file."""
        if self.kept is not None:
            return self.kept
        known = self.media_type if self.media_type != FilePart().media_type else ""  # what a browser says of any other
        file = FilePart.of(bytes(self.data), name=self.name, media_type=known or None)
        if file.media_type.startswith("image/") and not file.media_type.startswith("image/svg"):
            try:
                return ImagePart.of(bytes(self.data), alt=self.name)
            except FormatError:  # a kind of image that no model takes
                pass
        return file


class Uploads:
    """The files that wait in one chat; see the rules at the head of this module."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._waiting: dict[str, Upload] = {}
        self._clock = clock

    def add(self, upload_id: str, name: str, media_type: str, size: int, offset: int, data: str) -> int:
        """Take a piece in base64 and return how many bytes of its file are here; raises RequestError."""
        name = clean_text(name).strip()[:200] or "file"
        piece = _decoded(name, data)
        known = self._waiting.get(upload_id)
        if offset == 0:
            self._make_room(upload_id, name, size)
            known = Upload(name, clean_text(media_type)[:100], size, self._clock())
        elif known is None:
            raise RequestError(f"{name} did not arrive from its beginning. Attach it again.")
        elif offset != len(known.data):
            raise RequestError(f"A piece of {name} was lost or came twice. Attach it again.")
        if len(known.data) + len(piece) > known.size:
            raise RequestError(f"{name} is larger than it was said to be: {known.size:,} bytes. Attach it again.")
        self._waiting[upload_id] = known
        known.data += piece
        known.touched = self._clock()
        return len(known.data)

    def forget(self, upload_id: str) -> None:
        """Take a file away; one that is not here is no matter."""
        self._waiting.pop(upload_id, None)

    def parts(self, upload_ids: Sequence[str]) -> tuple[ImagePart | FilePart, ...]:
        """Return files as parts of a message; raises RequestError where one is not here, or not whole."""
        for upload_id in upload_ids:
            upload = self._waiting.get(upload_id)
            if upload is None:
                raise RequestError("A file of this message is not here any more. Attach it again.")
            if not upload.whole:
                raise RequestError(f"{upload.name} has not arrived yet. Send when it has, or take it away.")
        return tuple(self._waiting[upload_id].part() for upload_id in dict.fromkeys(upload_ids))

    def put_back(self, part: ImagePart | FilePart) -> dict[str, Any]:
        """Let a part of a message that was not sent after all wait again, whatever the limits.

        Returns what a page shows of it: `{id, name, media_type, size}`.
        """
        name, media_type, data = part.name if isinstance(part, FilePart) else part.alt, "image/*", ""
        if isinstance(part, FilePart):
            media_type, data = part.media_type, part.data or ""
        elif part.url.startswith("data:"):
            media_type, _, data = part.url.removeprefix("data:").partition(";base64,")
        upload_id, size = new_id(), len(data) * 3 // 4 - data[-2:].count("=")
        self._waiting[upload_id] = Upload(name or "file", media_type, size, self._clock(), kept=part)
        return {"id": upload_id, "name": name or "file", "media_type": media_type, "size": size}

    def _make_room(self, upload_id: str, name: str, size: int) -> None:
        if size > UPLOAD_LIMIT:
            raise RequestError(
                f"{name} has {_megabytes(size)}; at most {_megabytes(UPLOAD_LIMIT)} can be attached. Give it to your "
                "app as a path or a variable."
            )
        others = {key: upload for key, upload in self._waiting.items() if key != upload_id}
        if self._is_full(others, size):
            edge = self._clock() - ABANDONED_SECONDS
            for key in [key for key, upload in others.items() if upload.touched < edge]:
                del others[key], self._waiting[key]
        if self._is_full(others, size):
            raise RequestError(
                f"{name} does not fit: at most {MOST_FILES} files and {_megabytes(WAITING_LIMIT)} can wait to be sent. "
                "Send what is attached, or take some of it away."
            )

    @staticmethod
    def _is_full(others: dict[str, Upload], size: int) -> bool:
        return len(others) >= MOST_FILES or sum(upload.size for upload in others.values()) + size > WAITING_LIMIT


def _decoded(name: str, data: str) -> bytes:
    try:
        piece = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise RequestError(f"A piece of {name} did not arrive whole. Attach it again.") from None
    if len(piece) > PIECE_LIMIT:
        raise RequestError(f"A piece of {name} has {len(piece):,} bytes; a piece has at most {PIECE_LIMIT:,}.")
    return piece


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB".replace(".0 MB", " MB")
