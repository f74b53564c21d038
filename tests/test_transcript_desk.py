"""What a page may ask about what was said, and what it is told."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from chatwidget import Assistant, FilePart, Session, User, files
from chatwidget.desk import Desk
from chatwidget.models.base import Finish
from chatwidget.models.scripted import ScriptedModel
from tests.core_strategies import quiet
from tests.test_desk import Page


async def sent(*replies: Any) -> Page:
    page = Page(*replies)
    await page.ask("send", text="First question")
    await quiet(page.session)
    return page


async def test_a_page_can_continue_delete_undo_and_judge() -> None:
    page = await sent(["Half", Finish("length")], " whole.")
    reply = page.session.transcript.ids[1]
    assert (await page.ask("continue", message_id=reply))["ok"]
    await quiet(page.session)
    assert page.texts[-1] == " whole."
    assert (await page.ask("delete", message_id=reply))["ok"]
    assert page.texts == ["First question"]
    assert (await page.ask("undo"))["ok"]
    assert page.texts[-1] == " whole."
    assert "nothing to undo" in (await page.ask("undo"))["error"]
    assert (await page.ask("feedback", message_id=reply, value="down", comment="No."))["ok"]
    assert page.session.messages[1].feedback is not None


async def test_an_undo_that_comes_twice_is_done_once() -> None:
    page = await sent("a")
    for message_id in reversed(page.session.transcript.ids):
        await page.ask("delete", message_id=message_id)
    assert await page.ask("undo", "same") == await page.ask("undo", "same")
    assert page.texts == ["First question"]


async def test_a_diff_is_from_the_other_version_to_this_one() -> None:
    page = await sent("The sky is blue.", "The sky is grey.")
    await page.ask("retry", message_id=page.session.transcript.ids[1])
    await quiet(page.session)
    reply = page.session.transcript.ids[1]
    value = (await page.ask("diff", message_id=reply, other=0))["value"]
    assert value["lines"] == [["-", "The sky is blue."], ["+", "The sky is grey."]]
    assert value["words"]["1"] == [["=", "The sky is "], ["+", "grey"], ["=", "."]]
    assert "no number 3" in (await page.ask("diff", message_id=reply, other=2))["error"]
    assert "not in this conversation" in (await page.ask("diff", message_id="nothing", other=0))["error"]


async def test_what_only_reads_is_read_again_when_it_is_asked_again() -> None:
    page = await sent("a", "b")
    before = await page.ask("chats", "same")
    await page.ask("send", text="More")
    await quiet(page.session)
    after = await page.ask("chats", "same")
    assert (before["value"]["chats"][0]["messages"], after["value"]["chats"][0]["messages"]) == (2, 4)


async def test_conversations_are_listed_and_opened() -> None:
    page = await sent("a", "b")
    await page.ask("clear")
    await page.ask("send", text="Second")
    await quiet(page.session)
    value = (await page.ask("chats"))["value"]
    assert value["widgets"] == []
    assert [(chat["title"], chat["current"]) for chat in value["chats"]] == [
        ("Second", True),
        ("First question", False),
    ]
    assert (await page.ask("open", id=value["chats"][1]["id"]))["ok"]
    assert page.texts == ["First question", "a"]
    assert "not in this chat" in (await page.ask("open", id="nothing"))["error"]


async def test_the_other_chats_of_the_kernel_are_what_the_host_says() -> None:
    session = Session(model="echo")
    desk = Desk(session, lambda: None, lambda mine: [{"mine": mine is session}])
    value = (await desk.handle({"kind": "request", "request": "r", "type": "chats"}))["value"]
    assert value == {"chats": [], "widgets": [{"mine": True}]}


@pytest.mark.parametrize(
    ("name", "media_type", "begins"),
    [
        ("md", "text/markdown", "**You**"),
        ("json", "application/json", "{"),
        ("jsonl", "application/jsonl", '{"format"'),
        ("html", "text/html", "<!DOCTYPE html>"),
        ("ipynb", "application/x-ipynb+json", "{"),
        ("txt", "text/plain", "You:"),
    ],
)
async def test_a_conversation_is_exported_in_each_format(name: str, media_type: str, begins: str) -> None:
    page = await sent("a")
    value = (await page.ask("export", format=name))["value"]
    assert (value["name"], value["media_type"]) == (f"First-question.{name}", media_type)
    assert value["text"].startswith(begins) and "First question" in value["text"]


@pytest.mark.parametrize(
    ("said", "name"),
    [("../../etc/passwd\0", "etc-passwd.txt"), ("???", "conversation.txt"), ("日本語 で", "日本語-で.txt")],
)
async def test_the_name_of_an_export_fits_any_file_system(said: str, name: str) -> None:
    page = Page("a")
    await page.ask("send", text=said)
    await quiet(page.session)
    assert (await page.ask("export", format="txt"))["value"]["name"] == name


async def test_an_export_that_is_too_large_for_a_page_says_how_to_write_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatwidget.transcript_desk.EXPORT_LIMIT", 1_000_000)
    page = await sent("a" * 1_500_000)
    answer = await page.ask("export", format="txt")
    assert "1.5 MB" in answer["error"] and 'chat.export("First-question.txt")' in answer["error"]


def with_files(*parts: FilePart) -> Desk:
    session = Session(model=ScriptedModel(), history=[User(["Look", *parts]), Assistant("Yes.")])
    return Desk(session, lambda: None)


async def file(desk: Desk, index: int, **more: Any) -> dict[str, Any]:
    message_id = desk._session.transcript.ids[0]
    request = {"kind": "request", "request": "r", "type": "file", "message_id": message_id, "index": index, **more}
    return dict(await desk.handle(request))


async def test_a_file_comes_with_its_name_and_bytes() -> None:
    answer = await file(with_files(FilePart("a.txt", "text/plain", "SGVsbG8=")), 1)
    assert answer["value"] == {
        "name": "a.txt",
        "media_type": "text/plain",
        "size": 5,
        "data": "SGVsbG8=",
        "next": None,
    }


async def test_a_large_file_comes_in_pieces_that_put_together_are_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PIECE", 9)
    desk = with_files(FilePart("a", data=base64.b64encode(bytes(range(32))).decode()))
    data, offset, pieces = "", 0, 0
    while offset is not None:
        value = (await file(desk, 1, offset=offset))["value"]
        data, offset, pieces = data + value["data"], value["next"], pieces + 1
    assert (base64.b64decode(data), pieces) == (bytes(range(32)), 4)


@pytest.mark.parametrize(
    ("index", "more", "words"),
    [
        (0, {}, "no file at this place"),
        (9, {}, "no file at this place"),
        (2, {}, "kept by the model's provider"),
        (1, {"offset": 1}, "no piece at 1"),
        (1, {"offset": 300}, "no piece at 300"),
    ],
)
async def test_what_is_no_file_here_is_refused(index: int, more: Any, words: str) -> None:
    answer = await file(with_files(FilePart("a", data="SGVsbG8="), FilePart("far", file_id="f")), index, **more)
    assert words in answer["error"]
    json.dumps(answer)
