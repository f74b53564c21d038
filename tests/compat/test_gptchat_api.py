"""gptchat's promises one by one: updates, configuration, utilities, and what is not there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

from chatwidget.compat import gptchat
from chatwidget.compat.gptchat.utils import concat_stream, iter_stream_choices, parse_incomplete_json
from chatwidget.errors import FormatError
from tests.compat.gptchat_program import Program, program

__all__ = ["program"]


def test_ids_are_returned_and_a_messages_own_is_honoured(program: Program) -> None:
    app = gptchat.app
    first = app.update_message({"content": "One"})
    assert app.set_message({"id": "own", "role": "assistant", "content": "Two"}) == "own"
    assert app.update_message({"content": "!"}, id=first) == first
    assert app.set_message({"role": "assistant", "content": "Three"}, id=3) == "3"  # type: ignore[arg-type]
    assert [message["id"] for message in program.shown] == [first, "own", "3"]
    assert program.said == ["One!", "Two", "Three"]


def test_all_messages_are_set_at_once(program: Program) -> None:
    gptchat.app.update_message({"content": "Before"})
    gptchat.app.set_all_messages([{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}])
    assert program.said == ["A"]
    assert [item["content"] for item in program.chat.history] == ["Q", "A"]


def test_options_merge_and_open_views_follow_at_once(program: Program) -> None:
    app = gptchat.app
    app.set_config({"title": "Café ☕", "prompt": {"placeholder": "Ask"}})
    assert (program.chat.title, program.chat.placeholder) == ("Café ☕", "Ask")
    app.set_config({"functions": {"a": "A"}, "default_messages": [{"role": "assistant", "content": "Hello"}]})
    app.set_config({"functions": {"b": {"progress": "…", "complete": "Done"}}, "agent_name": "Ada"})
    assert (program.chat.title, program.chat.placeholder) == ("Café ☕", "Ask")
    assert program.said == ["Hello"]
    displays = program.chat.get_state("tool_displays")["tool_displays"]
    assert {name: display["headers"]["complete"] for name, display in displays.items()} == {"a": "A", "b": "Done"}
    assert app.config.values["prompt"] == {"allow_upload": True, "placeholder": "Ask"}


def test_first_messages_do_not_replace_what_was_said(program: Program) -> None:
    gptchat.app.set_config({"messages": [{"role": "assistant", "content": "Hello"}]})
    gptchat.app.set_config({"messages": [{"role": "assistant", "content": "Good morning"}]})
    assert program.said == ["Good morning"]
    gptchat.app.update_message("More")
    gptchat.app.set_config({"messages": []})
    assert program.said == ["Good morning", "More"]


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({"colour": "red"}, "no option 'colour'.*default_messages"),
        ({"prompt": {"size": 1}}, "config.prompt: there is no option 'size'"),
        ({"prompt": "Ask"}, "config.prompt: expected a dict"),
        ({"title": 5}, "config.title: expected a text"),
        ({"functions": {"f": 5}}, "f: expected a text or a dict"),
        ({"functions": {"f": {"header": {"colour": "red"}}}}, "f.header: there is no 'colour'"),
        ({"messages": [{"role": "king"}]}, "role"),
        ("title", "config: expected a dict"),
    ],
)
def test_an_option_that_is_unknown_or_wrong_is_refused_and_changes_nothing(
    program: Program, config: Any, says: str
) -> None:
    before = dict(gptchat.app.config.values)
    with pytest.raises(FormatError, match=says):
        gptchat.app.set_config(config)
    assert gptchat.app.config.values == before


@pytest.mark.parametrize("name", ["socket_on", "socket_emit", "handle_connect", "generating_started", "nonsense"])
def test_what_is_not_there_says_so(name: str) -> None:
    with pytest.raises(AttributeError, match=name):
        getattr(gptchat.app, name)


def test_every_call_of_a_delta_is_in_the_sum_and_an_empty_list_is_none() -> None:
    both = [{"index": place, "id": f"c{place}", "function": {"name": "f", "arguments": "{}"}} for place in (0, 2)]
    choice = concat_stream([{"delta": {"tool_calls": both}}, {"delta": {"tool_calls": []}}])
    assert [call.id for call in choice.message.tool_calls or ()] == ["c0", "c2"]
    assert choice.finish_reason == "stop"


async def test_choices_of_a_stream_skip_chunks_without_any() -> None:
    chunks = [SimpleNamespace(choices=["a", "b"]), SimpleNamespace(choices=[]), SimpleNamespace(choices=["c"])]

    async def stream() -> AsyncIterator[Any]:
        for chunk in chunks:
            yield chunk

    assert list(iter_stream_choices(chunks)) == ["a", "c"]
    assert [choice async for choice in iter_stream_choices(stream())] == ["a", "c"]


@pytest.mark.parametrize(
    ("text", "bracket", "value"),
    [
        ("", "}", {}),
        ("{", "}", {}),
        ('{"a": [1, 2', "}", {"a": [1, 2]}),
        ('{"code": "print(', "}", {"code": "print("}),
        ('{"a": 1, "b', "}", {"a": 1}),
        ("[1, ", "]", [1]),
        ("", "]", []),
        ("nonsense", "}", {}),
    ],
)
def test_unfinished_json_is_its_best_value_so_far(text: str, bracket: str, value: Any) -> None:
    assert parse_incomplete_json(text, bracket) == value
