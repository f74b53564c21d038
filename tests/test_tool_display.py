"""How the calls of tools look: all spellings, what a screen is told, and figures from text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatwidget import Session, function_tool
from chatwidget.errors import FormatError
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.tool_display import Display, ToolDisplays

NESTED = {
    "header": {"text": "**Price**", "show": False},
    "arguments": {"title": "In", "show_key_as_code": {"key": "code", "language": "python"}},
    "result": {"title": "Out", "type": "markdown"},
}
FIGURE = json.dumps({"data": [{"y": [1, 2]}], "layout": {}})


@pytest.mark.parametrize(
    ("value", "display"),
    [
        ("Text", Display("Text")),
        ({"progress": "P", "error": "E"}, Display(headers={"progress": "P", "error": "E"})),
        ({"header": "Text"}, Display("Text")),
        ({"header": {"text": {"complete": "C"}}}, Display(headers={"complete": "C"})),
        ({"header": {"progress": "P"}}, Display(headers={"progress": "P"})),
        (NESTED, Display("**Price**", {}, False, ("code", "python"), "In", "markdown", "Out")),
        (Display("x"), Display("x")),
        ({}, Display()),
    ],
)
def test_every_spelling_is_read(value: Any, display: Display) -> None:
    assert Display.of(value) == display


def test_a_screen_is_told_plain_json() -> None:
    view = Display("Text", {"error": "Failed"}, argument=("code", "python"), result="json").view()
    assert (
        json.loads(json.dumps(view))
        == view
        == {
            "headers": {"progress": "Text", "complete": "Text", "error": "Failed"},
            "show_header": True,
            "title": None,
            "code": {"argument": "code", "language": "python"},
            "result": "json",
            "result_title": None,
        }
    )


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (5, "f: expected a text or a dict"),
        ({"headline": "x"}, "f: there is no 'headline'.*header, arguments, result"),
        ({"arguments": "x"}, "f.arguments: expected a dict"),
        ({"arguments": {"show_key_as_code": "x"}}, "show_key_as_code: expected a dict"),
        ({"arguments": {"show_key_as_code": {"language": "x"}}}, "show_key_as_code.key: expected a text"),
        ({"result": {"type": 5}}, "f.result.type: expected a text"),
        ({"progress": 5}, "f.progress: expected a text"),
    ],
)
def test_what_is_no_display_is_refused_by_its_path_and_changes_nothing(value: Any, says: str) -> None:
    displays = ToolDisplays()
    displays.merge({"f": "before"})
    with pytest.raises(FormatError, match=says):
        displays.merge({"g": "new", "f": value})
    assert displays.view() == {"f": Display("before").view()}


def test_an_unknown_state_is_refused() -> None:
    with pytest.raises(FormatError, match="'done' is no state"):
        Display(headers={"done": "x"})


async def test_a_chats_display_goes_before_the_tools_own_and_views_follow_at_once() -> None:
    @function_tool(display=Display("Own"))
    def price(symbol: str) -> str:
        """Tell a price."""
        return symbol

    session = Session(model="echo", tools=[price])

    def header() -> Any:
        return session.screen.field("tool_displays")["price"]["headers"]["complete"]

    assert header() == "Own"
    session.display_tools({"price": "The chat's", "other": "x"})
    assert header() == "The chat's"
    session.display_tools({"price": None})
    assert (header(), sorted(session.screen.field("tool_displays"))) == ("Own", ["other", "price"])


async def test_a_text_that_is_a_figure_is_shown_as_one() -> None:
    @function_tool(display=Display(result="plotly"))
    def plot(text: str) -> str:
        """Draw."""
        return text

    calls = [ToolCall("plot", json.dumps({"text": text})) for text in (FIGURE, "no figure")]
    session = Session(model=ScriptedModel(calls, "Drawn."), tools=[plot])
    await session.send("Hi")
    cards = [part for part in session.screen.field("messages")[1]["parts"] if part["type"] == "tool_call"]
    assert [[list(bundle) for bundle in card["displays"]] for card in cards] == [
        [["application/vnd.plotly.v1+json"]],
        [],
    ]
    assert cards[0]["result"] == FIGURE, "the model reads what the tool returned"


async def test_a_written_result_is_shown_as_its_display_says() -> None:
    session = Session(model="echo")
    session.display_tools({"plot": {"result": {"type": "plotly"}}})
    session.updates.update({"tool_calls": [{"index": 0, "id": "c", "function": {"name": "plot"}}]}, id="a")
    session.updates.update({"role": "tool", "tool_call_id": "c", "content": FIGURE})
    (card,) = session.screen.field("messages")[0]["parts"]
    assert card["displays"] == [{"application/vnd.plotly.v1+json": json.loads(FIGURE)}]
