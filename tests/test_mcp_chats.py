"""`add_mcp`: a server's tools in a chat, asked for each time, gone with the chat."""

from __future__ import annotations

import sys

import psutil
import pytest

from chatwidget import Session
from chatwidget.asks import Allow
from chatwidget.errors import ToolError
from chatwidget.models.scripted import ScriptedModel, ToolCall
from tests.asking import question
from tests.mcp_servers.chats import FEW, raw, results


async def test_a_server_is_added_in_a_line_its_tools_are_listed_and_each_call_is_asked_for() -> None:
    session = Session(model=ScriptedModel(ToolCall("few__add", {"a": 2, "b": 40}), "42."))
    session.attach(lambda frame: None)
    await session.add_mcp(FEW)
    listed = session.screen.field("tools")
    assert {(tool["source"], tool["approve"]) for tool in listed} == {("MCP server few", True)}
    turn = session.submit("Add.")
    session.asks.approve((await question(session)).id)
    await turn.done
    assert results(session)[0].content == "42"
    await session.close()


async def test_closing_the_chat_ends_its_servers() -> None:
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    session = Session(model=ScriptedModel())
    await session.add_mcp(FEW)
    await session.add_mcp([sys.executable, str(FEW)], name="other")
    started = [process for process in psutil.Process().children(recursive=True) if process.pid not in before]
    assert len(started) >= 2
    await session.close()
    assert not [process for process in started if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    assert not list(session.tools)


async def test_a_second_server_of_one_name_is_refused_and_the_first_stays() -> None:
    session = Session(model=ScriptedModel())
    await session.add_mcp(FEW)
    tools = [tool.name for tool in session.tools]
    with pytest.raises(ToolError, match=r"'few' already\. Pass name="):
        await session.add_mcp(FEW)
    assert [tool.name for tool in session.tools] == tools
    await session.close()


async def test_what_was_always_allowed_is_asked_again_once_the_server_has_changed_the_tool() -> None:
    session = Session(model=ScriptedModel(), policy=lambda ask: Allow(remember="session"))
    server = await session.add_mcp(FEW)
    session.asks.rules.add("few__add")
    session.asks.rules.add("few__fail")
    tools = {tool.name: tool for tool in server.tools}
    server.tools.fill({name: tool for name, tool in tools.items() if name != "few__add"})
    assert server.changed is not None
    server.changed()
    assert not session.asks.rules.allow("few__add", {})
    assert session.asks.rules.allow("few__fail", {})
    await session.close()


async def test_a_server_that_cannot_start_leaves_the_chat_as_it_was() -> None:
    session = Session(model=ScriptedModel("Hello."))
    with pytest.raises(ToolError):
        await session.add_mcp(raw("garbage"))
    reply = await session.send("Hi")
    assert reply is not None and reply.text == "Hello."
    await session.close()
