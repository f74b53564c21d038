"""When something fails: one plain sentence on screen, no traceback, no key; and a process that ends when asked to."""

from __future__ import annotations

import json
import socket

from tests.kernel.page import ask, open_chat
from tests.kernel.process import Kernel

NO_KEY = "this-is-a-password-of-nobody"


def everything_said(kernel: Kernel) -> str:
    """Return all that could be on screen: every frame and every output of every cell."""
    kinds = ("comm_msg", "comm_open", "stream", "display_data", "execute_result", "error")
    return "\n".join(json.dumps(m["content"]) for m in kernel.said if m["msg_type"] in kinds)


def test_an_app_that_raises_leaves_one_sentence_on_screen_and_no_traceback(kernel: Kernel) -> None:
    page = open_chat(
        kernel,
        """
async def clumsy():
    while True:
        yield User((yield GetUserInput()))
        raise LookupError("the drawer is empty")

chat = ChatWidget(clumsy)
chat
""",
    )
    ask(page, {"type": "send", "text": "go"})
    page.until(lambda: page.state["notice"] is not None and page.state["status"] == "idle")
    assert page.state["notice"] == {
        "level": "error",
        "text": "The app clumsy failed: LookupError: the drawer is empty",
    }
    assert "Traceback" not in str(page.frames)
    ask(page, {"type": "dismiss"})
    page.until(lambda: page.state["notice"] is None)
    ask(page, {"type": "send", "text": "again"})
    page.until(lambda: page.state["notice"] is not None)


def test_no_key_and_no_traceback_is_shown_when_the_endpoint_cannot_be_reached(kernel: Kernel) -> None:
    with socket.socket() as closed:  # bound and not listening: a connection is refused
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"
        page = open_chat(
            kernel,
            f"""
from chatwidget.models.openai import OpenAIModel
chat = ChatWidget(model=OpenAIModel("nobody", base_url={url!r}, api_key="-".join({NO_KEY.split("-")!r}), max_retries=0))
chat
""",
        )
        ask(page, {"type": "send", "text": "go"})
        page.until(lambda: page.state["notice"] is not None or page.last["status"] == "error")
        kernel.run("chat.send('from a cell')")
        page.until(lambda: page.state["status"] in ("waiting", "idle") and len(page.state["messages"]) >= 3)
        bundle = kernel.run("chat").bundle
    said = everything_said(kernel)
    assert "127.0.0.1" in str(page.state), "the sentence names the address"
    assert NO_KEY not in said
    assert NO_KEY not in str(bundle)
    assert "Traceback" not in said


def test_the_process_ends_when_asked_to_and_leaves_no_other_behind(kernel: Kernel) -> None:
    page = open_chat(
        kernel,
        """
def stuck(messages):
    yield "stuck"
    threading.Event().wait()

chat = ChatWidget(stuck)
chat
""",
    )
    ask(page, {"type": "send", "text": "go"})
    page.until(lambda: page.text == "stuck")
    old = kernel.process
    children = old.children(recursive=True)
    kernel.shut_down()
    assert not old.is_running()
    assert not [child for child in children if child.is_running()]
    kernel.close()
    kernel.start()
    page = open_chat(kernel, "chat = ChatWidget(model='echo')\nchat")
    ask(page, {"type": "send", "text": "a new life"})
    page.until_settled()
    assert page.text == "a new life"
