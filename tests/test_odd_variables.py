"""One odd variable takes nothing from the others, and one that never answers holds up nothing for ever."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from chatwidget import composer
from chatwidget.variables import Variables, kind_of
from tests.composing import Page
from tests.core_strategies import quiet


class Gone:
    """Something to be referred to weakly."""


class Faceless:
    """Something that does not tell what it is."""

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        raise RuntimeError("no class")


class Endless:
    """Something whose text never comes, until the test is over."""

    def __init__(self) -> None:
        self.over = threading.Event()

    def __repr__(self) -> str:
        self.over.wait(30)
        return "at last"


class Immeasurable(list[int]):
    """A list that does not tell its length."""

    def __len__(self) -> int:
        raise RuntimeError("no length")


def test_an_odd_variable_is_left_out_and_the_others_are_there() -> None:
    variables = Variables({"a": 1, "dead": weakref.proxy(Gone()), "faceless": Faceless(), "b": 2})
    assert variables.names() == ["b", "a"]
    assert variables.value("a") == 1


def test_a_list_without_a_length_is_told_by_its_type() -> None:
    assert kind_of(Immeasurable()) == "Immeasurable"


async def test_a_completion_and_a_look_at_a_variable_ask_for_the_names_once() -> None:
    names = {f"a{number}": number for number in range(80)}
    asked = 0

    def namespace() -> Any:
        nonlocal asked
        asked += 1
        return names if asked == 1 else {}  # a cell has deleted them all

    page = Page(namespace=namespace)
    found = await page.ask("complete", text="@a", cursor=2)
    assert asked == 1 and len(found["items"]) == 50
    asked = 0
    assert (await page.ask("peek", name="a7"))["text"] == "a7: int\n7"
    assert asked == 1


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endless]:
    monkeypatch.setattr(composer, "VARIABLE_SECONDS", 0.01)
    value = Endless()
    yield value
    value.over.set()


async def test_a_variable_that_never_answers_is_refused_by_its_name_and_the_next_text_goes(endless: Endless) -> None:
    page = Page("a", namespace={"endless": endless})
    with pytest.raises(ValueError, match=r"@endless could not be read within 0.01 seconds. Take @endless away"):
        await page.ask("send", text="Look", variables=["endless"])
    with pytest.raises(ValueError, match=r"@endless could not be read within 0.01 seconds"):
        await page.ask("peek", name="endless")
    await page.ask("send", text="Hi")
    await quiet(page.session)
    assert [message.text for message in page.session.messages] == ["Hi", "a"]


async def test_variables_that_cannot_be_listed_in_time_are_told(endless: Endless) -> None:
    page = Page(namespace=lambda: repr(endless))
    with pytest.raises(ValueError, match=r"The variables could not be read within 0.01 seconds"):
        await page.ask("complete", text="@a", cursor=2)
