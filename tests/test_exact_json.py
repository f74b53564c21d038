"""JSON that a page would round is sent as text besides, so that no digit is lost."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chatwidget import Assistant, DisplayPart, ToolCallPart, User
from chatwidget.asks import Ask
from chatwidget.exact_json import EXACT, JSON, is_exact, view_bundle
from chatwidget.export import markdown_transcript
from chatwidget.models.scripted import ToolCall
from chatwidget.tools import function_tool
from chatwidget.views import view_ask
from tests.core_strategies import Mirror, make_session

LARGE = 2**53 + 1
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


def as_a_browser_reads(data: Any) -> Any:
    """The value with whole numbers as JavaScript has them."""
    return json.loads(json.dumps(data), parse_int=float)


@given(VALUES)
def test_what_a_page_is_sent_holds_every_digit(value: Any) -> None:
    sent = view_bundle({JSON: value, "text/plain": "x"})
    if EXACT in sent:
        assert not is_exact(value)
        assert json.loads(sent[EXACT]) == json.loads(json.dumps(value))
    else:
        assert as_a_browser_reads(sent[JSON]) == value, "nothing was rounded"


def test_only_json_that_would_be_rounded_is_sent_twice() -> None:
    for bundle in ({"text/plain": "x"}, {JSON: {"a": [2**53 - 1, 1e300, True]}}, {"application/geo+json": LARGE}):
        assert view_bundle(bundle) == bundle


def test_data_that_contains_itself_or_is_very_deep_breaks_nothing() -> None:
    cycle: list[Any] = []
    cycle.append(cycle)
    deep: list[Any] = [LARGE]
    for _ in range(5_000):
        deep = [deep]
    assert is_exact(cycle) and is_exact(deep)
    assert json.loads(view_bundle({JSON: [cycle, LARGE]})[EXACT])[1] == LARGE


def test_what_is_long_is_not_indented_which_would_make_it_many_times_as_long() -> None:
    deep: Any = [LARGE] * 10_000
    for _ in range(55):
        deep = [deep]
    length = len(json.dumps(deep))
    assert len(view_bundle({JSON: deep})[EXACT]) == length
    assert len(view_ask(Ask("a", arguments={"deep": deep}))["raw"]) < length + 20
    call = Assistant(ToolCallPart("c", "f", json.dumps({"deep": deep})))
    assert len(markdown_transcript([call])) < length + 200


async def test_a_display_of_a_message_a_preview_and_a_tool_keep_their_digits() -> None:
    @function_tool
    async def count(number: int) -> Any:
        """Count."""
        return DisplayPart({JSON: {"result": LARGE}})

    @count.preview
    def preview(**arguments: Any) -> Any:
        return DisplayPart({JSON: {"preview": LARGE}})

    said = Assistant([DisplayPart({JSON: [LARGE]})])
    session = make_session([ToolCall("count", {"number": 1}), "Done."], history=[User("Hi"), said])
    session.tools.add(count)
    mirror = Mirror(session)
    await session.send("Go")
    session.screen.flush()
    sent = json.dumps(mirror.state["messages"], ensure_ascii=False)
    for data in ([LARGE], {"preview": LARGE}, {"result": LARGE}):
        assert f'"{EXACT}": {json.dumps(json.dumps(data, indent=2))}' in sent
    assert mirror.state == session.screen.state()
    assert session.messages[1].parts == said.parts, "in Python nothing is added"
