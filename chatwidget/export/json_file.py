"""`.json` and `.jsonl`: every message of every branch, nothing lost.

.json is one object, {"format": "chatwidget", "version": 1, "leaf": ..., "messages": [...]}; .jsonl has that object
without messages as its first line, and then one message a line. Parents come before their children.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from chatwidget.errors import FormatError
from chatwidget.export.tree import check_tree
from chatwidget.messages import Message
from chatwidget.serialize import message_from_json, message_to_json, parse_json

FORMAT = "chatwidget"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file held: the messages of all branches, the id of the last one shown, and what was wrong, if anything."""

    messages: tuple[Message, ...]
    leaf: str | None
    warning: str | None = None


def to_json(nodes: Sequence[Message], leaf: str | None) -> str:
    """Write a conversation as the text of a .json file."""
    header, messages = _written(nodes, leaf)
    return json.dumps(header | {"messages": messages}, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def to_jsonl(nodes: Sequence[Message], leaf: str | None) -> str:
    """Write a conversation as the text of a .jsonl file."""
    header, messages = _written(nodes, leaf)
    return "".join(json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n" for line in (header, *messages))


def from_json(data: str | bytes) -> Imported:
    """Read the text of a .json file."""
    content = parse_json(_without_mark(data))
    leaf = _leaf_of(content, {"messages"})
    messages = content.get("messages")
    if not isinstance(messages, list):
        raise FormatError("messages: must be a list of messages")
    read = [message_from_json(item, f"messages[{index}]") for index, item in enumerate(messages)]
    check_tree(read, leaf)
    return Imported(tuple(read), leaf)


def from_jsonl(data: str | bytes) -> Imported:
    """Read the text of a .jsonl file; where its end is missing, all before it is read, with a warning."""
    # Only a line feed ends a line: JSON texts may hold what `splitlines` takes for an end.
    lines = _without_mark(data).rstrip(b"\r\n").split(b"\n")
    leaf = _leaf_of(parse_json(lines[0], "line 1"), set())
    read: list[Message] = []
    warning = None
    for number, line in enumerate(lines[1:], 2):
        try:
            item = parse_json(line, f"line {number}")
        except FormatError:
            if number < len(lines):
                raise
            warning = f"Line {number}, the last one, is cut off and was left out; all before it was read."
            break
        read.append(message_from_json(item, f"line {number}: messages[{len(read)}]"))
    if leaf not in {None, *(message.id for message in read)}:
        leaf = read[-1].id if read else None
        warning = warning or "The end of the file is missing: the message shown last is not in it."
    check_tree(read, leaf)
    return Imported(tuple(read), leaf, warning)


def _written(nodes: Sequence[Message], leaf: str | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    nodes = _rooted(nodes)
    check_tree(nodes, leaf)
    return {"format": FORMAT, "version": VERSION, "leaf": leaf}, [message_to_json(node) for node in nodes]


def _rooted(nodes: Sequence[Message]) -> Sequence[Message]:
    # The first messages of a cut-out piece: what came before them is not in this file.
    ids = {node.id for node in nodes}
    return [node if node.parent_id in ids else replace(node, parent_id=None) for node in nodes]


def _leaf_of(header: Any, more: set[str]) -> str | None:
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise FormatError('this is no conversation of chatwidget: it does not begin with "format": "chatwidget"')
    version = header.get("version")
    if type(version) is not int or version != VERSION:
        raise FormatError(
            f"version: the file is of version {version!r:.80} and this chatwidget reads version {VERSION}; "
            "install the chatwidget that wrote it, or a newer one"
        )
    for key in header.keys() - {"format", "version", "leaf"} - more:
        raise FormatError(f"{key:.80}: is not a key this version knows")
    leaf = header.get("leaf")
    if leaf is not None and not isinstance(leaf, str):
        raise FormatError(f"leaf: must be a message's id or null, not {type(leaf).__name__}")
    return leaf


def _without_mark(data: str | bytes) -> bytes:
    encoded = data.encode("utf-8", "replace") if isinstance(data, str) else data
    return encoded.removeprefix(b"\xef\xbb\xbf")
