"""Files that are text, as a model reads them: many endpoints refuse a text that is a file; all take it as text."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from functools import lru_cache

from chatwidget.parts import FilePart

_TEXT = re.compile(
    r"text/.*|image/svg\+xml|application/(.*\+(json|xml|yaml)|"
    r"json|ld-json|x-ndjson|jsonl|json5|geo\+json|xml|x?-?yaml|toml|sql|rtf|graphql|"
    r"(x-)?(sh|csh|javascript|typescript|python|httpd-php|tex|latex|ipynb\+json|subrip))"
)
# The endings of texts that browsers and systems name otherwise, or not at all.
_ENDINGS = frozenset(
    """
    bat bib c cfg cc clj cpp cs css csv dart diff env ex go gradle h hpp hs html ini ipynb java jl js json jsonl jsx kt
    log lua m md mjs ml ndjson patch php pl properties ps1 py pyi r rb rs rst sass scala scss sh sql srt svelte swift
    tex toml ts tsv tsx txt vtt vue xml yaml yml
    """.split()  # noqa: SIM905
)
# Characters of base64. What is larger is read each time: it would be held after its chat has gone.
KEPT_LIMIT = 1_000_000

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def text_of_file(part: FilePart) -> str | None:
    """Return the text of a file; None where it is no text, is not here, or is named by a provider's id."""
    if part.data is None or part.file_id is not None or not _is_text(part.name, part.media_type):
        return None
    return _kept(part.data) if len(part.data) < KEPT_LIMIT else _decoded(part.data)


def told_text(part: FilePart) -> str | None:
    """Return a text file as a model is told it: between its name and its end; None where it is no text."""
    text = text_of_file(part)
    if text is None:
        return None
    name = " ".join(part.name.split()) or "without name"
    return f"[file: {name}]\n{text}\n[end of file: {name}]"


def _is_text(name: str, media_type: str) -> bool:
    kind = media_type.partition(";")[0].strip().lower()
    if _TEXT.fullmatch(kind):
        return True
    _, dot, ending = name.rpartition(".")
    return bool(dot) and ending.lower() in _ENDINGS and not kind.startswith(("audio/", "image/"))


@lru_cache(maxsize=32)
def _kept(data: str) -> str | None:
    return _decoded(data)


def _decoded(data: str) -> str | None:
    """Return the text of bytes in base64. What is not Unicode is read as Windows writes it; NUL is in no text."""
    try:
        raw = base64.b64decode(data)
    except (binascii.Error, ValueError):
        return None
    encoding = next((name for mark, name in _BOMS if raw.startswith(mark)), "utf-8")
    if encoding == "utf-8" and b"\0" in raw:
        return None
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace") if encoding == "utf-8" else None
