"""Half of a character, as file systems and broken programs give it, reaches no file and no page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chatwidget import Assistant, ChatWidget, FilePart, User
from chatwidget.errors import RequestError
from chatwidget.export import export_file
from chatwidget.export.formats import FORMATS
from chatwidget.messages import Approval, Message, ToolCallPart, ToolResultPart
from tests.composing import Page

HALF = "caf\udce9"
RESULT = ToolResultPart("c", "f", outcome="output-denied", approval=Approval(False, reason=HALF))
SAID = [
    User([FilePart(HALF), "Look"], name=HALF),
    Assistant(ToolCallPart("c", "f", "{}"), name=HALF),
    Message(role="tool", parts=(RESULT,)),
]


@pytest.mark.parametrize("name", FORMATS)
def test_a_conversation_with_half_a_character_can_be_written(name: str, tmp_path: Path) -> None:
    assert "caf\ufffd" in export_file(tmp_path / f"talk.{name}", SAID).read_text(encoding="utf-8")


@pytest.mark.parametrize("error", [RequestError(HALF), OSError(f"No such file: {HALF}")])
async def test_a_command_that_fails_with_half_a_character_is_answered(error: Exception) -> None:
    def broken() -> None:
        raise error

    page = Page()
    page.session.command(broken)
    with pytest.raises(ValueError, match="caf\ufffd"):
        await page.ask("send", text="/broken")


def test_a_saved_notebook_has_no_half_of_a_character() -> None:
    chat = ChatWidget(model="echo", history=SAID)
    bundle: Any = chat._repr_mimebundle_()[0]
    for kind in ("text/html", "text/markdown"):
        assert "caf\ufffd" in bundle[kind]
        bundle[kind].encode()
    chat.close()
