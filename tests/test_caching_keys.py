"""Requests that ask for the same have one key, all others another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chatwidget.messages import (
    Assistant,
    ImagePart,
    Message,
    ReasoningPart,
    System,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    User,
    new_id,
)
from chatwidget.models._request_key import key_of
from chatwidget.models.base import Model, ModelRequest, OutputSpec
from chatwidget.models.logged import logged
from chatwidget.models.recording import record
from chatwidget.tools import ToolSpec
from tests.caching import Says
from tests.strategies import json_values, texts

TOOL = ToolSpec("add", "Add two numbers.", {"type": "object", "properties": {"a": {"type": "integer"}}})
OUTPUT = OutputSpec("song", "A song.", {"type": "object"})
names = st.text(min_size=1, max_size=12)
options = st.dictionaries(names, json_values, max_size=4)


def conversation(call: str = "call_1") -> tuple[Message, ...]:
    called = Message(role="assistant", parts=(ReasoningPart("Hm."), ToolCallPart(call, "add", '{"a": 2}')))
    answered = Message(role="tool", parts=(ToolResultPart(call, "add", "42"),))
    return System("Be kind."), User("What is 2 + 40?"), called, answered


BASE = ModelRequest(conversation(), (TOOL,), {"temperature": 0.2, "stop": ["."]}, OUTPUT)


def key(request: ModelRequest = BASE, model: Model | None = None) -> str:
    found = key_of(Says() if model is None else model, request)
    assert found is not None
    return found.text


def others() -> Iterator[ModelRequest]:
    messages = BASE.messages
    yield replace(BASE, messages=messages[1:])
    yield replace(BASE, messages=(*messages, Assistant("42")))
    yield replace(BASE, messages=(messages[1], messages[0], *messages[2:]))
    yield replace(BASE, messages=(System("Be rude."), *messages[1:]))
    yield replace(BASE, messages=(messages[0], User("What is 2 + 40?", name="ada"), *messages[2:]))
    yield replace(
        BASE, messages=(*messages[:-1], replace(messages[-1], parts=(ToolResultPart("call_1", "add", "43"),)))
    )
    yield replace(BASE, messages=(User([ImagePart("https://example.org/a.png")]),))
    yield replace(BASE, messages=(User([ImagePart("https://example.org/b.png")]),))
    yield replace(BASE, tools=())
    yield replace(BASE, tools=(replace(TOOL, description="Add numbers."),))
    yield replace(BASE, tools=(replace(TOOL, parameters={"type": "object"}),))
    yield replace(BASE, options={})
    yield replace(BASE, options={"temperature": 0.3, "stop": ["."]})
    yield replace(BASE, options={"temperature": 0.2, "stop": ["!"]})
    yield replace(BASE, options={**BASE.options, "api_key": "sesame"})
    yield replace(BASE, options={**BASE.options, "api_key": "open sesame"})
    yield replace(BASE, options={**BASE.options, "extra_headers": {"X-Tenant": "ada"}})
    yield replace(BASE, options={**BASE.options, "extra_headers": {"X-Tenant": "bob"}})
    yield replace(BASE, output=None)
    yield replace(BASE, output=replace(OUTPUT, name="poem"))
    yield replace(BASE, output=replace(OUTPUT, schema={"type": "object", "required": ["title"]}))


def test_whatever_a_model_is_sent_makes_another_key() -> None:
    requests = [BASE, *others()]
    assert len({key(request) for request in requests}) == len(requests)


def test_what_a_model_is_not_sent_or_what_says_the_same_makes_none() -> None:
    same = [
        replace(BASE, messages=conversation("call_xyz")),
        replace(BASE, messages=tuple(replace(m, id=new_id(), created=5.0, usage={}) for m in BASE.messages)),
        replace(BASE, options={"stop": (".",), "temperature": 0.2, "top_p": None}),
    ]
    assert {key(request) for request in same} == {key()}
    two = (TOOL, replace(TOOL, name="sub"))
    assert key(replace(BASE, tools=two)) == key(replace(BASE, tools=two[::-1]))
    assert key(replace(BASE, options={"temperature": 1})) == key(replace(BASE, options={"temperature": 1.0}))


class Set(Says):
    """A model that has settings of its own."""

    def __init__(self, name: str = "says", **settings: Any) -> None:
        super().__init__(name=name)
        vars(self).update(settings)


def test_models_that_may_answer_differently_have_keys_of_their_own() -> None:
    models = [
        Says(),
        Set(),
        Set("gpt-5"),
        Set(provider="openai"),
        Set(provider="https://example.org/v1"),
        Set(api="chat"),
        Set(api="responses"),
        Set(options={"temperature": 0.1}),
        Set(options={"temperature": 0.2}),
        Set(options={"api_key": "sesame"}),
        Set(identity={"persona": "pirate"}),
        Set(model=Says()),
        Set(model=Says(name="inner")),
    ]
    assert len({key(model=model) for model in models}) == len(models)


def test_who_only_watches_a_model_does_not_count(tmp_path: Any) -> None:
    watched = [logged(Set()), record(tmp_path / "talk.jsonl", Set()), record(tmp_path / "more.jsonl", logged(Set()))]
    assert {key(model=model) for model in watched} == {key(model=Set())}


@pytest.mark.parametrize("value", [min, object(), {1, 2}, b"bytes", {"deep": [object()]}])
def test_settings_that_are_no_data_make_no_key_at_all(value: object) -> None:
    assert key_of(Says(), replace(BASE, options={"choose": value})) is None
    assert key_of(Set(options={"choose": value}), BASE) is None


def test_settings_that_hold_themselves_make_no_key() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert key_of(Says(), replace(BASE, options={"stop": endless})) is None


def test_a_model_that_goes_around_itself_has_a_key() -> None:
    model = Set()
    vars(model)["model"] = model
    assert key(model=model)


@given(options, st.lists(texts.filter(bool), min_size=1, max_size=3))
def test_a_key_is_64_hex_digits_and_depends_on_nothing_but_the_request(given: dict[str, Any], said: list[str]) -> None:
    def request() -> ModelRequest:
        return ModelRequest(tuple(User(text) for text in said), options=dict(reversed(given.items())))

    first = key(request())
    assert first == key(ModelRequest(request().messages, options=given))
    assert len(first) == 64 and set(first) <= set("0123456789abcdef")


@given(options, options)
def test_other_options_are_another_key(mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    def told(given: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in given.items() if value is not None}

    assume(repr(told(mine)) != repr(told(theirs)) and told(mine) != told(theirs))
    assert key(replace(BASE, options=mine)) != key(replace(BASE, options=theirs))


@given(st.lists(texts.filter(bool), min_size=1, max_size=3), st.lists(texts.filter(bool), min_size=1, max_size=3))
def test_other_texts_are_another_key(mine: list[str], theirs: list[str]) -> None:
    def request(said: list[str]) -> ModelRequest:
        return ModelRequest((Message(role="user", parts=tuple(TextPart(text) for text in said)),))

    assume("".join(mine) != "".join(theirs))
    assert key(request(mine)) != key(request(theirs))
