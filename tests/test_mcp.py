"""MCP servers: their tools are a chat's tools, and nothing that happens to a server happens to the chat."""

from __future__ import annotations

import asyncio
import io
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from chatwidget.asks import Ask, Deny
from chatwidget.errors import ToolError
from chatwidget.mcp import server as mcp_server
from chatwidget.mcp.server import McpResult
from chatwidget.models.scripted import ToolCall
from tests.mcp_servers.chats import FEW, chat, connected, raw, results, tool, web
from tests.mcp_servers.few import build


async def test_a_chat_calls_the_tools_of_a_server_on_stdio() -> None:
    async with connected(FEW) as server:
        session = chat(server, ToolCall("few__add", {"a": 2, "b": 40}), ToolCall("few__fail"), ToolCall("few__picture"))
        reply = await session.send("Add.")
    assert reply is not None and reply.text == "Done."
    added, failed, pictured = results(session)
    assert (added.outcome, added.content, added.displays) == ("output-available", "42", ())
    assert failed.outcome == "output-error" and failed.content.endswith(
        "few: Error executing tool fail: the disk is full"
    )
    assert pictured.content.startswith("Image (image/png, 70 bytes)") and pictured.content.endswith("to the user.")
    assert "image/png" in pictured.displays[0].bundle


async def test_its_tools_go_when_it_is_closed_and_its_process_ends() -> None:
    server = await mcp_server.connect(FEW)
    session = chat(server, ToolCall("few__pid"))
    assert {one.source for one in session.tools} == {"MCP server few"}
    process = psutil.Process(int(await tool(server, "pid")()))
    call = tool(server, "add")
    await server.close()
    await server.close()
    assert not process.is_running() and not list(session.tools)
    with pytest.raises(ToolError, match="few: it was closed"):
        await call(a=1, b=2)


@pytest.mark.parametrize("kind", ["http", "sse"])
async def test_a_chat_calls_the_tools_of_a_server_on_the_web(kind: str) -> None:
    async with web(kind) as url, connected(url, name="few", headers={"Authorization": "Bearer no-token"}) as server:
        session = chat(server, ToolCall("few__add", {"a": 2, "b": 40}), ToolCall("few__fail"))
        await session.send("Add.")
    assert results(session)[0].content == "42"
    assert results(session)[1].content.endswith("few: Error executing tool fail: the disk is full")


async def test_a_server_on_the_web_that_goes_away_is_an_error_result() -> None:
    async with web("http") as url:
        server = await mcp_server.connect(url)
        session = chat(server, ToolCall("127_0_0_1__add", {"a": 2, "b": 40}), ToolCall("127_0_0_1__pid"))
    await session.send("Add.")
    first, second = results(session)
    assert first.outcome == second.outcome == "output-error" and "127_0_0_1" in first.content
    assert "cannot be used: http://127.0.0.1" in second.content and "cannot be reached" in second.content
    await server.close()


async def test_a_person_must_agree_to_each_call_unless_told_otherwise() -> None:
    asked: list[str] = []

    def deny(ask: Ask) -> Any:
        asked.append(ask.name)
        return Deny("not now")

    for options, expected in (({}, ["mcp__add"]), ({"approve": False}, [])):
        asked.clear()
        async with connected(build(), name="mcp", **options) as server:
            session = chat(server, ToolCall("mcp__add", {"a": 1, "b": 2}), policy=deny)
            await session.send("Add.")
        assert asked == expected and (results(session)[0].content == "3") is not bool(expected)


async def test_arguments_are_checked_before_the_server_sees_them() -> None:
    async with connected(build(), name="few") as server:
        session = chat(server, ToolCall("few__add", {"a": "x", "c": 1}))
        await session.send("Add.")
    assert "a: must be of type integer" in results(session)[0].content and "b: missing" in results(session)[0].content


async def test_a_server_that_dies_is_an_error_result_and_the_next_call_starts_it_again() -> None:
    async with connected(FEW) as server:
        before = await tool(server, "pid")()
        die = ToolCall("few__die", {"last_words": "out of memory"})
        session = chat(server, die, ToolCall("few__pid"), ToolCall("few__add", {"a": 1, "b": 2}))
        reply = await session.send("Go on.")
    died, again, added = results(session)
    assert died.outcome == "output-error" and "few: it has ended (its last words were 'out of memory')" in died.content
    assert again.outcome == added.outcome == "output-available" and again.content != before and added.content == "3"
    assert reply is not None and reply.text == "Done."


async def test_a_server_that_does_not_start_again_is_an_error_result_each_time(tmp_path: Path) -> None:
    async with connected(raw("once", tmp_path / "was here"), name="raw") as server:
        assert server._connection is not None
        await server._connection.close()
        for _ in range(2):
            with pytest.raises(ToolError, match="MCP server raw cannot be used: its last words were 'no data"):
                await tool(server, "greet")()


async def test_stop_cancels_the_call_at_the_server_and_leaves_the_connection_usable() -> None:
    async with connected(FEW) as server:
        session = chat(server, ToolCall("few__hang"))
        turn = asyncio.create_task(session.send("Hang."))
        assert await tool(server, "wait_for_hang")() == "it hangs"
        await session.stop()
        await turn
        assert await tool(server, "wait_for_cancel")() == "it was cancelled"
        assert results(session)[0].outcome == "output-error"


async def test_a_call_out_of_time_is_given_up_and_the_next_one_works() -> None:
    async with connected(build(), name="few", timeout=0.05) as server:
        session = chat(server, ToolCall("few__hang"), ToolCall("few__add", {"a": 1, "b": 2}))
        await session.send("Hang.")
    assert "limit of 0.05 s" in results(session)[0].content and results(session)[1].content == "3"


@pytest.mark.parametrize(
    ("source", "call", "new"), [(FEW, "grow", "few__grown"), (raw("well"), "greet", "raw__later")], ids=["2026", "2025"]
)
async def test_tools_that_a_server_announces_appear(source: Any, call: str, new: str) -> None:
    async with connected(source) as server:
        arrived = asyncio.Event()
        server.changed = arrived.set
        session = chat(server)
        session.tools.disable(f"{server.name}__{call}")
        assert session.tools.get(new) is None
        await tool(server, call)()
        await arrived.wait()
        assert session.tools.get(new) in session.tools.offered()
        assert tool(server, call) not in session.tools.offered(), "a tool that was switched off stays off"


async def test_a_tool_that_was_switched_off_stays_off_when_the_server_changes_it() -> None:
    async with connected(raw("well")) as server:
        arrived = asyncio.Event()
        server.changed = arrived.set
        before = tool(server, "off_on")
        server.tools.disable(before.name)
        await tool(server, "greet")()
        await arrived.wait()
        after = tool(server, "off_on")
        assert after is not before and "x" in after.spec.parameters["properties"] and not after.enabled


async def test_many_calls_are_made_at_the_same_time() -> None:
    async with connected(build(), name="few") as server:
        waiting = asyncio.gather(tool(server, "wait_for_cancel")(), tool(server, "wait_for_hang")())
        hanging = asyncio.create_task(tool(server, "hang")())
        await tool(server, "wait_for_hang")()
        hanging.cancel()
        assert list(await waiting) == ["it was cancelled", "it hangs"]


async def test_a_tool_may_be_called_from_another_loop() -> None:
    async with connected(build(), name="few") as server:
        add = tool(server, "add")
        assert await asyncio.to_thread(lambda: asyncio.run(add(a=1, b=2))) == "3"


async def test_a_process_gets_few_variables_and_those_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_KEY", "of the person")
    async with connected(FEW, env={"GIVEN": "to it"}) as server:
        variable = tool(server, "variable")
        assert await variable(name="SOME_KEY") == "not set" and await variable(name="GIVEN") == "to it"


async def test_stderr_of_a_server_needs_no_real_file_and_shows_nothing(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    cell = io.StringIO()  # as in a kernel: without fileno
    monkeypatch.setattr(sys, "stderr", cell)
    async with connected(FEW) as server:
        with pytest.raises(ToolError, match="famous"):
            await tool(server, "die")(last_words="famous")
    assert cell.getvalue() == "" and capfd.readouterr() == ("", "")


async def test_results_that_are_more_than_a_text_are_shown() -> None:
    async with connected(build(), name="few") as server:
        two = await tool(server, "pictures")()
        data = await tool(server, "numbers")()
        others = await tool(server, "others")()
    assert isinstance(two, McpResult) and two.text.startswith("Two of them:\nImage (image/png")
    assert two._repr_mimebundle_()["text/html"].count('<img src="data:image/png;base64,') == 2
    assert data.text == "1\n2" and data.structured == {"result": [1, 2]}
    assert data._repr_mimebundle_()["application/json"] == {"result": [1, 2]}
    assert others.text == (
        "Audio (audio/wav, 4 bytes)\n"
        "note://1:\n# Hi\n"
        "Resource blob://1 (of no kind, 3 bytes)\n"
        "the plan: what to do <file:///plan.txt>"
    )
    assert [next(iter(bundle)) for bundle in others.displays] == ["audio/wav", "text/markdown", "text/plain"]
