"""Files and pictures as texts that a message can hold."""

from __future__ import annotations

import base64
import io
import mimetypes
from os import PathLike
from pathlib import Path
from typing import Any

from chatwidget.errors import FormatError

_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"<svg": "image/svg+xml",
    b"BM": "image/bmp",
}
_SOUNDS = {".wav": "audio/wav", ".mp3": "audio/mpeg"}  # as OpenAI names them; systems differ


def data_url(source: Any) -> str:
    """Return the URL of a picture: a path, URL, bytes, matplotlib figure or Pillow image.

    Raises FormatError for what is none of these.
    """
    if isinstance(source, str) and source.startswith(("http://", "https://", "data:")):
        return source
    if isinstance(source, str | PathLike):
        return _url(Path(source).read_bytes(), str(source))
    if isinstance(source, bytes | bytearray | memoryview):
        return _url(bytes(source), "the bytes")
    if callable(save := getattr(source, "savefig", None) or getattr(source, "save", None)):
        buffer = io.BytesIO()
        save(buffer, format="png")
        return _url(buffer.getvalue(), type(source).__name__)
    raise FormatError(f"{source!r:.80} is no image. Pass a path, a URL, bytes, a matplotlib figure or a Pillow image.")


def file_fields(source: str | PathLike[str] | bytes, name: str, media_type: str | None) -> tuple[str, str, str]:
    """Return name, media type and base64 text of a file; raises OSError when it cannot be read."""
    if not isinstance(source, bytes):
        path = Path(source).expanduser()
        name, source = name or path.name, path.read_bytes()
    guessed = _SOUNDS.get(Path(name).suffix.lower()) or mimetypes.guess_type(name)[0]
    return name, media_type or guessed or "application/octet-stream", base64.b64encode(source).decode()


def _url(data: bytes, name: str) -> str:
    kind = next((kind for start, kind in _SIGNATURES.items() if data.startswith(start)), None)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind = "image/webp"
    if kind is None:
        raise FormatError(f"{name} holds no image this package knows (PNG, JPEG, GIF, WebP, SVG, BMP).")
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
