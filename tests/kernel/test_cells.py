"""A chat used from cells, while the kernel does other things."""

from __future__ import annotations

import itertools

import pytest

from tests.kernel.page import ask, open_chat
from tests.kernel.process import Kernel

ECHO = "chat = ChatWidget(model='echo')\nchat"

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

# Counts to 20 and says where: what a person sees grow.
COUNTING = """
async def counting(messages):
    for number in range(20):
        yield f"{number} "
        await asyncio.sleep(0.005)

chat = ChatWidget(counting)
chat
"""


@pytest.mark.parametrize("work", ["pass", "time.sleep(0.001)", "sum(range(10_000))"])
def test_a_reply_goes_on_arriving_while_a_cell_computes_or_sleeps(kernel: Kernel, work: str) -> None:
    page = open_chat(kernel, COUNTING)
    page.until(lambda: page.state["status"] == "waiting")
    cell = kernel.begin(f"pending = chat.send('go')\nwhile not pending.done():\n    {work}\nprint('computed')")
    texts: list[str] = []

    def watch() -> bool:
        if page.text not in texts and page.last["role"] == "assistant":
            texts.append(page.text)
        return cell.ended

    kernel.until(watch)
    assert cell.error is None and cell.text == "computed\n"
    assert len(texts) >= 4, "the reply did not grow before the cell had ended"
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(texts))


def test_a_cell_can_await_a_reply(kernel: Kernel) -> None:
    page = open_chat(kernel, ECHO)
    cell = kernel.run("reply = await chat.send('Hello')\nreply.text, reply.status, reply is chat.messages[-1]")
    assert cell.bundle["text/plain"] == "('Hello', 'complete', True)"
    page.until_settled()
    assert page.text == "Hello"


def test_a_plain_cell_can_wait_for_a_reply(kernel: Kernel) -> None:
    open_chat(kernel, ECHO)
    assert kernel.value("chat.send('Hello').result().text") == "Hello"


def test_a_reply_nobody_waits_for_arrives_all_the_same_and_shows_nothing_in_the_cell(kernel: Kernel) -> None:
    page = open_chat(kernel, ECHO)
    cell = kernel.run("chat.send('Hello')")
    assert cell.bundle["text/plain"] in ("<running>", "<done>")
    page.until_settled()
    assert page.text == "Hello"


def test_a_cell_can_follow_the_events_of_a_turn(kernel: Kernel) -> None:
    open_chat(kernel, ECHO)
    kernel.run("events = [event async for event in chat.stream('Hello')]")
    assert kernel.value("''.join(e.text for e in events if hasattr(e, 'index') and hasattr(e, 'text'))") == "Hello"
    assert kernel.value("[e.message.text for e in events if type(e).__name__ == 'MessageEnded']") == ["Hello"] * 2


def test_leaving_the_events_of_a_turn_stops_it(kernel: Kernel) -> None:
    page = open_chat(kernel, ENDLESS)
    kernel.run("""
async for event in chat.stream("go"):
    if getattr(event, "text", "") == "tick3 ":
        break
del event
""")
    page.until_settled("stopped")
    assert "tick3 " in page.text


def test_a_turn_that_fails_raises_in_the_cell_that_waits_for_it(kernel: Kernel) -> None:
    page = open_chat(kernel, "def failing(messages): raise ValueError('no luck')\nchat = ChatWidget(failing)\nchat")
    for code in ("await chat.send('go')", "chat.send('go').result()", "[e async for e in chat.stream('go')]"):
        cell = kernel.begin(code).wait()
        assert cell.error == "ModelError" and "ValueError: no luck" in cell.traceback
        page.until(lambda: page.state["status"] == "idle" and "no luck" in str(page.last["error"]))


def test_waiting_on_the_chats_own_thread_is_refused_instead_of_hanging(kernel: Kernel) -> None:
    page = open_chat(
        kernel,
        "async def hasty(messages):\n    return chat.send('again').result().text\nchat = ChatWidget(hasty)\nchat",
    )
    cell = kernel.begin("await chat.send('go')").wait()
    assert cell.error == "ModelError" and "use `await`" in cell.traceback
    page.until(lambda: "use `await`" in str(page.last["error"]))


# Between two cells nothing wakes the kernel's loop, and then it does not notice an interrupt while it awaits.
TICKING = """
async def tick():
    while True:
        await asyncio.sleep(0.01)

ticks = asyncio.create_task(tick())
"""


@pytest.mark.parametrize(
    "work", ["time.sleep(600)", "while True: pass", "await asyncio.Event().wait()", "await pending", "pending.result()"]
)
def test_interrupting_the_kernel_does_not_stop_a_reply(kernel: Kernel, work: str) -> None:
    page = open_chat(kernel, ENDLESS)
    kernel.run(TICKING)
    kernel.run("pending = chat.send('go')")
    cell = kernel.begin(f"print('at work', flush=True)\n{work}")
    kernel.until(lambda: "at work" in cell.text)
    assert kernel.interrupt_cell(cell).error == ("CancelledError" if "await" in work else "KeyboardInterrupt")
    shown = page.text
    page.until(lambda: len(page.text) > len(shown))
    assert page.last["status"] == "arriving"
    assert kernel.value("pending.done()") is False
    assert kernel.value("chat.stop().result(), pending.result().status") == (True, "stopped")
    kernel.run("ticks.cancel()")


def test_interrupting_an_idle_kernel_does_not_stop_a_reply(kernel: Kernel) -> None:
    page = open_chat(kernel, ENDLESS)
    kernel.run("pending = chat.send('go')")
    page.until(lambda: "tick3 " in page.text)
    kernel.interrupt()
    shown = page.text
    page.until(lambda: len(page.text) > len(shown))
    assert kernel.value("chat.status, pending.done()") == ("running", False)


def test_python_sees_the_messages_and_the_status_as_they_are_at_every_moment(kernel: Kernel) -> None:
    page = open_chat(
        kernel,
        """
gate = threading.Event()
def gated(messages):
    yield "one"
    gate.wait()
    yield " two"

chat = ChatWidget(gated)
""",
    )
    look = "(chat.status, [(m.role, m.text, m.status) for m in chat.messages], len(chat.queued), chat.notice)"
    assert kernel.value(look) == ("idle", [], 0, None)
    ask(page, {"type": "send", "text": "go"})
    page.until(lambda: page.text == "one")
    ask(page, {"type": "send", "text": "later"})
    page.until(lambda: len(page.state["queued"]) == 1)
    asked = ("user", "go", "complete")
    assert kernel.value(look) == ("running", [asked, ("assistant", "one", "arriving")], 1, None)
    assert kernel.value("[m['content'] for m in chat.history]")[0] == "go"
    kernel.run("pending = chat.send('last')\ngate.set()\npending.result()")
    said = kernel.value("[(m.text, m.status) for m in chat.messages if m.role == 'assistant']")
    assert said == [("one two", "complete")] * 3
    page.until(lambda: page.state["status"] == "waiting")
    assert kernel.value("chat.status") == "waiting"


def test_observers_are_told_of_every_state_they_could_miss(kernel: Kernel) -> None:
    page = open_chat(
        kernel,
        """
chat = ChatWidget(model="echo")
seen = {"status": [], "messages": []}
chat.observe(lambda change: seen["status"].append(change.new), "status")
chat.observe(lambda change: seen["messages"].append([m.text for m in change.new]), "messages")
chat
""",
    )
    ask(page, {"type": "send", "text": "Hello"})
    page.until_settled()
    # An observer runs on the chat's thread, after the frame: what is submitted there now comes after it.
    kernel.run("from chatwidget import host\nasync def nothing(): pass\nhost.submit(nothing()).result()")
    assert kernel.value("seen['status'][-1]") == "waiting"
    assert kernel.value("seen['messages'][-1]") == ["Hello", "Hello"]
