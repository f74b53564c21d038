"""The formats a conversation can be written in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import EllipsisType

from chatwidget.errors import FormatError
from chatwidget.export.html import html_page
from chatwidget.export.json_file import to_json, to_jsonl
from chatwidget.export.markdown import markdown_transcript
from chatwidget.export.notebook import notebook
from chatwidget.export.text import text_transcript
from chatwidget.export.tree import path_to
from chatwidget.messages import Message, clean_text


@dataclass(frozen=True, slots=True)
class Format:
    """How a conversation is written: its media type, and from what.

    `tree` writes every branch, of messages and the last one shown; `path` the active branch.
    """

    media_type: str
    tree: Callable[[Sequence[Message], str | None], str] | None = None
    path: Callable[[Sequence[Message]], str] | None = None


FORMATS = {
    "json": Format("application/json", tree=to_json),
    "jsonl": Format("application/jsonl", tree=to_jsonl),
    "md": Format("text/markdown", path=markdown_transcript),
    "html": Format("text/html", path=html_page),
    "ipynb": Format("application/x-ipynb+json", path=notebook),
    "txt": Format("text/plain", path=text_transcript),
}
ENDINGS = ", ".join(f".{name}" for name in list(FORMATS)[:-1]) + f" or .{list(FORMATS)[-1]}"


def write(name: str, nodes: Sequence[Message], leaf: str | EllipsisType | None = ...) -> str:
    """Write a conversation in the format of this name (its ending without the dot) and return the text.

    `nodes` are the messages of all branches, parents first, and `leaf` is the id of the last one shown; without it
    they are one branch, in order. Raises FormatError for a name that is not known, and for nodes that are no tree.
    """
    form = FORMATS.get(name)
    if form is None:
        raise FormatError(f"no format ends in {'.' * bool(name) + name!r}; use {ENDINGS}")
    if form.tree is not None:
        last = nodes[-1].id if nodes else None
        return clean_text(form.tree(nodes, last if isinstance(leaf, EllipsisType) else leaf))
    assert form.path is not None  # noqa: S101 - for the type checker: a format is one of the two
    return clean_text(form.path(nodes if isinstance(leaf, EllipsisType) else path_to(nodes, leaf)))
