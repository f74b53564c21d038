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
