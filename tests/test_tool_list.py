"""Promises of `chatwidget.tool_list`."""

from __future__ import annotations

import threading

import pytest

from chatwidget.errors import ToolDefinitionError, ToolError
from chatwidget.tool_list import ToolList
from chatwidget.tools import function_tool


@function_tool
def add(a: int, b: int) -> int:
    """Add."""
    return a + b


def subtract(a: int, b: int) -> int:
    """Subtract."""
    return a - b


def test_tools_are_kept_in_the_order_of_registration() -> None:
    box = ToolList(subtract, add)
    assert [tool.name for tool in box] == ["subtract", "add"]
    assert [spec.name for spec in box.specs()] == ["subtract", "add"]
    assert len(box) == 2
    assert repr(box) == "ToolList(subtract, add)"


def test_plain_functions_are_made_tools_and_tools_stay_themselves() -> None:
    box = ToolList()
    assert box.add(add) is add
    made = box.add(subtract)
    assert made.function is subtract
    assert box.get("subtract") is made
    assert box.get("multiply") is None
    assert "add" in box
    assert add in box
    assert function_tool(name="add")(subtract) not in box
    assert 3 not in box


def test_a_taken_name_is_refused_and_leaves_the_box_as_it_was() -> None:
    box = ToolList(add)
    with pytest.raises(ToolDefinitionError, match=r"duplicate name.*replace=True"):
        box.add(function_tool(name="add")(subtract))
    assert list(box) == [add]
    with pytest.raises(ToolDefinitionError, match="duplicate name"):
        ToolList(subtract, subtract)


def test_a_replaced_tool_keeps_its_place() -> None:
    box = ToolList(add, subtract)
    newer = function_tool(name="add")(subtract)
    box.add(newer, replace=True)
    assert [tool.name for tool in box] == ["add", "subtract"]
    assert box.get("add") is newer


def test_tools_are_removed_by_name_or_as_themselves() -> None:
    box = ToolList(add, subtract)
    box.remove("subtract")
    with pytest.raises(ToolError, match="no such tool as 'subtract' to remove; there are: add"):
        box.remove("subtract")
    with pytest.raises(ToolError, match="to remove"):
        box.remove(function_tool(name="add")(subtract))
    box.remove(add)
    assert len(box) == 0
    assert box.specs() == ()
    with pytest.raises(ToolError, match="there are: none"):
        box.remove("add")


def test_a_reader_sees_the_tools_from_before_or_after_a_change() -> None:
    box = ToolList(add)
    reading = iter(box)
    box.add(subtract)
    assert list(reading) == [add]
    assert len(box) == 2


def test_registering_on_many_threads_loses_nothing() -> None:
    box = ToolList()

    def register(worker: int) -> None:
        for number in range(50):
            box.add(function_tool(name=f"t{worker}_{number}")(subtract))
            assert len(box.specs()) > number

    threads = [threading.Thread(target=register, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(box) == 200
