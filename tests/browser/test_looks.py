"""How a chat looks in its place: in the host's theme, a narrow window, another language, a tab, and on paper."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from chatwidget.catalogue import words_for
from tests.browser.lab import Chat, Lab, Notebook

LONG = """
from chatwidget import ChatWidget

text = '''# Tides

High *water* is at `noon`, see [the table](https://tides.example/kiel).

| Harbour | Height of the tide in the harbour of this name, in metres | Time |
|---|---|---|
| Kiel | 0.2 | 12:00 |

```python
def tide(hour: int = 12) -> float:
    "The height, in metres."  # a comment
    return 0.2 if hour % 12 else 1.5 * hour  # and a line that goes on for longer than a narrow window has room
```

> A_word_that_has_no_place_to_break_and_is_longer_than_a_narrow_window_can_ever_show_on_one_line
'''
chat = ChatWidget(lambda messages: text if len(messages) < 2 else messages[-1].text, title="Tides and times")
"""
ARABIC = """
arabic = ChatWidget(lambda messages: messages[-1].text, language="ar", max_height="300px")
arabic
"""
MANY = """
from chatwidget import ChatWidget
chat = ChatWidget(lambda messages: messages[-1].text, title="Echo")
for number in range(60):
    await chat.send(f"line{number} and **so on**")
chat
"""
THEMES = ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast")
# The colour of every visible text against what is behind it, as the WCAG counts; those too near to it are returned.
PALE = """root => {
  const brush = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const behind = (one) => (one ? [...behind(one.parentElement), getComputedStyle(one).backgroundColor] : ["white"]);
  const mixed = (colours) => {
    for (const colour of colours) { brush.fillStyle = colour; brush.fillRect(0, 0, 1, 1); }
    return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (colours) => mixed(colours)
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const seen = [...root.querySelectorAll("*")].filter((one) => !one.closest(":disabled, .cw-hidden, svg")
    && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
    && one.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true }));
  const rated = seen.map((one) => {
    const back = behind(one);
    const [a, b] = [light(back), light([...back, getComputedStyle(one).color])].sort((x, y) => y - x);
    return [(a + 0.05) / (b + 0.05), `${one.className || one.localName}: ${one.textContent.slice(0, 30)}`];
  });
  return [rated.length, rated.filter(([contrast]) => contrast < 4.5)];
}"""
# What is drawn beyond the edges of the chat, except inside of what a person can scroll to the side.
STICKS_OUT = """root => {
  const room = root.getBoundingClientRect();
  const scrolls = (one) => one !== root
    && (["auto", "scroll"].includes(getComputedStyle(one).overflowX) && !one.matches(".cw-scroller")
      || scrolls(one.parentElement));
  return [...root.querySelectorAll("*")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(".cw-hidden")
      && !scrolls(one.parentElement))
    .filter((one) => {
      const box = one.getBoundingClientRect();
      return box.width > 0 && (box.left < room.left - 1 || box.right > room.right + 1);
    })
    .map((one) => one.className || one.localName);
}"""
TOO_WIDE = """root => [root, ...root.querySelectorAll(".cw-transcript, .cw-scroller, .cw-messages")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className)"""


def say(chat: Chat, text: str) -> None:
    chat.send(text)
    expect(chat.root.locator(".cw-user-text").last).to_have_text(text)
    expect(chat.last).to_have_attribute("data-status", "complete")


@pytest.fixture(scope="module")
def in_lab(browser: Browser, lab: Lab) -> Iterator[Notebook]:
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    notebook = lab.open(page, lab.write("looks.ipynb", [LONG + "chat", ARABIC, "arabic.language = 'en'"]))
    notebook.run(1)
    yield notebook
    page.close()


@pytest.fixture(scope="module")
def in_notebook7(browser: Browser, lab: Lab) -> Iterator[Notebook]:
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    notebook = lab.open(page, lab.write("looks7.ipynb", [MANY, LONG + "chat"]), app="notebooks")
    notebook.run(1)
    yield notebook
    page.close()


def test_a_chat_follows_the_hosts_theme_and_stays_readable(in_lab: Notebook) -> None:
    page, chat = in_lab.page, in_lab.chat()
    say(chat, "When is high water?")
    expect(chat.last.locator("table")).to_be_visible()
    looks: list[str] = []
    try:
        for theme in reversed(THEMES):
            page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
            expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
            page.wait_for_function(
                """([root, known]) => {
                  const look = getComputedStyle(root);
                  return getComputedStyle(document.body).getPropertyValue("--jp-layout-color1")
                    && !known.includes(look.backgroundColor + look.getPropertyValue("--cw-line"));
                }""",
                arg=[chat.root.element_handle(), looks],
            )
            count, pale = chat.root.evaluate(PALE)
            assert count > 15, "there was next to nothing to read"
            assert pale == [], theme
            look = "look => look.backgroundColor + look.getPropertyValue('--cw-line')"
            looks.append(chat.root.evaluate(f"root => ({look})(getComputedStyle(root))"))
    finally:
        page.evaluate(
            f"window.jupyterapp.commands.execute('apputils:change-theme', {json.dumps({'theme': THEMES[0]})})"
        )


def test_a_chat_speaks_arabic_from_right_to_left_until_it_is_told_otherwise(in_lab: Notebook) -> None:
    words = words_for("ar", {})
    in_lab.run(2)
    chat = in_lab.chat(1)
    expect(chat.root).to_have_attribute("dir", "rtl")
    expect(chat.root).to_have_attribute("lang", "ar")
    expect(chat.composer).to_have_attribute("placeholder", words["placeholder"])
    chat.composer.fill("مرحبا")
    send = chat.root.get_by_role("button", name=words["send"], exact=True)
    place, field = send.bounding_box(), chat.composer.bounding_box()
    assert place and field
    assert place["x"] < field["x"], "Send is not where a line ends"
    send.click()
    expect(chat.last).to_contain_text("مرحبا")
    expect(chat.last).to_have_attribute("data-status", "complete")
    expect(chat.last).to_have_attribute("aria-label", words["assistant"])
    chat.composer.fill("half a thought")
    in_lab.run(3)
    expect(chat.root).to_have_attribute("dir", "ltr")
    expect(chat.root).to_have_attribute("lang", "en")
    expect(chat.root.get_by_role("button", name="Send", exact=True)).to_be_enabled()
    expect(chat.last).to_have_attribute("aria-label", "Assistant")
    expect(chat.composer).to_have_value("half a thought")


def test_a_printed_notebook_has_the_whole_transcript(in_notebook7: Notebook) -> None:
    chat = in_notebook7.chat()
    messages = chat.root.locator("[data-message]")
    expect(messages.last).to_contain_text("line59")
    assert messages.count() < 120, "all are mounted anyway: this shows nothing"
    printed = in_notebook7.page.evaluate(
        """async () => {
          dispatchEvent(new Event("beforeprint"));
          await null;
          return document.querySelectorAll(".cw [data-message]").length;
        }"""
    )
    assert printed == 120
    in_notebook7.page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(messages).not_to_have_count(120)


def test_a_chat_of_notebook_7_goes_on_in_a_tab_of_its_own(in_notebook7: Notebook) -> None:
    page, chat = in_notebook7.page, in_notebook7.chat()
    chat.root.locator(".cw-scroller").focus()
    with page.context.expect_page() as opened:
        page.keyboard.press("t")
    other = Chat(opened.value.locator(".cw"))
    expect(other.root.get_by_role("heading", name="Echo")).to_be_visible()
    expect(other.last).to_contain_text("line59 and so on")
    say(other, "said in the tab")
    expect(chat.last).to_contain_text("said in the tab")
    say(chat, "and in the notebook")
    expect(other.last).to_contain_text("and in the notebook")
    opened.value.close()
    say(chat, "afterwards")


def test_in_a_window_of_320_px_nothing_sticks_out_and_a_message_can_be_sent(in_notebook7: Notebook) -> None:
    page = in_notebook7.page
    in_notebook7.run(2)
    chat = in_notebook7.chat(1)
    page.set_viewport_size({"width": 320, "height": 640})
    try:
        say(chat, "When is high water?")
        expect(chat.last.locator("table")).to_be_visible()
        assert chat.root.evaluate(TOO_WIDE) == []
        assert chat.root.evaluate(STICKS_OUT) == []
        box = chat.root.bounding_box()
        assert box
        assert box["x"] >= 0 and box["x"] + box["width"] <= 320, box
        send = chat.root.get_by_role("button", name="Send", exact=True)
        chat.composer.fill("by the button")
        send.click()
        expect(chat.last).to_contain_text("by the button")
    finally:
        page.set_viewport_size({"width": 1100, "height": 900})
