"""Chats with a handler, and what they have said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatwidget import Session


def session_of(make: Callable[[Session], Callable[..., Any]], **options: Any) -> Session:
    session = Session(**{"model": "echo", **options})
    session.handle(make(session))
    return session


def shown(session: Session) -> list[tuple[str, str]]:
    return [(message.text, message.status) for message in session.messages if message.role == "assistant"]
