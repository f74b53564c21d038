"""`TokenWindow`: what fits, whole groups, counted once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget.history import history
from chatwidget.memory import ListMemory, TokenWindow
from chatwidget.messages import Assistant, ExampleAssistant, ExampleUser, Message, System, User
from chatwidget.tokens import TokenCounter, estimate
from tests.memory.conversations import check_view, histories, shown_by


def talk(number: int) -> list[Message]:
    return [(User if n % 2 == 0 else Assistant)(f"message {n} of many") for n in range(number)]


@given(histories, st.integers(1, 200))
def test_a_window_is_a_valid_history_within_its_tokens_or_what_is_always_sent(
    messages: tuple[Message, ...], tokens: int
) -> None:
    shown = shown_by(TokenWindow(ListMemory(), tokens), messages)
    check_view(messages, shown)
    if len(shown) == len(messages):
        return
    heads = [message for message in shown if message.role not in ("system", "tool")]
    assert estimate(shown, model="gpt-4o") <= tokens or len(heads) <= 2
    kept = {id(message) for message in shown}  # results of one tool message share its id
    left_out = [message for message in messages if id(message) not in kept]
    start = max(place for place, message in enumerate(left_out) if message.role != "tool")
    assert estimate([*shown, *left_out[start:]], model="gpt-4o") > tokens


async def test_system_messages_examples_the_first_and_the_newest_stay_and_the_oldest_of_the_others_go() -> None:
    rules, examples = System("Be brief."), [ExampleUser("Good!"), ExampleAssistant("positive")]
    said = talk(41)
    said.insert(20, System("The person is a pilot."))
    shown = await TokenWindow(ListMemory(), 150).view([rules, *examples, *said], "gpt-4o")
    kept = len(shown) - 5
    assert 5 < kept < 20
    assert list(shown) == [rules, *examples, said[0], said[20], *said[-kept:]]
    assert estimate(shown, model="gpt-4o") <= 150 < estimate([*shown, said[-kept - 1]], model="gpt-4o")


async def test_what_is_always_sent_is_sent_even_where_it_is_too_much() -> None:
    messages = [System("Rules. " * 50), User("First. " * 50), *talk(6), User("Newest. " * 50)]
    assert await TokenWindow(ListMemory(), 10).view(messages, "gpt-4o") == [*messages[:2], messages[-1]]


async def test_everything_is_sent_where_it_fits() -> None:
    messages = talk(9)
    window = TokenWindow(ListMemory(), 1_000)
    assert list(await window.view(messages, "gpt-4o")) == messages
    assert list(await window.view([], "gpt-4o")) == []


async def test_no_message_is_tokenised_twice_though_histories_are_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []
    count = TokenCounter.text

    def watched(self: TokenCounter, text: str) -> int:
        counted.append(text)
        return count(self, text)

    monkeypatch.setattr(TokenCounter, "text", watched)
    window = TokenWindow(ListMemory(), 400)
    said = talk(200)
    for stop in range(1, len(said)):
        await window.view(history(said[:stop]), "gpt-4o")
    assert sorted(text for text in counted if text.startswith("message")) == sorted(m.text for m in said[:-1])


class Watched(Sequence[Message]):
    """A history that knows which of its messages were looked at."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = messages
        self.looks = 0

    def __len__(self) -> int:
        return len(self.messages)

    def __getitem__(self, place):  # type: ignore[no-untyped-def]
        found = self.messages[place]
        self.looks += len(found) if isinstance(place, slice) else 1
        return found


@pytest.mark.parametrize("position", ["place", "bottom"])
async def test_a_request_after_the_first_looks_at_no_more_of_10_000_messages_than_of_100(position: str) -> None:
    looks = {}
    sticky = System("It is late.", label="clock", position=position)  # type: ignore[arg-type]
    for size in (100, 10_000):
        window = TokenWindow(ListMemory(), 300)
        said = [*talk(size // 2), sticky, *talk(size // 2)]
        await window.view(history(said), "gpt-4o")
        watched = Watched(history([*said, User("One more?")]))
        assert len(await window.view(watched, "gpt-4o")) < 60
        looks[size] = watched.looks
    assert looks[10_000] <= looks[100] + 2


async def test_another_branch_and_another_model_get_a_window_of_their_own() -> None:
    window = TokenWindow(ListMemory(), 60)
    said = talk(30)
    first = await window.view(said, "gpt-4o")
    other = [*said[:20], System("Here it parts."), *talk(9)]
    shown = await window.view(other, "gpt-4")
    assert other[20] in shown and shown[-1] is other[-1]
    assert await window.view(said, "gpt-4o") == first


def test_a_window_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        TokenWindow(ListMemory(), 0)
