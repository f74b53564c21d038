"""MCP servers that are not there, fail, or mean harm: one sentence with culprit and cure, and nothing left behind."""

from __future__ import annotations

import asyncio
import logging
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from chatwidget.errors import ToolDefinitionError, ToolError
from chatwidget.mcp import connection
from chatwidget.mcp import server as mcp_server
from chatwidget.mcp.stderr import Stderr
from chatwidget.models.scripted import ToolCall
from tests.mcp_servers.chats import chat, connected, raw, results, tool

SECRET = "not-a-real-secret"


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


async def refused(source: Any, **options: Any) -> str:
    """Return the sentence, after checking what holds for each."""
    before = children()
    with pytest.raises(ToolError) as caught:
        await mcp_server.connect(source, **options)
    text = str(caught.value)
    assert children() == before, "a process is left behind"
    assert SECRET not in text and "Traceback" not in text and "\n" not in text and len(text) < 600
    return text


@asynccontextmanager
async def http_server(status: str, body: str = "", kind: str = "text/plain") -> AsyncIterator[str]:
    """Serve the same answer to everything."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write((head + body).encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://user:{SECRET}@127.0.0.1:{server.sockets[0].getsockname()[1]}/mcp?key={SECRET}"


async def test_a_program_that_is_not_there() -> None:
    text = await refused("no-such-program --token abc")
    assert text.startswith("The MCP server no-such-program cannot be used: there is no program 'no-such-program'")


async def test_a_program_that_ends_at_once_is_quoted_without_what_it_was_given() -> None:
    text = await refused(raw("dies"), env={"SERVICE_TOKEN": SECRET})
    assert "MCP server raw cannot be used: its last words were 'no database; the token is [blotted out]'" in text


async def test_a_program_that_prints_what_is_no_mcp() -> None:
    text = await refused(raw("garbage"))
    # Its end may be noticed before its words were looked at: they are on their way in another task.
    said = "it wrote to stdout what is no message of MCP: 'Welcome to my server!'"
    assert said in text or "it ended at once; run its command in a terminal to see why" in text


async def test_a_program_that_says_nothing_and_ends() -> None:
    assert "run its command in a terminal" in await refused([sys.executable, "-c", "pass"])


async def test_a_program_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "START_SECONDS", 0.2)
    assert "it did not answer in time" in await refused(raw("silent"))


async def test_a_connection_that_is_given_up_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    before = children()
    runs = asyncio.Event()
    close = Stderr.close

    def close_and_tell(pipe: Stderr) -> None:
        close(pipe)
        runs.set()

    monkeypatch.setattr(Stderr, "close", close_and_tell)
    connecting = asyncio.create_task(mcp_server.connect(raw("silent")))
    await runs.wait()
    assert len(children() - before) == 1
    connecting.cancel()
    _, pending = await asyncio.wait({connecting}, timeout=30)
    assert not pending and connecting.cancelled()
    assert children() == before


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("401 Unauthorized", "refused it (HTTP 401); pass what it asks for, as in `headers="),
        ("404 Not Found", "answered HTTP 404; check the address, it often ends in /mcp"),
        ("500 Internal Server Error", "answered HTTP 500"),
        ("200 OK", "Unexpected content type"),
    ],
)
async def test_an_address_that_is_no_mcp_server(status: str, expected: str) -> None:
    async with http_server(status, "<html>", "text/html") as url:
        text = await refused(url, headers={"Authorization": f"Bearer {SECRET}"})
    assert text.startswith("The MCP server 127_0_0_1 cannot be used: http://127.0.0.1:") and expected in text


@pytest.mark.parametrize("path", ["mcp", "sse"])
async def test_an_address_where_nothing_listens(path: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert "cannot be reached; check that the server runs" in await refused(f"http://127.0.0.1:{port}/{path}")


@pytest.mark.parametrize(
    ("source", "options", "expected"),
    [
        ("", {}, "is empty"),
        ([], {}, "is empty"),
        ('npx "server', {}, "No closing quotation"),
        (42, {}, "42 is no MCP server"),
        ("http://127.0.0.1/mcp", {"env": {"A": "b"}}, "`env=` is for a command"),
        ("program", {"headers": {"A": "b"}}, "`headers=` is for a server with an address"),
    ],
)
async def test_what_is_no_server_at_all(source: Any, options: dict[str, Any], expected: str) -> None:
    assert expected in await refused(source, **options)


async def test_options_that_mean_nothing_are_refused_before_anything_is_started() -> None:
    with pytest.raises(ToolDefinitionError, match="timeout=-1 is no time limit"):
        await mcp_server.connect(raw("well"), timeout=-1)


async def test_a_tool_whose_schema_is_wrong_is_left_out_and_the_others_work(caplog: pytest.LogCaptureFixture) -> None:
    async with connected(raw("odd")) as server:
        assert [one.name for one in server.tools] == ["raw__fine"]
        assert server.skipped.keys() == {"far", "wrong"} and "nothing is fetched" in server.skipped["far"]
        assert await tool(server, "fine")() == "hello"
    assert [record.levelno for record in caplog.records if record.name == "chatwidget"].count(logging.WARNING) == 2


async def test_a_server_that_ended_between_two_calls_is_started_again_unnoticed() -> None:
    before = children()
    async with connected(raw("well")) as server:
        (first,) = children() - before
        assert server._connection is not None and server._connection._task is not None
        psutil.Process(first).kill()
        await asyncio.wait({server._connection._task})
        assert await tool(server, "greet")() == "hello"
        (second,) = children() - before
        assert second != first
    assert children() == before


async def test_an_answer_that_is_none_is_an_error_result() -> None:
    async with connected(raw("lies")) as server:
        session = chat(server, ToolCall("raw__greet"), ToolCall("raw__greet"))
        reply = await session.send("Hello")
    assert reply is not None and reply.text == "Done."
    assert all("raw: its answer is not what it should be" in result.content for result in results(session))


async def test_a_second_server_of_one_name_is_refused_until_it_has_another() -> None:
    async with connected(raw("well")) as one, connected(raw("well")) as same, connected(raw("well"), name="b") as other:
        session = chat(one)
        with pytest.raises(ToolDefinitionError, match="raw__greet"):
            session.tools.add(same.tools)
        session.tools.add(other.tools)
        assert {tool.name for tool in session.tools} == {"raw__greet", "raw__off_on", "b__greet", "b__off_on"}


async def test_without_the_package_the_cure_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    assert "pip install 'chatwidget[mcp]'" in await refused(raw("well"))


def test_a_chat_without_mcp_does_not_import_it() -> None:
    code = "import sys; from chatwidget import ChatWidget; import chatwidget.mcp.server; sys.exit('mcp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1]).returncode == 0
