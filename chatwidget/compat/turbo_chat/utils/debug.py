"""A `debug=` hook that prints what apps say and are given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chatwidget.compat.turbo_chat.messages import Assistant, Example, User
from chatwidget.compat.turbo_chat.result import Result

_BLUE, _GREEN, _PLAIN = "\033[34m", "\033[32m", "\033[0m"


def debug(
    obj: Mapping[str, Any],
    color: bool = True,
    line_length: int = 120,
    whitelist: Iterable[type] | None = (str, User, Result, Assistant),
) -> None:
    """Print what a `debug=` hook is given, cut to `line_length`; only of the classes in `whitelist`, None: of all."""
    payload = obj["payload"]
    if whitelist is not None and not isinstance(payload, tuple(whitelist)):
        return
    arrow, shade = ("<-", _BLUE) if obj["type"] == "input" else ("->", _GREEN)
    line = f"{obj['timestamp']:%H:%M:%S} {obj['app']} {arrow} {type(payload).__name__}: {_text(payload)}"
    line = line if len(line) <= line_length else f"{line[: line_length - 1]}…"
    print(f"{shade}{line}{_PLAIN}" if color else line)  # noqa: T201 - printing is what it is for


def _text(payload: Any) -> str:
    if isinstance(payload, Example):
        return f"{payload.user} / {payload.assistant}"
    content = getattr(payload, "content", payload)
    return str(content.get("response", content) if isinstance(content, Mapping) else content).replace("\n", " ")
