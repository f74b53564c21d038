"""The promises of a chat in a cell, kept in a real JupyterLab by a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.lab import Lab, Notebook

SLOW_ECHO = """
import asyncio
from chatwidget import ChatWidget

async def slowly(messages):
    "Says the last message back, a word at a time."
    for word in messages[-1].text.split(" "):
        yield word + " "
        await asyncio.sleep(0.05)

chat = ChatWidget(slowly)
chat
"""

ENDLESS = """
import asyncio
from chatwidget import ChatWidget

async def endless(messages):
    number = 0
    while True:
        number += 1
        yield f"tick{number} "
        await asyncio.sleep(0.03)

chat = ChatWidget(endless)
chat
"""

# Notes every different text a part of the page has had, so that a test can see what a person saw on the way.
WATCH = """
(selector) => {
  window.seen = [];
  const look = () => {
    const text = [...document.querySelectorAll(selector)].map((node) => node.innerText).join("\\n");
    if (text && text !== window.seen.at(-1)) window.seen.push(text);
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
}
"""


def test_a_reply_appears_token_by_token(lab: Lab, page: Page) -> None:
    notebook = lab.open(page, lab.write("tokens.ipynb", [SLOW_ECHO]))
    notebook.run(1)
    chat = notebook.chat()
    page.evaluate(WATCH, ".cw-assistant .cw-content")
    words = [f"w{number}" for number in range(20)]
    chat.send(" ".join(words))
    expect(chat.last).to_have_attribute("data-status", "complete")
    expect(chat.last).to_contain_text("w19")
    seen = page.evaluate("window.seen")
    assert len(seen) >= 10, "the reply was drawn in one go"
    assert all(" ".join(words).startswith(text.strip()) for text in seen), "what was shown was never taken back"


def test_a_tool_of_a_later_cell_is_called_with_its_arguments_visible_while_they_are_written(
    lab: Lab, page: Page
) -> None:
    cells = [
        """
from chatwidget import ChatWidget
from chatwidget.models.scripted import ScriptedModel, ToolCall

poem = "Roses are red, and violets are blue, and this line goes on for a while."
chat = ChatWidget(model=ScriptedModel([ToolCall("write", {"title": "Roses", "text": poem})], "Written.", delay=0.02))
chat
""",
        '''
@chat.tool
def write(title: str, text: str) -> str:
    """Write a poem.

    Args:
        title: Its title.
        text: Its text.
    """
    print("writing", title)
    return f"{len(text)} characters"
''',
        "chat.messages[-1].text",
    ]
    notebook = lab.open(page, lab.write("tool.ipynb", cells))
    notebook.run(1)
    notebook.run(2)
    chat = notebook.chat()
    page.evaluate(WATCH, ".cw-tool")
    chat.send("A poem, please")
    expect(chat.last).to_contain_text("Written.")
    card = chat.root.locator(".cw-tool")
    expect(card).to_contain_text("Roses are red, and violets are blue, and this line goes on for a while.")
    expect(card).to_contain_text("writing Roses")
    expect(card).to_contain_text("71 characters")
    seen = page.evaluate("window.seen")
    partial = [text for text in seen if "Roses are" in text and "for a while." not in text]
    assert len(partial) >= 3, "the arguments were not shown while they were written"
    notebook.run(3)
    expect(notebook.output(3)).to_have_text("'Written.'")


def test_stop_works_while_a_cell_sleeps_and_keeps_what_had_arrived(lab: Lab, page: Page) -> None:
    notebook = lab.open(page, lab.write("stop.ipynb", [ENDLESS, "import time\ntime.sleep(30)", "chat.messages[-1]"]))
    notebook.run(1)
    chat = notebook.chat()
    chat.send("go")
    expect(chat.last).to_contain_text("tick100 ")
    notebook.run(2, wait=False)
    expect(notebook.prompt(2)).to_have_text("[*]:")
    expect(chat.last).to_contain_text("tick160 ")
    clicked = page.evaluate("performance.now()")
    chat.root.get_by_role("button", name="Stop", exact=True).click()
    expect(chat.last).to_have_attribute("data-status", "stopped", timeout=5_000)
    print(f"Stop took effect after {page.evaluate('performance.now()') - clicked:.0f} ms")
    assert notebook.prompt(2).inner_text() == "[*]:", "the cell had ended: this shows nothing"
    expect(chat.last).to_contain_text("tick160 ")
    expect(chat.last).to_contain_text("Stopped")
    page.keyboard.press("Escape")
    notebook.interrupt()


def test_a_reload_in_mid_stream_shows_the_same_transcript_and_goes_on(lab: Lab, page: Page) -> None:
    notebook = lab.open(page, lab.write("reload.ipynb", [SLOW_ECHO]))
    notebook.run(1)
    notebook.save()
    words = " ".join(f"w{number}" for number in range(400))
    notebook.chat().send(words)
    expect(notebook.chat().last).to_contain_text("w20 ")
    page.reload()
    chat = Notebook(page).chat()
    expect(chat.last).to_contain_text("w20 ")
    expect(chat.last).to_have_attribute("data-status", "arriving")
    expect(chat.last).to_have_attribute("data-status", "complete", timeout=60_000)
    assert chat.last.locator(".cw-content").inner_text().strip() == words


def test_two_pages_stay_equal(lab: Lab, page: Page, browser: Browser) -> None:
    notebook = lab.open(page, lab.write("two.ipynb", [SLOW_ECHO, "chat"]))
    notebook.run(1)
    notebook.run(2)
    notebook.save()
    first, second = notebook.chat(0), notebook.chat(1)
    first.send("a first message")
    expect(first.last).to_have_attribute("data-status", "complete")
    expect(second.last).to_have_attribute("data-status", "complete")
    other_page = browser.new_page()
    other_page.goto(page.url.split("?")[0] + f"?token={lab.token}")
    other = Notebook(other_page).chat(0)
    expect(other.last).to_contain_text("a first message")
    other.send("one from the other page " + "word " * 40)
    for chat in (first, second, other):
        expect(chat.last).to_contain_text("one from the other page")
        expect(chat.last).to_have_attribute("data-status", "complete")
    texts = {chat.root.locator(".cw-messages").inner_text() for chat in (first, second, other)}
    assert len(texts) == 1
    other_page.close()


def test_a_reply_full_of_script_runs_nothing(lab: Lab, page: Page) -> None:
    attack = (
        "<script>window.hit = 1</script> <img src=x onerror='window.hit = 2'> [x](javascript:window.hit=3) "
        "<svg onload='window.hit=4'></svg> <iframe srcdoc='<script>parent.hit=5</script>'></iframe> "
        "![a](https://example.invalid/leak.png) done"
    )
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    cell = f"from chatwidget import ChatWidget\nchat = ChatWidget(lambda messages: {attack!r})\nchat"
    notebook = lab.open(page, lab.write("attack.ipynb", [cell]))
    notebook.run(1)
    chat = notebook.chat()
    chat.send(attack)
    expect(chat.last).to_contain_text("done")
    assert page.evaluate("window.hit") is None
    assert chat.root.locator("script, iframe, svg[onload], img[onerror]").count() == 0
    hrefs = chat.root.locator("a").evaluate_all("nodes => nodes.map(node => node.getAttribute('href') ?? '')")
    assert not [href for href in hrefs if href.startswith("javascript")]
    assert not [url for url in requests if "example.invalid" in url]


def test_a_kernel_restart_leaves_the_transcript_readable(lab: Lab, page: Page) -> None:
    notebook = lab.open(page, lab.write("restart.ipynb", [SLOW_ECHO]))
    notebook.run(1)
    chat = notebook.chat()
    chat.send("remember me")
    expect(chat.last).to_have_attribute("data-status", "complete")
    chat.composer.fill("a draft")
    notebook.restart_kernel()
    expect(chat.root).to_contain_text("a kernel that has ended")
    expect(chat.last).to_contain_text("remember me")
    assert chat.composer.input_value() == "a draft"


def test_keys_typed_in_the_composer_never_reach_the_notebook(lab: Lab, page: Page) -> None:
    notebook = lab.open(page, lab.write("keys.ipynb", [SLOW_ECHO, "1 + 1"]))
    notebook.run(1)
    chat = notebook.chat()
    cells = page.locator(".jp-Cell").count()
    chat.composer.click()
    page.keyboard.type("dd a b x")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second line")
    expect(chat.composer).to_have_value("dd a b x\nsecond line")
    page.keyboard.press("Enter")
    expect(chat.last).to_have_attribute("data-status", "complete")
    expect(chat.last).to_contain_text(re.compile("second line"))
    assert page.locator(".jp-Cell").count() == cells
