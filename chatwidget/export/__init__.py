"""Conversations as files: write one, read one back.

The formats work on values and touch no disk; only `export_file` and `import_file` here do.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import EllipsisType

from chatwidget.errors import FormatError
from chatwidget.export.formats import write
from chatwidget.export.html import html_page, html_transcript
from chatwidget.export.json_file import Imported, from_json, from_jsonl
from chatwidget.export.markdown import markdown_transcript
from chatwidget.messages import Message, new_id

__all__ = ["Imported", "export_file", "html_page", "html_transcript", "import_file", "markdown_transcript"]

_READERS = {".json": from_json, ".jsonl": from_jsonl}
_UNFINISHED = "The conversation was saved while this was being written."


def export_file(path: str | Path, nodes: Sequence[Message], leaf: str | EllipsisType | None = ...) -> Path:
    """Write a conversation to a file; its ending chooses the format: .json, .jsonl, .md, .html, .ipynb or .txt.

    `nodes` are the messages of all branches, parents first, and `leaf` is the id of the last one shown; without it they
    are one branch, in order. .json and .jsonl keep every branch and can be read back, the others show the active one.
    The file is there whole or not at all: an older one is replaced at the very end.

        export_file("talk.md", [User("Hello"), Assistant("Hi!")])
    """
    path = Path(path)
    try:
        text = write(path.suffix.lower().removeprefix("."), nodes, leaf)
    except FormatError as error:
        raise FormatError(f"{path.name}: {error}") from None
    _write(path, text)
    return path


def import_file(path: str | Path) -> Imported:
    """Read a conversation from a .json or .jsonl file; raises `FormatError` that names the file and the field.

    A .jsonl file that was cut off gives what came before, and a warning. A message that was still being written counts
    as interrupted.
    """
    path = Path(path)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise FormatError(f"{path.name}: only .json and .jsonl can be read back")
    try:
        read = reader(path.read_bytes())
    except FormatError as error:
        raise FormatError(f"{path.name}: {error}") from None
    return replace(read, messages=tuple(_settled(message) for message in read.messages))


def _settled(message: Message) -> Message:
    return message.with_status("interrupted", _UNFINISHED) if message.status == "arriving" else message


def _write(path: Path, text: str) -> None:
    target = path.resolve()  # through a symbolic link, as a plain write would go
    # Not tempfile: its files are for their owner only, and the result would be, too.
    beside = target.with_name(f".{new_id()}.tmp")
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            shutil.copymode(target, beside)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
