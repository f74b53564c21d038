"""The composer in a real JupyterLab: starters, commands, variables, files, the queue, and drafts after a reload."""

from __future__ import annotations

import re

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.lab import Lab, run_chat

CHAT = '''
import asyncio
from chatwidget import ChatWidget

harbours = ["Delfzijl", "Harlingen", "Vlissingen"]

async def told(messages):
    """Say what has come with the last message."""
    last = messages[-1]
    yield " | ".join([type(part).__name__ for part in last.parts])
    if "slowly" in last.text:
        for _ in range(200):
            await asyncio.sleep(0.05)
            yield " ."

chat = ChatWidget(told, starters=[("Say hello", "Hello there"), "What can you do?"])

@chat.command
def shout(words: str) -> str:
    """Say it louder."""
    return words.upper()

chat
'''
FILES = '[(part.name, len(part.data) * 3 // 4) for part in chat.messages[-2].parts if hasattr(part, "data")]'

WORK = '''
from threading import Event
from chatwidget import ChatWidget
from chatwidget.models.scripted import ScriptedModel, ToolCall

found = Event()

def search(words: str) -> str:
    """Search the archive."""
    found.wait()
    return "3 letters"

model = ScriptedModel(ToolCall("search", {"words": "Ada"}), "Trois lettres.", "Then no more.")
chat = ChatWidget(model=model, tools=[search])
chat
'''
ASKED = "[(message.role, message.text) for message in model.requests[-1].messages[-2:]]"
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PICTURES = '[part.url for part in chat.messages[-2].parts if hasattr(part, "url")]'
# What a browser does when files are pasted or dropped; the clipboard itself takes no file from a script.
GIVE = """
(element, { kind, name, data }) => {
  const files = new DataTransfer();
  files.items.add(new File([Uint8Array.from(atob(data), (one) => one.charCodeAt(0))], name, { type: "image/png" }));
  const given = { bubbles: true, cancelable: true };
  if (kind === "paste") element.dispatchEvent(new ClipboardEvent(kind, { ...given, clipboardData: files }));
  else element.dispatchEvent(new DragEvent(kind, { ...given, dataTransfer: files }));
}
"""


def test_a_starter_sends_its_text(lab: Lab, page: Page) -> None:
    _, chat = run_chat(lab, page, "starters", CHAT)
    chat.root.get_by_role("button", name="Say hello").click()
    expect(chat.root.locator(".cw-user")).to_contain_text("Hello there")
    expect(chat.last).to_have_attribute("data-status", "complete")
    expect(chat.root.locator(".cw-starter")).to_have_count(0)


def test_a_command_is_completed_run_and_brought_back_by_the_keyboard_alone(lab: Lab, page: Page) -> None:
    _, chat = run_chat(lab, page, "commands", CHAT)
    chat.composer.focus()
    page.keyboard.type("/sho")
    expect(chat.root.get_by_role("option")).to_contain_text("Say it louder.")
    page.keyboard.press("Tab")
    expect(chat.composer).to_have_value("/shout ")
    page.keyboard.type("high water")
    page.keyboard.press("Enter")
    expect(chat.last).to_contain_text("HIGH WATER")
    expect(chat.composer).to_have_value("")
    page.keyboard.press("ArrowUp")
    expect(chat.composer).to_have_value("/shout high water")
    page.keyboard.press("ArrowDown")
    expect(chat.composer).to_have_value("")


def test_a_variable_is_offered_looked_at_and_sent(lab: Lab, page: Page) -> None:
    notebook, chat = run_chat(lab, page, "variables", CHAT, FILES)
    chat.composer.focus()
    page.keyboard.type("Which is best, @har")
    expect(chat.root.get_by_role("option")).to_contain_text("list of 3")
    page.keyboard.press("Enter")
    chip = chat.root.locator(".cw-variable")
    chip.locator("[aria-expanded]").click()
    expect(chat.root.locator(".cw-peek")).to_contain_text("Vlissingen")
    chat.composer.press("Enter")
    expect(chat.last).to_contain_text("TextPart | FilePart")
    expect(chip).to_have_count(0)
    notebook.run(2)
    expect(notebook.output(2)).to_contain_text("('harbours',")


def test_a_file_of_several_pieces_arrives_whole(lab: Lab, page: Page) -> None:
    notebook, chat = run_chat(lab, page, "files", CHAT, FILES)
    wide = FilePayload(name="tides.bin", mimeType="application/octet-stream", buffer=bytes(range(256)) * 6_000)
    huge = FilePayload(name="huge.bin", mimeType="application/octet-stream", buffer=bytes(25_000_001))
    chat.root.locator("input[type=file]").set_input_files([wide, huge])
    expect(chat.root.locator(".cw-attach-failed")).to_contain_text("at most 25 MB")
    chat.root.get_by_role("button", name="Remove huge.bin").click()
    expect(chat.root.locator("progress")).to_have_count(0)
    chat.send("What is this?")
    expect(chat.last).to_contain_text("TextPart | FilePart")
    notebook.run(2)
    expect(notebook.output(2)).to_contain_text("('tides.bin', 1536000)")


def test_a_pasted_and_a_dropped_picture_are_shown_and_sent(lab: Lab, page: Page) -> None:
    notebook, chat = run_chat(lab, page, "pictures", CHAT, PICTURES)
    thumbnails = chat.root.locator(".cw-attachments img")
    chat.composer.evaluate(GIVE, {"kind": "paste", "name": "pasted.png", "data": DOT})
    expect(thumbnails).to_have_count(1)
    scroller = chat.root.locator(".cw-scroller")
    scroller.evaluate(GIVE, {"kind": "dragover", "name": "dropped.png", "data": DOT})
    expect(chat.root).to_contain_text("Drop files to attach them")
    scroller.evaluate(GIVE, {"kind": "drop", "name": "dropped.png", "data": DOT})
    expect(thumbnails).to_have_count(2)
    assert thumbnails.evaluate_all("all => Promise.all(all.map((one) => one.decode())).then(() => all.length)") == 2
    expect(chat.composer).to_be_focused()
    chat.send("Which is better?")
    expect(chat.last).to_contain_text("TextPart | ImagePart | ImagePart")
    expect(thumbnails).to_have_count(0)
    expect(chat.root.locator(".cw-user img")).to_have_count(2)
    notebook.run(2)
    expect(notebook.output(2)).to_have_text(f"{[f'data:image/png;base64,{DOT}'] * 2}")


def test_a_running_turn_is_steered_and_what_waits_behind_it_is_dropped(lab: Lab, page: Page) -> None:
    notebook, chat = run_chat(lab, page, "steer", WORK, "found.set()", ASKED)
    number, queue = notebook.prompt(1).inner_text(), chat.root.locator(".cw-queue .cw-chip")
    chat.send("What do we have of Ada?")
    expect(chat.root.locator(".cw-tool")).to_contain_text("Ada")
    chat.send("And of Bob?")
    chat.composer.fill("In French, please")
    chat.composer.press("Control+Enter")
    expect(queue).to_have_text([re.compile("Joins this answer.*In French"), re.compile("And of Bob")])
    queue.last.get_by_role("button", name="Remove from the queue").click()
    expect(queue).to_contain_text(["In French, please"])
    notebook.run(2)
    expect(chat.last).to_contain_text("Trois lettres.")
    expect(chat.root.locator(".cw-user")).to_contain_text(["What do we have of Ada?", "In French, please"])
    expect(queue).to_have_count(0)
    notebook.run(3)
    expect(notebook.output(3)).to_have_text("[('tool', ''), ('user', 'In French, please')]")
    assert notebook.prompt(1).inner_text() == number, "JupyterLab has run the cell again"


def test_what_waits_can_be_taken_back_or_sent_in_place_of_the_answer(lab: Lab, page: Page) -> None:
    _, chat = run_chat(lab, page, "queue", CHAT)
    chat.send("Tell me slowly")
    chat.root.get_by_role("button", name="Stop").wait_for()
    chat.send("And then?")
    expect(chat.root.locator(".cw-queue .cw-chip")).to_contain_text("And then?")
    chat.root.get_by_role("button", name="Edit in the composer").click()
    expect(chat.composer).to_have_value("And then?")
    expect(chat.root.locator(".cw-queue")).to_have_count(0)
    chat.composer.press("Alt+Enter")
    expect(chat.root.locator(".cw-user").last).to_contain_text("And then?")
    expect(chat.last).to_have_attribute("data-status", "complete")
    expect(chat.last).to_have_text(re.compile("TextPart"))


def test_a_draft_outlives_a_reload(lab: Lab, page: Page) -> None:
    notebook, chat = run_chat(lab, page, "drafts", CHAT)
    chat.composer.fill("half a thought")
    notebook.save()
    page.reload()
    notebook = lab.open(page, "drafts.ipynb")
    expect(notebook.chat().composer).to_have_value("half a thought")
