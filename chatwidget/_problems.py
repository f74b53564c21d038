"""What was wrong with a model's JSON, in words it can act on: each place, the problem there, and what came."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

MAX_MESSAGE = 1000
"""Characters of an error for the model: enough for a dozen problems."""

_MAX_GOT = 60
_UNKNOWN = ("extra_forbidden", "unexpected_keyword_argument")


def listing(head: str, lines: Sequence[str], end: str, *, more: str | None = None) -> str:
    """Return a message of at most `MAX_MESSAGE` characters: a head, as many lines as fit, and an end that always fits.

    `more` stands for the lines that do not fit; without it they are counted.
    """
    kept = [clip(head, 200)]
    end = clip(end, 400)
    room = MAX_MESSAGE - len(kept[0]) - len(end) - 40
    for number, line in enumerate(lines):
        room -= len(line) + 3
        if room < 0:
            kept.append(more or f"- and {len(lines) - number} more")
            break
        kept.append(f"- {line}")
    return "\n".join([*kept, end])


def problem(found: Mapping[str, Any], loc: Sequence[str | int], whole: str, *, unknown: str = "field") -> str:
    """Return one of pydantic's errors as a line; `whole` is what an empty place is called."""
    where = path(loc, whole)
    if found["type"] in _UNKNOWN:
        return f"{where}: there is no such {unknown}"
    if found["type"] in ("missing", "missing_argument"):
        return f"{where}: missing"
    return f"{where}: {clip(found['msg'], 200)} (got {shown(found['input'])})"


def path(loc: Iterable[str | int], whole: str) -> str:
    """Return a place as it is written in Python and JavaScript: `songs[0].title`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc).lstrip(".")
    return clip(" ".join(text.split()), 100) or whole


def shown(value: object) -> str:
    """Return what came, short."""
    match value:
        case str():
            return json.dumps(clip(value, _MAX_GOT), ensure_ascii=False)
        case dict():
            return "an object"
        case list():
            return f"a list of {len(value)}"
        case _:
            return clip(json.dumps(value, default=repr), _MAX_GOT)


def clip(text: str, limit: int = MAX_MESSAGE) -> str:
    """Cut a text to `limit` characters, the last of them an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
