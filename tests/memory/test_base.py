"""`Memory`: what a class of one's own must have, and gets."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from chatwidget.memory import LastPairs, ListMemory, Memory, Retrieved, Summarised, TokenWindow, View
from chatwidget.messages import Message, User

SAID = [User("one"), User("two"), User("three")]


class Notes(Memory):
    def __init__(self) -> None:
        self.notes: list[Message] = []

    async def load(self) -> list[Message]:
        return list(self.notes)

    async def append(self, messages: Sequence[Message]) -> None:
        self.notes.extend(messages)

    async def clear(self) -> None:
        self.notes.clear()


async def test_load_append_and_clear_are_enough() -> None:
    memory = Notes()
    await memory.append(SAID)
    assert await memory.since(None) == await memory.since("unknown") == SAID
    assert await memory.since(SAID[1].id) == SAID[2:]
    assert await memory.since(SAID[2].id) == []
    assert await memory.view(SAID, "gpt-4o") is SAID
    await memory.close()


@pytest.mark.parametrize("method", ["load", "append", "clear"])
async def test_what_is_missing_is_named(method: str) -> None:
    class Half(Memory):
        pass

    arguments = [SAID] if method == "append" else []
    with pytest.raises(NotImplementedError, match=f"Half has no `async def {method}"):
        await getattr(Half(), method)(*arguments)


@pytest.mark.parametrize(
    "around",
    [
        View,
        lambda memory: LastPairs(memory, 1),
        lambda memory: TokenWindow(memory, 100),
        lambda memory: Summarised(memory, "echo", above=100),
        lambda memory: Retrieved(LastPairs(memory, 1), lambda text, messages: None),
    ],
)
async def test_a_view_keeps_messages_in_the_memory_inside(around: type[View]) -> None:
    inside = ListMemory()
    view = around(inside)
    await view.append(SAID)
    assert list(await inside.load()) == list(await view.load()) == SAID
    assert list(await view.since(SAID[0].id)) == SAID[1:]
    await view.clear()
    assert not await inside.load()
    await view.close()
