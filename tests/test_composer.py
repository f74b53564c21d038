"""What a person types at the desk: sent with files and variables, run as a command, completed while it is written."""

from __future__ import annotations

import asyncio
import base64
import threading
from typing import Any

import pytest

from chatwidget import FilePart, ImagePart, TextPart
from chatwidget.models.scripted import Delay
from chatwidget.openai_format import to_openai
from tests.composing import Page
from tests.core_strategies import quiet, ticks

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


async def test_a_text_goes_with_its_files_and_then_its_variables() -> None:
    page = Page("Seen.", namespace={"prices": [1, 2]})
    await page.upload("f1", "dot.png", base64.b64decode(PIXEL), "image/png")
    await page.upload("f2", "notes.md", b"# Notes")
    await page.ask("send", text="Look at @prices", attachments=["f1", "f2"], variables=["prices", "prices"])
    await quiet(page.session)
    sent = page.session.messages[0].parts
    assert [type(part) for part in sent] == [TextPart, ImagePart, FilePart, FilePart]
    assert [part.name for part in sent if isinstance(part, FilePart)] == ["notes.md", "prices"]
    told = to_openai(page.model.requests[0].messages)[0]["content"]
    assert [part["type"] for part in told] == ["text", "image_url", "text", "text"]
    assert told[3]["text"] == "[file: prices]\nprices: list of 2\n[1, 2]\n[end of file: prices]"
    page.session.screen.flush()
    assert page.mirror.state["messages"][0]["parts"][2] == {
        "type": "file",
        "name": "notes.md",
        "media_type": "text/markdown",
        "size": 7,
    }


async def test_files_may_go_without_a_text_and_are_gone_when_they_are_sent() -> None:
    page = Page("a", "b")
    await page.upload("f1", "notes.txt", b"Hi")
    await page.ask("send", text="", attachments=["f1"])
    await quiet(page.session)
    assert [part.type for part in page.session.messages[0].parts] == ["file"]
    with pytest.raises(ValueError, match="not here any more"):
        await page.ask("send", text="Again", attachments=["f1"])
    with pytest.raises(ValueError, match="nothing to send"):
        await page.ask("send", text=" ")


async def test_a_message_that_is_taken_back_can_be_sent_again_with_all_it_held() -> None:
    page = Page(["a", Delay(3600)], "b", namespace={"prices": [1, 2]})
    await page.ask("send", text="1")
    await ticks(10)
    await page.upload("f1", "dot.png", base64.b64decode(PIXEL), "image/png")
    await page.upload("f2", "notes.md", b"# Notes")
    await page.ask("send", text="Look at @prices", attachments=["f1", "f2"], variables=["prices"])
    waiting = page.session._turns.queued[0].input.message
    assert waiting is not None
    held = await page.ask("unqueue", id=waiting.id)
    assert page.session.screen.field("queued") == []
    assert (held["text"], held["variables"]) == ("Look at @prices", ["prices"])
    assert [{key: one[key] for key in one if key != "id"} for one in held["attachments"]] == [
        {"name": "dot.png", "media_type": "image/png", "size": len(base64.b64decode(PIXEL))},
        {"name": "notes.md", "media_type": "text/markdown", "size": 7},
    ]
    files = [one["id"] for one in held["attachments"]]
    await page.ask("send", text=held["text"], mode="interrupt", attachments=files, variables=held["variables"])
    await quiet(page.session)
    assert page.session.messages[-2].parts == waiting.parts
    await ticks(2)
    assert page.session.composer._named == {}


async def test_what_code_has_queued_can_be_taken_back_too() -> None:
    page = Page(["a", Delay(3600)])
    await page.ask("send", text="1")
    await ticks(10)
    far = FilePart("far.pdf", "application/pdf", file_id="file-1")
    turn = page.session.submit(["See", ImagePart("https://example.org/a.png"), far])
    held = await page.ask("unqueue", id=turn.id)
    assert [(one["name"], one["size"]) for one in held["attachments"]] == [("file", 0), ("far.pdf", 0)]
    assert page.session.composer.uploads.parts([one["id"] for one in held["attachments"]])[1] is far
    for one in held["attachments"]:
        await page.ask("forget", id=one["id"])
    with pytest.raises(ValueError, match="not here any more"):
        await page.ask("send", text="", attachments=[held["attachments"][0]["id"]])


async def test_a_message_that_was_sent_meanwhile_cannot_be_taken_back() -> None:
    page = Page("a")
    await page.ask("send", text="1")
    await quiet(page.session)
    with pytest.raises(ValueError, match="does not wait any more"):
        await page.ask("unqueue", id=page.session.transcript.ids[0])


async def test_what_cannot_be_sent_as_a_whole_is_not_sent_and_stays() -> None:
    page = Page("a", namespace={})
    await page.upload("f1", "notes.txt", b"Hi")
    with pytest.raises(ValueError, match="no variable gone any more"):
        await page.ask("send", text="@gone", attachments=["f1"], variables=["gone"])
    await page.ask("upload", id="f2", name="half.txt", media_type="", size=4, offset=0, data="QUI=")
    with pytest.raises(ValueError, match=r"half\.txt has not arrived yet"):
        await page.ask("send", text="Both", attachments=["f1", "f2"])
    assert page.session.messages == ()
    await page.ask("forget", id="f2")
    await page.ask("send", text="One", attachments=["f1"])
    await quiet(page.session)
    assert page.texts == ["One", "a"]


async def test_texts_are_sent_in_the_order_they_came_in_however_long_a_variable_takes() -> None:
    looked, go = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    class Slow:
        def __repr__(self) -> str:
            loop.call_soon_threadsafe(looked.set)
            go.wait(30)
            return "slow"

    page = Page("a", "b", namespace={"it": Slow()})
    first = asyncio.ensure_future(page.ask("send", text="1", variables=["it"]))
    await looked.wait()
    second = asyncio.ensure_future(page.ask("send", text="2"))
    await ticks(5)
    assert not second.done()
    go.set()
    await asyncio.gather(first, second)
    await quiet(page.session)
    assert page.texts == ["1", "a", "2", "b"]


async def test_what_waits_without_a_text_is_shown_by_the_names_of_its_files() -> None:
    page = Page(["a", Delay(3600)], "b", namespace={"it": 1})
    await page.upload("f1", "dot.png", base64.b64decode(PIXEL), "image/png")
    await page.ask("send", text="1")
    await page.ask("send", text="", attachments=["f1"], variables=["it"])
    assert [entry["text"] for entry in page.session.screen.field("queued")] == ["dot.png, it"]
    await page.session.stop()
    await quiet(page.session)


async def test_a_page_can_steer() -> None:
    page = Page("both")
    await asyncio.gather(page.ask("send", text="1"), page.ask("send", text="2", mode="steer"))
    await quiet(page.session)
    assert page.texts == ["1", "2", "both"]


async def test_a_command_is_run_and_what_it_says_is_shown_but_no_model_is_told() -> None:
    page = Page("a", "b")

    @page.session.command
    def weather(city: str) -> str:
        """Say how the weather is."""
        return f"It rains in {city}."

    await page.ask("send", text="Hi")
    await quiet(page.session)
    await page.ask("send", text="/weather Oslo")
    shown = page.session.messages[-1]
    assert (shown.role, shown.text, shown.name, shown.off_record) == (
        "assistant",
        "It rains in Oslo.",
        "/weather Oslo",
        True,
    )
    await page.ask("send", text="And now?")
    await quiet(page.session)
    assert [m.text for m in page.model.requests[-1].messages] == ["Hi", "a", "And now?"]
    page.session.screen.flush()
    assert page.mirror.state == page.session.screen.state()


async def test_a_command_runs_while_a_turn_runs_and_is_not_its_reply() -> None:
    page = Page(["a", Delay(3600)])
    page.session.command(lambda: "Here.", name="where")
    turn = page.session.submit("Hi")
    await ticks(10)
    await page.ask("send", text="/where")
    assert page.texts == ["Hi", "a", "Here."]
    await page.session.stop()
    reply = await turn.done
    assert reply is not None
    assert (reply.text, reply.status) == ("a", "stopped")
    page.session.screen.flush()
    assert page.mirror.state == page.session.screen.state()


async def test_a_command_that_says_nothing_shows_nothing_and_one_that_fails_is_refused() -> None:
    page = Page()
    done: list[str] = []
    page.session.command(lambda: done.append("done"), name="quietly")

    @page.session.command
    async def fail() -> None:
        raise ValueError("no")

    await page.ask("send", text="/quietly")
    with pytest.raises(ValueError, match="/fail failed: ValueError: no"):
        await page.ask("send", text="/fail")
    with pytest.raises(ValueError, match="/fail is a command; it takes no files"):
        await page.ask("send", text="/fail", variables=["a"])
    assert (done, page.texts) == (["done"], [])


async def test_the_commands_of_every_chat() -> None:
    page = Page("a", "b")
    await page.ask("send", text="Hi")
    await quiet(page.session)
    await page.ask("send", text="/retry")
    await quiet(page.session)
    assert page.texts == ["Hi", "b"]
    await page.ask("send", text="/undo")
    assert page.texts == ["Hi", "a"]
    await page.ask("send", text="/new")
    assert page.texts == []
    with pytest.raises(ValueError, match="/new takes nothing after it"):
        await page.ask("send", text="/new idea: a boat")
    await page.ask("send", text="/help")
    assert page.texts[0].splitlines()[0] == "- `/help` List the commands."


async def test_a_text_that_only_looks_like_a_command_is_sent_and_so_is_what_code_sends() -> None:
    page = Page("a", "b")
    await page.ask("send", text="/etc/passwd is a file")
    await quiet(page.session)
    await page.session.send("/new")
    assert page.texts == ["/etc/passwd is a file", "a", "/new", "b"]


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("send", {"text": "a", "attachments": "f1"}, "attachments"),
        ("send", {"text": "a", "attachments": ["x" * 65]}, "attachments"),
        ("send", {"text": "a", "variables": [7]}, "variables"),
        ("send", {"text": "a", "mode": "refuse"}, "mode"),
        ("send", {"text": "x" * 4_000_001, "variables": ["a"]}, "at most 4,000,000"),
        ("upload", {"id": "f", "name": "a", "media_type": "", "size": -1, "offset": 0, "data": ""}, "size"),
        ("upload", {"id": "f", "name": "a", "media_type": "", "size": 1, "offset": 0, "data": "x" * 700_001}, "data"),
        ("complete", {"text": "a", "cursor": -1}, "cursor"),
        ("peek", {"name": ""}, "name"),
    ],
)
async def test_what_is_malformed_is_refused(kind: str, fields: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        await Page().ask(kind, **fields)
