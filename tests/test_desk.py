"""What a screen may ask, what is refused, and that a request done twice is done once."""

from __future__ import annotations

import asyncio
import json
from itertools import count
from typing import Any

import pytest
from hypothesis import given

from chatwidget import Session
from chatwidget.desk import REMEMBERED, Desk
from chatwidget.errors import RequestError
from chatwidget.models.scripted import Delay, ScriptedModel
from chatwidget.requests import PROMPT_LIMIT, parse_request
from tests.core_strategies import Mirror, quiet, ticks
from tests.strategies import json_values

FOREVER = Delay(3600)


class Page:
    """A page: a desk to ask at, and the snapshots that were sent."""

    def __init__(self, *replies: Any) -> None:
        self.session = Session(model=ScriptedModel(*replies))
        self.mirror = Mirror(self.session)
        self.snapshots = 0
        self.desk = Desk(self.session, self._snapshot)
        self._numbers = count()

    def _snapshot(self) -> None:
        self.snapshots += 1

    async def ask(self, kind: Any, request: str | None = None, **fields: Any) -> dict[str, Any]:
        request = request or f"r{next(self._numbers)}"
        answer = dict(await self.desk.handle({"kind": "request", "request": request, "type": kind, **fields}))
        assert (answer["kind"], answer["request"]) == ("answer", request)
        return answer

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.session.messages]


async def test_a_page_can_do_all_it_is_meant_to() -> None:
    page = Page("a", "b", "c", ["d", FOREVER], "e")
    assert (await page.ask("send", text="1"))["ok"]
    await quiet(page.session)
    asked, reply = page.session.transcript.ids
    assert (await page.ask("retry", message_id=reply))["ok"]
    await quiet(page.session)
    assert page.texts == ["1", "b"]
    assert (await page.ask("select", message_id=page.session.transcript.ids[1], index=0))["ok"]
    assert page.texts == ["1", "a"]
    assert (await page.ask("edit", message_id=asked, text="2"))["ok"]
    await quiet(page.session)
    assert page.texts == ["2", "c"]
    assert (await page.ask("send", text="3"))["ok"]
    await ticks(10)
    assert (await page.ask("send", text="4"))["ok"]
    (queued,) = page.session.screen.field("queued")
    assert (await page.ask("unqueue", id=queued["id"]))["ok"]
    assert (await page.ask("stop"))["ok"]
    assert page.texts == ["2", "c", "3", "d"]
    assert (await page.ask("clear"))["ok"]
    assert page.texts == []


async def test_a_repeated_request_is_answered_again_and_done_once() -> None:
    page = Page("a", "b")
    first = await page.ask("send", "same", text="Hi")
    again = await page.ask("send", "same", text="Hi")
    await quiet(page.session)
    assert first == again
    assert page.texts == ["Hi", "a"]


async def test_two_requests_at_once_with_one_id_are_done_once() -> None:
    page = Page("a", "b")
    await asyncio.gather(*(page.ask("send", "same", text="Hi") for _ in range(2)))
    await quiet(page.session)
    assert page.texts == ["Hi", "a"]


async def test_a_request_that_comes_again_while_it_is_done_waits_for_its_answer() -> None:
    page = Page("a")
    going_on, started = asyncio.Event(), asyncio.Event()

    @page.session.command
    async def slow() -> str:
        """Take its time."""
        started.set()
        await going_on.wait()
        raise ValueError("it did not work")

    first = asyncio.create_task(page.ask("send", "same", text="/slow"))
    await started.wait()
    again = asyncio.create_task(page.ask("send", "same", text="/slow"))
    await ticks(5)
    assert not again.done()
    going_on.set()
    assert await first == await again
    assert not (await first)["ok"]


async def test_a_request_that_takes_long_is_answered_whatever_comes_meanwhile() -> None:
    page = Page(["a", FOREVER])
    await page.ask("send", text="Hi")
    await ticks(10)
    stopping = asyncio.ensure_future(page.ask("stop"))
    await asyncio.gather(*(page.ask("dismiss") for _ in range(REMEMBERED + 10)))
    assert (await stopping)["ok"]


async def test_a_stop_in_the_same_moment_as_its_send_stops_it() -> None:
    page = Page("a", "b")
    await page.ask("send", text="1")
    await quiet(page.session)
    await asyncio.gather(page.ask("send", text="2"), page.ask("stop"))
    await quiet(page.session)
    assert page.texts == ["1", "a", "2"]


async def test_hello_is_answered_with_a_snapshot_only_to_a_screen_that_missed_something() -> None:
    page = Page("a")
    await page.ask("send", text="Hi")
    await quiet(page.session)
    await page.ask("hello", seq=-1)
    assert page.snapshots == 1
    await page.ask("hello", seq=page.session.screen.seq)
    assert page.snapshots == 1


async def test_dismiss_takes_the_notice_away() -> None:
    page = Page()
    page.session.screen.set("notice", {"level": "info", "text": "Read me."})
    await page.ask("dismiss")
    assert page.session.screen.field("notice") is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"type": "send", "text": ""}, "nothing to send"),
        ({"type": "send", "text": " \n"}, "nothing to send"),
        ({"type": "send", "text": "x" * (PROMPT_LIMIT + 1)}, "4,000,001 characters; at most 4,000,000"),
        ({"type": "send", "text": 42}, "text"),
        ({"type": "send"}, "text"),
        ({"type": "send", "text": "a", "mode": "shout"}, "mode"),
        ({"type": "send", "text": "a", "extra": 1}, "extra"),
        ({"type": "explode"}, "type"),
        ({"type": "x" * 100_000}, "tag"),
        ({}, "type"),
        ({"type": "retry", "message_id": "nothing"}, "not in this conversation"),
        ({"type": "retry", "message_id": ["a"]}, "message_id"),
        ({"type": "edit", "message_id": "nothing", "text": "a"}, "not in this conversation"),
        ({"type": "select", "message_id": "nothing", "index": 0}, "not in this conversation"),
        ({"type": "select", "message_id": "nothing", "index": -1}, "index"),
        ({"type": "select", "message_id": "nothing", "index": True}, "index"),
        ({"type": "hello", "seq": "0"}, "seq"),
        ({"type": "stop", "kind": "frame"}, "kind"),
    ],
)
async def test_a_malformed_or_impossible_request_is_refused_with_a_short_sentence(fields: Any, words: str) -> None:
    page = Page()
    answer = dict(await page.desk.handle({"kind": "request", "request": "r", **fields}))
    assert (answer["ok"], answer["request"]) == (False, "r")
    assert words in answer["error"]
    assert len(answer["error"]) < 500
    assert page.session.messages == ()


@given(json_values)
def test_nothing_a_page_sends_raises(data: Any) -> None:
    async def ask() -> None:
        answer = await Page().desk.handle(data)
        assert answer["ok"] is False

    asyncio.run(ask())


async def test_halves_of_a_surrogate_pair_from_a_page_are_mended_not_refused() -> None:
    page = Page("a")
    assert (await page.ask("send", text="a\ud83d"))["ok"]
    await quiet(page.session)
    assert page.texts == ["a\ufffd", "a"]
    for bad in (
        {"type": "\udfff"},
        {"type": "send", "text": "a", "\ud800": 1},
        {"type": "retry", "message_id": "\ud800"},
    ):
        answer = await page.desk.handle({"request": "\ud800", **bad})
        assert (answer["request"], answer["ok"]) == ("\ufffd", False)
        json.dumps(dict(answer), ensure_ascii=False).encode()


async def test_an_unexpected_failure_is_answered_and_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail() -> None:
        raise ZeroDivisionError("oops")

    page = Page()
    monkeypatch.setattr(page.session, "clear", fail)
    answer = await page.ask("clear")
    assert answer["error"] == "That did not work: ZeroDivisionError: oops"
    assert caplog.records[0].exc_info


def test_a_request_is_read_as_a_value() -> None:
    request = parse_request({"kind": "request", "request": "r", "type": "send", "text": "Hi"})
    assert (type(request).__name__, request.request) == ("SendRequest", "r")
    with pytest.raises(RequestError):
        parse_request(None)
