"""gptchat's `app`: one chat, its handler, and what may be configured of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from chatwidget.compat.gptchat.config import Config
from chatwidget.errors import AppError

if TYPE_CHECKING:
    from chatwidget.widget import ChatWidget

H = TypeVar("H", bound=Callable[..., Any])

NO_HANDLER = "There is no handler yet: decorate a function of the messages with `@app.handle_send_message`."
NO_PAGE = (
    "run_app() shows the chat in a notebook, and this is none. A web page of it comes with the extra `server` of "
    "chatwidget. Until that is there, run this program in a notebook cell, or import it there and show `app.chat`."
)
_INSTEAD = {
    "socket_on": "there is no socket: use app.chat.on(event, function)",
    "socket_emit": "there is no socket: use app.update_message and its like",
    "handle_connect": "a chat knows no connections: what it starts with is in set_config",
    "generating_started": "it is said by itself when a turn begins",
    "generating_done": "it is said by itself when a turn ends",
}


class ChatApp:
    """What `from gptchat import app` gave, over a `ChatWidget`."""

    def __init__(self) -> None:
        self.config = Config()
        self._handler: Callable[..., Any] = _not_handled
        self._chat: ChatWidget | None = None
        self._lock = threading.Lock()

    @property
    def chat(self) -> ChatWidget:
        """The chat itself; it is made when it is first needed."""
        with self._lock:
            if self._chat is None:
                from chatwidget.widget import ChatWidget

                # The model is never asked: the handler answers.
                self._chat = ChatWidget(model="echo")
                self._chat.handle_send_message(self._handler)
                self.config.apply(self._chat)
            return self._chat

    def handle_send_message(self, function: H) -> H:
        """Let a function of the messages answer, from the next one on; use as a decorator."""
        if self._chat is not None:
            self._chat.handle_send_message(function)
        self._handler = function
        return function

    handle_start_generating = handle_send_message

    def update_message(self, delta: Any, id: str | None = None, **_: Any) -> str:
        """Add to the message with this id, or begin one, and return its id."""
        return self.chat.update_message(delta, _as_text(id))

    def set_message(self, message: Any, id: str | None = None, **_: Any) -> str:
        """Put a whole message in the place of the one with this id, its own or this one, and return the id."""
        return self.chat.set_message(message, _as_text(id))

    def set_all_messages(self, messages: Iterable[Any], **_: Any) -> list[str]:
        """Begin anew with these messages and return their ids."""
        return self.chat.set_messages(messages)

    def stream_updates(self, stream: Any, delay: float = 0.0, id: str | None = None) -> Any:
        """Write a stream into one message and return the `Choice` it adds up to; await it for an async stream."""
        written = self.chat.stream_updates(stream, delay, _as_text(id))
        return _finished_later(written) if hasattr(written, "__await__") else _finished(written)

    def new_id(self) -> str:
        """Make an id for a message."""
        return self.chat.new_id()

    def set_config(self, config: Mapping[str, Any]) -> None:
        """Set options; others stay as they are. Raises FormatError for unknown ones, and then changes nothing."""
        self.config.merge(config)
        if self._chat is not None:
            self.config.apply(self._chat, config.keys())

    def sleep(self, seconds: float) -> None:
        """Wait; the chat goes on."""
        time.sleep(seconds)

    def run_app(self, port: int = 5000, **options: Any) -> None:
        """Show the chat in a notebook's cell; `port` and the other options are for a web page, and do nothing there.

        Raises AppError outside of notebooks.
        """
        if not in_notebook():
            raise AppError(NO_PAGE)
        from IPython.display import display

        display(self.chat)  # type: ignore[no-untyped-call]

    def __getattr__(self, name: str) -> Any:
        if name in _INSTEAD:
            raise AttributeError(f"app.{name} is not there: {_INSTEAD[name]}.")
        raise AttributeError(f"app has no {name!r}.")


def in_notebook() -> bool:
    """Whether this runs in a Jupyter kernel."""
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    return getattr(get_ipython(), "kernel", None) is not None


def _not_handled(messages: list[dict[str, Any]]) -> str:
    return NO_HANDLER


def _as_text(id: Any) -> str | None:
    return None if id is None else str(id)


def _finished(choice: Any) -> Any:
    choice.finish_reason = choice.finish_reason or "stop"
    return choice


async def _finished_later(writing: Any) -> Any:
    return _finished(await writing)
