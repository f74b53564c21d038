"""What a chat makes of the notebook around it, in a real JupyterLab and a real Notebook 7."""

from __future__ import annotations

import re
import subprocess
import sys

import nbformat
import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import Chat, Lab, Notebook

ECHO = "from chatwidget import ChatWidget\nchat = ChatWidget(lambda messages: messages[-1].text, title='Echo')\nchat"
# Marks what is drawn now: a view that is drawn anew has no mark.
MARK = "root => { root.marked = true }"
APPS = pytest.mark.parametrize("app", ["lab", "notebooks"])


def open_chat(lab: Lab, page: Page, name: str, app: str = "lab") -> tuple[Notebook, Chat]:
    notebook = lab.open(page, lab.write(f"{name}-{app}.ipynb", [ECHO, "1 + 1"]), app=app)
    notebook.run(1)
    return notebook, notebook.chat()


def say(chat: Chat, text: str) -> None:
    chat.send(text)
    expect(chat.last).to_have_attribute("data-status", "complete")
    expect(chat.last).to_contain_text(text.split(maxsplit=1)[0])


def saved(lab: Lab, notebook: Notebook, name: str) -> dict[str, str]:
    """Save the notebook, and return what it keeps of the chat's output."""
    with notebook.page.expect_response(lambda one: one.request.method == "PUT" and "/api/contents/" in one.url):
        notebook.page.keyboard.press("Control+s")
    [output] = nbformat.read(lab.folder / name, as_version=4).cells[1].outputs
    return {kind: "".join(text) for kind, text in output["data"].items() if kind.startswith("text/")}


@APPS
def test_what_is_saved_with_the_notebook_is_the_transcript_at_that_moment(lab: Lab, page: Page, app: str) -> None:
    notebook, chat = open_chat(lab, page, "saved", app)
    chat.root.evaluate(MARK)
    for number in range(1, 4):
        say(chat, f"line{number} & <b>not bold</b> <img src=x onerror=alert(1)>")
    forms = saved(lab, notebook, f"saved-{app}.ipynb")
    written = [f"line{number} &amp; &lt;b&gt;not bold&lt;/b&gt; &lt;img" for number in (1, 2, 3)]
    assert all(line in forms["text/html"] for line in written)
    assert "line3" in forms["text/markdown"]
    assert chat.root.evaluate("root => root.marked === true && root.isConnected"), "the chat was drawn again"
    assert chat.composer.is_enabled()
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--output", "exported", f"saved-{app}.ipynb"]
    subprocess.run(command, check=True, capture_output=True, cwd=lab.folder)
    exported = (lab.folder / "exported.html").read_text()
    assert all(line in exported for line in written), "the transcript is not in the exported page"
    say(chat, "line4")
    assert "line4" in saved(lab, notebook, f"saved-{app}.ipynb")["text/html"]


def test_a_reply_that_is_still_growing_is_saved_as_far_as_it_has_come(lab: Lab, page: Page) -> None:
    cell = """
import asyncio
from chatwidget import ChatWidget

async def endless(messages):
    for number in range(10_000):
        yield f"tick{number} "
        await asyncio.sleep(0.03)

chat = ChatWidget(endless)
chat
"""
    notebook = lab.open(page, lab.write("growing.ipynb", [cell]))
    notebook.run(1)
    chat = notebook.chat()
    chat.send("go")
    expect(chat.last).to_contain_text("tick40 ")
    assert "tick40 " in saved(lab, notebook, "growing.ipynb")["text/html"]


def test_a_kernel_that_died_is_said_to_have_died_or_ended(lab: Lab, page: Page) -> None:
    notebook, chat = open_chat(lab, page, "dead")
    say(chat, "before")
    # Jupyter starts a new one by itself, and leaves the comm of the old one open.
    notebook.cell(2).locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("import os; os._exit(1)")
    page.keyboard.press("Control+Enter")
    status = chat.root.locator(".cw-status")
    expect(status).to_contain_text(re.compile("has ended|has died"), timeout=60_000)
    expect(chat.composer).to_be_disabled()


def test_a_notebook_without_a_kernel_is_said_to_be_that(lab: Lab, page: Page) -> None:
    _, chat = open_chat(lab, page, "gone")
    page.evaluate("window.jupyterapp.commands.execute('kernelmenu:shutdown')")
    expect(chat.root.locator(".cw-status")).to_contain_text("has ended")
    expect(chat.composer).to_be_disabled()


def test_a_busy_kernel_is_not_complained_of_while_requests_get_through(lab: Lab, page: Page) -> None:
    notebook, chat = open_chat(lab, page, "busy")
    say(chat, "before")
    notebook.cell(2).locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("import time; time.sleep(9)")
    page.keyboard.press("Control+Enter")
    expect(notebook.prompt(2)).to_have_text("[*]:")
    page.evaluate(
        """() => {
          window.said = [];
          new MutationObserver(() => {
            const line = document.querySelector(".cw-status");
            if (line) window.said.push(line.textContent);
          }).observe(document.querySelector(".cw"), { subtree: true, childList: true, characterData: true });
        }"""
    )
    say(chat, "meanwhile")
    expect(notebook.prompt(2)).not_to_have_text("[*]:", timeout=20_000)
    assert not [line for line in page.evaluate("window.said") if "busy" in line]


CODE = """
from chatwidget import ChatWidget
chat = ChatWidget(lambda messages: "Try this:\\n\\n```python\\nanswer = 6 * 7\\nprint(answer)\\n```\\n", title="Echo")
chat
"""


@APPS
def test_code_goes_into_a_new_cell_below_the_chat(lab: Lab, page: Page, app: str) -> None:
    notebook = lab.open(page, lab.write(f"insert-{app}.ipynb", [CODE, "'the last cell'"]), app=app)
    notebook.run(1)
    chat = notebook.chat()
    chat.send("code, please")
    expect(chat.last).to_have_attribute("data-status", "complete")
    chat.last.locator(".cw-code").hover()
    chat.last.get_by_role("button", name="Insert into a new cell below").click()
    expect(notebook.cell(2).locator(".cm-content")).to_contain_text("answer = 6 * 7")
    expect(notebook.cell(3).locator(".cm-content")).to_contain_text("'the last cell'")
    notebook.run(2)
    expect(notebook.output(2)).to_have_text("42")
    expect(chat.root).to_be_visible()


def test_a_chat_in_a_tab_of_its_own_goes_on_and_ends_with_the_page(lab: Lab, page: Page) -> None:
    _, chat = open_chat(lab, page, "tab")
    say(chat, "before")
    chat.root.locator(".cw-scroller").focus()
    with page.context.expect_page() as opened:
        page.keyboard.press("t")
    tab = opened.value
    other = Chat(tab.locator(".cw"))
    expect(other.last).to_contain_text("before")
    say(other, "said in the tab")
    expect(chat.last).to_contain_text("said in the tab")
    assert tab.evaluate("document.compatMode") == "CSS1Compat"
    here, there = (one.evaluate("root => getComputedStyle(root).backgroundColor") for one in (chat.root, other.root))
    assert here == there
    page.evaluate(
        "window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' })",
    )
    expect(other.root).to_have_css("color-scheme", "dark")
    expect(other.root).to_have_css("background-color", "rgb(33, 33, 33)")
    page.evaluate(
        "window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Light' })",
    )
    expect(other.root).to_have_css("color-scheme", "light")
    with tab.expect_event("close"):
        page.close(run_before_unload=False)


def test_a_chat_in_a_panel_is_another_view_of_it(lab: Lab, page: Page) -> None:
    _, chat = open_chat(lab, page, "panel")
    say(chat, "before")
    chat.root.locator(".cw-scroller").focus()
    page.keyboard.press("b")
    panel = Chat(page.locator(".cw-panel .cw"))
    expect(panel.last).to_contain_text("before")
    say(panel, "said in the panel")
    expect(chat.last).to_contain_text("said in the panel")
    there, here = panel.root.bounding_box(), page.locator(".jp-NotebookPanel").bounding_box()
    assert there and here
    assert there["x"] >= here["x"] + here["width"], "the panel lies over the notebook"
    assert there["width"] > 250
    assert there["height"] >= here["height"] - 4
    page.locator(".lm-TabBar-tab.lm-mod-closable", has_text="Echo").locator(".lm-TabBar-tabCloseIcon").click()
    expect(panel.root).to_have_count(0)
    say(chat, "afterwards")


@APPS
def test_full_height_fills_the_notebook_and_gives_the_room_back(lab: Lab, page: Page, app: str) -> None:
    _, chat = open_chat(lab, page, "height", app)
    for number in range(12):
        say(chat, f"line{number}\n" * 5)
    usual = chat.root.evaluate("root => root.offsetHeight")
    chat.root.locator(".cw-scroller").focus()
    page.keyboard.press("f")
    expect(chat.root).to_have_attribute("data-full", "")
    full, bottom, top = chat.root.evaluate(
        "root => { const box = root.getBoundingClientRect(); return [box.height, box.bottom, box.top]; }"
    )
    assert full > usual + 50, (full, usual)
    assert top >= 0, "it begins above the window"
    assert bottom <= 901, "it ends below the window"
    page.keyboard.press("f")
    expect(chat.root).not_to_have_attribute("data-full", "")
    assert chat.root.evaluate("root => root.offsetHeight") == usual


def test_a_printed_chat_is_the_whole_transcript(lab: Lab, page: Page) -> None:
    _, chat = open_chat(lab, page, "print")
    for number in range(40):
        say(chat, f"line{number} " + "word " * 60)
    chat.root.locator(".cw-scroller").focus()
    page.context.add_init_script("window.print = () => { window.printed = true; }")
    with page.context.expect_page() as opened:
        page.keyboard.press("p")
    tab = opened.value
    tab.wait_for_selector(".cw")
    tab.emulate_media(media="print")
    assert tab.locator("[data-message]").count() == 80
    height, page_height = tab.evaluate("[document.querySelector('.cw').scrollHeight, innerHeight]")
    assert height > 2 * page_height, "the transcript is cut off at the window's height"
    expect(tab.locator(".cw textarea")).to_be_hidden()
    assert tab.locator("[data-message] >> nth=0").is_visible()
