"""What a tool displays in a real kernel: it goes to whoever runs the tool, and to no cell."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kernel.page import ask, open_chat
from tests.kernel.process import Kernel

# As `tool_runs.py` runs a tool: its call under a capture, its figures taken before that ends.
RUN = """
from chatwidget.capture import capture, left_figures
from chatwidget.displays import displays_of

async def run(tool, **arguments):
    displayed, printed = [], []
    with capture(printed.append, displayed.append):
        value = await tool.call(arguments)
        shown = displays_of(value, left_figures())
    seen = [(dict(d.bundle), d.display_id, d.update, d.clear) for d in displayed]
    return seen, "".join(printed), [dict(part.bundle) for part in shown]
"""

BODY = '''
from IPython.display import HTML, clear_output, display, update_display
import matplotlib.pyplot as plt
@function_tool
{kind} work(name: str, width: int) -> object:
    """Show things."""
    display(HTML("<b>old</b>"))
    clear_output(wait=True)
    display(HTML(f"<b>{{name}}</b>"))
    handle = display(name, display_id=f"id {{name}}")
    {pause}
    handle.update(name.upper())
    plt.figure(figsize=(width, 1))
    plt.plot([1, 2])
    {pause}
    plt.show()
    clear_output()
    plt.figure(figsize=(width, 2))
    plt.plot([1])
    {pause}
    fig, axes = plt.subplots(figsize=(width, 3))
    axes.plot([1])
    print(name, plt.get_fignums())
    return fig
'''
KINDS = [("def", "gate.wait()"), ("async def", "await step()")]
PAUSES = """
gate = threading.Barrier({count})
async def step():
    await asyncio.to_thread(gate.wait)
"""


def check(answer: Any, name: str, width: int) -> None:
    seen, printed, shown = answer
    figure = f"<Figure size {width}00x100 with 1 Axes>"
    plain = [(bundle.get("text/html") or bundle.get("text/plain"), *rest) for bundle, *rest in seen]
    assert plain == [
        ("<b>old</b>", None, False, False),
        (f"<b>{name}</b>", None, False, True),
        (repr(name), f"id {name}", False, False),
        (repr(name.upper()), f"id {name}", True, False),
        (figure, None, False, False),
        (None, None, False, True),
    ]
    assert seen[4][0]["image/png"].startswith("iVBOR")
    assert printed == f"{name} [1, 2]\n"
    assert [bundle["text/plain"] for bundle in shown] == [
        f"Figure (matplotlib, {width}00×{height}00 px)" for height in (2, 3)
    ]


def said_of_displays(kernel: Kernel) -> list[str]:
    kinds = ("display_data", "update_display_data", "clear_output", "error", "stream")
    return [message["msg_type"] for message in kernel.said if message["msg_type"] in kinds]


@pytest.mark.parametrize(("kind", "pause"), KINDS)
def test_what_a_tool_displays_goes_to_its_capture_and_to_no_cell(kernel: Kernel, kind: str, pause: str) -> None:
    kernel.run(RUN + PAUSES.format(count=1) + BODY.format(kind=kind, pause=pause))
    kernel.forget()
    check(kernel.value("await run(work, name='a', width=3)"), "a", 3)
    assert said_of_displays(kernel) == []
    assert kernel.value("plt.get_fignums()") == []


@pytest.mark.parametrize(("kind", "pause"), KINDS)
def test_parallel_tools_do_not_mix_what_they_display(kernel: Kernel, kind: str, pause: str) -> None:
    kernel.run(RUN + PAUSES.format(count=2) + BODY.format(kind=kind, pause=pause))
    kernel.forget()
    one, two = kernel.value("await asyncio.gather(run(work, name='a', width=3), run(work, name='b', width=4))")
    check(one, "a", 3)
    check(two, "b", 4)
    assert said_of_displays(kernel) == []


def test_a_cell_displays_where_it_always_did_while_a_tool_runs(kernel: Kernel) -> None:
    kernel.run(RUN)
    kernel.run("""
begun, gate = threading.Event(), threading.Event()
import matplotlib.pyplot as plt
@function_tool
def work() -> None:
    "Wait between two displays."
    plt.plot([1, 2])
    display("tool")
    begun.set()
    gate.wait()
    plt.show()
running = asyncio.create_task(run(work))
await asyncio.to_thread(begun.wait)
""")
    kernel.forget()
    cell = kernel.run("display('cell')\nplt.figure(figsize=(5, 5))\nplt.plot([3])\nNone")
    plain = [
        m["content"]["data"]["text/plain"] for m in kernel.in_answer_to(cell.id) if m["msg_type"] == "display_data"
    ]
    assert plain == ["'cell'", "<Figure size 500x500 with 1 Axes>"]
    seen, _, shown = kernel.value("(gate.set(), await running)[1]")
    assert [bundle["text/plain"] for bundle, *_ in seen] == ["'tool'", "<Figure size 640x480 with 1 Axes>"]
    assert shown == []
    kernel.run("display('after')")
    assert said_of_displays(kernel)[-1] == "display_data"
    assert kernel.value("'publish' in vars(get_ipython().display_pub)") is False


def test_a_result_is_shown_by_the_formatters_a_cell_has_registered(kernel: Kernel) -> None:
    kernel.run("""
from chatwidget.displays import display_of
class Thing: pass
get_ipython().display_formatter.formatters["text/html"].for_type(Thing, lambda thing: "<b>thing</b>")
""")
    assert kernel.value("display_of(Thing()).bundle['text/html']") == "<b>thing</b>"


def test_a_result_whose_form_fails_shows_no_traceback_in_any_cell(kernel: Kernel) -> None:
    cell = kernel.run("""
from chatwidget.displays import display_of
class Bad:
    def _repr_html_(self): raise SystemExit
display_of(Bad()).bundle["text/plain"]
""")
    assert cell.bundle["text/plain"] == "'This Bad cannot be shown: showing it raised SystemExit.'"
    assert said_of_displays(kernel) == []


CALLING = """
from chatwidget.models.scripted import ScriptedModel, ToolCall
calls = [ToolCall("work", {"name": "a", "width": 3}), ToolCall("work", {"name": "b", "width": 4})]
chat = ChatWidget(model=ScriptedModel(calls, "Done."))
chat
"""


@pytest.mark.parametrize(("kind", "pause"), KINDS)
def test_what_parallel_tools_of_a_chat_display_is_in_their_cards(kernel: Kernel, kind: str, pause: str) -> None:
    page = open_chat(kernel, CALLING)
    kernel.run(PAUSES.format(count=2) + BODY.format(kind=kind, pause=pause) + "\nchat.tool(work)")
    kernel.said.clear()
    ask(page, {"type": "send", "text": "go"})
    page.until_settled()
    shown = {card["input"]["name"]: [bundle["text/plain"] for bundle in card["displays"]] for card in page.cards}
    assert shown == {
        name: [f"Figure (matplotlib, {width}00×{height}00 px)" for height in (2, 3)]
        for name, width in (("a", 3), ("b", 4))
    }, "what was displayed before was cleared"
    assert {card["result"] for card in page.cards} == {
        f"A figure (matplotlib, {width}00×300 px) is shown to the user." for width in (3, 4)
    }
    assert said_of_displays(kernel) == []
