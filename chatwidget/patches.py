"""Patches: how the state of a screen changes, as small JSON operations. `docs/sync.md` describes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

JSON = Any
Path = tuple[str | int, ...]
Patch = dict[str, Any]


def set_(path: Path, value: JSON) -> Patch:
    """Put a value at an object's key or a list's index."""
    return {"op": "set", "path": list(path), "value": value}


def insert(path: Path, index: int, value: JSON) -> Patch:
    """Insert a value into the list at `path`."""
    return {"op": "insert", "path": list(path), "index": index, "value": value}


def remove(path: Path, index: int, count: int = 1) -> Patch:
    """Remove values from the list at `path`."""
    return {"op": "remove", "path": list(path), "index": index, "count": count}


def append(path: Path, offset: int, text: str) -> Patch:
    """Add text to the string at `path`, which is `offset` UTF-16 units long."""
    return {"op": "append", "path": list(path), "offset": offset, "text": text}


def difference(path: Path, old: JSON, new: JSON, units: Any) -> Iterator[Patch]:
    """Give the patches that turn `old` into `new`: appends where a text has grown, sets where a value has changed.

    `units` counts the UTF-16 units of a text. The values are plain JSON.
    """
    if type(old) is not type(new):
        yield set_(path, new)
    elif isinstance(new, str):
        if len(new) > len(old) and new.startswith(old):
            yield append(path, units(old), new[len(old) :])
        elif new != old:
            yield set_(path, new)
    elif isinstance(new, dict) and old.keys() <= new.keys():
        for key, value in new.items():
            if key in old:
                yield from difference((*path, key), old[key], value, units)
            else:
                yield set_((*path, key), value)
    elif isinstance(new, list) and len(new) >= len(old):
        for index, value in enumerate(new):
            if index < len(old):
                yield from difference((*path, index), old[index], value, units)
            else:
                yield insert(path, index, value)
    elif old != new:
        yield set_(path, new)


def apply_patch(state: JSON, patch: Patch) -> None:
    """Apply one patch in place: what a screen does, for tests and for screens written in Python.

    Raises KeyError, IndexError or ValueError when it does not fit, as after a lost frame.
    """
    operation, path = patch["op"], patch["path"]
    if operation in ("insert", "remove"):
        items, index, count = _walk(state, path), patch["index"], patch.get("count", 0)
        if not 0 <= index <= len(items) - count:
            raise IndexError(f"{path} has {len(items)} items, too few for {operation} at {index}")
        items[index : index + count] = [patch["value"]] if operation == "insert" else []
    else:
        holder, key = _walk(state, path[:-1]), path[-1]
        if operation == "set":
            holder[key] = patch["value"]
        elif operation == "append":
            if len(holder[key].encode("utf-16-le")) // 2 != patch["offset"]:
                raise ValueError(f"{path} is not {patch['offset']} units long")
            holder[key] += patch["text"]
        else:
            raise ValueError(f"unknown patch operation {operation!r}")


def _walk(state: JSON, path: list[str | int]) -> JSON:
    for step in path:
        state = state[step]
    return state
