"""What an app of turbo-chat asks for by yielding, besides messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ASKED = "User input needed"
"""What a question says that has no text of its own."""


class Generate:
    """Ask the model for a reply; `reply = yield Generate()` gives it as an `Assistant`.

    Keywords, or those in `settings`, are parameters of this request only. With `forward=False` (or
    `yield_downstream=False`) the reply is neither shown nor given to whoever runs the app.
    """

    def __init__(
        self,
        settings: Mapping[str, Any] | None = None,
        *,
        forward: bool = True,
        yield_downstream: bool = True,
        **options: Any,
    ) -> None:
        self.settings: dict[str, Any] = {**(settings or {}), **options}
        self.forward = forward and yield_downstream

    @property
    def yield_downstream(self) -> bool:
        """The same as `forward`."""
        return self.forward

    def __repr__(self) -> str:
        return f"Generate({self.settings}, forward={self.forward})"


class GetUserInput:
    """Wait for a person; `text = yield GetUserInput(message="Your name?")` gives what they sent.

    `message` and `content` are one thing. The question is put into the conversation as the assistant's words unless
    `record` is False. All other keywords are those of `chatwidget.GetUserInput`.
    """

    def __init__(
        self, message: str | None = None, *, content: str | None = None, record: bool = True, **options: Any
    ) -> None:
        question = message if message is not None else content
        self.message = ASKED if question is None else question
        self.record = record and question is not None
        self.options = options

    @property
    def content(self) -> str:
        """The same as `message`."""
        return self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.message!r})"


GetInput = GetUserInput
