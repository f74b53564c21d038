"""Summaries: short texts at once, long ones in parts, and never without an end."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget import AppError, Session
from chatwidget.models.scripted import ScriptedModel
from chatwidget.recipes.summarize import parts_of, summarize


def asked(model: ScriptedModel) -> list[str]:
    return [request.messages[-1].text for request in model.requests]


async def test_a_short_text_is_summarized_at_once() -> None:
    model = ScriptedModel("Short.")
    reply = await Session(summarize(words=20), model=model).send("A text.")
    assert reply is not None
    assert reply.text == "Short."
    assert "at most 20 words" in model.requests[0].messages[0].text
    assert asked(model) == ["A text."]


async def test_a_long_text_is_summarized_in_parts_shown_as_sub_steps() -> None:
    model = ScriptedModel("one", "two", "Both.")
    session = Session(summarize(part_size=12), model=model)
    reply = await session.send("first part\n\nsecond part")
    assert reply is not None
    assert reply.text == "Both."
    assert asked(model) == ["first part", "second part", "one\n\ntwo"]
    nested = [message.text for message in session.messages if message.scope and message.role != "system"]
    assert nested == ["first part", "one", "second part", "two"]


async def test_summaries_that_are_still_too_long_are_summarized_again() -> None:
    model = ScriptedModel("aaaa", "bbbb", "cccc", "dd", "e", "End.")
    session = Session(summarize(part_size=10), model=model)
    reply = await session.send("1234567890 1234567890 1234567")
    assert reply is not None
    assert asked(model)[3:] == ["aaaa\n\nbbbb", "cccc", "dd\n\ne"]
    assert reply.text == "End."


async def test_a_model_that_does_not_get_shorter_is_not_asked_for_ever() -> None:
    model = ScriptedModel(*["just as long as it was"] * 9)
    with pytest.raises(AppError, match="no shorter than the text"):
        await Session(summarize(part_size=10), model=model).send("twenty letters or so")
    assert len(model.requests) == 3


async def test_a_part_needs_a_size() -> None:
    with pytest.raises(AppError, match="part_size=0"):
        await Session(summarize(part_size=0), model=ScriptedModel()).send("x")


texts: Any = st.text(alphabet="ab \n", max_size=80)


@given(texts, st.integers(1, 20))
def test_parts_hold_every_word_in_order_and_are_no_longer_than_asked(text: str, size: int) -> None:
    parts = list(parts_of(text, size))
    assert all(0 < len(part) <= size for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.lists(st.text(alphabet="ab", min_size=1, max_size=9), min_size=1, max_size=9), st.integers(9, 30))
def test_words_that_fit_are_not_cut(words: list[str], size: int) -> None:
    assert " ".join(parts_of(" ".join(words), size)).split() == words
