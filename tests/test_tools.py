"""Promises of `chatwidget.tools`: how a function becomes a tool."""

from __future__ import annotations

import asyncio
import functools
import math
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from chatwidget.errors import ToolDefinitionError
from chatwidget.tools import Tool, ToolSpec, function_tool


def test_a_function_becomes_a_tool_with_name_description_and_schema() -> None:
    @function_tool
    def add(a: int, b: int = 2) -> int:
        """Add two numbers."""
        return a + b

    assert add.spec == ToolSpec(
        name="add",
        description="Add two numbers.",
        parameters={
            "type": "object",
            "properties": {"a": {"type": "integer"}, "b": {"type": "integer", "default": 2}},
            "required": ["a"],
            "additionalProperties": False,
        },
    )


async def test_the_tool_stays_callable_as_the_function_was() -> None:
    @function_tool
    def add(a: int, b: int) -> int:
        """Add."""
        return a + b

    @function_tool(name="twice", timeout=3, run_on="loop")
    async def double(a: int) -> int:
        """Double."""
        return 2 * a

    assert add(1, b=2) == 3
    assert add("a", "b") == "ab"  # type: ignore[arg-type, comparison-overlap]
    assert await double(4) == 8
    assert (getattr(add, "__name__", ""), add.__doc__, add.__module__) == ("add", "Add.", __name__)
    assert (double.name, double.timeout, double.run_on) == ("twice", 3, "loop")
    assert repr(add) == "<Tool add(a: 'int', b: 'int') -> 'int'>"


def test_code_runs_in_a_thread_or_on_the_loop_as_the_function_is_sync_or_async() -> None:
    async def on_loop() -> None: ...

    class Async:
        async def __call__(self) -> None: ...

    describe = function_tool(description="Test.")
    assert describe(on_loop).run_on == "loop"
    assert describe(functools.partial(on_loop)).run_on == "loop"
    assert describe(Async()).run_on == "loop"
    assert describe(Thing().method).run_on == "thread"
    assert function_tool(run_on="thread", description="Test.")(on_loop).run_on == "thread"


def no_hint(a) -> None:  # type: ignore[no-untyped-def]
    """Test."""


def no_docstring(a: int) -> None: ...


def many(*args: int) -> None:
    """Test."""


def named(**options: int) -> None:
    """Test."""


def positional(a: int, /) -> None:
    """Test."""


def a_lock(a: int, lock: threading.Lock) -> None:  # type: ignore[valid-type, unused-ignore]
    """Test."""


def a_callback(done: Callable[[], int]) -> None:
    """Test."""


def unknown_type(a: Nowhere) -> None:  # type: ignore[name-defined] # noqa: F821
    """Test."""


def generator() -> Iterator[int]:
    """Test."""
    yield 1


async def async_generator() -> AsyncIterator[int]:
    """Test."""
    yield 1


class Thing:
    """Test."""

    def method(self, a: int) -> int:
        """Do it."""
        return a

    def __call__(self, a: int) -> int:
        """Call it."""
        return a


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (no_hint, "`no_hint` cannot become a tool: its parameter `a` has no type hint. Write `a: str`"),
        (no_docstring, "Write a docstring, or pass `description=`."),
        (many, "a model cannot fill `*args`. Take a list instead: `args: list[str]`."),
        (named, "a model cannot fill `**options`. Name each parameter"),
        (positional, "`a` is positional-only, and models pass arguments by name. Remove the `/`."),
        (a_lock, "a model cannot write its parameter `lock`"),
        (a_callback, "a model cannot write its parameter `done`"),
        (unknown_type, "the type hint of `a`, 'Nowhere', cannot be read (name 'Nowhere' is not defined)"),
        (generator, "Collect the items and return them."),
        (async_generator, "Collect the items and return them."),
        (Thing, "is no function"),
        (max, "`max` cannot become a tool"),
        (lambda: None, "called '<lambda>'. Pass `name=`"),
        (function_tool(Thing().method), "it is a tool already"),
        (3, "cannot become a tool"),
    ],
    ids=lambda value: getattr(value, "__name__", None) and value.__name__,
)
def test_a_function_that_cannot_become_a_tool_is_refused_with_the_cure(function: Any, sentence: str) -> None:
    with pytest.raises(ToolDefinitionError) as caught:
        function_tool(function)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("name", ["", "a b", "é", "x" * 65, "a.b", "a\n", 3])
def test_a_name_that_models_refuse_is_refused(name: Any) -> None:
    with pytest.raises(ToolDefinitionError, match="Pass `name=` with 1 to 64 letters"):
        function_tool(name=name, description="Test.")(no_docstring)


@pytest.mark.parametrize("option", [{"timeout": 0}, {"timeout": math.nan}, {"timeout": "5"}, {"run_on": "moon"}])
def test_options_that_mean_nothing_are_refused(option: dict[str, Any]) -> None:
    with pytest.raises(ToolDefinitionError, match=f"{next(iter(option))}="):
        function_tool(description="Test.", **option)(no_docstring)


def test_bound_methods_partials_and_callable_objects_become_tools() -> None:
    def power(base: int, exponent: int) -> int:
        """Raise to a power."""
        return int(base**exponent)

    method, thing = function_tool(Thing().method), function_tool(Thing())
    square = function_tool(name="square")(functools.partial(power, exponent=2))
    assert (method.name, method.description, list(method.spec.parameters["properties"])) == ("method", "Do it.", ["a"])
    assert (thing.name, thing.description) == ("Thing", "Call it.")
    assert (square.description, square.spec.parameters["required"]) == ("Raise to a power.", ["base"])
    assert square(base=3) == 9


def test_wrapped_functions_keep_signature_and_words() -> None:
    def logged(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return function(*args, **kwargs)

        return wrapper

    @function_tool
    @logged
    def add(a: int) -> int:
        """Add."""
        return a

    assert (add.name, add.description, list(add.spec.parameters["properties"])) == ("add", "Add.", ["a"])


def test_types_of_the_enclosing_function_are_found_when_it_uses_them() -> None:
    class Local(BaseModel):
        a: int

    @function_tool
    def tool(local: Local) -> str:
        """Test."""
        return Local.__name__

    assert tool.validate('{"local": {"a": 1}}') == {"local": Local(a=1)}


def test_the_return_hint_may_be_anything() -> None:
    def tool() -> Nowhere: ...  # type: ignore[name-defined] # noqa: F821

    assert isinstance(function_tool(description="Test.")(tool), Tool)


def test_making_a_tool_runs_nothing() -> None:
    ran: list[int] = []

    @function_tool
    async def tool() -> None:
        """Test."""
        ran.append(1)

    assert ran == []
    asyncio.run(tool())
    assert ran == [1]


def test_a_tool_may_use_a_name_of_its_enclosing_function_that_is_bound_later() -> None:
    def tool() -> str:
        """Use it."""
        return str(later)

    made = function_tool(tool)
    later = 1
    assert made() == "1"
