"""What a person types in a real kernel: its variables, its commands, files in pieces."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from tests.kernel.page import Page, answer_to, ask, open_chat
from tests.kernel.process import Kernel

CHAT = """
import math
from collections import OrderedDict
secret_of_nobody = {"a": 1}
def double(x):
    "Double it."
    return 2 * x
chat = ChatWidget(model="echo")
@chat.command
def shout(words):
    "Say it loudly."
    return words.upper()
chat
"""


def answer(page: Page, content: dict[str, Any]) -> dict[str, Any]:
    return answer_to(page, ask(page, content))


def labels(page: Page, text: str) -> list[str]:
    found = answer(page, {"type": "complete", "text": text, "cursor": len(text)})
    return [item["label"] for item in found["value"]["items"]]


def test_the_variables_of_the_notebook_are_offered_shown_and_sent(kernel: Kernel) -> None:
    page = open_chat(kernel, CHAT)
    offered = labels(page, "@")
    assert {"shout", "double", "secret_of_nobody"} <= set(offered)
    assert not {"chat", "math", "OrderedDict", "In", "Out", "exit", "get_ipython"} & set(offered)
    peek = answer(page, {"type": "peek", "name": "double"})["value"]
    assert peek["text"] == 'double: function\ndef double(x):\n    "Double it."\n    return 2 * x\n'
    sent = answer(page, {"type": "send", "text": "See @secret_of_nobody", "variables": ["secret_of_nobody"]})
    assert sent["ok"]
    page.until_settled()
    assert page.state["messages"][0]["parts"][1]["name"] == "secret_of_nobody"


def test_a_command_of_a_cell_is_offered_and_run_while_another_cell_computes(kernel: Kernel) -> None:
    page = open_chat(kernel, CHAT)
    page.greet_apart()
    assert labels(page, "/sh") == ["/shout words"]
    cell = kernel.begin("import time\nwhile True:\n    time.sleep(0.01)")
    assert answer(page, {"type": "send", "text": "/shout hello"})["ok"]
    page.until(lambda: page.text == "HELLO")
    assert page.last["off_record"]
    assert not cell.ended
    kernel.interrupt_cell(cell)


def test_a_file_arrives_in_pieces(kernel: Kernel) -> None:
    page = open_chat(kernel, CHAT)
    data = bytes(range(256)) * 4000
    for offset in range(0, len(data), 512_000):
        piece = b64encode(data[offset : offset + 512_000]).decode()
        file = {"id": "f1", "name": "a.bin", "media_type": "", "size": len(data)}
        answered = answer(page, {"type": "upload", **file, "offset": offset, "data": piece})
        assert answered["value"] == {"received": min(offset + 512_000, len(data))}
    assert answer(page, {"type": "send", "text": "Keep it", "attachments": ["f1"]})["ok"]
    page.until_settled()
    assert page.state["messages"][0]["parts"][1]["size"] == len(data)
