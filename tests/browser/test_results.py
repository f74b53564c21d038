"""What tools give, in a real JupyterLab: tables, figures, data, errors, what they print, several at a time."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import Lab, run_chat

RESULTS = '''
import asyncio
import logging
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import display
from chatwidget import ChatWidget
from chatwidget.models.scripted import ScriptedModel, ToolCall

def sales(year: int) -> pd.DataFrame:
    """Look up what was sold."""
    months = ["January", "February", "March", "April"]
    return pd.DataFrame({"month": months, "sold": [120, 95, 143, 160], "returned": [3, 8, 2, 5]})

def waves() -> object:
    """Draw two waves."""
    x = np.linspace(0, 6.3, 200)
    figure, axes = plt.subplots(figsize=(6, 2.6))
    axes.plot(x, np.sin(x), label="sine")
    axes.plot(x, np.cos(x), label="cosine")
    axes.legend()
    return figure

def tide() -> None:
    """Draw the tide and leave the figure open."""
    plt.figure(figsize=(6, 2.2))
    plt.bar(range(12), [3, 4, 6, 7, 6, 4, 2, 1, 2, 4, 6, 7])
    plt.title("Tide")

def settings() -> dict:
    """Read the settings."""
    return {"unit": "metres", "station": {"name": "Kiel", "code": 9610066}, "channels": ["level", "wind"]}

def forget() -> None:
    """Forget it all."""

def fetch(url: str) -> str:
    """Fetch a page."""
    raise TimeoutError(f"{url} did not answer within 10 s")

async def train(epochs: int) -> str:
    """Train a model."""
    print("loading 3 files")
    logging.getLogger("train").warning("file 2 has no header")
    progress = display({"text/plain": "starting"}, raw=True, display_id=True)
    for epoch in range(1, epochs + 1):
        await asyncio.sleep(0.1)
        progress.update({"text/plain": f"epoch {epoch} of {epochs}"}, raw=True)
    return "accuracy 0.94"

def one(name: str, **arguments):
    return [ToolCall(name, arguments)]

chat = ChatWidget(
    model=ScriptedModel(
        one("sales", year=2025), "That is the table.",
        one("waves"), "Those are the waves.",
        one("tide"), "That is the tide.",
        one("settings"), "Those are the settings.",
        one("forget"), "All forgotten.",
        one("fetch", url="https://tides.example/kiel"), "The page did not answer.",
        one("train", epochs=5), "It is trained.",
        delay=0.01,
    ),
    tools=[sales, waves, tide, settings, forget, fetch, train],
    max_height="640px",
)
chat
'''

PARALLEL = '''
import asyncio
from chatwidget import ChatWidget
from chatwidget.models.scripted import ScriptedModel, ToolCall

gates = {}

async def weather(city: str) -> str:
    """Tell the weather of a city."""
    gates[city] = asyncio.Event()
    await asyncio.wait_for(gates[city].wait(), 30)
    return f"{city}: 14 °C, light wind"

async def let(city: str) -> None:
    gates[city].set()

def finish(city: str) -> None:
    from chatwidget import host
    host.submit(let(city)).result(10)

cities = ["Kiel", "Porto", "Bergen"]
chat = ChatWidget(
    model=ScriptedModel(
        ["Three stations at once.", *(ToolCall("weather", {"city": city}) for city in cities)], "All calm.", delay=0.01
    ),
    tools=[weather],
)
chat
'''


def unfolded(card: Locator) -> Locator:
    """Open a card of a call that is over: one that was done before a person could see it at work comes folded."""
    head = card.locator(".cw-tool-head")
    if head.get_attribute("aria-expanded") == "false":
        head.click()
    return card


def test_what_a_tool_gives_is_shown_as_what_it_is(lab: Lab, page: Page) -> None:
    _, chat = run_chat(lab, page, "results", RESULTS)

    def card(say: str, reply: str) -> Locator:
        chat.send(say)
        expect(chat.last).to_contain_text(reply)
        return unfolded(chat.root.locator(".cw-tool").last)

    table = card("the table", "That is the table.")
    expect(table.get_by_role("gridcell", name="143").or_(table.get_by_role("cell", name="143"))).to_be_visible()
    for say in ("waves", "tide"):
        figure = card(f"the {say}", f"the {say}.").locator("img.cw-figure")
        expect(figure).to_have_count(1)
        assert figure.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    expect(card("the settings", "the settings.")).to_contain_text("station")
    expect(card("forget it", "All forgotten.")).to_contain_text("Done")
    failed = card("the page", "did not answer.")
    expect(failed).to_contain_text("Failed")
    expect(failed).to_contain_text("https://tides.example/kiel did not answer within 10 s")
    trained = card("train", "It is trained.")
    for text in ("loading 3 files", "file 2 has no header", "epoch 5 of 5", "accuracy 0.94"):
        expect(trained).to_contain_text(text)
    expect(trained).not_to_contain_text("epoch 4 of 5")


def test_tools_of_one_reply_run_side_by_side_and_finish_on_their_own(lab: Lab, page: Page) -> None:
    cells = ["finish('Porto')", "finish('Kiel'); finish('Bergen')"]
    notebook, chat = run_chat(lab, page, "parallel", PARALLEL, *cells)
    chat.send("The weather")
    states = chat.root.locator(".cw-tool-state")
    expect(states).to_have_text(["Running"] * 3)
    notebook.run(2)
    expect(states).to_have_text(["Running", re.compile("Done"), "Running"])
    notebook.run(3)
    expect(states).to_have_text([re.compile("Done")] * 3)
    expect(chat.last).to_contain_text("All calm.")
