"""Stop takes effect while a cell runs. That it does is shown by the order of events, not by a clock.

Each cell here would run for ever, or nearly; it ends by the interrupt that is sent after the stopped message was seen.
"""

from __future__ import annotations

import pytest

from tests.kernel.page import Page, ask, open_chat
from tests.kernel.process import Cell, Kernel

ENDLESS = """
async def endless(messages):
    number = 0
    while True:
        number += 1
        yield f"tick{number} "
        await asyncio.sleep(0.002)

chat = ChatWidget(endless)
chat
"""

SLEEP = "time.sleep(600)"
BUSY = "while True: pass"


def run_for_ever(kernel: Kernel, work: str, before: str = "") -> Cell:
    """Begin a cell and wait until it is at work."""
    cell = kernel.begin(f"{before}\nprint('at work', flush=True)\n{work}")
    kernel.until(lambda: "at work" in cell.text)
    return cell


def stop_during(kernel: Kernel, page: Page, cell: Cell) -> None:
    """Stop the reply while the cell works, and check that just this has happened."""
    shown = page.text
    page.until(lambda: len(page.text) > len(shown))
    shown = page.text
    ask(page, {"type": "stop"})
    page.until_settled("stopped")
    assert page.text.startswith(shown), "what was shown was taken back"
    assert not cell.ended, "the cell had ended: this shows nothing"
    kernel.interrupt()
    assert cell.wait().error == "KeyboardInterrupt", "the cell ended by itself"
    assert kernel.value("(chat.messages[-1].status, chat.messages[-1].text)") == ("stopped", page.text)


@pytest.mark.parametrize("work", [SLEEP, BUSY])
def test_stop_takes_effect_before_the_cell_ends(kernel: Kernel, work: str) -> None:
    page = open_chat(kernel, ENDLESS)
    page.greet_apart()
    ask(page, {"type": "send", "text": "go"})
    page.until(lambda: "tick3 " in page.text)
    stop_during(kernel, page, run_for_ever(kernel, work))


@pytest.mark.parametrize("work", [SLEEP, BUSY])
def test_stop_takes_effect_when_the_running_cell_itself_sent_the_message(kernel: Kernel, work: str) -> None:
    page = open_chat(kernel, ENDLESS)
    page.greet_apart()
    cell = run_for_ever(kernel, work, before="chat.send('go')")
    page.until(lambda: "tick3 " in page.text)
    stop_during(kernel, page, cell)


def test_stop_works_a_second_time_after_cells_have_used_the_chat(kernel: Kernel) -> None:
    page = open_chat(kernel, ENDLESS)
    page.greet_apart()
    for _ in range(2):
        kernel.run("chat.title = chat.title + '!'\nchat.send('go')\nchat")
        page.until(lambda: page.last["status"] == "arriving" and "tick3 " in page.text)
        stop_during(kernel, page, run_for_ever(kernel, SLEEP))


def test_stop_without_a_subshell_works_when_no_cell_runs(kernel: Kernel) -> None:
    page = open_chat(kernel, ENDLESS)
    ask(page, {"type": "send", "text": "go"})
    page.until(lambda: "tick3 " in page.text)
    ask(page, {"type": "stop"})
    page.until_settled("stopped")
    assert "tick3 " in page.text


def test_stop_works_during_an_awaiting_cell(kernel: Kernel) -> None:
    page = open_chat(kernel, ENDLESS)
    page.greet_apart()
    cell = kernel.begin("(await chat.send('go')).status")
    page.until(lambda: page.last["role"] == "assistant" and "tick3 " in page.text)
    ask(page, {"type": "stop"})
    assert cell.wait().bundle["text/plain"] == "'stopped'"
    page.until_settled("stopped")
