"""Toolkits and lists of tools: bound to their instance, switched one by one, no name twice."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, Field

from chatwidget.errors import ToolDefinitionError, ToolError
from chatwidget.messages import Message
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.session import Session
from chatwidget.tool_context import ToolContext
from chatwidget.tool_list import ToolList
from chatwidget.toolkit import Toolkit
from chatwidget.tools import function_tool


class Notepad(Toolkit):
    def __init__(self, text: str = "empty") -> None:
        self.text = text

    @function_tool
    def write(self, text: str) -> str:
        """Replace the notes."""
        self.text = text
        return "written"

    @function_tool
    async def read(self) -> str:
        """Read the notes."""
        return self.text


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


async def test_methods_are_called_by_the_model_with_the_state_of_their_instance() -> None:
    mine, other = Notepad(), Notepad()
    session = Session(model=ScriptedModel(ToolCall("write", {"text": "42"}), "Noted."), tools=[mine])
    await session.send("Write 42.")
    assert (mine.text, other.text) == ("42", "empty")


def test_methods_are_called_from_python_as_methods() -> None:
    notes = Notepad()
    assert notes.write("secret") == "written"
    assert notes.text == "secret"


def test_a_tool_of_one_instance_is_switched_off_for_that_instance_only() -> None:
    mine, other = Notepad(), Notepad()
    mine.disable("write")
    assert [spec.name for spec in ToolList(mine).specs()] == ["read"]
    assert [spec.name for spec in ToolList(other).specs()] == ["write", "read"]
    mine.enable()
    assert len(ToolList(mine).specs()) == 2


def test_a_toolkit_that_registers_a_tool_later_has_it_in_every_list_it_is_in() -> None:
    notes = Notepad()
    tools = ToolList(notes)
    notes.register(add)
    found = tools.get("add")
    assert found is not None
    assert found(1, 2) == 3


def test_a_name_taken_in_a_toolkit_is_refused() -> None:
    with pytest.raises(ToolDefinitionError, match="`write` already"):
        Notepad().register(function_tool(name="write")(add))


def test_two_tools_of_one_name_are_refused_when_the_list_is_made() -> None:
    with pytest.raises(ToolDefinitionError, match="duplicate name"):
        ToolList(Notepad(), Notepad())
    with pytest.raises(ToolDefinitionError, match="duplicate name"):
        Session(model="echo", tools=[add, [add]])


def test_a_method_without_its_instance_is_refused_with_the_cure() -> None:
    with pytest.raises(ToolDefinitionError, match=r"thing\.write"):
        ToolList(Notepad.write)


def test_unknown_names_are_refused_by_name() -> None:
    with pytest.raises(ToolError, match="no tool 'wirte'; it has: write, read"):
        Notepad().disable("wirte")
    with pytest.raises(ToolError, match="no tool called 'wirte'"):
        ToolList(Notepad()).disable("wirte")


async def test_a_list_that_is_all_off_sends_no_tools() -> None:
    model = ScriptedModel("Hello.")
    session = Session(model=model, tools=[ToolList(add, enabled=False)])
    await session.send("Hi")
    assert model.requests[0].tools == ()


async def test_a_tool_that_is_off_is_not_run_even_if_the_model_calls_it() -> None:
    notes = Notepad()
    notes.disable("write")
    model = ScriptedModel(ToolCall("write", {"text": "x"}), "Hm.")
    session = Session(model=model, tools=[notes])
    await session.send("Write.")
    assert notes.text == "empty"
    assert "no tool called 'write'" in model.requests[1].messages[-1].parts[0].content  # type: ignore[union-attr]


def test_running_a_cell_again_puts_a_new_instance_in_the_place_of_the_old_one() -> None:
    old, new = Notepad("old"), Notepad("new")
    tools = ToolList(old, add)
    tools.add(new, replace=True)
    read = tools.get("read")
    assert read is new.read
    assert [tool.name for tool in tools] == ["write", "read", "add"]


def test_a_tool_takes_the_place_of_one_in_a_toolkit() -> None:
    tools = ToolList(Notepad())
    mine = tools.add(function_tool(name="read")(add), replace=True)
    assert tools.get("read") is mine
    assert [tool.name for tool in tools] == ["write", "read"]


class Search(BaseModel):
    """Search the library."""

    words: list[str] = Field(min_length=1)
    limit: int = 10


async def test_a_pydantic_model_stands_for_the_signature() -> None:
    seen: list[tuple[list[str], int]] = []

    @function_tool(schema=Search)
    def search(words: list[str], limit: int) -> str:
        seen.append((words, limit))
        return "found"

    assert search.description == "Search the library."
    assert search.spec.parameters["required"] == ["words"]
    assert await search.call(search.validate('{"words": ["a"]}')) == "found"
    assert seen == [(["a"], 10)]


async def test_a_json_schema_stands_for_the_signature() -> None:
    schema = {"type": "object", "properties": {"city": {"type": "string", "maxLength": 5}}, "required": ["city"]}

    @function_tool(schema=schema, description="Tell the weather.")
    def weather(**where: str) -> str:
        return f"Sunny in {where['city']}"

    assert await weather.call(weather.validate('{"city": "Paris"}')) == "Sunny in Paris"
    with pytest.raises(ValueError, match="city"):
        weather.validate('{"city": "Stockholm"}')


def test_strict_requires_every_key_and_no_other() -> None:
    tool = function_tool(strict=True)(add)
    assert tool.spec.strict
    assert tool.spec.parameters["additionalProperties"] is False
    assert tool.spec.parameters["required"] == ["a", "b"]


def test_strict_is_refused_where_keys_are_free() -> None:
    def count(words: dict[str, int]) -> str:
        """Count."""
        return ""

    with pytest.raises(ToolDefinitionError, match="strict"):
        function_tool(strict=True)(count)


@pytest.mark.parametrize(("require_doc", "sentence"), [(True, "must be told"), ("all", "`a` has no description")])
def test_require_doc_says_what_is_missing(require_doc: bool, sentence: str) -> None:
    def silent(a: int) -> int:
        return a

    def described(a: int) -> int:
        """Return it."""
        return a

    with pytest.raises(ToolDefinitionError, match=sentence):
        function_tool(require_doc=require_doc)(silent if require_doc is True else described)
    assert function_tool(require_doc=False)(silent).description == ""


async def test_a_parameter_of_type_tool_context_is_given_the_call_and_not_shown_to_the_model() -> None:
    calls: list[ToolContext] = []

    @function_tool
    def note(fact: str, call: ToolContext) -> str:
        """Note a fact."""
        calls.append(call)
        return "noted"

    assert list(note.spec.parameters["properties"]) == ["fact"]
    session = Session(model=ScriptedModel(ToolCall("note", {"fact": "x"}, id="abc"), "ok"), tools=[note])
    await session.send("Note x.")
    assert (calls[0].tool_call_id, calls[0].tool_name) == ("abc", "note")
    assert [message.role for message in calls[0].messages] == ["user"]
    assert isinstance(calls[0].messages[0], Message)
