"""Each conversation of a chat is listed and can be shown again."""

from __future__ import annotations

from typing import Any

import pytest

from chatwidget import Assistant, GetUserInput, Session, System, User, app
from chatwidget.chats import TITLE_LENGTH, Chat, title_of
from chatwidget.errors import RequestError
from tests.core_strategies import make_session, quiet, stop_time, ticks


async def two_chats(monkeypatch: pytest.MonkeyPatch) -> Session:
    stop_time(monkeypatch)
    session = make_session(["a", "b", "c"])
    await session.send("First\nquestion")
    await session.clear()
    await session.send("Second")
    return session


async def test_conversations_are_listed_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    session = await two_chats(monkeypatch)
    second, first = session.chats
    assert second == Chat(session.transcript.ids[0], "Second", 1767225600.0, 2, current=True)
    assert first == Chat(first.id, "First question", 1767225600.0, 2, current=False)


async def test_another_conversation_is_shown_and_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    session = await two_chats(monkeypatch)
    old = session.chats[1].id
    await session.open_chat(old)
    assert [message.text for message in session.messages] == ["First\nquestion", "a"]
    await session.send("And?")
    assert [message.text for message in session.messages] == ["First\nquestion", "a", "And?", "c"]
    assert [chat.current for chat in session.chats] == [False, True]


async def test_opening_a_conversation_is_no_step_to_undo(monkeypatch: pytest.MonkeyPatch) -> None:
    session = await two_chats(monkeypatch)
    await session.clear()
    await session.open_chat(session.chats[1].id)
    assert session.screen.field("undo") is None


async def test_what_begins_no_conversation_cannot_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    session = await two_chats(monkeypatch)
    for other in ("nothing", session.transcript.ids[1]):
        with pytest.raises(RequestError, match="not in this chat"):
            await session.open_chat(other)


async def test_a_conversation_in_which_nothing_is_shown_is_not_listed() -> None:
    @app
    async def briefed() -> Any:
        yield System("Be brief.")
        while True:
            yield User((yield GetUserInput()))
            yield Assistant("Yes.")

    session = make_session([], briefed)
    session.start()
    await ticks(5)
    assert session.chats == []
    await session.send("Hi")
    await quiet(session)
    assert [chat.title for chat in session.chats] == ["Hi"]


def test_a_title_is_one_short_line_of_the_person_s_first_words() -> None:
    assert title_of([Assistant("Welcome."), User(" \n What\tis  this? ")]) == "What is this?"
    assert title_of([Assistant("Welcome.")]) == "Welcome."
    assert title_of([]) == ""
    assert len(title_of([User("word " * 1000)])) <= TITLE_LENGTH
    assert title_of([User("x" * 10_000_000)]).endswith("…")
