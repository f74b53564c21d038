"""Chats with MCP servers, for tests."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from chatwidget.asking import allow_all
from chatwidget.mcp import server as mcp_server
from chatwidget.mcp.server import McpServer
from chatwidget.messages import ToolResultPart
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.session import Session

SERVERS = Path(__file__).parent
FEW = SERVERS / "few.py"


def raw(*words: object) -> list[str]:
    return [sys.executable, str(SERVERS / "raw.py"), *map(str, words)]


@asynccontextmanager
async def connected(source: Any, **options: Any) -> AsyncIterator[McpServer]:
    server = await mcp_server.connect(source, **options)
    try:
        yield server
    finally:
        await server.close()


def tool(server: McpServer, name: str) -> Any:
    return next(tool for tool in server.tools if tool.name == f"{server.name}__{name}")


def chat(server: McpServer, *calls: ToolCall, policy: Any = allow_all) -> Session:
    session = Session(model=ScriptedModel(*([call] for call in calls), "Done."), policy=policy)
    session.tools.add(server.tools)
    return session


def results(session: Session) -> list[ToolResultPart]:
    return [part for message in session.messages for part in message.parts if isinstance(part, ToolResultPart)]


@asynccontextmanager
async def web(kind: str) -> AsyncIterator[str]:
    """Run a server on loopback and yield its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(FEW), kind, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(await process.stdout.readline())}/{'sse' if kind == 'sse' else 'mcp'}"
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
