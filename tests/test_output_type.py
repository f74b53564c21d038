"""Promises of `OutputType`: a Python type becomes a schema, and a reply becomes a value or a text to act on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped, unused-ignore]
from pydantic import BaseModel, Field, RootModel, create_model

from chatwidget.errors import AppError
from chatwidget.output_type import OutputType, WrongOutput
from tests.output_types import Cat, Color, Dog, Movie, Node, Page, Pair, Part, Picky, Point, Song

SONG: OutputType[Song] = OutputType(Song)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
PARTS = st.builds(Part, name=WORDS, bars=st.integers())
SONGS = st.builds(
    Song,
    title=WORDS.filter(bool),
    year=st.none() | st.integers(-(10**20), 10**20),
    color=st.sampled_from(Color),
    parts=st.lists(PARTS, max_size=3),
    lead=st.none() | PARTS,
    when=st.dates(),
)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
PETS = st.builds(Cat, kind=st.just("cat"), lives=st.integers()) | st.builds(
    Dog, kind=st.just("dog"), tricks=st.lists(WORDS, max_size=3)
)
TREES: st.SearchStrategy[Node] = st.recursive(
    st.builds(Node, text=WORDS), lambda inner: st.builds(Node, text=WORDS, children=st.lists(inner, max_size=2))
)
FAMILY: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (Song, SONGS),
    (Node, TREES),
    (Page[int], st.builds(Page[int], items=st.lists(st.integers(), max_size=3))),
    (Point, st.builds(Point, x=FLOATS, label=WORDS)),
    (Movie, st.fixed_dictionaries({"name": WORDS}, optional={"stars": st.integers()})),
    (Pair, st.builds(Pair, left=WORDS, right=st.integers())),
    (list[Song], st.lists(SONGS, max_size=2)),
    (Cat | Dog, PETS),
    (Annotated[Cat | Dog, Field(discriminator="kind")], PETS),
    (dict[str, Point], st.dictionaries(WORDS, st.builds(Point, x=FLOATS), max_size=3)),
    (tuple[int, str], st.tuples(st.integers(), WORDS)),
    (RootModel[list[int]], st.builds(RootModel[list[int]], root=st.lists(st.integers()))),
    (Literal["a", 1, True], st.sampled_from(["a", 1, True])),
    (Color, st.sampled_from(Color)),
    (int | str | None, st.none() | st.integers() | WORDS),
    (float, FLOATS),
    (bool, st.booleans()),
]
OUTPUTS: list[tuple[OutputType[Any], st.SearchStrategy[Any]]] = [(OutputType(kind), made) for kind, made in FAMILY]
CASES = st.sampled_from(OUTPUTS).flatmap(lambda pair: st.tuples(st.just(pair[0]), pair[1]))


def dumped(output: OutputType[Any], value: Any) -> str:
    """The JSON that a model would write for a value."""
    if isinstance(value, Pair):
        return json.dumps(value._asdict())
    holder = create_model("Holder", value=(output.type, ...))
    data = json.loads(holder(value=value).model_dump_json())
    wrapped = list(output.spec.schema["properties"]) == ["value"] if "properties" in output.spec.schema else False
    return json.dumps(data if wrapped else data["value"])


def rejection(output: OutputType[Any], text: str) -> str:
    with pytest.raises(WrongOutput) as caught:
        output.parse(text)
    said = str(caught.value)
    assert len(said) <= 1000
    assert "errors.pydantic.dev" not in said
    return said


@given(CASES)
def test_a_reply_gives_back_the_value_it_was_made_from_and_fits_the_schema(case: tuple[OutputType[Any], Any]) -> None:
    output, value = case
    text = dumped(output, value)
    assert output.parse(text) == value
    assert type(output.parse(text)) is type(value)
    Draft202012Validator(output.spec.schema).validate(json.loads(text))


@pytest.mark.parametrize(("kind", "_"), FAMILY)
def test_every_schema_is_an_object_that_is_valid(kind: Any, _: Any) -> None:
    schema = OutputType(kind).spec.schema
    Draft202012Validator.check_schema(schema)
    assert schema["type"] == "object"
    assert "$ref" not in schema


@pytest.mark.parametrize(
    ("kind", "name", "description"),
    [
        (Song, "Song", "A piece of music."),
        (Point, "Point", "A place."),
        (Movie, "Movie", "A film."),
        (Pair, "Pair", "Two things."),
        (Annotated[Song, Field(description="The best one.")], "Song", "The best one."),
        (Page[int], "Page_int", ""),
        (list[Song], "list_Song", ""),
        (create_model("Größe & so", x=int), "Gr_e_so", ""),
        (create_model("!?", x=int), "reply", ""),
        (create_model("x" * 100, x=int), "x" * 64, ""),
    ],
)
def test_name_and_description_come_from_the_type(kind: Any, name: str, description: str) -> None:
    spec = OutputType(kind).spec
    assert (spec.name, spec.description) == (name, description)


def test_name_and_description_can_be_given() -> None:
    spec = OutputType(Song, name="hit", description="A hit.").spec
    assert (spec.name, spec.description) == ("hit", "A hit.")
    with pytest.raises(AppError, match="`name=` with 1 to 64 letters"):
        OutputType(Song, name="a hit")


def test_descriptions_of_fields_are_in_the_schema_and_titles_of_fields_are_not() -> None:
    title = OutputType(Song).spec.schema["properties"]["title"]
    assert title == {"type": "string", "minLength": 1, "description": "What it is called."}


@pytest.mark.parametrize("kind", [Callable[[], int], [int], 5, "Song", len, type, Song.model_construct()])
def test_what_json_cannot_say_is_refused_with_its_name_and_a_cure(kind: Any) -> None:
    with pytest.raises(AppError, match=r"^A reply cannot be .*(Use pydantic models|Pass the type itself)"):
        OutputType(kind)


@pytest.mark.parametrize(
    "reply",
    [
        '{"title": "Yes"}',
        '\ufeff  {"title": "Yes"}\n',
        '```json\n{"title": "Yes"}\n```',
        '```\n{"title": "Yes"}\n```\n',
        'Sure!\n\n```json\n{"title": "Yes"}\n```\nI hope {you} like it.',
        'Here {it} is: {"title": "Yes"} - {} enjoy!',
        '{"title": "No", "title": "Yes"}',
    ],
)
def test_fences_and_prose_around_one_object_are_passed_over(reply: str) -> None:
    assert SONG.parse(reply) == Song(title="Yes")


@pytest.mark.parametrize(
    "text", ["```json\n{}\n```", "a } { b", '{"a": 1} {"b": 2}', "\\", "\ud83d", "\x00", "__proto__"]
)
def test_what_looks_like_json_inside_a_text_changes_nothing(text: str) -> None:
    clean = text.replace("\ud83d", "\ufffd")
    assert SONG.parse(f"Here: {json.dumps({'title': text})} !") == Song(title=clean)


@pytest.mark.parametrize(("reply", "value"), [("42", 42), ('{"value": 42}', 42), ("```\n42\n```", 42)])
def test_a_value_that_is_no_object_may_come_without_its_wrapping(reply: str, value: int) -> None:
    assert OutputType(int).parse(reply) == value


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("It is called Yes.", "answered in words; answer with JSON only"),
        (" ", "is empty; answer with JSON only"),
        ('{"title": "Yes"', "not complete JSON"),
        ('Well: {"title": "Yes",}', "not valid JSON"),
        ('{"title": {"a": 1}, oops}', "not valid JSON"),
        ('{"title": "a"} or {"title": "b"}', "more than one JSON object"),
        ("[1]", "must be a JSON object, not a list of 1"),
        ("{}", "- title: missing"),
        ('{"title": "", "yeer": 1}', "- yeer: there is no such field"),
        ('{"title": "a", "__proto__": {}}', "- __proto__: there is no such field"),
        ('{"title": "a", "parts": [{"name": "b", "beats": 4}]}', "- parts[0].beats: there is no such field"),
        ('{"title": "a", "parts": [{}]}', "- parts[0].name: missing"),
        ('{"title": 5}', "- title: Input should be a valid string (got 5)"),
        ('{"title": NaN}', "not valid JSON"),
        ('{"title": "a", "year": Infinity}', "not valid JSON"),
        ('{"title": "a", "year": 1e99999}', "too large"),
        (f'{{"title": "a", "year": {"9" * 5000}}}', "too long"),
        ('{"title":' * 10_000, "nested too deep"),
        ("[" * 10_000, "nested too deep"),
        ('{"a":' * 10_000 + "1" + "}" * 10_000, "nested too deep"),
    ],
)
def test_a_rejection_says_what_to_correct(reply: str, said: str) -> None:
    assert said in rejection(SONG, reply)


def test_words_for_a_small_type_are_answered_with_its_schema() -> None:
    output: OutputType[int] = OutputType(int)
    assert json.dumps(output.spec.schema) in rejection(output, "forty-two")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("value", "no such value"),
        ("assert", "not asserted"),
        ("key", "KeyError"),
        ("exit", "SystemExit: 3"),
        ("stop", ""),
    ],
)
def test_whatever_a_validator_raises_becomes_a_rejection(text: str, said: str) -> None:
    output: OutputType[Picky] = OutputType(Picky)
    assert said in rejection(output, json.dumps({"text": text}))
    assert output.parse('{"text": "fine"}').text == "fine"


def test_a_rejection_with_hundreds_of_problems_stays_short() -> None:
    said = rejection(SONG, json.dumps({f"{number}" * 50: number for number in range(500)}))
    assert re.search(r"and \d+ more", said)
    assert said.endswith("answer again, with the JSON only.")


def test_keys_that_no_type_knows_pass_where_a_model_allows_them() -> None:
    class Open(BaseModel, extra="allow"):
        name: str

    class Deaf(BaseModel, extra="ignore"):
        name: str

    assert OutputType(Open).parse('{"name": "a", "more": 1}').model_extra == {"more": 1}
    assert OutputType(Deaf).parse('{"name": "a", "more": 1}') == Deaf(name="a")
    assert "additionalProperties" not in OutputType(Deaf).spec.schema


def test_five_megabytes_are_a_value_like_any_other() -> None:
    assert len(SONG.parse(json.dumps({"title": "é" * 5_000_000})).title) == 5_000_000
    rejection(SONG, "{" * 5_000_000)
    rejection(SONG, '{"a":1}' * 700_000)
    rejection(SONG, '{"a' * 1_700_000)
    rejection(SONG, "word " * 1_000_000)


@given(st.text())
def test_any_text_is_a_song_or_a_rejection(text: str) -> None:
    for reply in (text, "{" + text, '{"title": ' + text, "```json\n" + text + "\n```"):
        try:
            song = SONG.parse(reply)
        except WrongOutput:
            rejection(SONG, reply)
        else:
            assert isinstance(song, Song)


@pytest.mark.parametrize(
    ("type_", "reply", "value"),
    [
        (Literal["red", "green"], "red", "red"),
        (Literal["red", "green"], " **Green**.\n", "green"),
        (Literal["red"], '"red"', "red"),
        (Literal["1", "true"], "1", "1"),
        (Literal["a", "A"], "A", "A"),
        (Color, next(iter(Color)).value, next(iter(Color))),
    ],
)
def test_a_choice_among_texts_needs_no_json(type_: Any, reply: str, value: Any) -> None:
    assert OutputType(type_).parse(reply) == value


@pytest.mark.parametrize("reply", ["blue", "I think red", "", "Red or green"])
def test_what_is_none_of_the_choices_is_told(reply: str) -> None:
    with pytest.raises(WrongOutput, match="JSON only"):
        OutputType(Literal["red", "green"]).parse(reply)
