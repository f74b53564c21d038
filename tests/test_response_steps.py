"""What a provider does by itself is shown as steps with names and texts."""

from __future__ import annotations

from typing import Any

import pytest

from chatwidget.models._responses import ResponsesReader
from chatwidget.models.base import ImageDelta, StepDelta, TextDelta
from tests.response_events import DONE, Dict, added, event, feed, item_done, read, text


def steps(*events: Dict) -> list[StepDelta]:
    return [delta for delta in read(*events) if isinstance(delta, StepDelta)]


def whole(kind: str, **fields: Any) -> list[Dict]:
    """A step that begins empty and is told when it is done."""
    return [added(kind), item_done(kind, **fields)]


def told(*events: Dict) -> tuple[str, str, str]:
    """A step's name, all its text, and how it ended."""
    found = steps(*events)
    return found[0].name, "".join(step.text for step in found), found[-1].state


def test_a_search_begins_goes_on_and_ends() -> None:
    events = [
        added("web_search_call", status="in_progress"),
        event("web_search_call.searching", item_id="item_0"),
        item_done("web_search_call", action={"type": "search", "query": "cats", "queries": ["cats", "big cats"]}),
        text("Cats.", 1),
        DONE,
    ]
    assert read(*events) == [
        StepDelta("item_0", "web search"),
        StepDelta("item_0"),
        StepDelta("item_0", text="cats\nbig cats", state="done"),
        TextDelta("Cats."),
    ]


def test_code_is_shown_while_it_is_written_then_what_it_printed() -> None:
    events = [
        added("code_interpreter_call", code=""),
        event("code_interpreter_call_code.delta", delta="print("),
        event("code_interpreter_call_code.delta", delta="1)"),
        event("code_interpreter_call_code.done", code="print(1)"),
        event("code_interpreter_call.interpreting"),
        item_done("code_interpreter_call", code="print(1)", outputs=[{"type": "logs", "logs": "1"}, {"type": "image"}]),
    ]
    assert told(*events) == ("code interpreter", "print(1)\n1", "done")


def test_code_that_came_in_no_delta_is_shown_once() -> None:
    done = event("code_interpreter_call_code.done", code="1 + 1")
    assert told(added("code_interpreter_call"), done, item_done("code_interpreter_call", code="1 + 1"))[1] == "1 + 1"


@pytest.mark.parametrize(
    ("kind", "fields", "name", "shown", "state"),
    [
        ("web_search_call", {"action": {"type": "open_page", "url": "http://a.b"}}, "web search", "http://a.b", "done"),
        ("web_search_call", {"action": {"type": "find_in_page", "url": "http://a.b", "pattern": "cat"}}, "web search",
         "cat\nhttp://a.b", "done"),
        ("file_search_call", {"queries": ["a", "b"]}, "file search", "a\nb", "done"),
        ("file_search_call", {"queries": [], "status": "failed"}, "file search", "", "failed"),
        ("image_generation_call", {"revised_prompt": "A cat."}, "image generation", "A cat.", "done"),
        ("mcp_call", {"server_label": "sky", "name": "rain", "arguments": "{}", "output": "Dry."}, "sky: rain",
         "{}\nDry.", "done"),
        ("mcp_call", {"server_label": "sky", "name": "rain", "arguments": "", "error": {"message": "Gone."}},
         "sky: rain", "Gone.", "failed"),
        ("mcp_list_tools", {"server_label": "sky", "tools": [{"name": "rain"}, {"name": "sun"}]}, "tools of sky",
         "rain\nsun", "done"),
        ("shell_call", {"action": {"commands": ["ls", "pwd"]}}, "shell", "ls\npwd", "done"),
        ("teleport_call", {"input": "home"}, "teleport", "home", "done"),
    ],
)  # fmt: skip
def test_each_tool_has_a_readable_name_and_text(
    kind: str, fields: dict[str, Any], name: str, shown: str, state: str
) -> None:
    begin = added(kind, **{key: fields[key] for key in ("server_label", "name") if key in fields})
    assert told(begin, item_done(kind, **fields)) == (name, shown, state)


def test_a_step_that_is_only_told_at_its_end_begins_first() -> None:
    first, last = steps(item_done("file_search_call", queries=["a"]))
    assert (first.name, first.text, first.state) == ("file search", "a", "running")
    assert (last.id, last.text, last.state) == (first.id, "", "done")


def test_arguments_for_a_servers_tool_grow() -> None:
    begin = added("mcp_call", server_label="sky", name="rain")
    deltas = [event("mcp_call_arguments.delta", delta=each) for each in ('{"a"', ": 1}")]
    done = item_done("mcp_call", server_label="sky", name="rain", arguments='{"a": 1}', output="Dry.")
    assert [step.text for step in steps(begin, *deltas, done)] == ["", '{"a"', ": 1}", "\nDry."]


@pytest.mark.parametrize(
    ("kind", "fields", "note"),
    [
        ("image_generation_call", {"result": "not base64!"}, "a generated image was left out"),
        ("image_generation_call", {"result": "aGVsbG8=", "output_format": "tiff"}, "a generated image was left out"),
        ("computer_call", {"action": {"type": "click"}}, "the step 'computer' was not taken: it cannot be done here"),
        ("mcp_approval_request", {"server_label": "sky", "name": "rain"}, "a server's tool asked for an approval"),
    ],
)
def test_what_cannot_be_shown_or_answered_is_said(kind: str, fields: dict[str, Any], note: str) -> None:
    reader = ResponsesReader()
    feed(reader, *whole(kind, **fields), DONE)
    assert note in (reader.finish().note or "")


def test_two_steps_are_two() -> None:
    events = [added("web_search_call", 0), added("web_search_call", 1), event("web_search_call.searching", 1)]
    assert [step.id for step in steps(*events)] == ["item_0", "item_1", "item_1"]


def test_a_generated_image_is_a_part_of_the_reply() -> None:
    reader = ResponsesReader()
    item = whole("image_generation_call", result="aGVsbG8=", output_format="webp", revised_prompt="A cat.")
    found = [delta for delta in feed(reader, *item, DONE) if isinstance(delta, ImageDelta)]
    assert found == [ImageDelta("data:image/webp;base64,aGVsbG8=", "A cat.")]
    assert reader.finish().note is None
