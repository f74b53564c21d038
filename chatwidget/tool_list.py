"""The tools of one chat, in the order they were registered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chatwidget.errors import ToolDefinitionError, ToolError
from chatwidget.tools import Tool, ToolSpec


class ToolList:
    """A registry of tools by name.

        box = ToolList(add, weather)
        box.get("add")                           # a Tool, or None

    Plain functions are made tools. Safe to read on one thread while another registers: a reader sees the tools from
    before or after a change, never half of it.
    """

    def __init__(self, *tools: Tool[..., Any] | Callable[..., Any]) -> None:
        self._lock = threading.Lock()
        self._tools: Mapping[str, Tool[..., Any]] = {}  # replaced as a whole, never changed in place
        for tool in tools:
            self.add(tool)

    def add(self, tool: Tool[..., Any] | Callable[..., Any], *, replace: bool = False) -> Tool[..., Any]:
        """Register a tool or a plain function and return the tool.

        With `replace` it takes the place of the tool of the same name; calls that run finish with the old one. Without
        it a taken name raises `ToolDefinitionError`, as does a function that cannot become a tool.
        """
        if not isinstance(tool, Tool):
            tool = Tool(tool)
        with self._lock:
            if tool.name in self._tools and not replace:
                raise ToolDefinitionError(
                    f"There is a tool called `{tool.name}` already (duplicate name). Pass `name=` to `function_tool` "
                    "for another name, or `replace=True` to put this one in its place."
                )
            self._tools = {**self._tools, tool.name: tool}
        return tool

    def remove(self, tool: str | Tool[..., Any]) -> None:
        """Take a tool away, by name or as the tool itself; raises `ToolError` when it is not here."""
        name = tool.name if isinstance(tool, Tool) else tool
        with self._lock:
            if name not in self._tools or (isinstance(tool, Tool) and self._tools[name] is not tool):
                known = ", ".join(self._tools) or "none"
                raise ToolError(f"There is no such tool as {name!r} to remove; there are: {known}.")
            self._tools = {key: kept for key, kept in self._tools.items() if key != name}

    def get(self, name: str) -> Tool[..., Any] | None:
        """Return the tool of this name, or None."""
        return self._tools.get(name)

    def specs(self) -> tuple[ToolSpec, ...]:
        """Return what a model is told of each tool."""
        return tuple(tool.spec for tool in self._tools.values())

    def __iter__(self) -> Iterator[Tool[..., Any]]:
        return iter(self._tools.values())

    def __len__(self) -> int:
        return len(self._tools)

    def __contains__(self, tool: object) -> bool:
        """Tell whether a tool, or a tool of this name, is registered."""
        return self._tools.get(tool.name) is tool if isinstance(tool, Tool) else tool in self._tools

    def __repr__(self) -> str:
        return f"ToolList({', '.join(self._tools)})"
