"""The tools of one chat, in the order they were registered."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chatwidget.errors import ToolDefinitionError, ToolError
from chatwidget.toolkit import Toolkit
from chatwidget.tools import Tool, ToolSpec

Source = Any  # Tool | Callable | Toolkit | ToolList | an iterable of these


class ToolList:
    """A list of tools by name: of tools, plain functions, toolkits and other lists.

        tools = ToolList(add, weather, Notepad(), enabled=True)
        tools.get("add")                         # a Tool, or None

    Plain functions are made tools. A toolkit that registers a tool later has it here, too. Two tools of one name are
    refused, here and in `add`. Safe to read on one thread while another changes it: a reader sees the tools from
    before or after a change, never half of it.
    """

    def __init__(self, *tools: Source, enabled: bool = True) -> None:
        self._lock = threading.Lock()
        self._sources: tuple[Tool[..., Any] | Toolkit | ToolList, ...] = ()  # replaced as a whole, never changed
        self.enabled = enabled
        for tool in tools:
            self.add(tool)

    def add(self, tool: Source, *, replace: bool = False) -> Any:
        """Register a tool, function, toolkit or list of them, and return it, a function as the tool made of it.

        With `replace` it takes the place of tools of the same name; calls that run finish with the old one. Without it
        a taken name raises `ToolDefinitionError`, as does a function that cannot become a tool.
        """
        source = _as_source(tool)
        names = [one.name for one in _tools_of(source)]
        for name in names:
            if names.count(name) > 1 or (not replace and name in self):
                raise ToolDefinitionError(
                    f"There is a tool called `{name}` already (duplicate name). Pass `name=` to `function_tool` "
                    "for another name, or `replace=True` to put this one in its place."
                )
        with self._lock:
            # A source none of whose tools would be left gives its place to the new one; of what is left of others
            # the later one counts.
            replaced = [old for old in self._sources if {one.name for one in _tools_of(old)} <= set(names)]
            place = self._sources.index(replaced[0]) if replaced and names else len(self._sources)
            before = self._sources[:place]
            after = tuple(old for old in self._sources[place:] if old not in replaced or not names)
            self._sources = (*before, source, *after)
        return source

    def remove(self, tool: str | Tool[..., Any] | Toolkit | ToolList) -> None:
        """Take a tool away, by name or as it was added; raises `ToolError` when it is not here."""
        with self._lock:
            kept = tuple(s for s in self._sources if s is not tool and not (isinstance(s, Tool) and s.name == tool))
            if len(kept) == len(self._sources):
                known = ", ".join(one.name for one in self) or "none"
                name = tool if isinstance(tool, str) else getattr(tool, "name", type(tool).__name__)
                raise ToolError(f"There is no such tool as {name!r} to remove; there are: {known}.")
            self._sources = kept

    def get(self, name: str) -> Tool[..., Any] | None:
        """Return the tool of this name, or None, also when it is off."""
        return next((tool for tool in self if tool.name == name), None)

    def enable(self, *names: str, enabled: bool = True) -> None:
        """Let models see these tools again, the whole list without a name; raises `ToolError` for unknown ones."""
        if not names:
            self.enabled = enabled
        for name in names:
            tool = self.get(name)
            if tool is None:
                known = ", ".join(one.name for one in self) or "none"
                raise ToolError(f"There is no tool called {name!r}; there are: {known}.")
            tool.enabled = enabled

    def disable(self, *names: str) -> None:
        """Hide these tools from models, the whole list without a name; raises `ToolError` for unknown ones."""
        self.enable(*names, enabled=False)

    def offered(self) -> tuple[Tool[..., Any], ...]:
        """Return the tools that are on: what a model is told of, and may call."""
        return tuple(tool for tool in self if tool.enabled and self._lets(tool)) if self.enabled else ()

    def _lets(self, tool: Tool[..., Any]) -> bool:
        """Whether none of the lists it came in with is off."""
        lists = [source for source in self._sources if isinstance(source, ToolList) and tool in source]
        return all(inner.enabled and inner._lets(tool) for inner in lists)

    def specs(self) -> tuple[ToolSpec, ...]:
        """Return what a model is told of each tool that is on."""
        return tuple(tool.spec for tool in self.offered())

    def __iter__(self) -> Iterator[Tool[..., Any]]:
        return iter({tool.name: tool for source in self._sources for tool in _tools_of(source)}.values())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, tool: object) -> bool:
        """Tell whether a tool, or a tool of this name, is registered."""
        return any(known is tool or known.name == tool for known in self)

    def __repr__(self) -> str:
        return f"ToolList({', '.join(tool.name for tool in self)})"


def _tools_of(source: Tool[..., Any] | Toolkit | ToolList) -> Iterable[Tool[..., Any]]:
    return (source,) if isinstance(source, Tool) else source


def sources_of(tools: Any) -> tuple[Source, ...]:
    """Return what `tools=` holds: nothing for None, one tool or toolkit, or each of an iterable.

    Raises ToolDefinitionError for what holds no tools.
    """
    if tools is None:
        return ()
    _check_kind(tools)
    if callable(tools) or isinstance(tools, Toolkit | ToolList):
        return (tools,)
    if not isinstance(tools, Iterable):
        raise _no_tool(tools)
    listed = tuple(tools)
    for tool in listed:
        _check_kind(tool)
    return listed


def _no_tool(value: object, cure: str = "Pass functions, tools and toolkits, in a list.") -> ToolDefinitionError:
    return ToolDefinitionError(f"tools= got {value!r:.80}, which is no tool. {cure}")


def _check_kind(tool: Source) -> None:
    """Raise for what is often taken for a tool."""
    if tool is None or isinstance(tool, str | bytes | Mapping):
        raise _no_tool(tool)
    if isinstance(tool, type) and issubclass(tool, Toolkit):
        raise _no_tool(tool, f"Pass an instance of this class: `{tool.__name__}()`.")
    if not isinstance(tool, type) and callable(getattr(tool, "as_tool", None)):
        raise _no_tool(tool, "Pass what its `.as_tool(...)` returns: an app or chat as a tool.")


def _as_source(tool: Source) -> Tool[..., Any] | Toolkit | ToolList:
    _check_kind(tool)
    if isinstance(tool, Toolkit | ToolList):
        return tool
    if isinstance(tool, Iterable) and not callable(tool):
        return ToolList(*tool)
    made: Tool[..., Any] = tool if isinstance(tool, Tool) else Tool(tool)
    if made.is_method:
        raise ToolDefinitionError(
            f"`{made.name}` is a method without its instance. Make a tool of the bound one: `thing.{made.name}`."
        )
    return made
