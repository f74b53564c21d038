"""Tools of MCP servers, through the official package `mcp` (extra `[mcp]`); it is imported when a server is added."""

from __future__ import annotations

from chatwidget.mcp.server import McpResult, McpServer, connect

__all__ = ["McpResult", "McpServer", "connect"]
