"""Calls beside a reply of a type: each is told what became of it."""

from __future__ import annotations

from pydantic import BaseModel

from chatwidget import Session, function_tool
from chatwidget.models.scripted import ScriptedModel, ToolCall


class Song(BaseModel):
    title: str


async def test_a_real_tool_beside_an_accepted_object_is_not_said_to_have_run() -> None:
    @function_tool
    def book(seat: int) -> str:
        """Book a seat."""
        return "booked"

    model = ScriptedModel([ToolCall("book", {"seat": 3}), ToolCall("Song", {"title": "a"})])
    session = Session(model=model, tools=[book])
    assert await session.ask("Hi", output_type=Song) == Song(title="a")
    booked, taken = [part for m in session.messages for part in m.parts if part.type == "tool_result"]
    assert (booked.outcome, "not run" in booked.content) == ("output-error", True)
    assert taken.outcome == "output-available"
