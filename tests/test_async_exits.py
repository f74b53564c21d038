"""An async function of the person that asks to exit ends what it was called for, as a sync one does, and no loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from chatwidget import function_tool
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.session import Session
from chatwidget.threads import Exited, call_anyhow
from tests.composing import Page

EXITS = [SystemExit(3), KeyboardInterrupt("stop")]


class Later:
    """An object that is called like an async function, and is none to `inspect`."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    async def __call__(self) -> None:
        raise self.error


def of_error(error: BaseException) -> Callable[..., Any]:
    async def leave(*_: Any, **__: Any) -> None:
        """Leave."""
        raise error

    return leave


@pytest.mark.parametrize("error", EXITS)
def test_an_exit_is_an_exception_of_ours_however_the_function_is_written(error: BaseException) -> None:
    for function in (of_error(error), Later(error)):
        with pytest.raises(Exited, match=type(error).__name__):
            asyncio.run(call_anyhow(function))


@pytest.mark.parametrize("error", EXITS)
def test_a_command_that_exits_is_answered(error: BaseException) -> None:
    async def play() -> None:
        page = Page()
        page.session.command(of_error(error), name="leave")
        with pytest.raises(ValueError, match=f"/leave failed: .*{type(error).__name__}"):
            await page.ask("send", text="/leave")

    asyncio.run(play())


@pytest.mark.parametrize("error", EXITS)
@pytest.mark.parametrize("where", ["policy", "approve"])
def test_a_turn_whose_policy_or_check_exits_ends_without_running_the_tool(where: str, error: BaseException) -> None:
    ran: list[str] = []

    async def leave(path: str) -> bool:
        raise error

    @function_tool(approve=leave if where == "approve" else True)
    def delete(path: str) -> str:
        """Delete a file."""
        ran.append(path)
        return "deleted"

    async def play() -> None:
        model = ScriptedModel(ToolCall("delete", {"path": "a"}), "Done.")
        session = Session(model=model, tools=[delete], policy=of_error(error) if where == "policy" else None)
        session.asks.patience = 0.01
        await asyncio.gather(session.send("Delete it."), return_exceptions=True)
        assert session.messages[0].text == "Delete it." and session.status != "running"
        await session.close()

    asyncio.run(play())
    assert ran == []
