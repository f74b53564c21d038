"""`Retrieved`: what a search found, before the question."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given

from chatwidget.errors import AppError
from chatwidget.memory import LastPairs, ListMemory, Retrieved
from chatwidget.messages import Assistant, Message, System, User
from chatwidget.openai_format import to_openai
from tests.core_strategies import assert_valid
from tests.memory.conversations import check_view, histories, paths, shown_by

SAID = [System("Be brief."), User("Hello"), Assistant("Hi"), User("Where is the key?"), Assistant("Wait.")]


async def test_texts_stand_before_the_newest_question_as_system_messages() -> None:
    asked: list[tuple[str, Sequence[Message]]] = []

    async def search(text: str, messages: Sequence[Message]) -> list[str]:
        asked.append((text, messages))
        return ["The key is under the mat."]

    shown = await Retrieved(LastPairs(ListMemory(), 0), search).view(SAID, "gpt-4o")
    assert [message.text for message in shown] == [
        "Be brief.",
        "The key is under the mat.",
        "Where is the key?",
        "Wait.",
    ]
    assert shown[1].role == "system"
    assert asked == [("Where is the key?", SAID)]


async def test_a_plain_function_runs_in_a_thread_once_a_question() -> None:
    threads: list[threading.Thread] = []

    def search(text: str, messages: Sequence[Message]) -> str:
        threads.append(threading.current_thread())
        return text.upper()

    memory = Retrieved(ListMemory(), search)
    for stop in (4, 5):
        shown = await memory.view(SAID[:stop], "gpt-4o")
        assert shown[3].text == "WHERE IS THE KEY?"
    assert len(threads) == 1 and threads[0] is not threading.current_thread()


@pytest.mark.parametrize("found", [None, [], ()])
async def test_nothing_found_changes_nothing(found: Any) -> None:
    assert await Retrieved(ListMemory(), lambda text, messages: found).view(SAID, "gpt-4o") == SAID


async def test_a_search_that_fails_or_returns_nonsense_is_told_and_asked_again_with_the_next_request() -> None:
    asked: list[str] = []

    def search(text: str) -> Any:
        asked.append(text)
        return 1 / 0 if len(asked) == 1 else [42] if len(asked) == 2 else "Under the mat."

    memory = Retrieved(ListMemory(), search)
    with pytest.raises(ZeroDivisionError):
        await memory.view(SAID, "gpt-4o")
    with pytest.raises(TypeError, match="returns texts and messages, not int"):
        await memory.view(SAID, "gpt-4o")
    assert (await memory.view(SAID, "gpt-4o"))[3].text == "Under the mat."


@pytest.mark.parametrize(
    ("search", "count"),
    [
        (lambda text: None, 1),
        (lambda text, limit=3: None, 1),
        (lambda text, *, limit=3: None, 1),
        (lambda text, messages: None, 2),
        (lambda text, messages=(): None, 2),
        (lambda *given: None, 2),
    ],
)
async def test_a_search_is_given_the_history_if_it_has_a_parameter_for_it(search: Any, count: int) -> None:
    given: list[int] = []

    @functools.wraps(search)
    def counting(*arguments: Any) -> Any:
        given.append(len(arguments))
        return search(*arguments)

    await Retrieved(ListMemory(), counting).view(SAID, "gpt-4o")
    assert given == [count]


@pytest.mark.parametrize(
    ("search", "culprit"),
    [
        ("notes", "'notes'"),
        (lambda *, b: [], "<lambda>(*, b)"),
        (lambda a, b, c: [], "<lambda>(a, b, c)"),
        (lambda a, *, b: [], "<lambda>(a, *, b)"),
    ],
)
def test_what_cannot_be_called_with_a_question_is_refused_at_once(search: Any, culprit: str) -> None:
    with pytest.raises(AppError, match=f"{re.escape(culprit)}.*: pass a function of the question's text"):
        Retrieved(ListMemory(), search)


async def test_messages_that_are_sent_anyway_are_not_sent_twice() -> None:
    shown = await Retrieved(LastPairs(ListMemory(), 0), lambda text, messages: messages).view(SAID, "gpt-4o")
    assert [message.id for message in shown] == [message.id for message in SAID]


@given(histories, paths)
def test_whatever_is_found_the_history_stays_valid(messages: tuple[Message, ...], found: list[Message]) -> None:
    shown = shown_by(Retrieved(ListMemory(), lambda text, whole: found), messages)
    assert_valid(to_openai(shown))
    check_view(messages, shown)


@given(histories)
def test_pieces_of_the_history_itself_stay_valid(messages: tuple[Message, ...]) -> None:
    memory = Retrieved(LastPairs(ListMemory(), 0), lambda text, whole: [m for m in whole if m.role != "tool"])
    assert_valid(to_openai(shown_by(memory, messages)))
