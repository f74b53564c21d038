"""`fail_with_message`: a tool that answers in place of failing."""

from __future__ import annotations

import asyncio

import pytest

from chatwidget import Session, function_tool
from chatwidget.failures import fail_with_message
from chatwidget.models.scripted import ScriptedModel, ToolCall
from tests.asking import result

said: list[str] = []


@fail_with_message("The service is away", logger=said.append)
def look_up(city: str, days: int = 1) -> str:
    """Look up the weather."""
    raise OSError("no route")


@fail_with_message(include_exception=False, logger=said.append)
async def look_up_later(city: str) -> str:
    """Look up the weather."""
    raise OSError("no route")


async def test_what_a_function_raises_becomes_its_text_and_is_logged_with_its_arguments() -> None:
    said.clear()
    assert look_up("Rome", days=2) == "The service is away: no route"
    assert await look_up_later("Rome") == "[Internal Error]"
    assert said == [
        "Tool call look_up('Rome', days=2) failed: no route",
        "Tool call look_up_later('Rome') failed: no route",
    ]


def test_huge_arguments_are_cut_in_the_log() -> None:
    said.clear()
    look_up("x" * 100_000)
    assert len(said[0]) < 400


@pytest.mark.parametrize("function", [look_up, look_up_later])
async def test_it_stays_a_tool_with_its_signature_and_its_call_is_no_failure(function: object) -> None:
    tool = function_tool(function)  # type: ignore[call-overload]
    assert tool.spec.parameters["required"] == ["city"]
    session = Session(model=ScriptedModel(ToolCall(tool.name, {"city": "Rome"}), "Sorry."), tools=[tool])
    await session.send("Weather?")
    assert result(session).outcome == "output-available"
    assert result(session).content.startswith(("The service is away", "[Internal Error]"))


async def test_a_stop_and_an_exit_pass_through() -> None:
    @fail_with_message(logger=None)
    async def wait() -> None:
        await asyncio.Event().wait()

    @fail_with_message(logger=None)
    def leave() -> None:
        raise SystemExit

    task = asyncio.ensure_future(wait())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(SystemExit):
        leave()


def test_no_logger_no_log() -> None:
    @fail_with_message(logger=None)
    def fail() -> None:
        raise ValueError("bad")

    assert fail() == "[Internal Error]: bad"
