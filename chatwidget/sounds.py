"""Sound: recognised, and named as a page that plays it knows it."""

from __future__ import annotations

from typing import Any

from chatwidget._foreign import is_a

_NAMES = {
    "audio/wav": ("audio/x-wav", "audio/wave", "audio/vnd.wave"),
    "audio/mpeg": ("audio/mp3", "audio/x-mp3", "audio/mpeg3"),
    "audio/ogg": ("audio/opus", "audio/vorbis", "application/ogg"),
    "audio/flac": ("audio/x-flac",),
    "audio/mp4": ("audio/m4a", "audio/x-m4a", "audio/mp4a-latm"),
}
KINDS = frozenset(_NAMES)
"""The media types of sound that a page plays."""

_KNOWN_AS = {other: name for name, others in _NAMES.items() for other in (name, *others)}
_MAGIC = {b"ID3": "audio/mpeg", b"OggS": "audio/ogg", b"fLaC": "audio/flac"}


def known_as(kind: str) -> str:
    """Return the usual name of a sound's media type; any other type as it is."""
    return _KNOWN_AS.get(kind, kind)


def sound_of(value: Any) -> tuple[str, bytes] | None:
    """Return the media type and the bytes of a sound: IPython's `Audio`, or bytes that begin as one; else None."""
    if is_a(value, "IPython.lib.display", "Audio"):
        data = value.data  # None where it is to be loaded from an address
        kind = _KNOWN_AS.get(str(value.mimetype))
        return _sniffed(data, kind) if isinstance(data, bytes) else None
    if isinstance(value, bytes | bytearray | memoryview):
        return _sniffed(value, None)
    return None


def sound_name(value: Any) -> str | None:
    """Return what a sound is, as in "sound (audio/wav, 1,234 bytes)"; None for others."""
    sound = sound_of(value)
    return None if sound is None else f"sound ({sound[0]}, {len(sound[1]):,} bytes)"


def _sniffed(data: bytes | bytearray | memoryview, otherwise: str | None) -> tuple[str, bytes] | None:
    """Tell the kind by how the bytes begin: a name may be wrong, and some browsers go by it."""
    head = bytes(data[:12])
    kind = next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), otherwise)
    if head[:4] == b"RIFF" and head[8:] == b"WAVE":
        kind = "audio/wav"
    elif head[4:11] == b"ftypM4A":
        kind = "audio/mp4"
    return None if kind is None else (kind, bytes(data))
