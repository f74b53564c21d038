"""The controller thread: one for the whole process, and nothing that runs on it can end it."""

from __future__ import annotations

import asyncio
import contextvars
import os
import subprocess
import sys
import threading
from concurrent.futures import Future
from typing import Any

import pytest

from chatwidget import host

LIMIT_SECONDS = 30


def test_all_work_runs_on_one_loop_in_one_daemon_thread() -> None:
    async def where() -> tuple[Any, threading.Thread]:
        return asyncio.get_running_loop(), threading.current_thread()

    places = [host.submit(where()).result(LIMIT_SECONDS) for _ in range(3)]
    assert len(set(places)) == 1
    loop, thread = places[0]
    assert loop is host.controller_loop()
    assert thread is not threading.main_thread()
    assert thread.daemon, "it would keep the interpreter from exiting"


def test_threads_that_ask_for_the_loop_at_once_get_the_same() -> None:
    script = """
import threading
from chatwidget import host
together, loops = threading.Barrier(8), []
def ask():
    together.wait()
    loops.append(host.controller_loop())
threads = [threading.Thread(target=ask) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(set(loops)), sum(thread.name == "chatwidget controller" for thread in threading.enumerate()))
"""
    assert run(script) == "1 1"


def test_importing_the_widget_starts_no_thread() -> None:
    script = """
import threading
before = threading.active_count()
import chatwidget.widget
print(threading.active_count() - before)
"""
    assert run(script) == "0"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_forked_process_gets_a_thread_of_its_own() -> None:
    script = """
import os, warnings
from chatwidget import host
warnings.simplefilter("ignore", DeprecationWarning)
async def answer(): return 42
assert host.submit(answer()).result(30) == 42
child = os.fork()
if child == 0:
    os._exit(host.submit(answer()).result(30))
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    assert run(script) == "42"


def test_an_interpreter_with_a_turn_under_way_exits() -> None:
    script = """
import asyncio
from chatwidget import host
host.submit(asyncio.sleep(3600))
print("bye")
"""
    assert run(script) == "bye"


def test_work_runs_in_the_context_of_who_submitted_it() -> None:
    color: contextvars.ContextVar[str] = contextvars.ContextVar("color", default="none")

    async def look() -> str:
        return color.get()

    color.set("green")
    assert host.submit(look()).result(LIMIT_SECONDS) == "green"


async def test_on_controller_tells_the_controllers_loop_from_any_other() -> None:
    async def ask() -> bool:
        return host.on_controller()

    assert host.submit(ask()).result(LIMIT_SECONDS)
    assert not host.on_controller()
    assert not await asyncio.to_thread(host.on_controller)


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, ValueError])
@pytest.mark.parametrize("how", ["a callback", "a task"])
def test_nothing_that_is_raised_on_it_ends_it(
    error: type[BaseException], how: str, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise error("from foreign code")

    async def fail_in_task() -> None:
        fail()

    async def answer() -> int:
        return 42

    thread = host.submit(_thread()).result(LIMIT_SECONDS)
    if how == "a callback":
        host.controller_loop().call_soon_threadsafe(fail)
    else:
        failed: Future[None] = host.submit(fail_in_task())
        with pytest.raises(error):
            failed.result(LIMIT_SECONDS)
    assert host.submit(answer()).result(LIMIT_SECONDS) == 42
    assert host.submit(_thread()).result(LIMIT_SECONDS) is thread
    if how == "a callback":
        assert caplog.records, "what was ignored is in the log"


async def _thread() -> threading.Thread:
    return threading.current_thread()


def run(script: str) -> str:
    """Run a script in a fresh interpreter and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=LIMIT_SECONDS * 2, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
