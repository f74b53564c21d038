"""What the tests of previews share."""

from __future__ import annotations

from typing import Any

from chatwidget import Session, function_tool
from chatwidget.events import Event
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.tools import Tool
from tests.core_strategies import record

TEXT = "The quick brown 🦊 jumps over the lazy 🐶. " * 4


def noting() -> Tool[[str], str]:
    @function_tool
    def note(text: str) -> str:
        """Note a text."""
        return f"noted {len(text)}"

    return note


def session_of(tool: Any, text: str = TEXT) -> tuple[Session, list[Event]]:
    session = Session(model=ScriptedModel(ToolCall("note", {"text": text}), "Done."), tools=[tool])
    return session, record(session)


def card(session: Session) -> dict[str, Any]:
    messages = session.screen.field("messages")
    return next(part for message in messages for part in message["parts"] if part["type"] == "tool_call")
