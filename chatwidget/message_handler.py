"""A message handler: a function of the conversation as OpenAI dicts that answers in the app's place.

    @chat.handle_send_message
    def answer(messages):
        chat.stream_updates(client.chat.completions.create(model="gpt-5-mini", messages=messages, stream=True))

It may be sync or async, a generator or not, and answers by what it writes (`updates.py`) and by what it gives: None
adds nothing, a text is more of the reply, a dict or an object of openai goes to `update`, a `Message` to `set`, a list
is each of its items. What a generator yields without an id is one growing message; what is returned is one each.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

from chatwidget.errors import AppError, ChatWidgetError
from chatwidget.handler_calls import handler_items
from chatwidget.messages import Message
from chatwidget.threads import Exited, text_of
from chatwidget.update import is_result, read_update
from chatwidget.updates import Updates

log = logging.getLogger("chatwidget")

Handler = Callable[[list[dict[str, Any]]], Any]


class MessageHandler:
    """A handler function of one chat; raises AppError when it cannot be called with the messages."""

    def __init__(self, function: Handler, updates: Updates) -> None:
        self.name = str(getattr(function, "__name__", type(function).__name__))
        self._function = function
        self._updates = updates
        self._growing: str | None = None
        if not _takes_messages(function):
            raise AppError(
                f"{self.name} cannot handle messages: it has to be a function of one argument. "
                "Write `def answer(messages)`."
            )

    async def answer(self, messages: list[dict[str, Any]]) -> None:
        """Call the function and settle all it has written, whatever happens.

        Raises AppError with the sentence that is shown when it fails; a stop and an exit go on.
        """
        turn = self._updates.current()
        self._growing = None
        try:
            async with aclosing(handler_items(self._function, messages)) as items:
                async for item, yielded in items:
                    self._take(item, yielded)
        except (asyncio.CancelledError, Exited, KeyboardInterrupt, SystemExit):
            self._updates.end(turn, "stopped")
            raise
        except Exception as error:
            log.warning("the handler %s failed", self.name, exc_info=True)
            what = text_of(error) if isinstance(error, ChatWidgetError) else f"{type(error).__name__}: {text_of(error)}"
            sentence = f"{self.name} failed: {what}"[:500]
            self._updates.end(turn, "interrupted", sentence)
            raise AppError(sentence) from error
        self._updates.end(turn)

    def _take(self, item: Any, yielded: bool) -> None:
        if isinstance(item, list | tuple):
            for one in item:
                self._take(one, yielded)
        elif isinstance(item, Message):
            self._growing = None
            self._updates.set(item)
        elif item is not None:
            self._write(item, yielded)

    def _write(self, item: Any, yielded: bool) -> None:
        update = read_update(item)
        if update.id is not None or is_result(update.message):
            self._growing = None if update.id is None else self._growing
            self._updates.update(item)
        elif not yielded or update.message is not None:
            self._updates.set(item)
        else:
            self._growing = self._updates.update(item, self._growing or self._updates.new_id())
            if update.verdict is not None:
                self._growing = None


def _takes_messages(function: object) -> bool:
    if not callable(function):
        return False
    try:
        inspect.signature(function).bind([])
    except TypeError:
        return False
    except ValueError:  # a builtin that does not tell
        return True
    return True
