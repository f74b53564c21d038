"""Promises of `OutputType.partial`: an object that grows with the reply, and never breaks on the way."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import json
import uuid
from typing import Any, Literal, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, RootModel, model_validator

from chatwidget.output_type import OutputType
from chatwidget.partial_json import PartialJSON
from tests.output_types import Cat, Color, Dog, Movie, Node, Pair, Part, Point, Song
from tests.test_output_type import CASES, dumped

SONG: OutputType[Song] = OutputType(Song)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def grown(output: OutputType[Any], text: str) -> list[Any]:
    """What is shown while a text is being written, without repetitions."""
    seen: list[Any] = []
    for end in range(len(text) + 1):
        value = output.partial(PartialJSON(text[:end]).value)
        if not seen or value != seen[-1] or type(value) is not type(seen[-1]):
            seen.append(value)
    return seen


def texts(value: Any, place: str = "") -> dict[str, str]:
    """All texts in a value, by their place."""
    if isinstance(value, str) and not isinstance(value, enum.Enum):
        return {place: value}
    if isinstance(value, BaseModel):
        value = dict(value)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
    return {at: text for key, item in items for at, text in texts(item, f"{place}/{key}").items()}


def song(**values: Any) -> Song:
    return Song.model_construct(**(dict.fromkeys(Song.model_fields) | values))


@given(CASES)
def test_texts_only_grow_towards_the_final_ones(case: tuple[OutputType[Any], Any]) -> None:
    output, value = case
    final = texts(value)
    for partial in grown(output, dumped(output, value)):
        for place, text in texts(partial).items():
            assert final[place].startswith(text)


@given(CASES)
def test_the_whole_text_shows_all_that_can_be_told_to_be_whole(case: tuple[OutputType[Any], Any]) -> None:
    output, value = case
    last = output.partial(json.loads(dumped(output, value)))
    if isinstance(value, Node | Point | Pair | Cat | Dog | float):
        assert last == value


@given(CASES, JSON)
def test_no_value_of_any_shape_raises(case: tuple[OutputType[Any], Any], value: Any) -> None:
    output, whole = case
    output.partial(value)
    data = json.loads(dumped(output, whole))
    for key in data:
        output.partial(data | {key: value})


def test_a_song_appears_field_by_field() -> None:
    text = (
        '{"title":"Hi","year":7,"color":"red","parts":[{"name":"A"}],"lead":{"name":"Z","bars":1},"when":"2020-02-03"}'
    )
    shown = grown(SONG, text)
    part, done = Part.model_construct, {"title": "Hi", "year": 7}
    assert shown[:5] == [None, song(), song(title=""), song(title="H"), song(title="Hi")]
    assert song(**done) in shown
    done["color"] = Color.RED
    assert song(**done, parts=[]) in shown
    assert song(**done, parts=[part(name=None, bars=None)]) in shown
    done["parts"] = [part(name="A", bars=None)]
    assert song(**done, lead=part(name="Z", bars=None)) in shown
    assert shown[-1] == song(**done, lead=Part(name="Z", bars=1), when=datetime.date(2020, 2, 3))


def test_what_is_there_is_told_from_what_is_not() -> None:
    made = SONG.partial({"title": "Yes"})
    assert isinstance(made, Song)
    assert made.model_fields_set == {"title"}
    assert made.color is None  # its default is not what the reply says


def test_an_enum_waits_while_its_text_may_become_another_member() -> None:
    assert SONG.partial({"color": "red"}).color is None
    assert SONG.partial({"color": "red", "when": ""}).color is Color.RED
    assert SONG.partial({"color": "reddish"}).color is Color.REDDISH
    assert SONG.partial({"color": "blue", "when": ""}).color is None


def test_types_made_of_a_text_wait_until_it_is_whole_and_valid() -> None:
    class Form(BaseModel):
        at: datetime.datetime
        price: decimal.Decimal
        id: uuid.UUID
        size: Literal[1, 12]
        tags: list[Literal["a", "b"]]

    output: OutputType[Form] = OutputType(Form)
    assert output.partial({"at": "2024-01-02T10:00:00"}).at is None
    assert output.partial({"at": "2024-01-02T10:00:00Z"}).at.hour == 10
    assert output.partial({"at": "2024-01-02T10:00", "price": "1.5"}).price is None
    assert output.partial({"price": "1.5", "id": "12"}).price == decimal.Decimal("1.5")
    assert output.partial({"id": str(uuid.UUID(int=1)), "size": 1}).id == uuid.UUID(int=1)
    assert output.partial({"size": 1}).size is None
    assert output.partial({"size": 12}).size == 12
    assert output.partial({"tags": ["a", ""]}).tags == ["a"]


def test_dataclasses_and_named_tuples_have_none_where_nothing_is_yet() -> None:
    @dataclasses.dataclass(frozen=True, slots=True)
    class Line:
        start: Point
        end: Point

        def __post_init__(self) -> NoReturn:
            raise RuntimeError("this expects whole objects")

    line = OutputType(Line).partial({"start": {"x": 1.5}})
    assert (line.start.x, line.start.label, line.end) == (1.5, None, None)
    assert OutputType(Pair).partial({"left": "a"}) == ("a", None)


def test_plain_types_are_plain_data() -> None:
    assert OutputType(Movie).partial({"name": "Al"}) == {"name": "Al"}
    assert OutputType(str).partial({"value": "Al"}) == "Al"
    assert OutputType(str).partial({}) is None
    assert OutputType(dict[str, int]).partial({"a": 1}) == {"a": 1}
    assert OutputType(set[int]).partial({"value": [1]}) == [1]
    root = OutputType(RootModel[list[Part]]).partial({"value": [{"name": "A"}]}).root
    assert [part.name for part in root] == ["A"]


def test_lists_and_dicts_of_models_hold_models() -> None:
    assert [made.title for made in OutputType(list[Song]).partial({"value": [{"title": "A"}, {}]})] == ["A", None]
    assert OutputType(dict[str, Part]).partial({"a": {"name": "A"}})["a"].name == "A"


def test_a_union_waits_for_the_tag_that_decides_it() -> None:
    shown = grown(OutputType(Cat | Dog), '{"value":{"kind":"dog","tricks":["sit"]}}')
    assert shown[0] is None
    assert {type(value) for value in shown[1:]} == {Dog}
    assert shown[-1] == Dog(kind="dog", tricks=["sit"])


def test_an_alias_is_the_name_in_the_reply() -> None:
    class Coded(BaseModel):
        name: str = Field(alias="n")

    assert OutputType(Coded).partial({"n": "a"}).name == "a"


def test_no_hook_of_a_type_runs() -> None:
    class Hooked(BaseModel):
        text: str

        @model_validator(mode="before")
        @classmethod
        def early(cls, data: Any) -> Any:
            raise SystemExit

        def model_post_init(self, context: Any) -> None:
            raise SystemExit

    assert OutputType(Hooked).partial({"text": "a"}).text == "a"


@pytest.mark.parametrize("levels", [150, 10_000])
def test_depth_ends_at_worst_in_nothing(levels: int) -> None:
    value: dict[str, Any] = {"text": "leaf"}
    for _ in range(levels):
        value = {"text": "", "children": [value]}
    made = OutputType(Node).partial(value)
    assert made is None or made.text == ""
