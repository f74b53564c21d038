"""Tools that live in cells: registered, replaced, printing, failing and exiting, in a real kernel."""

from __future__ import annotations

import pytest

from tests.kernel.page import ask, open_chat
from tests.kernel.process import Kernel

# Calls the same tool in every turn, and then says what it got.
CALLING = """
from chatwidget.models.scripted import ScriptedModel, ToolCall
turn = ([ToolCall("work", {"a": 2, "b": 40})], "Done.")
model = ScriptedModel(*(turn * 4))
chat = ChatWidget(model=model)
chat
"""

ADD = '''
@chat.tool
def work(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b
'''


def test_a_tool_of_a_later_cell_is_called_and_shown(kernel: Kernel) -> None:
    page = open_chat(kernel, CALLING)
    kernel.run(ADD)
    page.until(lambda: [tool["description"] for tool in page.state["tools"]] == ["Add two numbers."])
    ask(page, {"type": "send", "text": "2 + 40?"})
    page.until_settled()
    [card] = page.cards
    assert (card["name"], card["input"], card["result"]) == ("work", {"a": 2, "b": 40}, "42")
    assert card["state"] == "output-available"
    assert page.text == "Done."
    assert kernel.value("work(1, 2)") == 3, "it stays the function it was"


def test_running_the_cell_again_replaces_the_tool(kernel: Kernel) -> None:
    page = open_chat(kernel, CALLING)
    kernel.run(ADD)
    kernel.run("await chat.send('first')")
    kernel.run(ADD.replace("a + b", "a * b").replace("Add", "Multiply"))
    kernel.run("await chat.send('second')")
    page.until_settled()
    page.until(lambda: len(page.cards) == 2 and page.cards[-1]["result"] is not None)
    assert [card["result"] for card in page.cards] == ["42", "80"]
    assert [tool["description"] for tool in page.state["tools"]] == ["Multiply two numbers."]


def test_a_tool_added_while_a_reply_is_under_way_holds_from_its_next_request(kernel: Kernel) -> None:
    page = open_chat(kernel, CALLING)
    kernel.run("""
begun, gate = threading.Event(), threading.Event()
@chat.tool
def work(a: int, b: int) -> str:
    "Wait for a later cell."
    begun.set()
    gate.wait()
    return "waited"
""")
    ask(page, {"type": "send", "text": "go"})
    kernel.run("begun.wait()")
    kernel.run('@chat.tool\ndef late() -> str:\n    "Came late."\n    return "here"')
    kernel.run("gate.set()")
    page.until_settled()
    assert kernel.value("[sorted(t.name for t in r.tools) for r in model.requests]") == [["work"], ["late", "work"]]
    kernel.run("chat.remove_tool(late)\nchat.remove_tool('work')")
    page.until(lambda: page.state["tools"] == [])


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_what_a_tool_prints_lands_in_its_card_and_in_no_cell(kernel: Kernel, kind: str) -> None:
    page = open_chat(kernel, CALLING)
    kernel.run(f"""
import sys
@chat.tool
{kind} work(a: int, b: int) -> int:
    "Print."
    print("from the tool")
    print("a warning", file=sys.stderr)
    return 1
""")
    for code in ("chat.send('go').result()", "await chat.send('go')"):
        cell = kernel.begin(code + "\nprint('from the cell')").wait()
        assert cell.text == "from the cell\n"
    ask(page, {"type": "send", "text": "go"})
    page.until(lambda: len(page.cards) == 3)
    page.until_settled()
    assert [card["output"] for card in page.cards] == ["from the tool\na warning\n"] * 3
    said = "".join(m["content"]["text"] for m in kernel.said if m["msg_type"] == "stream")
    assert "from the cell" in said and "from the tool" not in said and "a warning" not in said


def test_what_a_tool_prints_is_shown_while_it_runs(kernel: Kernel) -> None:
    page = open_chat(kernel, CALLING)
    kernel.run("""
gate = threading.Event()
@chat.tool
def work(a: int, b: int) -> str:
    "Print and wait."
    print("half way")
    gate.wait()
    return "done"
""")
    ask(page, {"type": "send", "text": "go"})
    page.until(lambda: bool(page.cards) and page.cards[0]["output"] == "half way\n")
    assert page.cards[0]["state"] == "input-available" and page.cards[0]["result"] is None
    kernel.run("gate.set()")
    page.until_settled()


@pytest.mark.parametrize("kind", ["def", "async def"])
@pytest.mark.parametrize("exit_by", ["raise KeyboardInterrupt", "raise SystemExit(3)", "sys.exit()"])
def test_a_tool_that_exits_ends_its_turn_as_stopped_and_nothing_else(kernel: Kernel, kind: str, exit_by: str) -> None:
    page = open_chat(kernel, CALLING)
    kernel.run(f'import sys\n@chat.tool\n{kind} work(a: int, b: int) -> int:\n    "Exit."\n    {exit_by}')
    ask(page, {"type": "send", "text": "go"})
    page.until(lambda: bool(page.cards) and page.cards[0]["result"] is not None)
    page.until(lambda: page.state["status"] in ("idle", "waiting"))
    assert page.cards[0]["state"] == "output-error"
    kernel.run(ADD)
    assert kernel.value("chat.send('still here?').result().status") == "complete"


def test_a_tool_that_raises_tells_the_model_and_shows_no_traceback(kernel: Kernel) -> None:
    page = open_chat(kernel, CALLING)
    kernel.run('@chat.tool\ndef work(a: int, b: int) -> int:\n    "Fail."\n    return a // 0')
    ask(page, {"type": "send", "text": "go"})
    page.until_settled()
    [card] = page.cards
    assert card["state"] == "output-error"
    assert card["result"].startswith("work raised ZeroDivisionError")
    assert "Traceback" not in str(page.state)
    assert "File " not in kernel.value("model.requests[-1].messages[-1].parts[0].content")


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_tool_that_wants_the_kernel_runs_on_the_main_thread_between_cells(kernel: Kernel, kind: str) -> None:
    page = open_chat(kernel, CALLING)
    kernel.run(f"""
from chatwidget import function_tool
@chat.tool
@function_tool(run_on="kernel")
{kind} work(a: int, b: int) -> str:
    "Say where it runs."
    print("printed on", threading.current_thread().name)
    return str(threading.current_thread() is threading.main_thread())
""")
    ask(page, {"type": "send", "text": "Where?"})
    page.until_settled()
    [card] = page.cards
    assert (card["result"], card["output"]) == ("True", "printed on MainThread\n")


def test_a_tool_that_wants_the_kernel_waits_for_the_cell_and_a_stop_does_not(kernel: Kernel) -> None:
    page = open_chat(kernel, CALLING)
    kernel.run("""
from chatwidget import function_tool
ran = []
called, computed = threading.Event(), threading.Event()
@chat.tool
@function_tool(run_on="kernel")
def work(a: int, b: int) -> str:
    "Note that it ran."
    ran.append(a)
    return "ran"
from chatwidget.events import ToolStarted
chat.on(ToolStarted, lambda event: called.set())
""")
    kernel.run("""
pending = chat.send("While this cell computes.")
assert called.wait(20)
stopped = chat.stop().result()  # the main thread is busy here: only a stop that does not need it can end
in_cell = list(ran)
""")
    page.until_settled()
    assert kernel.value("(stopped, in_cell)") == (True, [])
    kernel.run("import asyncio; await asyncio.sleep(0)")
    assert kernel.value("ran") == [], "a call that was stopped while it waited does not run later"
