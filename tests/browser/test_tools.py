"""Tools and typed replies as a person sees them in a real JupyterLab: previews, data, versions, a list of tools."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.lab import Lab, run_chat
from tests.browser.test_jupyterlab import WATCH

PREVIEW = '''
from IPython.display import Markdown
from chatwidget import ChatWidget, function_tool
from chatwidget.models.scripted import ScriptedModel, ToolCall

TEXT = """The harbour wakes before the town does. Ropes creak, gulls **argue** over the first boats, and somebody
whistles.

- *Herring*, sold by the crate
- *Mackerel*, still shining
- A cat that belongs to nobody"""

@function_tool
def publish(title: str, text: str) -> str:
    """Publish an article.

    Args:
        title: Its headline.
        text: Its text, in Markdown.
    """
    return f"Published as /articles/{title.lower().replace(' ', '-')}, {len(text.split())} words."

@publish.preview
def show(title: str, text: str = ""):
    return Markdown(f"## {title}\\n\\n{text}")

chat = ChatWidget(
    model=ScriptedModel(
        ["I will write it now.", ToolCall("publish", {"title": "Morning at the harbour", "text": TEXT})],
        "It is online.",
        delay=0.012,
    ),
    tools=[publish],
    title="Newsroom",
)
chat
'''

STREAMING = '''
from collections.abc import AsyncIterator
from pydantic import BaseModel
from chatwidget import ChatWidget
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.streaming_tools import streaming_function_tool

class Plan(BaseModel):
    goal: str
    steps: list[str]

@streaming_function_tool
async def plan(plans: AsyncIterator[Plan]) -> str:
    """Note a plan."""
    noted = 0
    async for plan in plans:
        for step in (plan.steps or [])[noted:-1]:
            print("noted:", step)
            noted += 1
    print("noted:", plan.steps[-1])
    return f"A plan of {len(plan.steps)} steps"

steps = ["collect the readings", "throw out what is broken", "fit a line", "draw it", "write two sentences"]
chat = ChatWidget(
    model=ScriptedModel(ToolCall("plan", {"goal": "A report on the tides", "steps": steps}), "Noted.", delay=0.015),
    tools=[plan],
)
chat
'''

SONG = """
from pydantic import BaseModel, Field
from chatwidget import ChatWidget
from chatwidget.models.scripted import ScriptedModel

class Song(BaseModel):
    title: str
    minutes: float = Field(gt=0, lt=10)
    verses: list[str]

good = Song(title="Low Water", minutes=3.5, verses=["The tide went out", "and left a shoe", "for someone new"])
chat = ChatWidget(
    model=ScriptedModel(
        good.model_copy(update={"minutes": 31.0}).model_dump_json(), good.model_dump_json(), delay=0.012
    )
)
chat
"""

VERSIONS = """
from chatwidget import ChatWidget, Generate, GetUserInput, User, app
from chatwidget.models.scripted import ScriptedModel

@app
async def three_ways():
    while True:
        yield User((yield GetUserInput()))
        yield Generate(n=3, choice=lambda replies: max(replies, key=lambda reply: len(reply.text)))

chat = ChatWidget(
    three_ways(),
    model=ScriptedModel("Short.", "The longest of these three lines.", "Rather longer.", delay=0.012),
)
chat
"""

TOOLS = """
from chatwidget import ChatWidget, function_tool
from chatwidget.models.scripted import ScriptedModel

model = ScriptedModel("Hello!", "Hello again!")
chat = ChatWidget(model=model, title="Lighthouse")
chat
"""
MORE_TOOLS = '''
@chat.tool
def level(station: str) -> float:
    """Tell the level of the water at a station, in metres above chart datum."""
    return 1.2

@chat.tool
@function_tool(approve=True)
def lamp(on: bool) -> None:
    """Switch the lamp."""
'''


def test_a_preview_grows_in_the_card_while_the_arguments_are_written(lab: Lab, page: Page) -> None:
    _, chat = run_chat(lab, page, "preview", PREVIEW)
    page.evaluate(WATCH, ".cw-tool")
    chat.send("An article about the harbour, please")
    expect(chat.last).to_contain_text("It is online.")
    preview = chat.root.locator(".cw-tool-preview")
    expect(preview.get_by_role("heading", name="Morning at the harbour")).to_be_visible()
    expect(preview.get_by_role("listitem")).to_have_count(3)
    expect(chat.root.locator(".cw-tool")).to_contain_text("Published as /articles/morning-at-the-harbour")
    growing = [text for text in page.evaluate("window.seen") if "Writing" in text and "Ropes creak" in text]
    assert len({text for text in growing if "belongs to nobody" not in text}) >= 3, "the preview came in one go"


def test_a_tool_that_streams_prints_while_its_arguments_are_written(lab: Lab, page: Page) -> None:
    _, chat = run_chat(lab, page, "streaming", STREAMING)
    page.evaluate(WATCH, ".cw-tool")
    chat.send("Make a plan")
    expect(chat.last).to_contain_text("Noted.")
    card = chat.root.locator(".cw-tool")
    expect(card).to_contain_text("noted: write two sentences")
    expect(card).to_contain_text("A plan of 5 steps")
    early = [text for text in page.evaluate("window.seen") if "Writing" in text and "noted: collect" in text]
    assert early, "nothing was printed before the arguments were whole"


def test_an_answer_that_is_data_is_shown_as_fields_and_the_rejected_one_is_marked(lab: Lab, page: Page) -> None:
    cell = "song = await chat.ask('A song about the tide', output_type=Song)\nsong.title, song.minutes"
    notebook, chat = run_chat(lab, page, "song", SONG, cell)
    notebook.run(2)
    expect(notebook.output(2)).to_have_text("('Low Water', 3.5)")
    outputs = chat.root.locator(".cw-output")
    expect(outputs).to_have_count(2)
    rejected = chat.root.locator(".cw-assistant").first
    expect(rejected).to_contain_text("Rejected: not a valid Song")
    expect(outputs.last.locator("dt")).to_have_text(["title", "minutes", "verses"])
    expect(outputs.last).to_contain_text("Low Water")


def test_several_replies_are_versions_of_one_message(lab: Lab, page: Page) -> None:
    _, chat = run_chat(lab, page, "versions", VERSIONS)
    chat.send("Say it three ways")
    expect(chat.last).to_contain_text("The longest of these three lines.")
    expect(chat.last.locator(".cw-siblings")).to_contain_text("2/3")
    chat.last.get_by_role("button", name="Next version").click()
    expect(chat.last).to_contain_text("Rather longer.")
    expect(chat.last.locator(".cw-siblings")).to_contain_text("3/3")


def test_the_list_of_tools_says_where_each_comes_from_and_switches_it(lab: Lab, page: Page) -> None:
    look = "[tool.name for tool in model.requests[-1].tools]"
    notebook, chat = run_chat(lab, page, "list", TOOLS, MORE_TOOLS, look, "chat.enable('lamp')")
    notebook.run(2)
    chat.root.get_by_role("button", name="2 tools").click()
    rows = chat.root.locator(".cw-tools-row")
    expect(rows.first).to_contain_text("level")
    expect(rows.first).to_contain_text("In [")
    expect(rows.last).to_contain_text("asks first")
    chat.root.get_by_role("switch", name="The model may use lamp").click()
    expect(chat.root.get_by_role("button", name="1 of 2 tools")).to_be_visible()
    chat.send("Hi")
    expect(chat.last).to_contain_text("Hello!")
    notebook.run(3)
    expect(notebook.output(3)).to_have_text("['level']")
    notebook.run(4)
    expect(chat.root.get_by_role("switch", name="The model may use lamp")).to_be_checked()
