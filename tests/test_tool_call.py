"""Promises of `Tool.call`: whatever a tool's code does, the loop lives on and the caller gets an answer."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any, cast

import pytest

from chatwidget import _tool_call
from chatwidget.capture import capture
from chatwidget.errors import ToolTimeout
from chatwidget.tool_list import ToolList
from chatwidget.tools import Tool, ToolExit, function_tool

VARIABLE: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")


def tool(function: Callable[..., Any], **options: Any) -> Tool[..., Any]:
    return function_tool(description="Test.", name="tool", **options)(function)


def both(body: Callable[[], Any]) -> list[Tool[..., Any]]:
    """The same body as a tool in a thread, as an async one, and each of them at the other's place."""

    async def later() -> Any:
        await asyncio.sleep(0)
        return body()

    return [tool(body), tool(later), tool(body, run_on="loop"), tool(later, run_on="thread")]


async def test_a_tool_returns_what_its_function_returns_at_any_place() -> None:
    for each in both(lambda: {"a": 1}):
        assert await each.call({}) == {"a": 1}


async def test_validated_arguments_are_passed_by_name() -> None:
    @function_tool
    def subtract(a: int, *, b: int = 1) -> int:
        """Subtract."""
        return a - b

    assert await subtract.call(subtract.validate('{"b": "2", "a": 5}')) == 3


async def test_sync_code_runs_in_a_daemon_thread_of_its_own_and_async_code_on_the_loop() -> None:
    thread, main = await tool(threading.current_thread).call({}), threading.current_thread()
    assert thread is not main
    assert thread.daemon
    assert await tool(threading.current_thread).call({}) is not thread
    assert await tool(threading.current_thread, run_on="loop").call({}) is main

    async def where() -> threading.Thread:
        return threading.current_thread()

    assert await tool(where).call({}) is main
    assert await tool(where, run_on="thread").call({}) is not main


async def test_an_async_function_behind_a_plain_one_is_awaited() -> None:
    async def answer() -> int:
        return 42

    def wrapper() -> Any:
        return answer()

    assert await tool(wrapper).call({}) == 42


async def test_code_sees_a_copy_of_the_callers_context() -> None:
    def body() -> str:
        before = VARIABLE.get()
        VARIABLE.set("changed")
        return before

    VARIABLE.set("caller")
    other = contextvars.Context()
    other.run(VARIABLE.set, "other")
    for each in both(body):
        assert await each.call({}) == "caller"
        assert await each.call({}, context=other) == "other"
    assert VARIABLE.get() == "caller"
    assert other[VARIABLE] == "other"


async def test_output_of_parallel_tools_is_kept_apart() -> None:
    async def run(each: Tool[..., Any]) -> str:
        pieces: list[str] = []
        with capture(pieces.append):
            await each.call({})
        return "".join(pieces)

    def printer(name: str) -> Callable[[], None]:
        return lambda: print(name)

    tools = [each for name in "ab" for each in both(printer(name))]
    assert await asyncio.gather(*map(run, tools)) == ["a\n"] * 4 + ["b\n"] * 4


async def test_an_exception_of_the_tool_is_the_callers() -> None:
    def body() -> None:
        raise LookupError("lost")

    for each in both(body):
        with pytest.raises(LookupError, match="lost"):
            await each.call({})


async def test_stop_iteration_is_an_error_like_any_other() -> None:
    def body() -> None:
        next(iter([]))

    for each in both(body):
        with pytest.raises(RuntimeError, match="StopIteration"):
            await each.call({})


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, asyncio.CancelledError, GeneratorExit])
async def test_what_is_no_exception_never_reaches_the_loop(error: type[BaseException]) -> None:
    def body() -> None:
        raise error

    for each in both(body):
        with pytest.raises(ToolExit, match=error.__name__):
            await each.call({})
    assert cast("asyncio.Task[None]", asyncio.current_task()).cancelling() == 0


async def test_a_tool_that_cancels_itself_is_an_exit_and_not_our_cancellation() -> None:
    async def body() -> None:
        cast("asyncio.Task[None]", asyncio.current_task()).cancel()
        await asyncio.sleep(0)

    with pytest.raises(ToolExit, match="CancelledError"):
        await tool(body).call({})


async def test_a_cancelled_async_tool_cleans_up_before_the_caller_goes_on() -> None:
    seen: list[str] = []
    started = asyncio.Event()

    async def body() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            seen.append("cleaned up")

    call = asyncio.create_task(tool(body).call({}))
    await started.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert seen == ["cleaned up"]


async def test_a_cancelled_sync_tool_is_abandoned_and_its_late_result_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "chatwidget")
    started, release = asyncio.Event(), threading.Event()
    threads: list[threading.Thread] = []
    loop = asyncio.get_running_loop()

    def body() -> str:
        threads.append(threading.current_thread())
        loop.call_soon_threadsafe(started.set)
        release.wait()
        return "late"

    call = asyncio.create_task(tool(body).call({}))
    await started.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert threads[0].is_alive()
    release.set()
    threads[0].join()
    await asyncio.sleep(0)
    assert "given up" in caplog.text


async def test_a_tool_that_hangs_or_blocks_ends_with_its_time_limit() -> None:
    release = threading.Event()

    def block() -> None:
        release.wait()

    async def hang() -> None:
        await asyncio.Event().wait()

    for each in [tool(hang, timeout=0.01), tool(block, timeout=0.01)]:
        with pytest.raises(ToolTimeout, match=r"tool took longer than its limit of 0.01 s and was given up"):
            await each.call({})
    release.set()


async def test_a_tool_that_refuses_to_be_cancelled_is_left_behind(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(_tool_call, "GRACE_SECONDS", 0.01)
    release, ended = asyncio.Event(), asyncio.Event()

    async def deaf() -> str:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue
        ended.set()
        return "late"

    with pytest.raises(ToolTimeout):
        await tool(deaf, timeout=0.01).call({})
    assert "it is left behind" in caplog.text
    release.set()
    await ended.wait()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert "its result is dropped" in caplog.text
    assert not _tool_call._abandoned


async def test_an_exit_while_cleaning_up_does_not_reach_the_loop(caplog: pytest.LogCaptureFixture) -> None:
    async def body() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise SystemExit(3)

    with pytest.raises(ToolTimeout):
        await tool(body, timeout=0.01).call({})
    assert "failed after it was given up" in caplog.text


async def test_many_blocked_tools_do_not_keep_others_from_running() -> None:
    """The default executor has a few threads only; a hundred tools that wait for each other would never end in it."""
    together = threading.Barrier(100)

    def meet() -> int:
        return together.wait()

    assert sorted(await asyncio.gather(*(tool(meet).call({}) for _ in range(100)))) == list(range(100))


BLOCKED = """
import asyncio, threading
from chatwidget.tools import function_tool

@function_tool(timeout=0.01)
def block() -> None:
    "Never return."
    threading.Event().wait()

try:
    asyncio.run(block.call({}))
except TimeoutError:
    print("out")
"""


def test_a_blocked_tool_does_not_keep_the_interpreter_from_exiting() -> None:
    done = subprocess.run([sys.executable, "-c", BLOCKED], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "out\n"


async def test_a_tool_replaced_while_it_runs_finishes_with_the_old_code() -> None:
    started, release = asyncio.Event(), asyncio.Event()

    async def old() -> str:
        started.set()
        await release.wait()
        return "old"

    async def new() -> str:
        return "new"

    box = ToolList(tool(old))
    running = asyncio.create_task(next(iter(box)).call({}))
    await started.wait()
    box.add(tool(new), replace=True)
    release.set()
    assert await running == "old"
    assert await next(iter(box)).call({}) == "new"
