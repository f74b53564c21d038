"""What a chat does on a notebook's page: without its kernel, cut off from the server, scrolled, and shown twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect

from tests.browser.lab import Chat, Lab, Notebook, run_chat

ECHO = "from chatwidget import ChatWidget\nchat = ChatWidget(lambda messages: messages[-1].text, title='Echo')\nchat"
# Says a line at a time: as many as the message has letters.
LINES = """
import asyncio
from chatwidget import ChatWidget

async def lines(messages):
    for number in range(len(messages[-1].text)):
        yield f"line{number}\\n\\n"
        await asyncio.sleep(0.01)

chat = ChatWidget(lines, max_height="360px")
chat
"""
SAVE_STATE = "window.jupyterapp.commands.execute('@jupyter-widgets/jupyterlab-manager:saveWidgetState')"
MOVING = """root => root.getAnimations({ subtree: true }).filter((one) => one.playState === "running"
  && one.effect.getComputedTiming().iterations === Infinity && one.effect.target.checkVisibility()).length"""
# Notes everything that scrolls the notebook, however shortly.
WATCH_NOTEBOOK = """root => {
  const scroller = root.closest(".jp-WindowedPanel-outer");
  window.unwatch?.();
  root.scrollIntoView({ block: "center" });
  const before = scroller.scrollTop;
  window.moves = [];
  const look = () => { if (scroller.scrollTop !== before) window.moves.push(scroller.scrollTop - before); };
  scroller.addEventListener("scroll", look);
  window.unwatch = () => scroller.removeEventListener("scroll", look);
  return [before, scroller.scrollHeight - scroller.clientHeight - before];
}"""
FRAMES = (
    "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))"
)
TOP = "one => one.scrollTop"
LEFT_BELOW = "one => one.scrollHeight - one.clientHeight - one.scrollTop"


def say(chat: Chat, text: str) -> None:
    chat.send(text)
    expect(chat.last).to_have_attribute("data-status", "complete")
    expect(chat.last).to_contain_text(text.split(maxsplit=1)[0])


def scroller(chat: Chat) -> Locator:
    return chat.root.locator(".cw-scroller")


@contextmanager
def widget_state_saved(page: Page) -> Iterator[None]:
    """Save the widgets' state with the notebook, as Settings > Save Widget State Automatically does."""
    page.evaluate(SAVE_STATE)
    try:
        yield
    finally:
        page.evaluate(SAVE_STATE)


def test_a_notebook_opened_without_its_kernel_shows_the_transcript_to_read(lab: Lab, page: Page) -> None:
    notebook, chat = run_chat(lab, page, "reopened", ECHO)
    say(chat, "remember **me**")
    with widget_state_saved(page):
        say(chat, "and me")
        chat = notebook.reopen_without_kernel(chat, lab.folder / "reopened.ipynb")
        expect(chat.root.locator(".cw-user")).to_have_text([re.compile("remember"), re.compile("and me")])
        expect(chat.root.locator(".cw-assistant strong")).to_have_text("me")
        expect(chat.last).to_contain_text("and me")
        status = chat.root.locator(".cw-status")
        expect(status).to_have_text("This notebook was opened without the kernel of this chat. Run its cell to talk.")
        expect(chat.composer).to_be_disabled()
        for name in ("Send", "New chat", "Attach files", "Edit message", "Try again"):
            buttons = chat.root.get_by_role("button", name=name, exact=True)
            expect(buttons).not_to_have_count(0)
            expect(buttons.and_(page.locator(":enabled"))).to_have_count(0)
        assert chat.root.evaluate(MOVING) == 0, "something still spins"


# JupyterLab takes 1000 and 1001 for an end that was meant.
CUT = 3001


class Cable:
    """The way from the page to its kernel, which can be cut."""

    def __init__(self, page: Page) -> None:
        self.sockets: list[WebSocketRoute] = []
        self.cut = False
        self.tries = 0
        page.route_web_socket(re.compile("/channels"), self._plug)

    def _plug(self, socket: WebSocketRoute) -> None:
        if self.cut:
            self.tries += 1
            socket.close(code=CUT)
            return
        socket.connect_to_server()
        self.sockets.append(socket)

    def pull(self) -> None:
        self.cut = True
        for socket in self.sockets:
            socket.close(code=CUT)
        self.sockets.clear()


def test_a_lost_connection_is_said_to_be_lost_and_nothing_said_meanwhile_is(lab: Lab, page: Page) -> None:
    cable = Cable(page)
    _, chat = run_chat(lab, page, "cut", LINES)
    status = chat.root.locator(".cw-status")
    chat.send("x" * 150)
    expect(chat.last).to_contain_text("line9")
    chat.composer.fill("a draft")
    cable.pull()
    expect(status).to_have_text("The connection to the kernel was lost. Connecting again…")
    expect(chat.last).to_contain_text("line9")
    cable.cut = False
    expect(chat.last).to_have_attribute("data-status", "complete")
    expect(status).to_have_count(0)
    assert chat.last.locator(".cw-content p").all_text_contents() == [f"line{number}" for number in range(150)]
    expect(chat.composer).to_have_value("a draft")

    cable.pull()
    expect(status).to_contain_text("Connecting again")
    chat.send("yes")
    cable.cut = False
    expect(chat.root.locator(".cw-user-text").last).to_have_text("yes")
    expect(chat.last).to_contain_text("line2")
    expect(chat.last).to_have_attribute("data-status", "complete")
    expect(status).to_have_count(0)
    expect(chat.root.locator(".cw-user")).to_have_count(2)


@pytest.fixture(scope="module")
def tall_page(browser: Browser, lab: Lab) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    notebook, _ = run_chat(lab, page, "tall", LINES, *["# a\n" * 30 for _ in range(6)])
    notebook.cell(0).locator(".cm-content").fill("#\n" * 20)
    yield page
    page.close()


@pytest.fixture
def tall(tall_page: Page) -> Chat:
    """A chat amid a notebook that goes on above and below it, with everything that moves the notebook noted."""
    chat = Notebook(tall_page).chat()
    if chat.root.locator(".cw-user").count() == 0:
        chat.send("x" * 60)
        expect(chat.last).to_have_attribute("data-status", "complete")
    chat.composer.focus()
    above, below = chat.root.evaluate(WATCH_NOTEBOOK)
    assert above > 100 and below > 100, "this notebook cannot move"
    return chat


def test_a_reply_that_grows_follows_its_end_and_never_moves_the_notebook(tall: Chat, tall_page: Page) -> None:
    tall.send("x" * 100)
    expect(tall.last).to_contain_text("line99")
    expect(tall.last).to_have_attribute("data-status", "complete")
    assert scroller(tall).evaluate(LEFT_BELOW) < 2
    assert tall_page.evaluate("window.moves") == []


@pytest.mark.parametrize(("turn", "end"), [(240, LEFT_BELOW), (-240, TOP)], ids=["down", "up"])
def test_the_wheel_at_an_end_of_the_chat_never_moves_the_notebook(
    tall: Chat, tall_page: Page, turn: int, end: str
) -> None:
    inside = scroller(tall)
    inside.evaluate("(one, turn) => { one.scrollTop = turn < 0 ? 0 : one.scrollHeight; }", turn)
    inside.hover()
    for _ in range(5):
        tall_page.mouse.wheel(0, turn)
        tall_page.evaluate(FRAMES)
    assert inside.evaluate(end) < 2
    assert tall_page.evaluate("window.moves") == []


def test_a_person_who_reads_further_up_is_left_there_while_a_reply_grows(tall: Chat, tall_page: Page) -> None:
    tall.send("x" * 120)
    expect(tall.last).to_contain_text("line19")
    scroller(tall).hover()
    tall_page.mouse.wheel(0, -300)
    expect(tall.root.get_by_role("button", name="latest")).to_be_visible()
    place = scroller(tall).evaluate(TOP)
    expect(tall.last).to_have_attribute("data-status", "complete")
    assert abs(scroller(tall).evaluate(TOP) - place) < 2
    assert tall_page.evaluate("window.moves") == []


def test_the_wheel_over_a_chat_that_does_not_scroll_goes_on_to_the_notebook(tall: Chat, tall_page: Page) -> None:
    tall.root.get_by_role("button", name="New chat").click()
    expect(tall.root.locator(".cw-user")).to_have_count(0)
    scroller(tall).hover()
    tall_page.mouse.wheel(0, 120)
    tall_page.wait_for_function("window.moves.length > 0")


def test_two_views_share_what_is_said_and_the_draft_but_not_the_place(lab: Lab, page: Page) -> None:
    page.set_viewport_size({"width": 1100, "height": 1400})
    notebook, first = run_chat(lab, page, "views", LINES, "display(chat)")
    first.send("x" * 60)
    expect(first.last).to_have_attribute("data-status", "complete")
    notebook.run(2)
    second = notebook.chat(1)
    expect(second.last).to_contain_text("line59")
    scroller(first).hover()
    page.mouse.wheel(0, -400)
    expect(first.root.get_by_role("button", name="latest")).to_be_visible()
    place = scroller(first).evaluate(TOP)
    second.composer.fill("half a thou")
    expect(first.composer).to_have_value("half a thou")
    second.send("z" * 40)
    for chat in (first, second):
        expect(chat.root.locator(".cw-user-text").last).to_have_text("z" * 40)
        expect(chat.last).to_contain_text("line39")
        expect(chat.last).to_have_attribute("data-status", "complete")
        expect(chat.composer).to_have_value("")
    assert abs(scroller(first).evaluate(TOP) - place) < 2, "the view of a reader was moved"
    assert scroller(second).evaluate(LEFT_BELOW) < 2
    expect(second.root.get_by_role("button", name="latest")).to_have_count(0)
    first.send("ab")
    expect(second.root.locator(".cw-user-text").last).to_have_text("ab")
