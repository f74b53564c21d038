"""What a preview may be made of, and what is checked when it is registered."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, Field

from chatwidget import Session, function_tool
from chatwidget.errors import ToolDefinitionError
from chatwidget.events import Event, PreviewShown
from chatwidget.models.scripted import ScriptedModel, ToolCall
from tests.core_strategies import record


def noted(text: str, title: str = "none") -> str:
    """Note a text."""
    return text


def shown(events: list[Event]) -> list[str | None]:
    """What was shown, as plain text."""
    previews = [event for event in events if isinstance(event, PreviewShown)]
    return [None if event.part is None else event.part.bundle["text/plain"] for event in previews]


class Aliased(BaseModel):
    name: str = Field(alias="songName")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [(lambda txt="": txt, "txt"), (lambda text, final: text, "final"), (lambda self="": self, "self")],
)
def test_a_preview_for_an_argument_that_is_none_is_refused(wrong: Any, named: str) -> None:
    tool = function_tool(noted)
    with pytest.raises(ToolDefinitionError, match=f"`{named}`.*They are: text, title"):
        tool.preview(wrong)
    assert not tool.has_preview


def test_a_preview_that_cannot_be_called_with_names_or_yields_is_refused() -> None:
    def positional(text: str, /) -> str:
        return text

    def yields(text: str = "") -> Any:
        yield text

    async def yields_later(text: str = "") -> Any:
        yield text

    for wrong, cure in ((positional, "Remove the `/`"), (yields, "Return what"), (yields_later, "Return what")):
        with pytest.raises(ToolDefinitionError, match=cure):
            function_tool(noted).preview(wrong)


async def test_a_preview_takes_the_names_of_the_tools_parameters_whatever_the_model_calls_them() -> None:
    @function_tool(schema=Aliased)
    def find(name: str) -> str:
        """Find."""
        return name

    find.preview(lambda name="": f"<{name}>")
    session = Session(model=ScriptedModel(ToolCall("find", {"songName": "Moon"}), "Done."), tools=[find])
    events = record(session)
    await session.send("Hi")
    assert shown(events)[-1] == "<Moon>"


async def test_a_preview_is_not_called_before_each_argument_it_needs_has_come() -> None:
    seen: list[tuple[str, str]] = []
    tool = function_tool(noted)

    @tool.preview
    def show(text: str, title: str) -> None:
        seen.append((text, title))

    arguments = {"text": "x" * 30, "title": "T" * 30}
    session = Session(model=ScriptedModel(ToolCall("noted", arguments), "Done."), tools=[tool])
    await session.send("Hi")
    assert seen
    assert all(text == "x" * 30 for text, _ in seen)
    assert seen[-1] == ("x" * 30, "T" * 30)
