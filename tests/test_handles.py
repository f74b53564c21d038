"""What a cell holds of work on the controller thread."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncIterator

import pytest

from chatwidget import host
from chatwidget.errors import RequestError
from chatwidget.handles import Pending, bridge, log

LIMIT_SECONDS = 30


class Gate:
    """Work on the controller thread that ends when the test says so."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.ended = threading.Event()
        self.cancelled = False
        self._open: asyncio.Event | None = None

    async def work(self) -> str:
        self._open = asyncio.Event()
        self.begun.set()
        try:
            await self._open.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        finally:
            self.ended.set()
        return "done"

    def open(self) -> None:
        assert self.begun.wait(LIMIT_SECONDS) and self._open is not None
        host.controller_loop().call_soon_threadsafe(self._open.set)


async def seven() -> int:
    return 7


async def fail() -> None:
    raise LookupError("nothing there")


async def test_work_begins_at_once_and_can_be_awaited_from_any_loop_more_than_once() -> None:
    gate = Gate()
    pending = Pending(gate.work())
    assert gate.begun.wait(LIMIT_SECONDS), "it waited to be awaited"
    assert not pending.done() and repr(pending) == "<running>"
    gate.open()
    assert await pending == "done"
    assert await pending == "done"
    assert pending.done() and repr(pending) == "<done>"
    assert pending.result() == "done"


def test_what_the_result_has_is_not_there_before_it_was_awaited() -> None:
    pending = Pending(seven())
    with pytest.raises(AttributeError, match=r"on its way and has no `text`: .*await chat.send.*\.result\(\)"):
        _ = pending.text  # type: ignore[attr-defined]
    assert not hasattr(pending, "_repr_html_") and pending.result(LIMIT_SECONDS) == 7


def test_plain_code_waits_with_result() -> None:
    assert Pending(seven()).result(LIMIT_SECONDS) == 7


async def test_who_waits_gets_what_it_failed_with() -> None:
    pending = Pending(fail())
    with pytest.raises(LookupError, match="nothing there"):
        await pending
    with pytest.raises(LookupError, match="nothing there"):
        pending.result(LIMIT_SECONDS)


def test_result_gives_up_after_its_timeout_and_the_work_goes_on() -> None:
    gate = Gate()
    pending = Pending(gate.work())
    with pytest.raises(TimeoutError):
        pending.result(0)
    gate.open()
    assert pending.result(LIMIT_SECONDS) == "done"


async def test_interrupting_who_waits_does_not_interrupt_the_work() -> None:
    gate = Gate()
    pending = Pending(gate.work())

    async def cell() -> str:
        return await pending

    waiting = asyncio.create_task(cell())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not pending.done()
    gate.open()
    assert await pending == "done"
    assert not gate.cancelled


def test_dropping_it_changes_nothing() -> None:
    gate = Gate()
    Pending(gate.work())
    gate.open()
    assert gate.ended.wait(LIMIT_SECONDS)
    assert not gate.cancelled


async def refuse(gate: Gate) -> None:
    await gate.work()
    raise RequestError("There is nothing to undo.")


@pytest.mark.parametrize("dropped", ["before", "after"])
def test_a_refusal_that_nobody_waited_for_is_logged(dropped: str, monkeypatch: pytest.MonkeyPatch) -> None:
    gate, told = Gate(), queue.Queue[str]()
    monkeypatch.setattr(log, "warning", lambda text, *values: told.put(text % values))
    pending = Pending(refuse(gate))
    if dropped == "before":
        del pending
    gate.open()
    if dropped == "after":
        assert isinstance(pending._future.exception(LIMIT_SECONDS), RequestError)
        del pending
    assert told.get(timeout=LIMIT_SECONDS) == "Refused: There is nothing to undo."


def test_a_refusal_that_somebody_waited_for_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    gate = Gate()
    pending = Pending(refuse(gate))
    gate.open()
    with pytest.raises(RequestError):
        pending.result(LIMIT_SECONDS)
    del pending
    assert not caplog.records


def test_waiting_on_the_controller_thread_itself_is_refused() -> None:
    gate = Gate()
    pending = Pending(gate.work())

    async def hasty() -> str:
        return pending.result()

    with pytest.raises(RuntimeError, match="use `await` here"):
        Pending(hasty()).result(LIMIT_SECONDS)
    gate.open()
    pending.result(LIMIT_SECONDS)


def test_what_is_done_can_be_read_on_the_controller_thread() -> None:
    pending = Pending(seven())
    pending.result(LIMIT_SECONDS)

    async def read() -> int:
        return pending.result()

    assert Pending(read()).result(LIMIT_SECONDS) == 7


async def test_a_bridge_gives_all_items_in_order_from_the_controllers_thread_to_this_one() -> None:
    threads: set[threading.Thread] = set()

    async def count() -> AsyncIterator[int]:
        for number in range(1000):
            threads.add(threading.current_thread())
            yield number

    assert [item async for item in bridge(count())] == list(range(1000))
    assert threading.current_thread() not in threads


async def test_a_bridge_raises_at_its_end_what_the_other_side_raised() -> None:
    async def failing() -> AsyncIterator[int]:
        yield 1
        raise LookupError("after one")

    seen = []
    with pytest.raises(LookupError, match="after one"):
        async for item in bridge(failing()):
            seen.append(item)  # noqa: PERF401 - what came before the failure counts
    assert seen == [1]


@pytest.mark.parametrize("leave_by", ["break", "exception", "cancel"])
async def test_leaving_a_bridge_closes_the_other_side_on_its_own_thread(leave_by: str) -> None:
    closed_on: list[threading.Thread] = []
    closed = threading.Event()

    async def endless() -> AsyncIterator[int]:
        try:
            for number in range(10**9):
                yield number
                await asyncio.sleep(0)
        finally:
            closed_on.append(threading.current_thread())
            closed.set()

    async def cell() -> None:
        items = bridge(endless())
        try:
            async for item in items:
                if item == 3 and leave_by == "break":
                    break
                if item == 3 and leave_by == "exception":
                    raise LookupError("a mistake in the loop")
                if item == 3:
                    asyncio.current_task().cancel()  # type: ignore[union-attr]
        finally:
            await items.aclose()  # type: ignore[attr-defined]

    task = asyncio.create_task(cell())
    done = await asyncio.gather(task, return_exceptions=True)
    assert (
        type(done[0]).__name__
        == {"break": "NoneType", "exception": "LookupError", "cancel": "CancelledError"}[leave_by]
    )
    assert await asyncio.to_thread(closed.wait, LIMIT_SECONDS), "the other side was left running"
    assert threading.current_thread() not in closed_on
