"""Tokens are counted offline: exactly with rs-bpe and OpenAI's models, else about."""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget import tokens
from chatwidget.messages import (
    Assistant,
    DisplayPart,
    FilePart,
    ImagePart,
    Message,
    ReasoningPart,
    System,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    User,
)
from chatwidget.tokens import count_tokens, counts_exactly, estimate
from chatwidget.tools import ToolSpec


@pytest.fixture
def without_package(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pretend that rs-bpe is not installed."""
    monkeypatch.setitem(sys.modules, "rs_bpe", None)
    monkeypatch.setitem(sys.modules, "rs_bpe.bpe", None)
    tokens._counter.cache_clear()
    yield
    tokens._counter.cache_clear()


@pytest.fixture
def with_package() -> None:
    pytest.importorskip("rs_bpe")


@pytest.mark.usefixtures("with_package")
@pytest.mark.parametrize(
    ("text", "model", "count"),
    [
        # The figures of cl100k_base are those OpenAI's cookbook prints.
        ("tiktoken is great!", "gpt-4", 6),
        ("antidisestablishmentarianism", "gpt-3.5-turbo", 6),
        ("2 + 2 = 4", "gpt-4-0613", 7),
        ("お誕生日おめでとう", "gpt-4", 9),
        ("お誕生日おめでとう", "gpt-4o", 8),
        ("hello world", None, 2),
        ("", None, 0),
        ("<|endoftext|>", None, 7),
    ],
)
def test_with_the_package_texts_are_counted_as_openai_counts_them(text: str, model: str | None, count: int) -> None:
    assert count_tokens(text, model) == count


@pytest.mark.usefixtures("without_package")
@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("日本語", 3), ("\ud800", 1)]
)
def test_without_the_package_a_token_is_four_bytes_rounded_up(text: str, count: int) -> None:
    assert count_tokens(text) == count
    assert not counts_exactly()


@pytest.mark.usefixtures("with_package")
@pytest.mark.parametrize(
    ("model", "exact"),
    [
        (None, True),
        ("gpt-4o-mini", True),
        ("gpt-5-mini", True),
        ("o3", True),
        ("openai/gpt-4.1", True),
        ("ft:gpt-3.5-turbo:acme", True),
        ("gpt-4-turbo", True),
        ("llama3.2", False),
        ("claude-opus-5", False),
        ("local", False),
        ("", False),
    ],
)
def test_a_count_is_called_exact_for_models_of_openai_only(model: str | None, exact: bool) -> None:
    assert counts_exactly(model) is exact
    assert count_tokens("hello world", model) == 2


@pytest.mark.parametrize("model", [None, "gpt-4", "llama3.2"])
@given(text=st.text() | st.text("\ud83d\ude00<|>"))
def test_any_text_can_be_counted(model: str | None, text: str) -> None:
    assert 0 <= count_tokens(text, model) <= max(len(text) * 4, 0)
    assert (count_tokens(text, model) == 0) == (text == "")


@pytest.mark.usefixtures("without_package")
def test_a_request_costs_three_tokens_a_message_and_three_for_the_reply() -> None:
    assert estimate([]) == 3
    assert estimate([User("abcd")]) == 3 + (3 + 1 + 1)
    assert estimate([User("abcd"), Assistant("abcd")]) == 3 + (3 + 1 + 1) + (3 + 3 + 1)
    assert estimate([User("abcd", name="Ada")]) == estimate([User("abcd")]) + 1 + 1


@pytest.mark.usefixtures("with_package")
def test_the_roles_cost_one_token_each() -> None:
    assert estimate([System("hello world"), User("hello world")], model="gpt-4") == 3 + 2 * (3 + 1 + 2)


def test_what_no_model_is_sent_costs_nothing() -> None:
    plain = Message(role="assistant", parts=(TextPart("Hi"),))
    full = Message(role="assistant", parts=(ReasoningPart("hm " * 99), TextPart("Hi"), DisplayPart({"text/html": "x"})))
    assert estimate([full]) == estimate([plain])


def test_two_results_in_one_message_are_two_messages_to_the_model() -> None:
    one, other = ToolResultPart("1", "add", "42"), ToolResultPart("2", "add", "43")
    together = Message(role="tool", parts=(one, other))
    apart = [Message(role="tool", parts=(one,)), Message(role="tool", parts=(other,))]
    assert estimate([together]) == estimate(apart)


def test_calls_and_tools_cost_more_the_longer_they_are() -> None:
    short, long = (Message(role="assistant", parts=(ToolCallPart("1", "add", "1 " * n),)) for n in (1, 50))
    assert estimate([long]) > estimate([short]) > estimate([Assistant("")])
    small = ToolSpec("add", "Add.", {"type": "object"})
    large = ToolSpec("add", "Add two numbers. " * 9, {"type": "object"})
    assert estimate([], [small, large]) > estimate([], [large]) > estimate([], [small]) > estimate([])


def test_an_image_costs_what_openai_says_and_not_its_base64() -> None:
    empty = estimate([User("")])
    assert estimate([User(ImagePart("data:image/png;base64," + "A" * 90_000))]) == empty + 765
    assert estimate([User(ImagePart("https://example.org/cat.png", detail="low"))]) == empty + 85


def test_a_text_file_costs_its_text_and_another_file_its_name() -> None:
    data = base64.b64encode(b"abcd" * 100).decode()
    told = f"[file: a.bin]\n{'abcd' * 100}\n[end of file: a.bin]"
    assert estimate([User(FilePart("a.bin", "text/plain", data))]) == estimate([User(told)])
    assert estimate([User(FilePart("a.bin", data=data))]) == estimate([User("a.bin")])
