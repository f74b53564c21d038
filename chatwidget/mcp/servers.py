"""The MCP servers of one chat."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from chatwidget.approval_rules import Rules
from chatwidget.errors import ToolError
from chatwidget.mcp.server import McpServer, connect
from chatwidget.tool_list import ToolList

log = logging.getLogger("chatwidget")


class McpServers:
    """Servers whose tools are in `tools`; `changed` is called when these have changed."""

    def __init__(self, tools: ToolList, rules: Rules, changed: Callable[[], None]) -> None:
        self._tools = tools
        self._rules = rules
        self._changed = changed
        self._servers: list[McpServer] = []

    async def add(self, source: Any, **options: Any) -> McpServer:
        """Connect to a server and add its tools; for `source`, the options and what it raises see `connect`."""
        server = await connect(source, **options)
        try:
            if any(known.name == server.name for known in self._servers):
                raise ToolError(f"There is an MCP server called {server.name!r} already. Pass name= for another name.")
            self._tools.add(server.tools)
        except BaseException:
            await server.close()
            raise
        self._servers.append(server)
        known = {tool.name: tool for tool in server.tools}

        def changed() -> None:
            now = {tool.name: tool for tool in server.tools}
            for name in known.keys() | now.keys():
                if known.get(name) is not now.get(name):
                    self._rules.forget(name)  # what was allowed was another tool
            known.clear()
            known.update(now)
            self._changed()

        server.changed = changed
        self._changed()
        return server

    async def remove(self, name: str) -> None:
        """Disconnect from the server of this name; raises ToolError when there is none."""
        server = next((one for one in self._servers if one.name == name), None)
        if server is None:
            raise ToolError(f"There is no MCP server called {name!r} here.")
        self._servers.remove(server)
        self._tools.remove(server.tools)
        await server.close()

    async def close(self) -> None:
        """Disconnect from all."""
        servers, self._servers = self._servers, []
        for ended in await asyncio.gather(*(server.close() for server in servers), return_exceptions=True):
            if isinstance(ended, BaseException):
                log.warning("an MCP server did not close in order", exc_info=ended)
