"""Promises of `strict_schema`: what OpenAI's strict mode accepts, or None; never an error of the endpoint."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped, unused-ignore]
from pydantic import BaseModel, Field, create_model

from chatwidget.output_type import OutputType, strict_schema
from tests.output_types import Cat, Color, Dog, Node, Part, Point, Song
from tests.test_output_type import CASES, dumped

# The guide's own list, written down a second time.
KNOWN = {
    *("$defs", "$ref", "additionalProperties", "anyOf", "const", "description", "enum", "exclusiveMaximum", "format"),
    *("exclusiveMinimum", "items", "maxItems", "maximum", "minItems", "minimum", "multipleOf", "pattern", "properties"),
    *("required", "type"),
}
TEXT = {"type": "string"}


def strict(kind: Any) -> dict[str, Any] | None:
    return strict_schema(OutputType(kind).spec.schema)


def of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def only(node: Any) -> Any:
    """The strict form of one property."""
    made = strict_schema(of(a=node))
    return None if made is None else made["properties"]["a"]


def nodes(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    items = [schema["items"]] if "items" in schema else []
    for part in ("properties", "$defs"):
        items += schema.get(part, {}).values()
    for item in [*items, *schema.get("anyOf", [])]:
        yield from nodes(item)


def check(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)
    assert schema["type"] == "object"
    for node in nodes(schema):
        assert set(node) <= KNOWN
        if "$ref" in node:
            assert set(node) == {"$ref"}
            name = node["$ref"].removeprefix("#/$defs/")
            assert node["$ref"] == "#" or name in schema["$defs"]
        else:
            assert "type" in node or "anyOf" in node
        if "object" in node.get("type", ()):
            assert node["additionalProperties"] is False
            assert node["required"] == list(node["properties"])


@given(CASES)
def test_a_strict_schema_keeps_the_rules_and_fits_every_whole_value(case: tuple[OutputType[Any], Any]) -> None:
    output, value = case
    schema = strict_schema(output.spec.schema)
    if schema is None:
        return
    check(schema)
    data = json.loads(dumped(output, value))
    if set(schema["properties"]) <= set(data):  # a TypedDict may leave out what strict mode asks for
        Draft202012Validator(schema).validate(data)


@pytest.mark.parametrize("kind", [Song, Node, Point, Cat | Dog, list[Song], Color, int, str | None, Literal["a", 1]])
def test_these_types_have_a_strict_schema(kind: Any) -> None:
    schema = strict(kind)
    assert schema is not None
    check(schema)


@pytest.mark.parametrize("kind", [dict[str, int], list[dict[str, Any]], Any, list[Any], tuple[int, str], list])
def test_these_types_have_none(kind: Any) -> None:
    assert strict(kind) is None


def test_a_model_that_takes_any_key_has_none() -> None:
    class Open(BaseModel, extra="allow"):
        name: str

    assert strict(Open) is None


@pytest.mark.parametrize(
    "schema",
    [
        {"anyOf": [of(a=TEXT), of(b=TEXT)]},
        {"type": "array", "items": TEXT},
        {"type": "object"},
        {"type": "object", "additionalProperties": True},
        of(a=True),
        of(a={}),
        of(a={"type": "array"}),
        of(a={"$ref": "#/$defs/Nobody"}),
        of(a={"$ref": "https://example.org/schema"}),
        of(a={"$ref": 5}),
        of(a={"anyOf": []}),
        of(a={"allOf": [of(b=TEXT), of(c=TEXT)]}),
        of(a={"enum": [{"b": 1}]}),
        of(a={"type": "object", "properties": {}, "patternProperties": {"^b": TEXT}}),
        {},
    ],
)
def test_what_strict_mode_cannot_say_is_none(schema: dict[str, Any]) -> None:
    assert strict_schema(schema) is None


def test_a_default_is_required_and_told_in_words_and_a_reply_may_leave_it_out_all_the_same() -> None:
    schema = strict(Part)
    assert schema is not None
    assert schema["required"] == ["name", "bars"]
    assert schema["properties"]["bars"] == {"type": "integer", "description": "(default: 3)"}
    assert OutputType(Part).parse('{"name": "A"}') == Part(name="A", bars=3)


@pytest.mark.parametrize(
    ("node", "made"),
    [
        ({"type": "string", "minLength": 1, "description": "Name."}, {**TEXT, "description": "Name. (minLength: 1)"}),
        ({"type": "string", "format": "date"}, {"type": "string", "format": "date"}),
        ({"type": "string", "format": "uri"}, {**TEXT, "description": '(format: "uri")'}),
        ({"type": "string", "pattern": "^a+$"}, {"type": "string", "pattern": "^a+$"}),
        ({"type": "string", "pattern": "^(?!a)"}, TEXT),
        ({"type": "string", "title": "T", "x-own": 1, "default": None}, TEXT),
        ({"type": "integer", "minimum": 1, "multipleOf": 2}, {"type": "integer", "minimum": 1, "multipleOf": 2}),
        ({"enum": ["a", None]}, {"type": ["string", "null"], "enum": ["a", None]}),
        ({"const": True}, {"type": "boolean", "const": True}),
        ({"oneOf": [TEXT], "discriminator": {}}, {"anyOf": [TEXT]}),
        ({"allOf": [TEXT], "description": "A."}, {**TEXT, "description": "A."}),
        ({"type": "array", "items": TEXT, "maxItems": 2}, {"type": "array", "items": TEXT, "maxItems": 2}),
        ({"type": ["string", "null"]}, {"type": ["string", "null"]}),
    ],
)
def test_keywords_are_kept_told_in_words_or_dropped(node: Any, made: Any) -> None:
    assert only(node) == made


def test_nothing_stands_beside_a_reference() -> None:
    schema = {**of(a={"$ref": "#/definitions/T", "description": "An a."}), "definitions": {"T": TEXT}}
    assert strict_schema(schema) == {
        **of(a={"anyOf": [{"$ref": "#/$defs/T"}], "description": "An a."}),
        "required": ["a"],
        "$defs": {"T": TEXT},
    }


def nested(levels: int) -> dict[str, Any]:
    inner: dict[str, Any] = TEXT
    for _ in range(levels):
        inner = of(a=inner)
    return inner


def test_more_than_ten_levels_are_none_and_a_type_within_itself_is_no_level() -> None:
    assert strict_schema(nested(10)) is not None
    assert strict_schema(nested(11)) is None
    assert strict_schema(nested(20_000)) is None
    definitions = {f"d{n}": of(a={"$ref": f"#/$defs/d{n + 1}"}) for n in range(11)}
    chain = {**of(a={"$ref": "#/$defs/d0"}), "$defs": {**definitions, "d11": TEXT}}
    assert strict_schema(chain) is None
    assert strict_schema(of(a={"anyOf": [{"$ref": "#"}, TEXT]})) is not None


@pytest.mark.parametrize(
    ("fits", "too_much"),
    [
        (of(**{f"p{n}": TEXT for n in range(5000)}), of(**{f"p{n}": TEXT for n in range(5001)})),
        (of(**{"a" * 120_000: TEXT}), of(**{"a" * 120_001: TEXT})),
        (of(a={"enum": list(range(1000))}), of(a={"enum": list(range(1001))})),
        (of(a={"enum": [f"{n:060}" for n in range(250)]}), of(a={"enum": [f"{n:060}" for n in range(251)]})),
    ],
    ids=["properties", "characters", "enum values", "a long enum"],
)
def test_the_limits_of_size_are_kept(fits: dict[str, Any], too_much: dict[str, Any]) -> None:
    assert strict_schema(fits) is not None
    assert strict_schema(too_much) is None


def test_the_given_schema_is_left_as_it_was() -> None:
    schema = OutputType(Song).spec.schema
    before = copy.deepcopy(schema)
    strict_schema(schema)
    assert schema == before


def test_numbers_with_a_range_stay_enforced() -> None:
    model = create_model("Rated", stars=(Annotated[int, Field(ge=1, le=5)], ...))
    schema = strict(model)
    assert schema is not None
    assert schema["properties"]["stars"] == {"type": "integer", "minimum": 1, "maximum": 5}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["object", "array", "string", "#", "#/$defs/a"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*sorted(KNOWN), "allOf", "oneOf", "default", "a", "prefixItems"]), inner)
    ),
)


@given(st.dictionaries(st.sampled_from([*sorted(KNOWN), "allOf", "definitions"]), JSON))
def test_no_schema_however_broken_raises(schema: dict[str, Any]) -> None:
    strict_schema({"type": "object", **schema})
    only(schema)
