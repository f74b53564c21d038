"""Toolkits: tools that share a state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from chatwidget.errors import ToolDefinitionError, ToolError
from chatwidget.tools import Tool


class Toolkit:
    """A class whose `@function_tool` methods are tools of each instance, bound to it and its state.

        class Notepad(Toolkit):
            def __init__(self):
                self.text = ""

            @function_tool
            def write(self, text: str) -> None:
                '''Replace the notes.'''
                self.text = text

        notes = Notepad()
        chat = ChatWidget(tools=[notes])
        notes.disable("write")                   # this instance only

    Iterating gives its tools, in the order they were written. Raises `ToolDefinitionError` when an instance is made
    and two of them have one name.
    """

    _tools: dict[str, Tool[..., Any]]

    def __new__(cls, *args: Any, **kwargs: Any) -> Toolkit:  # noqa: D102 - so that forgetting `super().__init__()` is no fault
        kit = super().__new__(cls)
        kit._tools = {}
        attributes: dict[str, Any] = {}
        for base in reversed(cls.__mro__):
            attributes.update(vars(base))
        for attribute, value in attributes.items():
            if isinstance(value, Tool):
                kit.register(getattr(kit, attribute))
        return kit

    def register(self, tool: Tool[..., Any] | Callable[..., Any]) -> Tool[..., Any]:
        """Add a tool or a plain function, which is not given `self`, to this instance; returns the tool."""
        made = tool if isinstance(tool, Tool) else Tool(tool)
        if made.is_method:
            raise ToolDefinitionError(f"`{made.name}` is a method without its instance; register `thing.{made.name}`.")
        if made.name in self._tools:
            name = type(self).__name__
            raise ToolDefinitionError(f"{name} has a tool called `{made.name}` already (duplicate name). Pass `name=`.")
        self._tools[made.name] = made
        return made

    def enable(self, *names: str, enabled: bool = True) -> None:
        """Let models see these tools of this instance again, all of them without a name; ToolError for unknown ones."""
        for name in names or tuple(self._tools):
            if name not in self._tools:
                raise ToolError(
                    f"{type(self).__name__} has no tool {name!r}; it has: {', '.join(self._tools) or 'none'}."
                )
            self._tools[name].enabled = enabled

    def disable(self, *names: str) -> None:
        """Hide these tools of this instance from models, all of them without a name; ToolError for unknown ones."""
        self.enable(*names, enabled=False)

    def __iter__(self) -> Iterator[Tool[..., Any]]:
        return iter(tuple(self._tools.values()))
