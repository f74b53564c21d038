"""What a notebook keeps of a chat, and what is shown where no widget can be."""

from __future__ import annotations

import re

from tests.kernel.page import Page, ask, open_chat
from tests.kernel.process import Kernel

CHAT = "chat = ChatWidget(model='echo')\nchat"


def test_the_text_of_a_chat_is_the_same_in_every_run(kernel: Kernel) -> None:
    texts = [kernel.run(CHAT).bundle["text/plain"] for _ in range(2)]
    texts.append(kernel.run("chat.close()\nrepr(chat)").bundle["text/plain"].strip("'"))
    assert texts == ["ChatWidget(conversation)"] * 3


def test_a_shown_chat_carries_its_transcript_as_html_and_markdown(kernel: Kernel) -> None:
    page = open_chat(kernel, CHAT)
    ask(page, {"type": "send", "text": "What is <b> & why?"})
    page.until_settled()
    bundle = kernel.run("chat").bundle
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == page.comm
    assert "> What is &lt;b> & why?" in bundle["text/markdown"]
    assert "What is &lt;b&gt; &amp; why?" in bundle["text/html"]
    assert "<b>" not in bundle["text/html"]


def test_the_transcript_holds_no_id_address_or_time_so_that_it_is_the_same_in_every_run(kernel: Kernel) -> None:
    def run() -> tuple[str, str]:
        page = open_chat(kernel, CHAT)
        ask(page, {"type": "send", "text": "Hello"})
        page.until_settled()
        bundle = kernel.run("chat").bundle
        kernel.run("chat.close()")
        return bundle["text/html"], bundle["text/markdown"]

    first, second = run(), run()
    assert first == second
    assert not re.search(r"0x[0-9a-f]{6}|[0-9a-f]{16}", "".join(first))


def test_an_empty_chat_is_shown_without_a_transcript(kernel: Kernel) -> None:
    assert kernel.run(CHAT).bundle.keys() == {"text/plain", "application/vnd.jupyter.widget-view+json"}


def test_the_words_an_app_begins_with_are_no_matter_of_luck_in_what_the_notebook_keeps(kernel: Kernel) -> None:
    first = """
async def greeter():
    yield Assistant("Welcome!")
    yield GetUserInput()
"""
    kernel.run(first)
    for _ in range(5):
        page = Page(kernel)
        bundle = kernel.run("chat = ChatWidget(greeter)\nchat").bundle
        assert "text/html" not in bundle, "it is of the moment before the app began"
        page.until(lambda page=page: page.text == "Welcome!")  # type: ignore[misc]
        assert "Welcome!" in kernel.run("chat").bundle["text/html"]


def test_a_closed_chat_is_shown_as_its_text_only(kernel: Kernel) -> None:
    kernel.run(CHAT)
    assert kernel.run("chat.close()\nchat").bundle == {"text/plain": "ChatWidget(conversation)"}
