"""Tools whose author said how they look, in a real JupyterLab."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.lab import Lab, run_chat
from tests.browser.test_jupyterlab import WATCH

PROGRAM = '''
from chatwidget import ChatWidget, Display, function_tool
from chatwidget.models.scripted import ScriptedModel, ToolCall

LOOK = Display(
    headers={"progress": "Running a **program**", "complete": "Ran a [program](https://example.org/about)"},
    argument=("code", "python"),
    title="Program",
    result="markdown",
    result_title="What it *found*",
)
CODE = """import math

def area(radius):
    return math.pi * radius ** 2

for radius in range(3):
    print(radius, area(radius))"""

@function_tool(display=LOOK)
def run_python(code: str, timeout: int = 5) -> str:
    """Run a program."""
    return "| radius | area |\\n|---|---|\\n| 1 | 3.14 |\\n| 2 | **12.57** |"

@function_tool(display=Display(show_header=False, result="html"))
def table() -> str:
    """Make a table."""
    return "<table><tr><th>tide</th></tr><tr><td>low</td></tr></table><script>parent.hacked = 1</script>"

chat = ChatWidget(
    model=ScriptedModel(
        [ToolCall("run_python", {"code": CODE, "timeout": 9}), ToolCall("table", {})],
        "That is all.",
        delay=0.012,
    ),
    tools=[run_python, table],
    title="Laboratory",
)
chat
'''
CHANGE = """
chat.display_tools({"run_python": {"header": {"complete": "A *new* header"}, "result": {"type": "text"}}})
"""


def test_a_tool_looks_as_its_author_said_and_a_change_reaches_the_open_card(lab: Lab, page: Page) -> None:
    notebook, chat = run_chat(lab, page, "display", PROGRAM, CHANGE)
    page.evaluate(WATCH, ".cw-tool")
    chat.send("Compute it")
    expect(chat.last).to_contain_text("That is all.")
    card, table = chat.root.locator(".cw-tool").all()
    expect(card.locator(".cw-tool-title")).to_have_text("Ran a program")
    expect(card.locator(".cw-tool-heading")).to_have_text(["Program", "What it found"])
    expect(card.locator(".cw-code-language")).to_have_text("python")
    expect(card.locator(".cw-code code")).to_contain_text("print(radius, area(radius))")
    expect(card.locator("dt")).to_have_text("timeout")
    expect(card.get_by_role("cell", name="12.57")).to_be_visible()
    growing = {text for text in page.evaluate("window.seen") if "Running a program" in text and "import math" in text}
    assert len(growing) >= 3, "the code came in one go"
    expect(table.get_by_role("button")).to_have_count(0)
    expect(table.locator("iframe").content_frame.get_by_role("cell", name="low")).to_be_visible()
    assert page.evaluate("window.hacked") is None
    notebook.run(2)
    expect(card.locator(".cw-tool-title em")).to_have_text("new")
    expect(card.locator(".cw-tool-text")).to_contain_text("| 2 | **12.57** |")
    card.locator(".cw-tool-title").scroll_into_view_if_needed()
    header = card.locator(".cw-tool-title").bounding_box()
    assert header is not None
    page.mouse.click(header["x"] + 12, header["y"] + header["height"] / 2)
    expect(card.locator(".cw-tool-head")).to_have_attribute("aria-expanded", "false")
