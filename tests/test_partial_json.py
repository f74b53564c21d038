"""Promises of `chatwidget.partial_json`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget import partial_json
from chatwidget.errors import ToolArgumentsError
from chatwidget.partial_json import MISSING, PartialJSON, parse, parse_complete

texts = st.text(max_size=8)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12
)
encodings = st.builds(
    json.dumps, values, ensure_ascii=st.booleans(), indent=st.sampled_from([None, 1]), separators=st.none()
)


@given(encodings)
def test_a_complete_text_means_what_json_loads_says(text: str) -> None:
    assert parse_complete(text) == json.loads(text)
    assert parse(text) == json.loads(text)


@given(encodings)
def test_every_prefix_parses_or_gives_nothing_yet(text: str) -> None:
    for end in range(len(text) + 1):
        value = parse(text[:end])
        if value is MISSING:
            assert text[:end].strip()[:1] not in ("{", "[", '"')


@given(st.dictionaries(texts, values, max_size=5), st.booleans())
def test_a_finished_key_never_changes(value: dict[str, Any], ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    before = 0
    for end in range(1, len(text) + 1):
        seen = parse(text[:end])
        assert list(seen) == list(value)[: len(seen)]
        assert len(seen) >= before, "a key that was there is gone"
        before = len(seen)
        for key in list(seen)[:-1]:
            assert seen[key] == value[key]


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_an_unfinished_string_only_grows(text: str) -> None:
    encoded = json.dumps([text])
    before = ""
    for end in range(2, len(encoded)):
        seen = "".join(parse(encoded[:end]))
        assert seen.startswith(before)
        before = seen
    assert before == text


@pytest.mark.parametrize("text", ["", "  \n", "t", "nul", "-"])
def test_nothing_yet_is_missing_and_not_null(text: str) -> None:
    assert parse(text) is MISSING
    assert parse("null") is None
    assert not MISSING
    assert repr(MISSING) == "MISSING"


@pytest.mark.parametrize("tail", [".", "e", "E-", "e+"])
def test_a_number_stays_while_its_fraction_or_exponent_begins(tail: str) -> None:
    assert parse('{"a": [1' + tail) == {"a": [1]}
    assert parse("1" + tail) == 1
    assert parse('{"a": "1' + tail) == {"a": "1" + tail}
    with pytest.raises(ToolArgumentsError):
        parse_complete("[1" + tail + "]")


@pytest.mark.parametrize("text", ["", " ", "\n\t "])
def test_blank_arguments_count_as_an_empty_object(text: str) -> None:
    assert parse_complete(text) == {}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('{"a": 1', "not complete"),
        ('{"a": ', "not complete"),
        ('{"a": NaN}', "NaN"),
        ('{"é": -Infinity}', "-Infinity"),
        ('{"a": {"b": [0, 1e99999]}}', "a.b[1] is too large"),
        ('{"a": -1e400}', "at a is too large"),
        ("1e400", "in the arguments is too large"),
        ('{"a": ' + "9" * 400 + "}", "at a is too long: at most 300 digits"),
        ('{"a": ' + "-" + "9" * 301 + "}", "at a is too long"),
        ('{"a": ' + "9" * 5000 + "}", "at most 300 digits"),
        ('{"a": ' + "9" * 400 + ".5}", "at a is too large"),
        ("[" * 100_000, "nested too deep"),
        ('{"a":' * 100_000, "nested too deep"),
        ("{'a': 1}", "key must be a string at line 1 column 2"),
        ('{"a": 1,}', "trailing comma"),
        ('{"a": 1} and so on', "trailing characters"),
        ('{"a": "x\ny"}', "control character"),
        ("﻿{}", "not valid JSON"),
    ],
)
def test_what_is_wrong_with_complete_arguments_is_named(text: str, named: str) -> None:
    with pytest.raises(ToolArgumentsError) as caught:
        parse_complete(text)
    assert named in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("text", ['{"a": NaN', '{"a": 1e99999', "[" + "9" * 400, "[" * 1000, "{a", "[1,]"])
def test_unfinished_text_that_cannot_become_json_raises(text: str) -> None:
    with pytest.raises(ToolArgumentsError):
        parse(text)


def test_the_longest_integer_accepted_has_300_digits() -> None:
    assert parse_complete("[" + "9" * 300 + "]") == [10**300 - 1]
    with pytest.raises(ToolArgumentsError):
        parse_complete("[1" + "0" * 300 + "]")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"\ud83d"', "�"),
        (r'"\udc00x"', "�x"),
        (r'"\ud83dx\ud83d\ude00"', "�x😀"),
        (r'"\ud83d\u0041"', "�A"),
        (r'"\ud83d\n"', "�\n"),
        (r'"\\ud800"', "\\ud800"),
        (r'{"\ud800": 1}', {"�": 1}),
        ('"\ud800"', "�"),
        ('"\ud83d\ude00"', "😀"),
    ],
)
def test_lone_surrogates_become_replacement_characters(text: str, value: object) -> None:
    assert parse_complete(text) == value
    assert parse(text) == value


@pytest.mark.parametrize("text", [r'["x\ud83d', r'["x\ud83d\u', r'["x\ud83d\ude', '["x\ud83d', r'["\udc00x\ud83d'])
def test_half_a_character_is_held_back_until_its_other_half_comes(text: str) -> None:
    assert parse(text)[0].endswith("x")


def test_hostile_keys_are_plain_keys() -> None:
    value = parse_complete('{"__proto__": {"a": 1}, "self": 2, "__class__": 3}')
    assert value == {"__proto__": {"a": 1}, "self": 2, "__class__": 3}
    assert type(value) is dict


@given(encodings, st.lists(st.integers(0, 40)))
def test_pieces_give_the_same_as_the_whole(text: str, cuts: list[int]) -> None:
    growing = PartialJSON()
    at = 0
    for cut in cuts:
        growing.feed(text[at : at + cut])
        at += cut
        so_far = parse(text[:at])
        assert growing.value == (None if so_far is MISSING else so_far)
    growing.feed(text[at:])
    assert growing.text == text
    assert growing.complete() == json.loads(text)


def test_feeding_does_not_parse_and_reading_twice_parses_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def counting(text: str) -> Any:
        parsed.append(text)
        return json.loads(text)

    monkeypatch.setattr(partial_json, "parse", counting)
    growing = PartialJSON("[")
    for _ in range(1000):
        growing.feed("1, ")
    growing.feed("2]")
    assert parsed == []
    assert growing.value == growing.value
    assert len(parsed) == 1
    growing.feed("")
    assert growing.value is not None
    assert len(parsed) == 1


def test_after_broken_text_the_last_good_value_stays() -> None:
    growing = PartialJSON('{"a": 1, ')
    assert growing.value == {"a": 1}
    growing.feed("oops")
    assert growing.value == {"a": 1}
    assert "not valid JSON" in str(growing.error)
    growing.feed(': 2, "b": 3}')
    assert growing.value == {"a": 1}
    with pytest.raises(ToolArgumentsError):
        growing.complete()


def test_before_anything_has_come_the_value_is_none() -> None:
    growing = PartialJSON()
    assert growing.value is None
    assert growing.error is None
    assert growing.complete() == {}
