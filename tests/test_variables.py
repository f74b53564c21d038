"""What a person can mean by `@name`, and what is sent of it."""

from __future__ import annotations

import base64
import json
import math
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from chatwidget import AppError, FilePart, ImagePart, RequestError, Session
from chatwidget.results import LIMIT
from chatwidget.variables import Variables, kind_of, part_of_value, text_of_value


def own(city: str) -> str:
    """Say it."""
    return city


@dataclass
class Point:
    x: int = 1


NAMES: dict[Any, Any] = {"__name__": __name__, "_private": 1, "math": math, "loads": json.loads, "dataclass": dataclass}
NAMES |= {"prices": [1, 2], "own": own, "Point": Point, "ptr": Point(), 7: 1, "no name": 2, "nothing": None}


def text_of(part: Any) -> str:
    assert isinstance(part, FilePart)
    return base64.b64decode(part.data or "").decode()


def test_names_are_those_a_person_could_mean_the_newest_first() -> None:
    chat = Session(model="echo")
    assert Variables({**NAMES, "chat": chat, "late": 1}).names() == ["late", "nothing", "ptr", "Point", "own", "prices"]


def test_without_a_notebook_there_are_none_and_a_function_is_asked_each_time() -> None:
    assert Variables().names() == []
    names: dict[str, Any] = {}
    variables = Variables(lambda: names)
    names["a"] = 1
    assert variables.names() == ["a"]


def test_what_the_notebook_has_put_there_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    hidden: dict[str, Any] = {"In": [], "Out": {}, "exit": object()}
    shell = SimpleNamespace(user_ns={**hidden, "In": "mine", "a": 1}, user_ns_hidden=hidden)
    monkeypatch.setattr("chatwidget.variables.running_shell", lambda: shell)
    assert Variables().names() == ["a", "In"]


def test_a_name_that_is_gone_is_refused_with_the_cure() -> None:
    variables = Variables(NAMES)
    assert variables.value("prices") == [1, 2]
    for name in ("gone", "_private", "math", "__name__"):
        with pytest.raises(RequestError, match=f"There is no variable {name} any more. Take @{name} away"):
            variables.value(name)


@pytest.mark.parametrize("given", [7, "globals", [("a", 1)]])
def test_what_is_no_namespace_is_refused(given: Any) -> None:
    with pytest.raises(AppError, match=r"holds no variables\. Give a dict, such as globals"):
        Session(model="echo", namespace=given)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Hello\nthere", "it: text of 11 characters\nHello\nthere"),
        ([1, 2], "it: list of 2\n[1, 2]"),
        ({"a": None}, 'it: dict of 1\n{"a": null}'),
        (None, "it: NoneType\nNone"),
        (3.5, "it: float\n3.5"),
        (Point(), 'it: Point\n{"x": 1}'),
        ("a\ud800", "it: text of 2 characters\na\ufffd"),
    ],
)
def test_what_is_sent_is_what_a_model_reads_of_a_result(value: Any, text: str) -> None:
    assert text_of_value("it", value) == text
    assert text_of(part_of_value("it", value)) == text


def test_of_a_function_the_source_is_sent_and_of_a_class_too() -> None:
    assert text_of_value("own", own).startswith("own: function\ndef own(city: str) -> str:")
    assert text_of_value("Point", Point).startswith("Point: class\n@dataclass\nclass Point:")
    made: dict[str, Any] = {}
    exec("def typed(a): 'Do it.'", made)
    assert text_of_value("typed", made["typed"]) == "typed: function\ntyped(a)\nDo it."
    assert text_of_value("len", len).startswith("len: function\nlen(obj, /)")


def test_tables_are_told_by_their_shape_head_and_tail() -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame({"price": range(5000)})
    assert kind_of(table) == "DataFrame, 5,000 × 1"
    assert kind_of(table.price) == "Series, 5,000"
    assert kind_of(table.to_numpy()) == "array, 5,000 × 1, int64"
    text = text_of_value("table", table)
    assert "4999" in text
    assert len(text) < 5000


def test_a_figure_and_an_image_are_sent_as_pictures() -> None:
    from matplotlib.figure import Figure
    from PIL import Image

    for value in (Figure(), Image.new("RGB", (2, 2))):
        part = part_of_value("fig", value)
        assert isinstance(part, ImagePart)
        assert part.url.startswith("data:image/png;base64,")
        assert part.alt == "fig"


def test_a_picture_that_cannot_be_drawn_is_told() -> None:
    from matplotlib.figure import Figure

    class Broken(Figure):
        def draw(self, renderer: Any) -> None:
            raise ValueError("no ink")

    with pytest.raises(RequestError, match="fig could not be drawn: ValueError: no ink"):
        part_of_value("fig", Broken())


def test_a_figure_of_plotly_is_its_data() -> None:
    plotly = pytest.importorskip("plotly.graph_objects")
    assert '"y": [3, 1]' in text_of_value("fig", plotly.Figure(plotly.Scatter(y=[3, 1])))


def test_a_long_value_loses_its_middle() -> None:
    text = text_of_value("it", "x" * (2 * LIMIT))
    assert len(text) < LIMIT + 100
    assert "characters left out" in text


def test_a_value_whose_code_fails_is_told_and_raises_nothing() -> None:
    class Hostile:
        def __repr__(self) -> str:
            raise SystemExit

        def __getattr__(self, name: str) -> Any:
            raise ValueError(name)

    assert "cannot be shown" in text_of_value("it", Hostile())
    assert kind_of(Hostile()) == "Hostile"
    assert Variables({"it": Hostile()}).names() == ["it"]
