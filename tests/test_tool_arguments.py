"""Promises of `Tool.validate`: a model's arguments become keyword arguments, or a text the model can act on."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel, Field, Strict

from chatwidget._problems import MAX_MESSAGE
from chatwidget.errors import ToolArgumentsError
from chatwidget.partial_json import parse_complete
from chatwidget.tools import Tool, ToolExit, function_tool


class Color(enum.Enum):
    RED = "red"


@dataclasses.dataclass
class Point:
    x: int


class Song(BaseModel):
    title: str
    year: int = 2000


@function_tool
def add(a: int, b: int = 2) -> int:
    """Add."""
    return a + b


def takes(hint: Any) -> Tool[..., Any]:
    def tool(value: Any) -> Any:
        return value

    tool.__annotations__["value"] = hint
    return function_tool(description="Test.")(tool)


def refusal(tool: Tool[..., Any], arguments: str) -> str:
    with pytest.raises(ToolArgumentsError) as caught:
        tool.validate(arguments)
    text = str(caught.value)
    assert len(text) <= MAX_MESSAGE
    assert "errors.pydantic.dev" not in text
    return text


@pytest.mark.parametrize(
    ("hint", "sent", "value"),
    [
        (int, "3", 3),
        (int, 3.0, 3),
        (float, 3, 3.0),
        (bool, "true", True),
        (Color, "red", Color.RED),
        (Point, {"x": "1"}, Point(1)),
        (Song, {"title": "Yes"}, Song(title="Yes")),
        (list[Song], [{"title": "Yes"}], [Song(title="Yes")]),
        (tuple[int, str], [1, "a"], (1, "a")),
        (set[int], [1, 1], {1}),
        (int | None, None, None),
        (int | str, "5", "5"),
        (Literal["a", 1], 1, 1),
        (datetime.date, "2024-01-02", datetime.date(2024, 1, 2)),
        (Annotated[datetime.date, Strict()], "2024-01-02", datetime.date(2024, 1, 2)),
        (bytes, "é", "é".encode()),
        (str, "\ud83d", "�"),
        (str, "😀\x00", "😀\x00"),
        (Any, {"__proto__": 1}, {"__proto__": 1}),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_arguments_are_coerced_to_their_types(hint: Any, sent: Any, value: Any) -> None:
    got = takes(hint).validate(json.dumps({"value": sent}))["value"]
    assert got == value
    assert type(got) is type(value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_plain_data_arrives_unchanged(value: Any) -> None:
    assert ANYTHING.validate(json.dumps({"value": value})) == {"value": value}
    assert ANYTHING.validate(json.dumps({"value": value}, ensure_ascii=False)) == {"value": value}


ANYTHING = takes(Any)


@pytest.mark.parametrize("arguments", ["", "  \n", "{}", "null"])
def test_nothing_counts_as_no_arguments(arguments: str) -> None:
    @function_tool
    def now() -> None:
        """Test."""

    assert now.validate(arguments) == {}
    assert "- a: missing" in refusal(add, arguments)


def test_what_is_left_out_keeps_the_functions_own_default() -> None:
    default = object()

    @function_tool
    def tool(a: Any = default, b: int = Field(7), c: Annotated[int, Field(default=8)] = 9) -> Any:
        """Test."""
        return a, b, c

    assert tool.validate("{}") == {"b": 7}
    assert tool(**tool.validate("{}")) == (default, 7, 9)
    assert tool.validate('{"a": null}') == {"a": None, "b": 7}


def test_keyword_only_arguments_are_passed() -> None:
    @function_tool
    def tool(*, a: int, b: int = 1) -> int:
        """Test."""
        return a + b

    assert tool(**tool.validate('{"a": 4}')) == 5


def test_null_is_allowed_where_the_default_is_none() -> None:
    @function_tool
    def tool(a: int = None) -> None:  # type: ignore[assignment]  # noqa: RUF013
        """Test."""

    assert tool.validate('{"a": null}') == {"a": None}


def test_each_problem_names_field_problem_and_what_came() -> None:
    assert refusal(add, '{"b": "two", "c": 1}') == (
        "The arguments of add do not fit:\n"
        "- a: missing\n"
        '- b: Input should be a valid integer, unable to parse string as an integer (got "two")\n'
        "- c: there is no such argument\n"
        "The arguments are: a, b. Correct them and call it again."
    )
    nested = refusal(takes(list[Song]), '{"value": [{"title": "a"}, {"title": null, "year": [1]}]}')
    assert "- value[1].title: Input should be a valid string (got null)" in nested
    assert "- value[1].year: Input should be a valid integer (got a list of 1)" in nested


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ('{"a": 1', "not complete JSON"),
        ('{"a": 1}}', "not valid JSON"),
        ("{'a': 1}", "not valid JSON"),
        ('{"a": NaN}', "NaN"),
        ('{"a": Infinity}', "Infinity"),
        ('{"a": 1e99999}', "at a is too large"),
        ('{"a": ' + "9" * 400 + "}", "at most 300 digits"),
        ('{"a": {"b": ' + "[" * 100_000, "nested too deep"),
        ("[1, 2]", "must be a JSON object, not a list of 2"),
        ('"{}"', 'must be a JSON object, not "{}"'),
        ("12", "must be a JSON object, not 12"),
        ('{"self": 1, "__proto__": {}, "__class__": "x", "arg_0": 1}', "- arg_0: there is no such argument"),
        ('{"a": 1, "": 2}', "there is no such argument"),
        ('{"a": "' + "x" * 10_000 + '"}', "xxx…"),
        ('{"a": {"' + "k" * 10_000 + '": 1}}', "got an object"),
        ('{"' + "k" * 10_000 + '": 1}', "kkk…"),
        ('{"a": "\\u0000\\u202e\\ud800"}', "valid integer"),
        ("{" + ", ".join(f'"key{n}": 1' for n in range(5000)) + "}", "more"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_hostile_arguments_are_refused_with_a_short_text(arguments: str, named: str) -> None:
    assert named in refusal(add, arguments)


@given(st.text(max_size=30) | st.builds(json.dumps, st.dictionaries(st.text(), st.integers() | st.text())))
def test_any_text_is_valid_or_refused_and_nothing_else(arguments: str) -> None:
    with suppress(ToolArgumentsError):
        assert set(add.validate(arguments)) <= {"a", "b"}
        return
    refusal(add, arguments)


def test_numbers_that_are_not_finite_cannot_come_in_as_texts() -> None:
    assert "finite" in refusal(takes(float), '{"value": "NaN"}')
    assert "finite" in refusal(takes(float), '{"value": "1e99999"}')


@pytest.mark.parametrize(
    "number",
    ["NaN", "Infinity", "-Infinity", "1e999", "-1E+400", "10.5e308", "9" * 290 + "e20", "9" * 301, "-" + "1" * 4000],
    ids=lambda value: value[:12],
)
@pytest.mark.parametrize("text", ['{{"value": {}}}', '{{"value": [{{"é": "", "a":[0,{}]}}]}}'])
@pytest.mark.parametrize("hint", [Any, float, int, list[Any], dict[str, Any] | float])
def test_a_number_no_browser_can_hold_is_refused_wherever_it_stands(hint: Any, text: str, number: str) -> None:
    refusal(takes(hint), text.format(number))


def outcome(read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except ToolArgumentsError as error:
        return str(error)


numbers = st.from_regex(r"-?[1-9]?[0-9]{0,330}\.?[0-9]*([eE][+-]?[0-9]{3})?")


@given(st.text('0123456789+-.eENaInfity:,[]{}\\" ') | numbers)
def test_a_text_is_refused_just_when_it_holds_no_json_or_such_a_number(value: str) -> None:
    whole = outcome(parse_complete, text := f'{{"value": {value}}}')
    if isinstance(whole, str) or whole.keys() == {"value"}:
        assert outcome(ANYTHING.validate, text) == whole


@pytest.mark.parametrize("levels", range(196, 206))
def test_as_many_levels_are_taken_as_in_json_of_any_kind(levels: int) -> None:
    text = '{"value": ' + "[" * levels + "]" * levels + "}"
    assert outcome(ANYTHING.validate, text) == outcome(parse_complete, text)


@pytest.mark.parametrize("half", ["\ud83d", "\\ud83d", "\udc00x", "\\uDC00"])
def test_half_a_character_becomes_the_sign_for_a_lost_one(half: str) -> None:
    assert takes(str).validate(f'{{"value": "a{half}"}}')["value"].startswith("a\ufffd")


def test_validators_run_once_for_a_call_that_is_refused() -> None:
    seen: list[int] = []

    def note(value: int) -> int:
        seen.append(value)
        raise ValueError("no")

    refusal(takes(Annotated[int, AfterValidator(note)]), '{"value": 1}')
    assert seen == [1]


def test_constraints_are_checked() -> None:
    assert "greater than or equal to 1 (got 0)" in refusal(takes(Annotated[int, Field(ge=1)]), '{"value": 0}')


def _raise(error: BaseException) -> Any:
    def validator(value: Any) -> Any:
        raise error

    return Annotated[int, AfterValidator(validator)]


def test_a_validators_own_words_reach_the_model() -> None:
    assert "- value: Value error, must be even (got 1)" in refusal(
        takes(_raise(ValueError("must be even"))), '{"value": 1}'
    )
    broken = refusal(takes(_raise(KeyError("x" * 5000))), '{"value": 1}')
    assert broken.startswith("The arguments of tool could not be checked: KeyError: ")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3)])
def test_an_exit_in_a_validator_ends_the_turn_and_not_the_loop(error: BaseException) -> None:
    with pytest.raises(ToolExit, match=type(error).__name__):
        takes(_raise(error)).validate('{"value": 1}')


def test_validation_changes_no_attribute_of_the_function_or_its_classes() -> None:
    before = dict(vars(Song)), dict(vars(add.function))
    refusal(takes(Song), '{"value": {"__class__": "x", "__dict__": {}}}')
    got = takes(Song).validate('{"value": {"title": "a", "__class__": "x", "model_config": 1}}')["value"]
    assert type(got) is Song
    assert (dict(vars(Song)), dict(vars(add.function))) == before
