"""The tools of MCP servers: programs and services that offer functions by the Model Context Protocol.

    server = await connect("npx -y @modelcontextprotocol/server-filesystem .")
    session.tools.add(server.tools)
    ...
    await server.close()

Rules:

1. A server is not trusted. A person must agree to each call, unless `approve=False` says otherwise; what it says of
   its own tools (`readOnlyHint`) changes nothing. Its process inherits PATH, HOME and the like, no other variables.
2. Whatever happens to a server is one error result. After its end the next call starts it again, once; a call it was
   at work on is not repeated, it may have done something.
3. The tools are those the server lists now. A definition that has changed is a new tool.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from chatwidget import _tool_definition
from chatwidget._problems import clip
from chatwidget.errors import ToolDefinitionError, ToolError
from chatwidget.mcp.connection import Connection, ConnectionEnded
from chatwidget.mcp.names import tool_names
from chatwidget.mcp.results import McpResult, error_text, value_of
from chatwidget.mcp.sources import Source, source_of
from chatwidget.threads import call_in_thread, text_of
from chatwidget.toolkit import Toolkit
from chatwidget.tools import Approve, Tool

if TYPE_CHECKING:
    from mcp.types import Tool as Listed

__all__ = ["McpResult", "McpServer", "connect"]

T = TypeVar("T")
_LONGEST_DESCRIPTION = 16_000

log = logging.getLogger("chatwidget")


async def connect(
    source: Any,
    *,
    name: str | None = None,
    approve: Approve = True,
    timeout: float | None = None,
    env: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> McpServer:
    """Connect to an MCP server and return it, with its `tools`.

    `source` is a command (a text, split as a shell does, a list of words, or the Path of a Python script), an http
    address, or a server object of the package `mcp`. `name` is what the tools' names begin with; by default it is the
    script, package or host. `approve` and `timeout` (in seconds) are those of `function_tool`, for every tool. A
    command is given `env` beside PATH, HOME and the like, an address `headers`, such as a token.

    Raises ToolError when the package mcp is missing, when nothing can be reached there, or when a server has not
    listed its tools within 60 s. When cancelled, no process is left.
    """
    _tool_definition.check_options(name or "MCP server", timeout, None, approve)
    await call_in_thread(_import)
    server = McpServer(source_of(source, name, env, headers), approve, timeout)
    await server._connected()
    if not server.tools:
        log.warning("The MCP server %s offers no tools.", server.name)
    return server


class McpServer:
    """An MCP server; made by `connect`.

    `tools` is a toolkit whose tools come and go as the server lists them, `skipped` tells why others cannot be used,
    by their names. `changed`, if set, is called on the loop of `connect` after the tools have changed.
    """

    def __init__(self, source: Source, approve: Approve, timeout: float | None) -> None:
        self.name = source.name
        self.tools = McpTools()
        self.skipped: dict[str, str] = {}
        self.changed: Callable[[], None] | None = None
        self._source = source
        self._approve = approve
        self._timeout = timeout
        self._off: set[str] = set()  # also of tools that are gone for now
        self._loop = asyncio.get_running_loop()
        self._lock = asyncio.Lock()
        self._connection: Connection | None = None
        self._closed = False

    def __repr__(self) -> str:
        return f"<McpServer {self.name}: {', '.join(tool.name for tool in self.tools) or 'no tools'}>"

    async def close(self) -> None:
        """End the connection, and the process of a command; the tools go from every list. Any loop may call it."""
        await self._on_loop(self._close())

    async def _close(self) -> None:
        self._closed = True
        async with self._lock:
            if self._connection is not None:
                await self._connection.close()
        self._list([])

    async def _call(self, tool: str, arguments: dict[str, Any]) -> Any:
        """Call a tool of the server; raises ToolError that begins with the server's name."""
        from mcp import MCPError

        connection = await self._connected()
        try:
            result = await connection.call(tool, arguments)
        except ConnectionEnded:
            why = await self._source.why(None)
            raise self._error(f"it has ended{why and f' ({why})'}. The next call starts it again.") from None
        except MCPError as error:
            status = f" (HTTP {self._source.status})" if self._source.status else ""
            raise self._error(f"{error.message}{status}") from None
        except Exception as error:
            # The package checks what a server says against the protocol, and against the tool's own output schema.
            log.debug("the MCP server %s gave a wrong answer", self.name, exc_info=True)
            raise self._error(f"its answer is not what it should be: {clip(text_of(error))}") from None
        if result.is_error:
            raise self._error(error_text(result))
        return value_of(result)

    async def _connected(self) -> Connection:
        """Return the connection, a new one where the last has ended; raises ToolError."""
        async with self._lock:
            if self._closed:
                raise self._error("it was closed. Connect to it again to use its tools.")
            if self._connection is None or not self._connection.alive:
                connection = Connection(self._source, self._list)
                await connection.open()
                self._connection = connection
            return self._connection

    def _error(self, text: str) -> ToolError:
        return ToolError(self._source.blot(f"{self.name}: {text}"))

    def _list(self, listed: list[Listed]) -> None:
        """Make tools of what the server lists, keeping those that have not changed."""
        before = {tool.name: tool for tool in self.tools}
        self._off = {*(self._off - before.keys()), *(name for name, tool in before.items() if not tool.enabled)}
        self.skipped = {}
        names = tool_names(self.name, [one.name for one in listed])
        made: dict[str, Tool[..., Any]] = {}
        for one in listed:
            try:
                tool = self._tool(one, names[one.name])
            except ToolDefinitionError as error:
                self.skipped[one.name] = str(error)
                log.warning("A tool of the MCP server %s is left out: %s", self.name, error)
                continue
            old = before.get(tool.name)
            tool.enabled = tool.name not in self._off
            made.setdefault(tool.name, old if old is not None and old.spec == tool.spec else tool)
        self.tools.fill(made)
        if self.changed is not None and made != before:
            self.changed()

    def _tool(self, one: Listed, name: str) -> Tool[..., Any]:
        async def call(**arguments: Any) -> Any:
            return await self._on_loop(self._call(one.name, arguments))

        call.__name__ = call.__qualname__ = name
        tool = Tool(
            call,
            name=name,
            description=clip(one.description or one.title or "", _LONGEST_DESCRIPTION),
            require_doc=False,
            schema={"type": "object", **one.input_schema},
            timeout=self._timeout,
            approve=self._approve,
        )
        tool.source = f"MCP server {self.name}"
        return tool

    async def _on_loop(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something on the loop of `connect`, whichever loop asks for it."""
        if asyncio.get_running_loop() is self._loop:
            return await work
        if self._loop.is_closed():
            work.close()
            raise self._error("the event loop it was connected on has ended. Connect to it again.")
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))


class McpTools(Toolkit):
    """The tools of one MCP server, as it lists them now."""

    def fill(self, tools: dict[str, Tool[..., Any]]) -> None:
        """Replace all tools at once, so that a reader on another thread never sees half of them."""
        self._tools = tools

    def __len__(self) -> int:
        return len(self._tools)


def _import() -> None:
    try:
        from mcp import Client  # noqa: F401 - version 1 has none
    except ImportError as error:
        raise ToolError(
            f"MCP servers need the package mcp, version 2 ({error}). Run `pip install 'chatwidget[mcp]'`."
        ) from None
