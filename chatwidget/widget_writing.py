"""Writing into a `ChatWidget` from code: its handler, and its updates."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Coroutine, Iterable, Mapping
from typing import Any, TypeVar, overload

from chatwidget.session import Session

H = TypeVar("H", bound=Callable[..., Any])


class WidgetWriting:
    """What code calls to write; safe on any thread, done in the order of the calls."""

    session: Session

    def handle_send_message(self, function: H) -> H:
        """Let a function of the messages, as OpenAI dicts, answer from the next turn on; use as a decorator.

        Sync or async, a generator or not. It answers with `update_message` and the like, and by what it gives: a text,
        a dict, an object of openai, a `Message`, a list of these; None is nothing. Running the cell again replaces it.
        Raises AppError where the chat has an app of its own.
        """
        self.session.handle(function)
        return function

    def update_message(self, delta: Any, id: str | None = None) -> str:
        """Add to the message with this id, or begin it, and return the id. See `Updates.update`."""
        return self.session.updates.update(delta, id)

    def set_message(self, message: Any, id: str | None = None) -> str:
        """Put a whole message in the place of the one with this id, or at the end, and return the id."""
        return self.session.updates.set(message, id)

    def set_messages(self, messages: Iterable[Any]) -> list[str]:
        """Begin anew with these messages and return their ids; what was said stays as another branch."""
        return self.session.updates.set_all(messages)

    def display_tools(self, displays: Mapping[str, Any]) -> None:
        """Say how the calls of tools look, by the tools' names; those of other names stay, None takes one away.

        Each is a `Display`, or the text above the call. Open views follow at once. Raises FormatError.
        """
        self.session.display_tools(displays)

    def new_id(self) -> str:
        """Make an id for a message."""
        return self.session.updates.new_id()

    @overload
    def stream_updates(
        self, stream: AsyncIterable[Any], delay: float = ..., id: str | None = ...
    ) -> Coroutine[Any, Any, Any]: ...
    @overload
    def stream_updates(self, stream: Iterable[Any], delay: float = ..., id: str | None = ...) -> Any: ...
    def stream_updates(self, stream: Any, delay: float = 0.0, id: str | None = None) -> Any:
        """Write a stream of OpenAI chunks into one message; return the `Choice` they add up to.

        An async stream is to be awaited. See `Updates.stream`.
        """
        return self.session.updates.stream(stream, delay, id)
