"""What `run` gives: one outcome of an app, in the shape of turbo-chat's first releases and in that of its last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from chatwidget.compat.turbo_chat.messages import BaseMessageCollection, Message, Messages
from chatwidget.compat.turbo_chat.signals import GetUserInput

Output = Message | BaseMessageCollection | GetUserInput


@dataclass
class Result:
    """One outcome: something an app said, or asks (`needs_input`), and whether it has ended (`done`).

    `content` is the text, or what the app itself put there. `output` is the message, several of them, or the
    `GetUserInput`. It may be taken apart as `output, done = await run(...)`.
    """

    content: Any
    needs_input: bool = False
    done: bool = False
    original_role: str | None = None
    output: Output | None = field(default=None, repr=False, compare=False)

    @classmethod
    def from_message(cls, message: Any, done: bool = False) -> Result:
        """Make the outcome that tells a message or a question."""
        asks = isinstance(message, GetUserInput)
        told = message if isinstance(message, Output) else None
        return cls(message.content, asks, done, getattr(message, "role", None), told)

    @property
    def is_empty(self) -> bool:
        """Whether it tells the end and nothing else."""
        return self.done and self.output is None and self.content is None

    def dict(self) -> dict[str, Any]:
        """Return the fields that turbo-chat has."""
        names = ("content", "needs_input", "done", "original_role")
        return {name: getattr(self, name) for name in names}

    def __bool__(self) -> bool:
        return True  # programs loop on it: `while result := await run(...)`

    def __iter__(self) -> Iterator[Any]:
        said = self.output
        if said is None:
            return iter((Messages() if self.is_empty else self, self.done))
        return iter((said, self.done))
