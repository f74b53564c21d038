"""What completes the word a person is typing, and what they see of a variable before it is sent."""

from __future__ import annotations

from typing import Any

import pytest

from chatwidget import User
from chatwidget.composer import PEEK_LIMIT
from tests.composing import Page


async def complete(page: Page, text: str, cursor: int | None = None) -> Any:
    cursor = len(text.encode("utf-16-le")) // 2 if cursor is None else cursor
    return await page.ask("complete", text=text, cursor=cursor)


def labels(found: Any) -> list[str]:
    return [item["label"] for item in found["items"]]


async def test_commands_are_completed_at_the_start_only() -> None:
    page = Page()

    @page.session.command
    def renew(what: str) -> str:
        """Renew it."""
        return what

    assert await complete(page, "/ne") == {
        "from": 0,
        "items": [
            {"kind": "command", "label": "/new", "insert": "/new", "detail": "Begin a new chat."},
            {"kind": "command", "label": "/renew what", "insert": "/renew ", "detail": "Renew it."},
        ],
    }
    assert labels(await complete(page, "/")) == ["/help", "/new", "/renew what", "/retry", "/undo"]
    assert await complete(page, "a /ne") == {"from": 5, "items": []}
    assert labels(await complete(page, "/new idea", 4)) == ["/new", "/renew what"]


async def test_variables_are_completed_after_a_space_and_places_are_counted_as_a_page_counts() -> None:
    page = Page(namespace={"prices": [1, 2], "price": "text", "Rice": 3, "other": 4})
    assert await complete(page, "😀 @RIC") == {
        "from": 3,
        "items": [
            {"kind": "variable", "label": "Rice", "insert": "@Rice ", "detail": "int"},
            {"kind": "variable", "label": "price", "insert": "@price ", "detail": "text of 4 characters", "size": 4},
            {"kind": "variable", "label": "prices", "insert": "@prices ", "detail": "list of 2"},
        ],
    }
    assert (await complete(page, "me@pri"))["items"] == []
    assert labels(await complete(page, "see\n@o and so on", 6)) == ["other"]
    assert labels(await complete(page, "@")) == ["other", "Rice", "price", "prices"]


async def test_at_most_fifty_are_offered() -> None:
    page = Page(namespace={f"v{number}": number for number in range(60)})
    assert len((await complete(page, "@v"))["items"]) == 50


async def test_people_are_completed_where_there_are_several() -> None:
    history = [User("Hi", name="Ada"), User("Hello", name="Bob")]
    page = Page(history=history, namespace={"bobbin": 1})
    assert labels(await complete(page, "@")) == ["Ada", "Bob", "assistant", "bobbin"]
    assert (await complete(page, "@assi"))["items"][0]["detail"] == "scripted"
    assert labels(await complete(page, "@bo")) == ["Bob", "bobbin"]
    assert labels(await complete(Page(history=history[:1], namespace={}), "@")) == []


async def test_a_page_sees_what_would_be_sent_of_a_variable_and_how_much_it_is() -> None:
    from PIL import Image

    page = Page(namespace={"it": [1, 2], "long": "x" * 5000, "smiles": "😀" * 3000, "dot": Image.new("RGB", (1, 1))})
    assert await page.ask("peek", name="it") == {
        "name": "it",
        "type": "list of 2",
        "text": "it: list of 2\n[1, 2]",
        "size": 20,
    }
    long = await page.ask("peek", name="long")
    assert (len(long["text"]), long["size"]) == (PEEK_LIMIT, 5000 + len("long: text of 5,000 characters\n"))
    smiles = await page.ask("peek", name="smiles")
    assert smiles["size"] > len(smiles["text"].encode("utf-16-le")) // 2
    assert await page.ask("peek", name="dot") == {"name": "dot", "type": "Image", "text": "", "size": None}
    with pytest.raises(ValueError, match="no variable gone"):
        await page.ask("peek", name="gone")


@pytest.mark.parametrize(("text", "cursor"), [("", 0), ("@", 99), ("😀", 1), ("@a", 10**9), ("\ud83d@", 2)])
async def test_any_cursor_can_be_asked_about(text: str, cursor: int) -> None:
    assert (await complete(Page(namespace={}), text, cursor))["items"] == []
