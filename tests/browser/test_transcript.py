"""What a person does with a transcript, in a real JupyterLab: go back, judge, search, take away, and begin anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.lab import Chat, Lab, Notebook

SETUP = """
from chatwidget import ChatWidget
from chatwidget.models.scripted import Delay, ScriptedModel

def talk(*replies, **more):
    return ChatWidget(model=ScriptedModel(*replies), **more)
"""
HISTORY = """
said = [f"Line {number} of the log." for number in range(300)]
said[7] = "At dawn a kittiwake sat on the mast."
history = [{"role": "assistant" if number % 2 else "user", "content": text} for number, text in enumerate(said)]
"""
LOOK = """
ahoy = [{"role": "assistant", "name": "Ada", "content": "Ahoy!"}]
avatars = {"You": "🐸", "Ada": "🦉"}
chat = talk("Now.", "Then.", history=ahoy, timestamps=True, avatars=avatars, shortcuts={"retry": "Alt+R"})
chat
"""
# One notebook for all tests: each has a cell, and so a chat, of its own.
CELLS = {
    "setup": SETUP,
    "versions": "chat = talk('Delfzijl.', 'Harlingen.')\nchat",
    "again": "chat = talk('A first try.', 'A second try.')\nchat",
    "go on": "chat = talk(['One, two, ', Delay(3_600)], 'three.')\nchat",
    "delete": "chat = talk('First answer.', 'Second answer.')\nchat",
    "judge": "chat = talk('It rains.')\nchat",
    "judged": "chat.messages[-1].feedback",
    "history": f"{HISTORY}\nlog = talk('Nothing since.', 'Still nothing.', history=history)\nlog",
    "from code": "await log.send('And now?')\nlog.send('And later?').result()\n'sent'",
    "export": "chat = talk('It is **high** water, says `tide()`.')\nchat",
    "harbour": "chat = talk('Come in!', title='Harbour')\nchat",
    "anew": "chat = talk('The moon.', 'The sun.', title='Sky')\nchat",
    "look": LOOK,
}


@pytest.fixture(scope="module")
def notebook(lab: Lab, browser: Browser) -> Iterator[Notebook]:
    context = browser.new_context(
        viewport={"width": 1100, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    )
    context.set_default_timeout(30_000)
    notebook = lab.open(context.new_page(), lab.write("transcript.ipynb", list(CELLS.values())))
    notebook.run(1)
    yield notebook
    context.close()


def run(notebook: Notebook, name: str) -> Locator:
    """Run a cell of the notebook and return what it gave."""
    index = 1 + list(CELLS).index(name)
    notebook.run(index)
    return notebook.output(index)


def chat_of(notebook: Notebook, name: str) -> Chat:
    """Run a cell that shows a chat."""
    root = run(notebook, name).locator(".cw")
    expect(root).to_be_visible()
    return Chat(root)


def say(chat: Chat, text: str, answer: str) -> None:
    """Send something and wait until it has been answered."""
    chat.send(text)
    answered(chat, answer)


def answered(chat: Chat, answer: str) -> None:
    """Wait until this is the last answer."""
    expect(chat.last).to_contain_text(answer)
    expect(chat.last).to_have_attribute("data-status", "complete")


def press(where: Locator, name: str) -> None:
    """Point at something and click one of its buttons."""
    where.hover()
    where.get_by_role("button", name=name, exact=True).click()


def choose(chat: Chat, *items: str, of: Locator | None = None) -> None:
    """Choose from the menu of the chat, or of a message, and from the menus this leads to."""
    press(of or chat.root, "More about this message" if of else "Menu")
    for item in items:
        chat.root.get_by_role("menuitem", name=item).click()


def test_an_edited_message_has_its_old_version_beside_it_and_both_are_compared(notebook: Notebook) -> None:
    chat = chat_of(notebook, "versions")
    user, version = chat.root.locator(".cw-user"), chat.root.locator(".cw-version")
    say(chat, "Which harbour is best for coal?", "Delfzijl.")
    press(user, "Edit message")
    editor = user.get_by_role("textbox", name="Edited message")
    expect(editor).to_have_value("Which harbour is best for coal?")
    editor.fill("Which harbour is best for fish?")
    editor.press("Enter")
    answered(chat, "Harlingen.")
    expect(version).to_have_text("2/2")
    press(user, "Previous version")
    answered(chat, "Delfzijl.")
    expect(user).to_contain_text("for coal?")
    expect(version).to_have_text("1/2")
    press(user, "Next version")
    expect(user).to_contain_text("for fish?")
    version.click()
    diff = chat.root.get_by_role("dialog", name="Compare versions")
    expect(diff.locator("del mark")).to_have_text("coal")
    expect(diff.locator("ins mark")).to_have_text("fish")
    notebook.page.keyboard.press("Escape")
    expect(diff).to_have_count(0)


def test_an_answer_that_is_tried_again_is_kept(notebook: Notebook) -> None:
    chat = chat_of(notebook, "again")
    say(chat, "Try it", "A first try.")
    press(chat.last, "Try again")
    answered(chat, "A second try.")
    expect(chat.root.locator(".cw-user")).to_have_count(1)
    press(chat.last, "Previous version")
    answered(chat, "A first try.")


def test_an_answer_that_was_stopped_goes_on(notebook: Notebook) -> None:
    chat = chat_of(notebook, "go on")
    chat.send("Count to three")
    expect(chat.last).to_contain_text("One, two,")
    press(chat.root, "Stop")
    expect(chat.last).to_have_attribute("data-status", "stopped")
    press(chat.last, "Continue")
    answered(chat, "three.")
    expect(chat.root.locator(".cw-assistant")).to_contain_text(["One, two,", "three."])
    expect(chat.root.get_by_role("button", name="Continue")).to_have_count(0)


def test_what_was_deleted_comes_back_by_undo(notebook: Notebook) -> None:
    chat = chat_of(notebook, "delete")
    messages = chat.root.locator("[data-message]")
    say(chat, "First question", "First answer.")
    say(chat, "Second question", "Second answer.")
    choose(chat, "Delete this and what follows", of=messages.nth(2))
    expect(messages).to_contain_text(["First question", "First answer."])
    expect(messages).to_have_count(2)
    chat.root.locator(".cw-undo").get_by_role("button", name="Undo").click()
    expect(messages).to_contain_text(["First question", "First answer.", "Second question", "Second answer."])
    expect(chat.root.locator(".cw-undo")).to_have_count(0)


def test_a_judgement_and_its_comment_are_read_in_a_cell(notebook: Notebook) -> None:
    chat = chat_of(notebook, "judge")
    say(chat, "How is the weather?", "It rains.")
    press(chat.last, "Bad answer")
    comment = chat.last.get_by_role("textbox", name="What was wrong with it?")
    expect(comment).to_be_focused()
    comment.fill("Where?")
    comment.press("Enter")
    expect(comment).to_have_count(0)
    expect(chat.last.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")
    expect(run(notebook, "judged")).to_have_text("Feedback(value='down', comment='Where?')")


def test_a_search_finds_what_is_not_mounted_and_the_arrow_tells_what_has_come(notebook: Notebook) -> None:
    chat = chat_of(notebook, "history")
    expect(chat.last).to_contain_text("Line 299")
    bird = chat.root.locator("[data-message]", has_text="kittiwake")
    expect(bird).to_have_count(0)
    chat.composer.press("Control+f")
    notebook.page.keyboard.type("a kittiwake")
    expect(chat.root.locator(".cw-search-count")).to_have_text("1 of 1")
    expect(bird).to_be_in_viewport(ratio=1)
    notebook.page.keyboard.press("Escape")
    expect(bird).to_be_focused()
    run(notebook, "from code")
    chat.root.scroll_into_view_if_needed()  # the notebook has gone to the next cell
    arrow = chat.root.locator(".cw-latest")
    expect(arrow).to_have_attribute("aria-label", "Jump to the latest message (4 new messages)")
    expect(arrow.locator(".cw-unread")).to_have_attribute("data-n", "4")
    expect(bird).to_be_in_viewport(ratio=1)
    arrow.click()
    answered(chat, "Still nothing.")
    expect(chat.last).to_be_in_viewport(ratio=1)
    expect(arrow).to_have_count(0)


def test_a_chat_is_saved_as_a_file_and_an_answer_copied(notebook: Notebook) -> None:
    chat = chat_of(notebook, "export")
    say(chat, "How is the tide?", "It is high water, says tide().")
    with notebook.page.expect_download() as arriving:
        choose(chat, "Save or copy the chat", "Markdown .md")
    assert arriving.value.suggested_filename.endswith(".md")
    text = Path(arriving.value.path()).read_text(encoding="utf-8")
    assert "How is the tide?" in text
    assert "It is **high** water, says `tide()`." in text
    press(chat.last, "Copy")
    expect(chat.last.get_by_role("button", name="Copied")).to_be_visible()
    clipboard = "navigator.clipboard.readText()"
    assert notebook.page.evaluate(clipboard) == "It is **high** water, says `tide()`."
    choose(chat, "Copy as plain text", of=chat.last)
    notebook.page.wait_for_function(f"{clipboard}.then(text => text === 'It is high water, says tide().')")


def test_the_list_of_chats_leads_back_and_to_another_chat_of_the_kernel(notebook: Notebook) -> None:
    harbour, chat = chat_of(notebook, "harbour"), chat_of(notebook, "anew")
    messages, dialog = chat.root.locator("[data-message]"), chat.root.get_by_role("dialog", name="All chats")
    say(chat, "What is bright at night?", "The moon.")
    press(chat.root, "New chat")
    expect(messages).to_have_count(0)
    say(chat, "And by day?", "The sun.")
    choose(chat, "All chats")
    expect(dialog.get_by_role("button", name=re.compile("And by day.*open now"))).to_be_visible()
    dialog.get_by_role("button", name="What is bright at night?").click()
    expect(messages).to_contain_text(["What is bright at night?", "The moon."])
    choose(chat, "All chats")
    others = dialog.get_by_role("list", name="Other chats of this kernel")
    others.get_by_role("button", name=re.compile("^Harbour")).click()
    expect(chat.root.get_by_role("heading", name="Harbour")).to_be_visible()
    say(chat, "May I?", "Come in!")
    answered(harbour, "Come in!")


def test_a_chat_looks_and_listens_as_its_author_wants(notebook: Notebook) -> None:
    chat = chat_of(notebook, "look")
    say(chat, "When?", "Now.")
    expect(chat.root.locator(".cw-avatar")).to_have_text(["🦉", "🐸", "A"])
    expect(chat.last.locator("time")).to_have_text(re.compile(r"\d:\d\d"))
    expect(chat.last.locator("time")).to_have_css("opacity", "1")
    chat.composer.press("Alt+r")
    answered(chat, "Then.")
    expect(chat.last.locator(".cw-version")).to_have_text("2/2")
    chat.root.locator(".cw-scroller").focus()
    notebook.page.keyboard.press("?")
    row = chat.root.get_by_role("dialog", name="Keys").locator(".cw-keys-row", has_text="Try again")
    expect(row).to_contain_text("Alt+R")
    notebook.page.keyboard.press("Escape")
