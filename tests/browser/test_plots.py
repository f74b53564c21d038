"""A plotly figure in a chat in a real JupyterLab: drawn by the kernel's own plotly.js, without a network."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.lab import Lab

PLOTTER = """
import plotly.graph_objects as go
from chatwidget import ChatWidget
from chatwidget.models.scripted import ScriptedModel, ToolCall

chat = ChatWidget(model=ScriptedModel(ToolCall("plot", {}), "Here it is."))

@chat.tool
def plot():
    "Plot the level."
    return go.Figure(go.Scatter(x=[1, 2, 3], y=[4, 1, 5]), layout={"title": "Level"})

chat
"""


def test_a_plotly_figure_is_drawn_and_answers_the_pointer_without_a_network(lab: Lab, page: Page) -> None:
    elsewhere: list[str] = []
    page.on("request", lambda request: elsewhere.append(request.url))
    notebook = lab.open(page, lab.write("plot.ipynb", [PLOTTER]))
    notebook.run(1)
    chat = notebook.chat()
    chat.send("Plot it")
    # Two frames, one in the other: the outer one keeps the inner one from going anywhere.
    frame = chat.root.frame_locator(".cw-plot-drawn iframe").frame_locator("iframe")
    expect(frame.locator(".gtitle")).to_have_text("Level", timeout=30_000)
    frame.locator(".point").nth(1).hover(force=True)
    expect(frame.locator(".hovertext")).to_be_visible()
    assert not [url for url in elsewhere if not url.startswith((lab.url, "data:", "blob:"))]
