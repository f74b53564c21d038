"""The tree that the messages of a file make."""

from __future__ import annotations

from collections.abc import Sequence

from chatwidget.errors import FormatError
from chatwidget.messages import Message


def check_tree(nodes: Sequence[Message], leaf: str | None) -> None:
    """Refuse an id used twice, a parent that does not come before its child, and a leaf that is no message."""
    places: dict[str, int] = {}
    for index, node in enumerate(nodes):
        if node.id in places:
            raise FormatError(f"messages[{index}].id: {node.id!r:.80} is the id of messages[{places[node.id]}] already")
        if node.parent_id is not None and node.parent_id not in places:
            raise FormatError(f"messages[{index}].parent_id: {node.parent_id!r:.80} is no message before this one")
        places[node.id] = index
    if leaf is not None and leaf not in places:
        raise FormatError(f"leaf: {leaf!r:.80} is not the id of a message")


def path_to(nodes: Sequence[Message], leaf: str | None) -> list[Message]:
    """Return the branch that ends in a leaf, oldest first."""
    check_tree(nodes, leaf)
    found = {node.id: node for node in nodes}
    path: list[Message] = []
    while leaf is not None:
        path.append(found[leaf])
        leaf = found[leaf].parent_id
    return path[::-1]
