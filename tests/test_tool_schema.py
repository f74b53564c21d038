"""Promises of `chatwidget.tools`: what a model is told of a tool, from its hints and its docstring."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import json
import math
import threading
import uuid
from collections.abc import Callable
from typing import Annotated, Any, Literal, NotRequired, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from chatwidget._docstrings import read_docstring
from chatwidget.tools import function_tool


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


@dataclasses.dataclass
class Point:
    x: int
    y: float = math.inf


class Node(BaseModel):
    value: int
    children: list[Node] = []


class Options(TypedDict):
    depth: int
    loud: NotRequired[bool]


def schema_of(function: Callable[..., Any]) -> dict[str, Any]:
    """The schema a model is sent; it must be plain JSON."""
    parameters = function_tool(description="Test.")(function).spec.parameters
    json.dumps(parameters, allow_nan=False)
    return dict(parameters)


def test_a_tool_without_parameters_has_an_empty_object_as_schema() -> None:
    def now() -> str:
        return ""

    assert schema_of(now) == {"type": "object", "properties": {}, "additionalProperties": False}


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (str, {"type": "string"}),
        (bool, {"type": "boolean"}),
        (float, {"type": "number"}),
        (Any, {}),
        (list[int], {"type": "array", "items": {"type": "integer"}}),
        (dict[str, float], {"type": "object", "additionalProperties": {"type": "number"}}),
        (int | None, {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        (Optional[int], {"anyOf": [{"type": "integer"}, {"type": "null"}]}),  # noqa: UP045
        (int | str, {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
        (Literal["a", "b"], {"type": "string", "enum": ["a", "b"]}),
        (Annotated[int, Field(ge=1, description="D")], {"type": "integer", "minimum": 1, "description": "D"}),
        (Annotated[int, "a plain text"], {"type": "integer", "description": "a plain text"}),
        (Annotated[int, "text", Field(description="field")], {"type": "integer", "description": "field"}),
        (datetime.date, {"type": "string", "format": "date"}),
        (uuid.UUID, {"type": "string", "format": "uuid"}),
        (
            tuple[int, str],
            {
                "type": "array",
                "maxItems": 2,
                "minItems": 2,
                "prefixItems": [{"type": "integer"}, {"type": "string"}],
            },
        ),
        ("int", {"type": "integer"}),
        ("list['Color']", {"type": "array", "items": {"$ref": "#/$defs/Color"}}),
    ],
    ids=str,
)
def test_every_form_of_hint_has_its_schema(hint: Any, schema: dict[str, Any]) -> None:
    def tool(value: Any) -> None: ...

    tool.__annotations__["value"] = hint
    made = schema_of(tool)
    assert made["properties"]["value"] == schema
    assert made["required"] == ["value"]


def test_enums_dataclasses_models_and_typed_dicts_are_defined_once() -> None:
    def tool(color: Color, point: Point, node: Node, nodes: list[Node], options: Options) -> None: ...

    made = schema_of(tool)
    assert set(made["$defs"]) == {"Color", "Point", "Node", "Options"}
    assert made["$defs"]["Color"]["enum"] == ["red", "blue"]
    assert made["$defs"]["Point"]["required"] == ["x"]
    assert made["properties"]["node"] == {"$ref": "#/$defs/Node"}
    assert made["$defs"]["Options"]["required"] == ["depth"]


def test_defaults_are_told_where_json_can_say_them() -> None:
    def tool(
        a: Color = Color.RED,
        b: float = math.inf,
        c: Any = threading.Lock(),  # noqa: B008
        d: Point = Point(1, 2.0),  # noqa: B008
        e: int = Field(4, ge=1, description="E"),
        f: int = Field(ge=2),
        g: list[int] = [],  # noqa: B006
        h: int = None,  # type: ignore[assignment]  # noqa: RUF013
        *,
        only: bool = True,
    ) -> None: ...

    made = schema_of(tool)
    properties = made["properties"]
    assert made["required"] == ["f"]
    assert properties["a"]["default"] == "red"
    assert "default" not in properties["b"]
    assert "default" not in properties["c"]
    assert properties["d"]["default"] == {"x": 1, "y": 2.0}
    assert properties["e"] == {"type": "integer", "default": 4, "minimum": 1, "description": "E"}
    assert properties["f"] == {"type": "integer", "minimum": 2}
    assert properties["g"]["default"] == []
    assert properties["h"] == {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None}
    assert properties["only"] == {"type": "boolean", "default": True}


HOSTILE_NAMES = [
    "self",
    "cls",
    "__proto__",
    "model_config",
    "model_fields",
    "schema",
    "json",
    "copy",
    "_private",
    "arg_0",
]


@pytest.mark.parametrize("name", [*HOSTILE_NAMES, "title", "description", "default", "validate", "type"])
def test_a_parameter_may_have_any_name(name: str) -> None:
    space: dict[str, Any] = {}
    exec(f"def tool({name}: int = 3, arg_1: int = 4):\n    'Test.'\n    return {name}, arg_1", space)
    tool = function_tool(space["tool"])
    assert tool.spec.parameters["properties"][name] == {"type": "integer", "default": 3}
    assert tool.validate(json.dumps({name: 5})) == {name: 5}


GOOGLE = """Find a thing.

Looks everywhere.

Args:
    what: The thing
        to find.
    where (str, optional): The place.

Returns:
    Where it is.

Raises:
    ValueError: when lost.
"""
NUMPY = """Find a thing.

Looks everywhere.

Parameters
----------
what : str
    The thing
    to find.
where : str, optional
    The place.

Returns
-------
str
    Where it is.
"""
SPHINX = """Find a thing.

Looks everywhere.

:param what: The thing
    to find.
:type what: str
:param str where: The place.
:returns: Where it is.
"""


@pytest.mark.parametrize("docstring", [GOOGLE, NUMPY, SPHINX], ids=["google", "numpy", "sphinx"])
def test_three_docstring_styles_describe_function_and_parameters(docstring: str) -> None:
    def find(what: str, where: str = "here", other: int = 0) -> str:
        return what + where

    find.__doc__ = docstring.replace("\n", "\n        ")
    tool = function_tool(find)
    assert tool.spec.description == "Find a thing.\n\nLooks everywhere."
    properties = tool.spec.parameters["properties"]
    assert properties["what"]["description"] == "The thing to find."
    assert properties["where"]["description"] == "The place."
    assert "description" not in properties["other"]


def test_hints_win_over_the_docstring_and_options_over_both() -> None:
    @function_tool(name="search", description="Mine.")
    def find(what: Annotated[str, Field(description="From the hint.")]) -> None:
        """Theirs.

        Args:
            what: From the docstring.
        """

    assert (find.spec.name, find.spec.description) == ("search", "Mine.")
    assert find.spec.parameters["properties"]["what"]["description"] == "From the hint."


def test_a_docstring_of_no_style_is_all_description() -> None:
    @function_tool
    def tool() -> None:
        """Do: this, and\n\n        Args\n\n        that."""

    assert tool.spec.description.startswith("Do: this, and")
    assert tool.spec.description.endswith("that.")


pieces = st.sampled_from(
    [
        "Args:",
        "Parameters",
        "-----",
        ":param",
        ":param a:",
        ":type",
        ":",
        "\n",
        "\n    ",
        " ",
        "a",
        "a (int): b",
        "*",
        "@param",
    ]
)


@given(st.lists(pieces, max_size=12).map("".join) | st.text(max_size=40))
def test_no_docstring_is_an_error(docstring: str) -> None:
    words = read_docstring(docstring)
    assert isinstance(words.description, str)
    assert all(isinstance(text, str) for text in words.parameters.values())
