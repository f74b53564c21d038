"""Promises of `chatwidget.capture` for what code displays: in IPython, and with pyplot."""

from __future__ import annotations

import asyncio
import contextvars
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import IPython.display as ipython
import matplotlib
import matplotlib._pylab_helpers as helpers
import matplotlib.pyplot as plt
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from chatwidget.capture import capture, left_figures
from chatwidget.displays import Displayed

display: Callable[..., Any] = ipython.display
clear_output: Callable[..., Any] = ipython.clear_output
HTML: Callable[..., Any] = ipython.HTML


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    """A running IPython, as it was at the end."""
    made = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    before = set(vars(made.display_pub)), set(vars(made))
    try:
        yield made
        assert (set(vars(made.display_pub)), set(vars(made))) == before
    finally:
        InteractiveShell.clear_instance()


@pytest.fixture
def inline() -> Iterator[None]:
    """Have pyplot show figures as a notebook does."""
    before = matplotlib.get_backend()
    plt.switch_backend("module://matplotlib_inline.backend_inline")
    yield
    plt.close("all")
    plt.switch_backend(before)


class Seen:
    """What a capture was handed, in order."""

    def __init__(self) -> None:
        self.all: list[str | Displayed] = []

    def capture(self) -> Any:
        return capture(self.all.append, self.all.append)

    @property
    def displays(self) -> list[Displayed]:
        return [item for item in self.all if isinstance(item, Displayed)]

    @property
    def words(self) -> list[str]:
        return [str(item.bundle.get("text/plain")) for item in self.displays]

    @property
    def text(self) -> str:
        return "".join(item for item in self.all if isinstance(item, str))


@pytest.mark.usefixtures("shell")
def test_what_is_displayed_goes_to_the_capture_and_not_to_the_cell(capsys: pytest.CaptureFixture[str]) -> None:
    seen = Seen()
    with seen.capture():
        display(HTML("<b>1</b>"), {"a": 1})
        ipython.publish_display_data({"image/png": b"p"})  # type: ignore[no-untyped-call]
        print("2")
    display("after")
    assert [dict(item.bundle) for item in seen.displays] == [
        {"text/html": "<b>1</b>", "text/plain": "<IPython.core.display.HTML object>"},
        {"text/plain": "{'a': 1}"},
        {"image/png": "cA=="},
    ]
    assert seen.text == "2\n"
    assert capsys.readouterr().out == "'after'\n"


@pytest.mark.usefixtures("shell")
def test_a_display_can_be_updated_by_its_id() -> None:
    seen = Seen()
    with seen.capture():
        handle = display(1, display_id="mine")
        handle.update(2)
        ipython.update_display(3, display_id="mine")  # type: ignore[no-untyped-call]
        display(display_id="empty")
    assert [(item.display_id, item.update) for item in seen.displays] == [
        ("mine", False), ("mine", True), ("mine", True), ("empty", False)
    ]  # fmt: skip
    assert seen.words[:3] == ["1", "2", "3"]


@pytest.mark.usefixtures("shell")
def test_clearing_comes_at_once_or_with_what_takes_its_place() -> None:
    with (seen := Seen()).capture():
        display(1)
        clear_output()
        display(2)
        clear_output(wait=True)
        display(3)
        clear_output(wait=True)
        sys.stdout.write("4")
        clear_output(wait=True)
    plain = [item if isinstance(item, str) else (item.bundle.get("text/plain"), item.clear) for item in seen.all]
    assert plain == [("1", False), (None, True), ("2", False), ("3", True), (None, True), "4"]


@pytest.mark.usefixtures("shell")
def test_the_innermost_capture_that_wants_displays_gets_them() -> None:
    outer, inner, texts = Seen(), Seen(), list[str]()
    with outer.capture():
        with inner.capture(), capture(texts.append):
            display(1)
            print("t")
        with capture(texts.append, lambda item: display(f"around {item.bundle['text/plain']}")):
            display(2)
    assert inner.words == ["1"]
    assert texts == ["t", "\n"]
    assert outer.words == ["'around 2'"]


@pytest.mark.usefixtures("shell")
def test_a_thread_left_behind_displays_around_the_closed_capture(capsys: pytest.CaptureFixture[str]) -> None:
    with (seen := Seen()).capture():
        context = contextvars.copy_context()
    context.run(display, "late")
    assert seen.all == []
    assert capsys.readouterr().out == "'late'\n"


@pytest.mark.usefixtures("shell", "inline")
async def test_parallel_tools_keep_their_displays_and_figures_apart() -> None:
    turn = asyncio.Barrier(3)

    async def tool(name: str, width: int, threaded: bool) -> Seen:
        async def do(function: Callable[..., Any], *args: Any, **options: Any) -> None:
            await turn.wait()
            await (asyncio.to_thread(function, *args, **options) if threaded else asyncio.sleep(0))
            if not threaded:
                function(*args, **options)

        seen = Seen()
        with seen.capture():
            await do(plt.figure, figsize=(width, 1))
            await do(plt.plot, [1, 2])
            await do(display, name)
            await do(plt.show)
            await do(plt.figure, figsize=(width, 2))
            seen.all += [f"{figure.get_size_inches()}" for figure in left_figures()]
        return seen

    for number, seen in enumerate(await asyncio.gather(tool("a", 3, True), tool("b", 4, False), tool("c", 5, True))):
        assert seen.words == [repr("abc"[number]), f"<Figure size {number + 3}00x100 with 1 Axes>"]
        assert seen.text == f"[{number + 3}. 2.]"
    assert plt.get_fignums() == []


@pytest.mark.usefixtures("shell", "inline")
def test_a_tool_sees_no_figure_of_a_cell_and_a_cell_none_of_a_tool(monkeypatch: pytest.MonkeyPatch) -> None:
    before, closed = helpers.Gcf.figs, list[int]()
    monkeypatch.setattr(
        matplotlib.backend_bases.FigureManagerBase, "destroy", lambda manager: closed.append(manager.num)
    )
    mine = plt.figure()
    with Seen().capture():
        assert plt.get_fignums() == []
        first, second = plt.figure(), plt.figure()
        plt.figure(1)  # the current one again
        assert contextvars.Context().run(plt.gcf) is mine
        assert left_figures() == [first, second]
        assert left_figures() == [] and plt.get_fignums() == []
        plt.figure(7)
    assert closed == [1, 2, 7]
    assert plt.get_fignums() == [1] and plt.gcf() is mine
    assert helpers.Gcf.figs is before
    assert left_figures() == []


@pytest.mark.usefixtures("shell", "inline")
def test_a_shown_figure_is_no_longer_open() -> None:
    with (seen := Seen()).capture():
        plt.plot([1])
        plt.show()
        assert left_figures() == []
    assert seen.words == ["<Figure size 640x480 with 1 Axes>"]


@pytest.mark.usefixtures("shell")
def test_a_cell_that_captures_its_output_keeps_it() -> None:
    seen = Seen()
    with capture_output() as theirs, seen.capture():
        display(1)
        contextvars.Context().run(display, 2)
    with seen.capture(), capture_output() as inside:
        display(3)
    assert seen.words == ["1"]
    assert [output.data["text/plain"] for output in (*theirs.outputs, *inside.outputs)] == ["2", "3"]


def test_the_publisher_is_put_back_when_the_last_of_many_closes(shell: InteractiveShell) -> None:
    opened, closing = threading.Barrier(6), threading.Barrier(6)
    words: dict[int, list[str]] = {}

    def work(number: int) -> None:
        for _ in range(10):
            seen = Seen()
            with seen.capture():
                opened.wait()
                display(number)
                closing.wait()
            words[number] = seen.words

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert words == {number: [str(number)] for number in range(6)}
    assert "publish" not in vars(shell.display_pub)


@pytest.mark.usefixtures("shell")
def test_an_object_that_cannot_be_displayed_is_one_line_and_no_traceback() -> None:
    class Bad:
        def _repr_html_(self) -> str:
            raise ValueError("no html")

    with (seen := Seen()).capture():
        display(Bad())
    assert seen.text == "Displaying it raised ValueError: no html\n"


@pytest.mark.usefixtures("shell")
def test_scripts_that_show_nothing_are_no_display() -> None:
    with (seen := Seen()).capture():
        display(HTML("<script>1</script>\n<STYLE>a</STYLE >"), exclude=["text/plain"])
        display(HTML("<script>1</script><p>seen</p>"), exclude=["text/plain"])
    assert [item.bundle for item in seen.displays] == [{"text/html": "<script>1</script><p>seen</p>"}]


WARNING = """
import logging, sys, warnings
from chatwidget.capture import capture

pieces = []
with capture(pieces.append):
    warnings.warn("it is old")
    logging.warning("watch out")
logging.warning("after")
print("UserWarning: it is old" in "".join(pieces), "WARNING:root:watch out" in "".join(pieces))
"""


def test_warnings_and_logging_are_captured_as_text() -> None:
    """In a Python of its own: pytest puts its recorders in place of both."""
    done = subprocess.run([sys.executable, "-Walways", "-c", WARNING], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("True True\n", "WARNING:root:after\n")


FRESH = """
import sys, threading
from chatwidget.capture import capture, left_figures

def draw(width, turn):
    with capture(print, print):
        import matplotlib
        matplotlib.use("agg")
        import matplotlib.pyplot as plt
        plt.figure(figsize=(width, 1))
        turn.wait()
        found[width] = [int(figure.get_figwidth()) for figure in left_figures()]

found = {}
with capture(print, print):
    pass
assert not {"IPython", "matplotlib"} & set(sys.modules)
turn = threading.Barrier(2)
threads = [threading.Thread(target=draw, args=(width, turn)) for width in (3, 4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
from matplotlib import _pylab_helpers as helpers
print(found[3], found[4], type(helpers.Gcf.figs).__name__, len(helpers.Gcf.figs))
"""


def test_figures_are_kept_apart_also_when_a_tool_is_the_first_to_import_pyplot() -> None:
    done = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, check=True)
    assert done.stdout == "[3] [4] OrderedDict 0\n"
