"""Notebook 7 listens for its shortcuts in the capture phase; a smoke test that the chat lives there too."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.lab import Lab


def test_shift_enter_in_the_composer_is_a_new_line_and_does_not_run_the_cell(lab: Lab, page: Page) -> None:
    cell = "from chatwidget import ChatWidget\nchat = ChatWidget(model='echo')\nchat"
    notebook = lab.open(page, lab.write("nb7.ipynb", [cell]), app="notebooks")
    notebook.run(1)
    chat = notebook.chat()
    chat.composer.click()
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    expect(chat.composer).to_have_value("one\ntwo")
    assert notebook.prompt(1).inner_text() == "[2]:"
    page.keyboard.press("Enter")
    expect(chat.last).to_have_attribute("data-status", "complete")
    expect(chat.last).to_contain_text("one")
    expect(chat.last).to_contain_text("two")
