"""What a session has for who types to it: its composer, and the commands that are there from the start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, overload

from chatwidget.composer import Composer
from chatwidget.conversations import Conversations
from chatwidget.slash_commands import SlashCommand

F = TypeVar("F", bound=Callable[..., Any])


class Composing(Conversations):
    """The commands of one session, and the composer that knows them."""

    composer: Composer

    @overload
    def command(self, function: F, /, *, name: str | None = ..., description: str | None = ...) -> F: ...
    @overload
    def command(self, /, *, name: str | None = ..., description: str | None = ...) -> Callable[[F], F]: ...
    def command(self, function: Any = None, /, *, name: str | None = None, description: str | None = None) -> Any:
        """Let a person run a function by typing `/name`; use as a decorator, bare or with options.

            @session.command
            def weather(city: str) -> str:
                \"\"\"Say how the weather is.\"\"\"

        Name and description are those of the function and its docstring. It is sync (and runs on a thread) or async,
        and takes nothing, or the rest of the line as a text. A text it returns is shown, off the record. It runs at
        once, also while a turn runs. Registered again, it takes the place of the one before. Raises AppError for what
        cannot be a command.
        """

        def add(function: F) -> F:
            self.composer.commands.add(SlashCommand.of(function, name, description))
            return function

        return add if function is None else add(function)

    def _add_own_commands(self) -> None:
        """Add the commands that every chat has."""

        async def retry() -> None:
            await self.retry()

        async def undo() -> None:
            await self.undo()

        for name, function, description in (
            ("new", self.clear, "Begin a new chat."),
            ("retry", retry, "Ask again for the last reply."),
            ("undo", undo, "Take back the last change to the conversation."),
            ("help", self.composer.commands.help, "List the commands."),
        ):
            self.composer.commands.add(SlashCommand.of(function, name, description))
