"""`TokenCounter`: what a long history holds is counted once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatwidget import Session
from chatwidget.messages import Message, TextPart, User
from chatwidget.models.scripted import EchoModel
from chatwidget.tokens import TokenCounter, estimate


def test_a_counter_says_what_estimate_says_and_counts_each_message_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counter = TokenCounter("gpt-4o")
    counted: list[str] = []
    count = counter.text

    def noted(text: str) -> int:
        counted.append(text)
        return count(text)

    monkeypatch.setattr(counter, "text", noted)
    messages = [User(f"Message number {number}") for number in range(50)]
    assert counter.request(messages) == estimate(messages, model="gpt-4o")
    counted.clear()
    assert counter.request([*messages, User("one more")]) > 0
    assert counted == ["user", "one more"]


def test_a_message_that_is_made_anew_under_its_id_is_counted_anew() -> None:
    counter = TokenCounter()
    short = Message(role="system", parts=(TextPart("It is one."),))
    long = replace(short, parts=(TextPart("It is one " * 50),))
    assert counter.request([short]) < counter.request([long]) > counter.request([short])


async def test_the_work_of_a_turn_for_counting_does_not_grow_with_the_history(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []
    count = TokenCounter.text

    def noted(self: TokenCounter, text: str) -> int:
        counted.append(text)
        return count(self, text)

    monkeypatch.setattr(TokenCounter, "text", noted)
    session = Session(model=EchoModel())
    costs = []
    for _ in range(30):
        counted.clear()
        await session.send("Hello")
        costs.append(len(counted))
    assert len(set(costs[1:])) == 1
