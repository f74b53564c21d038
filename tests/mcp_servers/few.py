"""A real MCP server with a few tools: `few.py` on stdio, `few.py http` or `few.py sse` on a free port it prints."""

from __future__ import annotations

import asyncio
import base64
import os
import socket
import sys

from mcp.server.mcpserver import Context, Image, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import AudioContent, BlobResourceContents, EmbeddedResource, ResourceLink, TextResourceContents

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def build() -> MCPServer:
    server = MCPServer("calls itself something else")

    @server.tool()
    def add(a: int, b: int) -> int:
        """Add two numbers."""
        return a + b

    @server.tool()
    def fail() -> str:
        raise ToolError("the disk is full")

    @server.tool()
    def pid() -> int:
        return os.getpid()

    @server.tool()
    def variable(name: str) -> str:
        return os.environ.get(name, "not set")

    @server.tool()
    def die(last_words: str) -> str:
        print(last_words, file=sys.stderr, flush=True)
        os._exit(3)

    @server.tool()
    async def grow(ctx: Context) -> str:
        server.add_tool(lambda: "grown", name="grown", description="Say that it has grown.")
        await ctx.notify_tools_changed()
        return "more"

    _waiting(server)
    _rich(server)
    return server


def _waiting(server: MCPServer) -> None:
    """Add a tool that never returns, and others that tell what became of it."""
    hanging, cancelled = asyncio.Event(), asyncio.Event()

    @server.tool()
    async def hang() -> str:
        hanging.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()
        return "never"

    @server.tool()
    async def wait_for_hang() -> str:
        await hanging.wait()
        return "it hangs"

    @server.tool()
    async def wait_for_cancel() -> str:
        await cancelled.wait()
        return "it was cancelled"


def _rich(server: MCPServer) -> None:
    """Add the tools whose results are more than a text."""

    @server.tool()
    def picture() -> Image:
        return Image(data=PNG, format="png")

    @server.tool()
    def pictures() -> list[Image | str]:
        return ["Two of them:", Image(data=PNG, format="png"), Image(data=PNG, format="png")]

    @server.tool()
    def numbers() -> list[int]:
        return [1, 2]

    @server.tool(structured_output=False)
    def others() -> list[object]:
        return [
            AudioContent(data=base64.b64encode(b"RIFF").decode(), mime_type="audio/wav"),
            EmbeddedResource(resource=TextResourceContents(uri="note://1", mime_type="text/markdown", text="# Hi")),
            EmbeddedResource(resource=BlobResourceContents(uri="blob://1", blob="AAEC")),
            ResourceLink(name="the plan", uri="file:///plan.txt", description="what to do"),
        ]


async def serve_http(sse: bool) -> None:
    import uvicorn

    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        app = build().sse_app() if sse else build().streamable_http_app()
        await uvicorn.Server(uvicorn.Config(app, log_level="warning")).serve(sockets=[listener])


if __name__ == "__main__":
    kind = sys.argv[1] if len(sys.argv) > 1 else "stdio"
    if kind == "stdio":
        build().run("stdio")
    else:
        asyncio.run(serve_http(kind == "sse"))
