"""Collections of tools, with the attributes they have in AgenTools."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from chatwidget import tool_list, toolkit
from chatwidget.compat.agentools.function_tools import FunctionTool, as_function_tool
from chatwidget.tools import Tool

Lookup = dict[str, Callable[..., Any]]


class Toolkit(toolkit.Toolkit):
    """A class whose `@function_tool` methods are tools of each instance, bound to it and its state."""

    def register_tool(self, tool: Any) -> FunctionTool:
        """Add a tool or a plain function, which is not given `self`, to this instance; returns the tool."""
        made = as_function_tool(tool)
        self.register(made)
        return made

    @property
    def tool_enabled(self) -> bool:
        """Whether any tool of this instance is on; set it to turn all of them on or off."""
        return any(tool.enabled for tool in self)

    @tool_enabled.setter
    def tool_enabled(self, enabled: bool) -> None:
        self.enable(enabled=enabled)

    @property
    def schema(self) -> list[dict[str, Any]]:
        """What a request has under `tools`."""
        return schema_of(self)

    @property
    def lookup(self) -> Lookup:
        """The tools that are on: name and validated call."""
        return lookup_of(self)

    @property
    def lookup_preview(self) -> Lookup:
        """The previews of the tools that are on."""
        return lookup_preview_of(self)


class ToolList(tool_list.ToolList):
    """A list of tools, toolkits, plain functions and other lists; ToolDefinitionError when two have one name."""

    def __init__(self, *tools: Any, tool_enabled: bool = True) -> None:
        super().__init__(*(source for tool in tools for source in _sources(tool)), enabled=tool_enabled)
        self.tools = list(tools)

    @property
    def tool_enabled(self) -> bool:
        """Whether the list is on."""
        return self.enabled

    @tool_enabled.setter
    def tool_enabled(self, enabled: bool) -> None:
        self.enabled = enabled

    @property
    def schema(self) -> list[dict[str, Any]]:
        """What a request has under `tools`."""
        return schema_of(self.offered())

    @property
    def lookup(self) -> Lookup:
        """The tools that are on: name and validated call."""
        return lookup_of(self.offered())

    @property
    def lookup_preview(self) -> Lookup:
        """The previews of the tools that are on."""
        return lookup_preview_of(self.offered())


Tools = FunctionTool | Toolkit | ToolList


def as_tool_list(tools: Any) -> ToolList:
    """Return a tool, a toolkit, a list of these or None as a list of tools."""
    if isinstance(tools, ToolList):
        return tools
    return ToolList() if tools is None else ToolList(tools)


def _sources(tool: Any) -> Iterable[Any]:
    """Give what a list may hold; the tools of this library as such of this module."""
    if isinstance(tool, Toolkit | ToolList):
        return (tool,)
    if isinstance(tool, Tool) or (callable(tool) and not isinstance(tool, Iterable)):
        return (as_function_tool(tool),)
    return [source for one in tool for source in _sources(one)]


def schema_of(tools: Iterable[Any]) -> list[dict[str, Any]]:
    """Join the schemas of tools."""
    return [item for tool in tools for item in as_function_tool(tool).schema]


def lookup_of(tools: Iterable[Any]) -> Lookup:
    """Join the lookups of tools."""
    return {name: call for tool in tools for name, call in as_function_tool(tool).lookup.items()}


def lookup_preview_of(tools: Iterable[Any]) -> Lookup:
    """Join the previews of tools."""
    return {name: call for tool in tools for name, call in as_function_tool(tool).lookup_preview.items()}
