"""Promises of `SchemaArguments`: a raw JSON schema checks a model's arguments, and nothing is fetched for it."""

from __future__ import annotations

import json
import socket
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget._raw_schema import SchemaArguments
from chatwidget.errors import ToolArgumentsError, ToolDefinitionError

WEATHER = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "maxLength": 20},
        "days": {"type": "integer", "minimum": 1, "maximum": 7},
        "unit": {"enum": ["C", "F"]},
        "place": {"$ref": "#/$defs/Place"},
        "when": {"anyOf": [{"type": "integer"}, {"$ref": "#/$defs/Span"}]},
    },
    "required": ["city"],
    "additionalProperties": False,
    "$defs": {
        "Place": {"type": "object", "required": ["lat"], "properties": {"lat": {"type": "number"}}},
        "Span": {"type": "object", "required": ["from"], "properties": {"from": {"type": "string"}}},
    },
}
ARGUMENTS = SchemaArguments(WEATHER, "weather")


def refusal(arguments: SchemaArguments, text: str) -> str:
    with pytest.raises(ToolArgumentsError) as caught:
        arguments.validate(text, "weather")
    said = str(caught.value)
    assert len(said) <= 1000
    return said


def takes(**schema: Any) -> SchemaArguments:
    return SchemaArguments({"type": "object", **schema}, "tool")


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> NoReturn:
        pytest.fail("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize(
    "value", [{"city": "Paris"}, {"city": "", "days": 7, "unit": "C"}, {"city": "\x00", "when": {"from": "now"}}]
)
def test_arguments_that_fit_are_passed_as_they_are(value: dict[str, Any]) -> None:
    assert ARGUMENTS.validate(json.dumps(value), "weather") == value


@pytest.mark.parametrize("text", ["", "  ", "null", "{}"])
def test_no_arguments_may_be_written_in_four_ways(text: str) -> None:
    assert takes().validate(text, "tool") == {}


def test_the_model_is_told_the_schema_as_it_was_given() -> None:
    assert ARGUMENTS.schema == WEATHER
    assert takes().schema == {"type": "object", "properties": {}}


def test_changing_the_given_schema_afterwards_changes_nothing() -> None:
    given_schema: dict[str, Any] = {"type": "object", "properties": {"a": {"type": "integer"}}}
    arguments = SchemaArguments(given_schema, "tool")
    given_schema["properties"]["a"]["type"] = "string"
    assert arguments.validate('{"a": 1}', "tool") == {"a": 1}


def test_a_refusal_names_each_place_its_problem_and_what_came() -> None:
    value = {"days": 9, "unit": "K", "place": {"lat": "north"}, "zone": 1, "when": {"from": 5}}
    assert refusal(ARGUMENTS, json.dumps(value)).splitlines() == [
        "The arguments of weather do not fit:",
        "- days: must be at most 7 (got 9)",
        '- unit: must be one of "C", "F" (got "K")',
        '- place.lat: must be of type number (got "north")',
        "- when.from: must be of type string (got 5)",
        "- city: missing",
        "- zone: there is no such argument",
        "The arguments are: city, days, unit, place, when. Correct them and call it again.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1]", "must be a JSON object, not a list of 1"),
        ('"Paris"', 'must be a JSON object, not "Paris"'),
        ('{"city": "Par', "not complete JSON"),
        ('{"city": NaN}', "not valid JSON"),
        ('{"city": "a", "days": 1e99999}', "too large"),
        (f'{{"city": "a", "days": {"9" * 5000}}}', "too long"),
        ('{"city": "a", "days": "3"}', 'days: must be of type integer (got "3")'),
        ('{"city": "a", "days": true}', "days: must be of type integer (got true)"),
        ('{"city": "a", "place": {}}', "place.lat: missing"),
        ('{"city": "a", "when": []}', "when: does not follow `anyOf`"),
        ('{"city": "a", "__proto__": {}}', "__proto__: there is no such argument"),
        ('{"city": "a", "self": 1}', "self: there is no such argument"),
        ('{"city":' * 10_000, "nested too deep"),
        (json.dumps({"city": "x" * 5_000_000}), "city: must have at most 20 characters"),
        (json.dumps({f"{number}" * 90: 1 for number in range(3000)}), "- and more"),
    ],
)
def test_hostile_and_wrong_arguments_are_told_in_a_few_words(text: str, said: str) -> None:
    assert said in refusal(ARGUMENTS, text)


def test_lone_surrogates_become_the_replacement_character() -> None:
    assert ARGUMENTS.validate('{"city": "\\ud83d"}', "weather") == {"city": "\ufffd"}


def test_each_missing_argument_is_told_once() -> None:
    assert refusal(takes(required=["a", "b"]), "{}").count("missing") == 2


def test_what_a_key_pattern_allows_is_known() -> None:
    arguments = takes(patternProperties={"^x-": {}}, additionalProperties=False)
    assert arguments.validate('{"x-a": 1}', "tool") == {"x-a": 1}
    said = refusal(arguments, '{"x-a": 1, "y": 2}')
    assert "y: there is no such argument" in said
    assert "x-a" not in said


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        (5, "must be a dict"),
        ({}, '"type": "object"'),
        ({"type": "array"}, 'root has the type "array"'),
        ({"type": ["object", "null"]}, '"type": "object"'),
        ({"type": "object", "properties": []}, "at properties"),
        ({"type": "object", "properties": {"a": {"type": "objec"}}}, "at properties.a.type"),
        ({"type": "object", "properties": {"a": {"pattern": "("}}}, "at properties.a.pattern"),
        ({"type": "object", "required": "a"}, "at required"),
        ({"type": "object", "$schema": 7}, "not valid JSON schema"),
        ({"type": "object", "default": {1, 2}}, "is not JSON"),
        ({"type": "object", "default": float("nan")}, "is not JSON"),
    ],
)
def test_a_schema_that_is_none_is_refused_with_the_place(schema: Any, said: str) -> None:
    with pytest.raises(ToolDefinitionError, match="`tool` cannot become a tool") as caught:
        SchemaArguments(schema, "tool")
    assert said in str(caught.value)


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(
    ("node", "said"),
    [
        ({"$ref": "http://localhost:1/schema.json"}, "nothing is fetched"),
        ({"$ref": "file:///etc/passwd"}, "nothing is fetched"),
        ({"$ref": "other.json#/a"}, "nothing is fetched"),
        ({"$dynamicRef": "http://localhost:1/#a"}, "nothing is fetched"),
        ({"anyOf": [{"items": {"not": {"$ref": "http://localhost:1/"}}}]}, "nothing is fetched"),
        ({"$ref": "#/$defs/Nobody"}, "is not in it"),
        ({"$ref": "#nobody"}, "is not in it"),
    ],
)
def test_a_reference_out_of_the_schema_is_refused_and_never_followed(node: Any, said: str) -> None:
    with pytest.raises(ToolDefinitionError, match=said):
        takes(properties={"a": node})


@pytest.mark.usefixtures("offline")
def test_an_id_or_a_foreign_dialect_is_not_fetched_either() -> None:
    arguments = takes(
        **{"$id": "http://localhost:1/root", "$schema": "http://localhost:1/dialect"},
        properties={"a": {"$ref": "#/$defs/A"}},
        **{"$defs": {"A": {"type": "integer"}}},
    )
    assert "a: must be of type integer" in refusal(arguments, '{"a": "b"}')


def test_a_reference_that_is_only_data_is_no_reference() -> None:
    arguments = takes(properties={"$ref": {"enum": [{"$ref": "http://localhost:1/"}]}})
    assert arguments.validate('{"$ref": {"$ref": "http://localhost:1/"}}', "tool")


def test_an_older_draft_is_read_by_its_own_rules() -> None:
    draft = "http://json-schema.org/draft-07/schema#"
    arguments = takes(**{"$schema": draft}, properties={"a": {"items": [{"type": "integer"}, {"type": "string"}]}})
    assert arguments.validate('{"a": [1, "b"]}', "tool") == {"a": [1, "b"]}
    assert "a[1]: must be of type string" in refusal(arguments, '{"a": [1, 2]}')


def test_a_type_within_itself_works_and_one_without_end_is_an_error_not_a_crash() -> None:
    tree = {"type": "object", "properties": {"kids": {"type": "array", "items": {"$ref": "#"}}}}
    assert SchemaArguments(tree, "tool").validate('{"kids": [{"kids": []}]}', "tool") == {"kids": [{"kids": []}]}
    assert "could not be checked: RecursionError" in refusal(takes(**{"$ref": "#"}), "{}")


@pytest.mark.parametrize(("levels", "said"), [(300, "nested too deep"), (50_000, "is not JSON")])
def test_a_schema_nested_without_end_is_refused(levels: int, said: str) -> None:
    inner: dict[str, Any] = {}
    for _ in range(levels):
        inner = {"items": inner}
    with pytest.raises(ToolDefinitionError, match=said):
        takes(properties={"a": inner})


@given(st.text())
def test_any_text_is_arguments_or_a_refusal(text: str) -> None:
    for sent in (text, json.dumps({text: text}), '{"city": ' + text, "{" + text):
        try:
            made = ARGUMENTS.validate(sent, "weather")
        except ToolArgumentsError:
            refusal(ARGUMENTS, sent)
        else:
            assert "city" in made
