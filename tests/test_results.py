"""Promises of `chatwidget.results`."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import json
import math
import threading
import tracemalloc
import types
from collections import OrderedDict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from chatwidget.results import LIMIT, clip, to_content


class Color(enum.Enum):
    RED = "red"


@dataclasses.dataclass
class Point:
    x: int
    y: float = 0.5
    next: Any = None


class Song(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    title: str = Field(serialization_alias="name")
    key: SecretStr = SecretStr("hush")
    extra: Any = None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.lists(json_values) | st.dictionaries(st.text(), json_values))
def test_data_is_sent_as_json(value: object) -> None:
    assert json.loads(to_content(value)) == value


@given(st.text(st.characters(codec="utf-8")))
def test_a_string_is_sent_as_it_is(text: str) -> None:
    assert to_content(text) == text


def test_nothing_becomes_a_sentence() -> None:
    assert to_content(None) == "Done; the tool returned nothing."


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (42, "42"),
        (True, "true"),
        (0.1, "0.1"),
        (math.nan, "nan"),
        (Color.RED, "red"),
        (b"\x00ab", repr(b"\x00ab")),
        (datetime.date(2024, 1, 2), "2024-01-02"),
        (1 + 2j, "(1+2j)"),
        (ValueError("bad"), "ValueError('bad')"),
        (int, "<class 'int'>"),
        (Point, f"<class '{__name__}.Point'>"),
        ("", ""),
        ((1, "a"), '[1, "a"]'),
        ({3}, "[3]"),
        (Point(1), '{"x": 1, "y": 0.5, "next": null}'),
        (types.MappingProxyType({"a": 1}), '{"a": 1}'),
        (OrderedDict(b=Color.RED), '{"b": "red"}'),
        ({1: "a", None: "b", (2, 3): "c"}, '{"1": "a", "None": "b", "(2, 3)": "c"}'),
        ([Decimal("1.10"), PurePosixPath("a/b"), datetime.timedelta(seconds=1)], '["1.10", "a/b", "0:00:01"]'),
        ("caf\u00e9 \ud800", "café �"),
        (["\ud800"], '["�"]'),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_each_kind_of_value_has_its_text(value: object, text: str) -> None:
    assert to_content(value) == text


def test_a_pydantic_model_is_dumped_as_its_author_wants_it() -> None:
    assert json.loads(to_content(Song(title="Yes"))) == {"title": "Yes", "key": "**********", "extra": None}


def test_what_json_cannot_say_is_shown_as_its_repr_in_place() -> None:
    lock = threading.Lock()
    content = json.loads(to_content({"ok": 1, "lock": lock, "nan": math.nan, "inf": [-math.inf]}))
    assert content == {"ok": 1, "lock": repr(lock), "nan": "nan", "inf": ["-inf"]}
    song = json.loads(to_content(Song(title="Yes", extra=lock)))
    assert song["extra"] == repr(lock)
    assert "hush" not in str(song)


def test_a_cycle_is_marked() -> None:
    loop: dict[str, Any] = {"name": "a"}
    loop["self"] = [loop]
    point = Point(1)
    point.next = point
    song = Song(title="Yes")
    song.extra = {"song": song}
    assert json.loads(to_content(loop)) == {"name": "a", "self": ["<cycle>"]}
    assert json.loads(to_content(point))["next"] == "<cycle>"
    assert json.loads(to_content(song))["extra"] == {"song": "<cycle>"}


def test_the_same_object_twice_is_no_cycle() -> None:
    shared = [1]
    assert to_content([shared, shared]) == "[[1], [1]]"


def test_deep_nesting_is_marked_and_not_an_exception() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    content = to_content(deep)
    assert "nested too deep" in content
    json.loads(content)


class _Raises:
    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __repr__(self) -> str:
        raise self.error


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(1), KeyboardInterrupt(), RecursionError()])
def test_an_object_whose_repr_raises_becomes_a_sentence(error: BaseException) -> None:
    sentence = f"The result is a _Raises that cannot be shown: its repr raised {type(error).__name__}."
    assert to_content(_Raises(error)) == sentence
    assert json.loads(to_content([_Raises(error), 1])) == [sentence, 1]


class _BrokenMapping(dict[str, int]):
    def items(self) -> Any:
        raise RuntimeError("dictionary changed size during iteration")


def test_a_container_that_cannot_be_read_is_shown_as_its_repr() -> None:
    assert to_content(_BrokenMapping(a=1)) == "{'a': 1}"


def test_an_integer_too_long_to_print_is_no_exception() -> None:
    assert "int that cannot be shown" in to_content(10**10_000)


def _size(text: str) -> int:
    return len(text.encode())


@pytest.mark.parametrize("letter", ["x", "é", "日", "😀", "\n"])
def test_a_long_string_keeps_head_and_tail_and_says_how_much_is_gone(letter: str) -> None:
    text = "HEAD" + letter * 1_000_000 + "TAIL"
    content = to_content(text)
    assert content.startswith("HEAD" + letter)
    assert content.endswith(letter + "TAIL")
    assert LIMIT - 200 < _size(content) <= LIMIT
    note = content.split("\n[… ")[1].split(" characters left out …]\n")[0]
    assert int(note.replace(",", "")) == len(text) - content.count(letter) - 8 + (2 if letter == "\n" else 0)


@given(st.text(max_size=400), st.integers(100, 300))
def test_clipping_never_exceeds_the_limit_and_leaves_short_texts_alone(text: str, limit: int) -> None:
    clipped = clip(text, limit)
    assert _size(clipped) <= limit
    if _size(clip(text, 10_000)) <= limit:
        assert clipped == clip(text, 10_000)


class _Long(list[int]):
    """A list of a thousand million numbers that counts how many were looked at."""

    seen = 0

    def __len__(self) -> int:
        return 10**9

    def __iter__(self) -> Iterator[int]:
        while True:
            self.seen += 1
            yield self.seen


def test_a_huge_container_is_read_only_as_far_as_the_text_goes() -> None:
    numbers = _Long()
    content = to_content(numbers)
    assert numbers.seen < LIMIT
    assert _size(content) <= LIMIT
    assert content.startswith("[1, 2, 3")
    assert "more left out" in content
    assert f"{10**9 - numbers.seen + 1:,}" in content


def test_a_huge_dict_says_how_many_keys_were_left_out() -> None:
    content = to_content({f"key {n}": n for n in range(200_000)})
    assert _size(content) <= LIMIT
    assert json.loads(content)["…"].endswith("more left out")


def test_a_huge_text_leaves_room_for_what_comes_after_it() -> None:
    content = to_content({"log": "x" * 1_000_000, "exit": 3})
    assert _size(content) <= LIMIT
    assert json.loads(content)["exit"] == 3
    assert "characters left out" in json.loads(content)["log"]


@pytest.mark.parametrize(
    "value",
    ["x" * 100_000_000, ["x" * 100_000_000], b"x" * 100_000_000, {"a": [b"x" * 100_000_000]}, "é" * 50_000_000],
    ids=["str", "list", "bytes", "nested bytes", "two-byte characters"],
)
def test_a_result_of_100_mb_is_cut_without_a_second_copy(value: object) -> None:
    tracemalloc.start()
    try:
        content = to_content(value)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert _size(content) <= LIMIT
    assert peak < 8_000_000


def test_a_text_of_control_characters_stays_below_the_limit() -> None:
    assert _size(to_content(["\x00" * 200_000])) <= LIMIT
