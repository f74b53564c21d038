"""What is no memory is refused where it was passed, with what to pass instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chatwidget.errors import AppError
from chatwidget.memory import LastPairs, ListMemory, Memory, SQLiteMemory
from chatwidget.memory.base import as_memory


class Notes(Memory):
    """A memory of somebody's own."""


@pytest.mark.parametrize("memory", [None, ListMemory(), LastPairs(ListMemory(), 1), Notes()])
def test_memories_and_none_pass_as_they_are(memory: Any) -> None:
    assert as_memory(memory) is memory


@pytest.mark.parametrize(
    ("value", "culprit", "cure"),
    [
        ("x.db", "memory='x.db'", 'SQLiteMemory("x.db")'),
        (Path("x.db"), "memory=PosixPath('x.db')", 'SQLiteMemory("x.db")'),
        (SQLiteMemory, "memory=SQLiteMemory", 'SQLiteMemory("x.db")'),
        (Notes, "memory=Notes", "memory=Notes(...)"),
        ({"a": 1}, "memory={'a': 1}", "your own subclass of `Memory`"),
        (dict, "memory=dict", 'SQLiteMemory("x.db")'),
    ],
)
def test_anything_else_is_refused_with_its_name_and_what_to_pass(value: Any, culprit: str, cure: str) -> None:
    with pytest.raises(AppError) as refused:
        as_memory(value)
    assert str(refused.value).startswith(f"{culprit} is no memory: pass ") and cure in str(refused.value)


@pytest.mark.parametrize("chat", [None, 7, b"ada"])
def test_a_chat_is_named_by_a_text(chat: Any, tmp_path: Path) -> None:
    with pytest.raises(AppError, match=r"SQLiteMemory\(chat=.* does not name a chat: .*chat=\"ada\""):
        SQLiteMemory(tmp_path / "x.db", chat=chat)


@pytest.mark.parametrize("first", [10, ListMemory, "x.db"])
def test_a_view_takes_the_memory_first(first: Any) -> None:
    with pytest.raises(
        AppError, match=r"LastPairs\(.* is given no memory: .* first, as in `LastPairs\(ListMemory\(\), ...\)`"
    ):
        LastPairs(first, ListMemory())  # type: ignore[arg-type]
