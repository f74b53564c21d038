"""Answers in a real JupyterLab: code, formulas, diagrams, footnotes, images, thoughts, failures, calls, sources."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.lab import Chat, Lab, Notebook

ANSWERS = '''
from chatwidget import Assistant, ChatWidget
from chatwidget.errors import ModelError
from chatwidget.models.base import ReasoningDelta, SourceDelta
from chatwidget.models.scripted import Delay, ScriptedModel, ToolCall

CODE = """Here it is:

```python
def tide(hour: int) -> float:
    return 1.5 + 2 * hour  # metres above chart datum, as they are written on the charts of this coast and of no other
```
"""
LONG = "All of it:\\n\\n```python\\n" + "\\n".join(f"line_{number} = {number}" for number in range(1, 61)) + "\\n```\\n"
MATHS = "It grows as $x^2$, it costs $5 and $6.\\n\\n$$\\\\frac{a}{b}$$\\n"
DIAGRAM = "So it goes:\\n\\n```mermaid\\ngraph TD\\n  Ebb --> Flood\\n```\\n"
NOTES = "The *Tide Tables*[^1] say so.\\n\\n" + "So they do.\\n\\n" * 40 + "[^1]: Of 1896, page 12.\\n"
IMAGE = "Look: ![the harbour](https://pictures.example/harbour.png)"
SOURCES = [
    SourceDelta("https://tides.example/kiel", "Tides of Kiel", "High water at noon."),
    SourceDelta("https://moon.example/", "The moon"),
    SourceDelta("https://tides.example/kiel", "Tides of Kiel"),
]

MODELS = {
    "code": ScriptedModel(CODE),
    "long": ScriptedModel([LONG]),
    "maths": ScriptedModel(MATHS),
    "diagram": ScriptedModel(DIAGRAM),
    "notes": ScriptedModel(NOTES),
    "image": ScriptedModel([IMAGE]),
    "thought": ScriptedModel([ReasoningDelta("The moon pulls."), Delay(1.0), "It is ", "the moon."]),
    "failing": ScriptedModel(["It began ", ModelError("The endpoint of the tides is away.")], "The second try."),
    "calls": ScriptedModel([ToolCall("level", {"hour": hour}) for hour in range(4)], "Four hours looked up."),
    "sources": ScriptedModel(["High water is at noon.", *SOURCES]),
}

class ByText:
    """Answers as is written above for what was said."""
    name, note = "by text", ""

    async def stream(self, request):
        said = next(message.text for message in reversed(request.messages) if message.role == "user")
        async for delta in MODELS[said].stream(request):
            yield delta

def level(hour: int) -> str:
    """Look up the level of the water."""
    return f"{hour + 1} metres at {hour} o'clock"

chat = ChatWidget(model=ByText(), tools=[level], max_height="420px")

@chat.command
def secret() -> str:
    """Say what no model is told."""
    return "Between you and me."

chat
'''
TALL = "# " + "\n# ".join("low water" for _ in range(80))


@pytest.fixture(scope="module")
def notebook(lab: Lab, browser: Browser) -> Iterator[Notebook]:
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    context.set_default_timeout(30_000)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield lab.open(context.new_page(), lab.write("answers.ipynb", [ANSWERS, TALL]))
    context.close()


@pytest.fixture
def chat(notebook: Notebook) -> Chat:
    """A chat nobody has talked to yet."""
    return notebook.new_chat()


@pytest.fixture
def urls(notebook: Notebook) -> Iterator[list[str]]:
    """The addresses that the page asks for."""
    urls: list[str] = []
    note = lambda request: urls.append(request.url)  # noqa: E731
    notebook.page.on("request", note)
    yield urls
    notebook.page.remove_listener("request", note)


def answer(chat: Chat, text: str) -> None:
    """Say something, and wait for the end of the answer."""
    chat.send(text)
    expect(chat.root.locator(".cw-user").last).to_contain_text(text)
    last = chat.root.locator(".cw-message").last
    expect(last).to_have_class(re.compile("cw-assistant"))
    expect(last).to_have_attribute("data-status", "complete")


def asked_for(urls: list[str], what: str) -> list[str]:
    """Return the addresses with this in them, but for those that hold what they stand for."""
    return [url for url in urls if what in url and not url.startswith(("data:", "blob:"))]


def test_code_is_coloured_wrapped_and_copied_as_it_was_written(notebook: Notebook, chat: Chat, urls: list[str]) -> None:
    answer(chat, "code")
    block = chat.last.locator(".cw-code")
    expect(block.locator(".cw-c-k", has_text="def")).to_have_count(1)
    expect(block.locator(".cw-c-c")).to_contain_text("# metres above chart datum")
    assert not asked_for(urls, "highlight"), "the colours came by another way than the comm"

    pre = block.locator("pre")
    assert pre.evaluate("pre => pre.scrollWidth > pre.clientWidth"), "no line is too long: this shows nothing"
    wrap = block.get_by_role("button", name="Wrap long lines")
    wrap.click()
    expect(wrap).to_have_attribute("aria-pressed", "true")
    assert pre.evaluate("pre => pre.scrollWidth <= pre.clientWidth")

    block.get_by_role("button", name="Copy code").click()
    expect(block.get_by_role("button", name="Copied")).to_be_visible()
    copied = notebook.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("def tide(hour: int) -> float:\n    return 1.5 + 2 * hour  # metres")
    assert copied.rstrip().endswith("of no other")


def test_long_code_is_folded_and_unfolds_at_a_press(chat: Chat) -> None:
    answer(chat, "long")
    lines = chat.last.locator(".cw-code .cw-line:visible")
    expect(lines).to_have_count(20)
    chat.last.get_by_role("button", name="Show all 60 lines").click()
    expect(lines).to_have_count(60)
    chat.last.get_by_role("button", name="Show less").click()
    expect(lines).to_have_count(20)


def test_formulas_become_mathml_and_money_stays_money(chat: Chat, urls: list[str]) -> None:
    answer(chat, "maths")
    expect(chat.last.locator("math msup")).to_have_text("x2")
    expect(chat.last.locator(".cw-math-display math mfrac")).to_have_count(1)
    expect(chat.last.locator("math")).to_have_count(2)
    assert not asked_for(urls, "math")
    expect(chat.last).to_contain_text("it costs $5 and $6.")


def test_a_diagram_is_drawn_after_a_click_in_a_frame_that_reaches_nothing(chat: Chat, urls: list[str]) -> None:
    answer(chat, "diagram")
    expect(chat.last.locator("pre")).to_contain_text("Ebb --> Flood")
    expect(chat.last.locator("iframe")).to_have_count(0)
    chat.last.get_by_role("button", name="Draw the diagram").click()
    frame = chat.last.locator("iframe")
    expect(frame).to_have_attribute("sandbox", "allow-scripts")
    svg = chat.last.frame_locator("iframe").frame_locator("iframe").locator("svg")
    expect(svg).to_be_visible()
    expect(svg).to_contain_text("Flood")
    assert not asked_for(urls, "mermaid")
    chat.last.get_by_role("button", name="Show the source").click()
    expect(chat.last.locator("pre")).to_be_visible()
    expect(frame).to_have_count(0)


def test_a_footnote_is_gone_to_and_left_while_the_notebook_stays_where_it_is(notebook: Notebook, chat: Chat) -> None:
    answer(chat, "notes")
    host = notebook.page.locator(".jp-WindowedPanel-outer").first
    reference = chat.last.get_by_role("link", name="Footnote 1", exact=True)
    scroller = chat.root.locator(".cw-scroller")
    scroller.evaluate("scroller => { scroller.scrollTop = 0 }")
    # The lower half of the chat is out of sight, and with it the place where the note would be without more ado.
    host.evaluate(
        "(host, top) => { host.scrollTop += top - host.getBoundingClientRect().bottom }",
        scroller.evaluate("one => one.getBoundingClientRect().top + one.clientHeight / 2"),
    )
    expect(reference).to_be_in_viewport()
    before = host.evaluate("host => host.scrollTop")
    assert host.evaluate("host => host.scrollHeight - host.clientHeight - host.scrollTop") > 200, "it could not move"

    reference.click()
    expect(chat.last.locator(".cw-notes li")).to_be_focused()
    expect(chat.last.locator(".cw-notes li")).to_contain_text("Of 1896, page 12.")
    assert scroller.evaluate("scroller => scroller.scrollTop") > 300
    assert host.evaluate("host => host.scrollTop") == before
    chat.last.get_by_role("link", name="Back to the text").evaluate("link => link.click()")
    expect(reference).to_be_focused()
    assert scroller.evaluate("scroller => scroller.scrollTop") < 100
    assert host.evaluate("host => host.scrollTop") == before


def test_a_remote_image_is_fetched_after_a_click_only(notebook: Notebook, chat: Chat, urls: list[str]) -> None:
    picture = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='30'/>"

    def give(route: Route) -> None:
        route.fulfill(body=picture, content_type="image/svg+xml")

    notebook.page.route("https://pictures.example/**", give)
    answer(chat, "image")
    ask = chat.last.get_by_role("button", name="Load image from pictures.example")
    expect(ask).to_contain_text("the harbour")
    assert chat.last.locator("img").count() == 0
    assert not asked_for(urls, "pictures.example")
    ask.click()
    image = chat.last.get_by_role("img", name="the harbour")
    expect(image).to_have_js_property("naturalWidth", 40)
    assert asked_for(urls, "pictures.example") == ["https://pictures.example/harbour.png"]
    notebook.page.unroute("https://pictures.example/**", give)


def test_a_thought_is_open_until_the_answer_begins_and_can_be_opened_again(chat: Chat) -> None:
    chat.send("thought")
    thought = chat.last.locator(".cw-reasoning")
    expect(thought).to_contain_text("The moon pulls.")
    expect(thought.get_by_role("button")).to_have_text("Thinking…")
    expect(chat.last).to_contain_text("It is the moon.")
    expect(thought.get_by_role("button")).to_have_text(re.compile(r"^Thought for \d"))
    expect(thought).not_to_contain_text("The moon pulls.")
    thought.get_by_role("button").click()
    expect(thought).to_contain_text("The moon pulls.")


def test_an_answer_that_failed_says_why_and_is_tried_again(chat: Chat) -> None:
    chat.send("failing")
    card = chat.last.locator(".cw-error-card")
    expect(card).to_contain_text("The endpoint of the tides is away.")
    expect(chat.last).to_contain_text("It began")
    card.get_by_role("button", name="Try again").click()
    expect(chat.last).to_contain_text("The second try.")
    expect(chat.last).to_have_attribute("data-status", "complete")
    expect(card).to_have_count(0)
    expect(chat.last.locator(".cw-siblings")).to_contain_text("2/2")


def test_four_calls_are_one_line_that_unfolds(chat: Chat) -> None:
    answer(chat, "calls")
    expect(chat.last).to_contain_text("Four hours looked up.")
    line, calls = chat.root.locator(".cw-calls"), chat.root.locator(".cw-tool")
    expect(line).to_contain_text("4 tool calls")
    expect(line).to_have_attribute("aria-expanded", "false")
    expect(calls).to_have_count(0)
    line.click()
    expect(calls).to_have_count(4)
    calls.nth(2).get_by_role("button").first.click()
    expect(calls.nth(2)).to_contain_text("3 metres at 2 o'clock")
    line.click()
    expect(calls).to_have_count(0)


def test_what_no_model_is_told_of_is_marked(chat: Chat) -> None:
    chat.send("/secret")
    expect(chat.last).to_contain_text("Between you and me.")
    expect(chat.last.locator(".cw-badge")).to_have_text("Not sent to the model")
    answer(chat, "sources")
    expect(chat.last.locator(".cw-badge")).to_have_count(0)


def test_the_sources_of_an_answer_are_named_once_each_and_lead_there(chat: Chat) -> None:
    answer(chat, "sources")
    links = chat.last.locator("a.cw-source")
    expect(links).to_have_text([re.compile("1.*Tides of Kiel"), re.compile("2.*The moon")])
    expect(links.first).to_have_attribute("href", "https://tides.example/kiel")
    expect(links.first).to_have_attribute("target", "_blank")
    expect(links.first).to_have_attribute("rel", re.compile("noopener.*noreferrer"))
    chat.last.get_by_role("button", name="2 sources").click()
    expect(chat.last.locator(".cw-source-list")).to_contain_text("High water at noon.")
