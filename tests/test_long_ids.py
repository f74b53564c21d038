"""A message whose id somebody else made, as long as that is, can be asked about like any other."""

from __future__ import annotations

from typing import Any

import pytest

from chatwidget import Feedback, User
from chatwidget.messages import Message, TextPart
from tests.composing import Page
from tests.core_strategies import quiet

QUESTION, REPLY = "q" * 500, "r" * 500


def page() -> Page:
    reply = Message(role="assistant", id=REPLY, parts=(TextPart("a"),))
    return Page("b", history=[Message(role="user", id=QUESTION, parts=User("1").parts), reply])


@pytest.mark.parametrize(
    ("kind", "fields", "texts"),
    [
        ("retry", {"message_id": REPLY}, ["1", "b"]),
        ("edit", {"message_id": QUESTION, "text": "2"}, ["2", "b"]),
        ("select", {"message_id": REPLY, "index": 0}, ["1", "a"]),
        ("delete", {"message_id": REPLY}, ["1"]),
        ("open", {"id": QUESTION}, ["1", "a"]),
    ],
)
async def test_it_can_be_gone_back_to(kind: str, fields: Any, texts: list[str]) -> None:
    here = page()
    await here.ask(kind, **fields)
    await quiet(here.session)
    assert here.texts == texts


async def test_it_can_be_judged() -> None:
    here = page()
    await here.ask("feedback", message_id=REPLY, value="up")
    assert here.session.messages[1].feedback == Feedback("up")


async def test_what_is_longer_is_no_id() -> None:
    with pytest.raises(ValueError, match="message_id: String should have at most 500"):
        await page().ask("retry", message_id="x" * 501)
