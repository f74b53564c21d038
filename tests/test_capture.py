"""Promises of `chatwidget.capture`."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import io
import logging
import sys
import threading
import warnings
from collections.abc import AsyncIterator, Callable

import pytest

from chatwidget.capture import capture


def test_what_is_printed_goes_to_the_capture_and_not_to_the_stream(capsys: pytest.CaptureFixture[str]) -> None:
    pieces: list[str] = []
    with capture(pieces.append):
        print("a", 1)
        print("b", file=sys.stderr, flush=True)
        sys.stdout.writelines(["c", "d"])
        assert sys.stdout.write("xyz") == 3
        assert not sys.stdout.isatty()
    print("after")
    assert "".join(pieces) == "a 1\nb\ncdxyz"
    assert capsys.readouterr() == ("after\n", "")


def test_the_streams_are_put_back_when_the_last_capture_closes() -> None:
    before = sys.stdout, sys.stderr
    with capture(print):
        with capture(print):
            pass
        assert sys.stdout is not before[0]
    assert (sys.stdout, sys.stderr) == before
    assert sys.stdout is before[0]


def test_an_exception_closes_the_capture() -> None:
    before = sys.stdout
    pieces: list[str] = []

    def fail() -> None:
        with capture(pieces.append):
            print("seen")
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        fail()
    assert sys.stdout is before
    assert pieces == ["seen", "\n"]


def test_the_innermost_capture_wins_and_the_outer_one_goes_on() -> None:
    outer: list[str] = []
    inner: list[str] = []
    with capture(outer.append):
        print("1")
        with capture(inner.append):
            print("2")
        print("3")
    assert "".join(outer) == "1\n3\n"
    assert "".join(inner) == "2\n"


def test_what_the_writer_itself_prints_goes_to_the_capture_around_it(capsys: pytest.CaptureFixture[str]) -> None:
    outer: list[str] = []
    with capture(outer.append), capture(lambda text: print(f"<{text}>", end="")):
        sys.stdout.write("x")
    with capture(lambda text: print(f"({text})", end="")):
        sys.stdout.write("y")
    assert "".join(outer) == "<x>"
    assert capsys.readouterr().out == "(y)"


async def test_parallel_tasks_keep_their_output_apart() -> None:
    turn = asyncio.Barrier(3)

    async def tool(name: str) -> str:
        pieces: list[str] = []
        with capture(pieces.append):
            for number in range(5):
                await turn.wait()
                print(name, number)
                await asyncio.to_thread(print, name, "in a thread")
                await asyncio.create_task(_say(name))
        return "".join(pieces)

    names = ["a", "b", "c"]
    for name, text in zip(names, await asyncio.gather(*map(tool, names)), strict=True):
        assert text == "".join(f"{name} {n}\n{name} in a thread\n{name} in a task\n" for n in range(5))


async def _say(name: str) -> None:
    await asyncio.sleep(0)
    print(name, "in a task")


def test_threads_with_a_copied_context_are_captured_and_others_are_not(capsys: pytest.CaptureFixture[str]) -> None:
    pieces: list[str] = []
    with capture(pieces.append):
        _in_thread(contextvars.copy_context().run, print, "mine")
        _in_thread(contextvars.Context().run, print, "theirs")
    assert "".join(pieces) == "mine\n"
    assert capsys.readouterr().out == "theirs\n"


def _in_thread(run: Callable[..., object], *args: object) -> None:
    thread = threading.Thread(target=run, args=args)
    thread.start()
    thread.join()


def test_a_thread_left_behind_no_longer_writes_to_the_closed_capture(capsys: pytest.CaptureFixture[str]) -> None:
    late: list[str] = []
    outer: list[str] = []
    with capture(outer.append):
        with capture(late.append):
            context = contextvars.copy_context()
        context.run(print, "around")
    context.run(print, "alone")
    with capture(outer.append):
        context.run(print, "beside")
    assert late == []
    assert "".join(outer) == "around\n"
    assert capsys.readouterr().out == "alone\nbeside\n"


def test_captures_in_threads_that_overlap_leave_nothing_behind() -> None:
    before = sys.stdout
    opened, closing = threading.Barrier(8), threading.Barrier(8)
    texts: dict[int, str] = {}

    def work(number: int) -> None:
        for _ in range(20):
            pieces: list[str] = []
            with capture(pieces.append):
                opened.wait()
                print(number)
                closing.wait()
            texts[number] = "".join(pieces)
            assert texts[number] == f"{number}\n"

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == {n: f"{n}\n" for n in range(8)}
    assert sys.stdout is before


def test_redirects_inside_and_around_still_work() -> None:
    before = sys.stdout
    pieces: list[str] = []
    theirs = io.StringIO()
    with capture(pieces.append), contextlib.redirect_stdout(theirs):
        print("redirected")
    with contextlib.redirect_stdout(theirs):
        with capture(pieces.append):
            print("captured")
        print("redirected again")
    assert pieces == ["captured", "\n"]
    assert theirs.getvalue() == "redirected\nredirected again\n"
    assert sys.stdout is before


def test_a_redirect_that_outlives_the_capture_is_healed_by_the_next_one(capsys: pytest.CaptureFixture[str]) -> None:
    before = sys.stdout
    first = capture(print)
    first.__enter__()
    redirect = contextlib.redirect_stdout(io.StringIO())
    redirect.__enter__()
    first.__exit__(None, None, None)
    redirect.__exit__(None, None, None)
    print("passed through")
    with capture(print):
        pass
    assert sys.stdout is before
    assert capsys.readouterr().out == "passed through\n"


def test_a_stream_put_in_place_while_a_capture_is_open_is_routed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    first: list[str] = []
    second: list[str] = []
    new = io.StringIO()
    with capture(first.append):
        monkeypatch.setattr(sys, "stdout", new)
        with capture(second.append):
            print("captured")
    print("passed through")
    assert "".join(second) == "captured\n"
    assert new.getvalue() == "passed through\n"


def test_log_records_go_where_they_would_have_been_seen() -> None:
    stream = io.StringIO()
    pieces: list[str] = []
    logger = logging.getLogger("test_capture.app")
    logger.propagate = False
    with contextlib.redirect_stderr(stream):
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
        logger.addHandler(handler)
        with capture(pieces.append):
            logger.warning("captured")
            contextvars.Context().run(logger.warning, "another cell's")
        logger.warning("after")
        assert handler.stream is stream
    logger.removeHandler(handler)
    assert "".join(pieces) == "WARNING captured\n"
    assert stream.getvalue() == "WARNING another cell's\nWARNING after\n"


def test_a_log_handler_made_inside_a_capture_does_not_keep_the_router() -> None:
    logger = logging.getLogger("test_capture.inside")
    logger.propagate = False
    with capture(print):
        handler = logging.StreamHandler()
        logger.addHandler(handler)
    logger.removeHandler(handler)
    assert handler.stream is sys.stderr


def test_logging_without_any_configuration_is_captured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    pieces: list[str] = []
    with capture(pieces.append):
        logging.getLogger("test_capture.bare").warning("watch out")
    assert "".join(pieces) == "watch out\n"


def test_warnings_are_captured() -> None:
    pieces: list[str] = []
    with capture(pieces.append), warnings.catch_warnings():
        warnings.simplefilter("always")
        # pytest has put its own recorder in place of this function.
        sys.stderr.write(warnings.formatwarning("old", UserWarning, "cell", 1))
    assert "UserWarning: old" in "".join(pieces)


def test_megabytes_arrive_whole_and_in_order() -> None:
    length = 0

    def count(text: str) -> None:
        nonlocal length
        length += len(text)

    with capture(count):
        for _ in range(100):
            print("x" * 100_000)
    assert length == 100 * 100_001


def test_other_attributes_are_those_of_the_stream_underneath() -> None:
    encoding, errors = sys.stdout.encoding, sys.stdout.errors
    with capture(print):
        assert (sys.stdout.encoding, sys.stdout.errors) == (encoding, errors)
        with pytest.raises(AttributeError):
            _ = getattr(sys.stdout, "no_such_thing")  # noqa: B009 - as code that probes would
        with pytest.raises(TypeError, match="must be str, not int"):
            sys.stdout.write(3)  # type: ignore[arg-type]


def test_a_process_without_streams_can_be_captured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    pieces: list[str] = []
    with capture(pieces.append):
        print("seen")
        contextvars.Context().run(print, "dropped", flush=True)
    assert "".join(pieces) == "seen\n"
    assert sys.stdout is None


async def test_a_capture_closed_in_another_context_does_no_harm() -> None:
    """An async generator may be closed by a task other than the one that began it."""
    before = sys.stdout

    async def generator(pieces: list[str]) -> AsyncIterator[int]:
        with capture(pieces.append):
            yield 1

    pieces: list[str] = []
    running = generator(pieces)
    await asyncio.create_task(anext(running))  # type: ignore[arg-type]
    with pytest.raises(StopAsyncIteration):
        await asyncio.create_task(anext(running))  # type: ignore[arg-type]
    assert sys.stdout is before
