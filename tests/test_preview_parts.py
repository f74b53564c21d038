"""What a preview returns, prints, displays or draws, and how it reaches a screen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import IPython.display as ipython
import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.figure import Figure
from traitlets.config import Config

from chatwidget import Session
from chatwidget.events import Event
from tests.core_strategies import Mirror, ticks
from tests.gated import GatedModel, call, more
from tests.previewing import TEXT, card, noting, session_of

display: Callable[..., Any] = ipython.display
HTML: Callable[..., Any] = ipython.HTML


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatwidget.preview_runs.PACE", 0.0)
    monkeypatch.setattr("chatwidget.growing.SECONDS", 0.0)


class Rich:
    """As IPython's Markdown."""

    def __init__(self, text: str) -> None:
        self.text = text

    def _repr_markdown_(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return "<Rich>"


class Broken:
    def _repr_html_(self) -> str:
        raise RuntimeError("no")

    def __repr__(self) -> str:
        raise RuntimeError("no")


async def shown_by(function: Any) -> Any:
    tool = noting()
    tool.preview(function)
    session, _ = session_of(tool)
    await session.send("Hi")
    return card(session)["preview"]


@pytest.fixture
def _shell() -> Iterator[None]:
    InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    yield
    InteractiveShell.clear_instance()


@pytest.mark.usefixtures("_shell")
async def test_what_a_preview_returns_prints_or_displays_becomes_its_part() -> None:
    def prints(text: str) -> None:
        print("a", text[:3])
        print("b")

    def displays(text: str) -> None:
        print("not this")
        display(HTML("<i>x</i>"))

    def displays_and_returns(text: str) -> str:
        display(HTML("<i>x</i>"))
        return "the returned one"

    assert (await shown_by(lambda text: Rich(text[:3])))["bundle"]["text/markdown"] == "The"
    assert (await shown_by(prints))["bundle"] == {"text/plain": "a The\nb\n"}
    assert (await shown_by(displays))["bundle"]["text/html"] == "<i>x</i>"
    assert (await shown_by(displays_and_returns))["bundle"] == {"text/plain": "the returned one"}
    assert (await shown_by(lambda text: {"n": 1}))["bundle"]["text/plain"] == '{"n": 1}'
    assert (await shown_by(lambda text: ""))["bundle"] == {"text/plain": ""}
    assert await shown_by(lambda text: None) is None


async def test_a_figure_drawn_by_a_preview_is_shown() -> None:
    def draws(text: str) -> Any:
        figure = Figure(figsize=(1, 1))
        figure.subplots().plot([1, 2])
        return figure

    assert "image/png" in (await shown_by(draws))["bundle"]


async def test_what_a_preview_returns_may_be_beyond_showing() -> None:
    preview = await shown_by(lambda text: Broken())
    assert preview is not None
    json.dumps(preview, allow_nan=False)


async def test_prints_of_a_preview_are_not_the_output_of_the_tool() -> None:
    tool = noting()
    tool.preview(lambda text: print("from the preview"))
    session, _ = session_of(tool)
    await session.send("Hi")
    assert card(session)["output"] == ""
    assert [message for message in session.messages if message.name == "output"] == []


async def test_what_a_preview_shows_grows_by_appended_text_and_screens_agree() -> None:
    tool = noting()

    @tool.preview
    async def show(text: str = "") -> str:
        return f"# {text}"

    steps: list[Any] = [call("note", '{"text": "')]
    for start in range(0, 100, 5):
        steps += [more("🦊" + TEXT[start : start + 5]), lambda: ticks(5)]
    session = Session(model=GatedModel([*steps, more('"}')], ["Done."]), tools=[tool])
    session.screen.clock = Clock()
    mirror = Mirror(session)

    def flush(event: Event) -> None:
        session.screen.flush()
        assert mirror.state == session.screen.state()

    session.on(Event, flush)
    await session.send("Hi")
    session.screen.flush()
    assert mirror.state == session.screen.state()
    patches = [patch for frame in mirror.sent for patch in frame.get("patches", ())]
    mine = [patch for patch in patches if "preview" in patch["path"]]
    assert len([patch for patch in mine if patch["op"] == "append"]) > 10
    assert len(json.dumps(mine)) < 10_000


class Clock:
    """Never sends a frame by itself."""

    def time(self) -> float:
        return 0.0

    def call_later(self, delay: float, callback: Any, /) -> None:
        pass
