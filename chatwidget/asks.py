"""Questions to a person while a turn runs: may this tool run, and whatever a tool or app wants to know.

Values only; who answers them, and what becomes of the answer, is in `asking.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from chatwidget.errors import AppError

Kind = Literal["approval", "text", "choice", "confirm", "form", "file"]
Remember = Literal["once", "session", "arguments"]


@dataclass(frozen=True, slots=True)
class Ask:
    """One open question.

    `kind` is what kind of answer is wanted: `approval` an `Allow` or a `Deny`; `text` a str; `choice` one of
    `choices`; `confirm` a bool; `form` JSON data of `schema`; `file` a file. `tool_call_id` and `name` say which tool
    asks, or is asked about; an approval without them is about going on at all (a budget). `arguments` are the
    arguments to approve, `digest` their fingerprint, which an answer from a page repeats. `error` says what was wrong
    with the last answer.
    """

    id: str
    kind: Kind = "text"
    message: str = ""
    tool_call_id: str | None = None
    name: str = ""
    arguments: Any = None
    digest: str = ""
    choices: tuple[str, ...] = ()
    schema: Mapping[str, Any] | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Allow:
    """Let a tool run: with the model's arguments, or with `arguments` in their place, which are validated again.

    `remember` lets it run from now on without asking, in this session: "session" always, "arguments" with the same
    arguments.
    """

    arguments: Mapping[str, Any] | None = None
    remember: Remember = "once"

    def __post_init__(self) -> None:
        if self.remember not in get_args(Remember):
            known = ", ".join(map(repr, get_args(Remember)))
            raise AppError(f"Allow(remember={self.remember!r:.40}) is nothing to remember. Give one of {known}.")


@dataclass(frozen=True, slots=True)
class Deny:
    """Keep a tool from running; the model is told the `reason`."""

    reason: str = ""


Policy = Callable[[Ask], Any]
"""Answers asks in a person's place: a function, sync or async, that returns the answer, or None to ask the person."""


def shown_answer(value: Any) -> str:
    """Write an answer as the person's words: a form line by line."""
    if isinstance(value, Mapping):
        if "data" in value and "media_type" in value:  # a file
            return str(value.get("name") or "a file")
        return "\n".join(f"{name}: {_short(item)}" for name, item in value.items())
    return _short(value)


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
