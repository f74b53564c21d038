"""What a reply cites, as either API tells it: annotations in, sources out, each once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from chatwidget.messages import clean_text
from chatwidget.models.base import SourceDelta

# More than a person looks at; a server could send them without end.
SOURCES = 200

_URL = re.compile(r"https?://[^\s\x00-\x20]{1,2000}")


class Citations:
    """Reads the `url_citation`s among annotations; those of files have no address, and are passed over."""

    def __init__(self) -> None:
        self._cited: set[str] = set()

    def read(self, annotations: object) -> Iterator[SourceDelta]:
        """Give the sources that were not cited before."""
        for annotation in annotations if isinstance(annotations, list) else ():
            source = _source(annotation)
            if source is not None and source.url not in self._cited and len(self._cited) < SOURCES:
                self._cited.add(source.url)
                yield source


def _source(annotation: object) -> SourceDelta | None:
    if not isinstance(annotation, Mapping) or annotation.get("type") != "url_citation":
        return None
    # Chat Completions has the fields one level deeper than the Responses API; OpenRouter adds the `content`.
    nested = annotation.get("url_citation")
    fields: Mapping[str, Any] = nested if isinstance(nested, Mapping) else annotation
    url = fields.get("url")
    if not isinstance(url, str) or not _URL.fullmatch(url):
        return None
    return SourceDelta(clean_text(url), _words(fields.get("title"), 300), _words(fields.get("content"), 2000))


def _words(value: object, most: int) -> str:
    return clean_text(value[:most]) if isinstance(value, str) else ""
