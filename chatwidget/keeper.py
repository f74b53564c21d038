"""A transcript kept in a memory: filled from it, followed, and written to as it grows.

Rules:

1. What a turn has shown is kept before the turn counts as done. What could not be kept is on screen, the person is
   told, and it is kept with the next turn.
2. A memory that others write to is looked at before each turn: what they said stands before what is said now.
3. A memory that cannot be read takes nothing from the chat: it goes on with what it has, and tries again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from chatwidget.events import Event, MessageEnded, MessageStarted, Noticed
from chatwidget.memory import Memory
from chatwidget.messages import Message
from chatwidget.threads import text_of
from chatwidget.transcript import Transcript

log = logging.getLogger("chatwidget")


class Keeper:
    """Keeps one session's transcript in a memory; see the rules at the head of this module."""

    def __init__(self, memory: Memory, transcript: Transcript, emit: Callable[[Event], None]) -> None:
        self.memory = memory
        self._transcript = transcript
        self._emit = emit
        self._waiting: list[Message] = list(transcript.all_messages())
        self._seen: str | None = None
        self._loading = False

    def note(self, event: Event) -> None:
        """Take note of a message that has settled."""
        if isinstance(event, MessageEnded) and not self._loading:
            # Code may have changed one that waits.
            self._waiting = [one for one in self._waiting if one.id != event.message.id]
            self._waiting.append(event.message)

    async def catch_up(self) -> None:
        """Put what the memory holds, and this transcript does not, into the transcript."""
        try:
            kept = await self.memory.since(self._seen)
        except Exception as error:
            self._tell("The memory could not be read; the chat goes on without what is in it.", error)
            return
        self._loading = True
        try:
            for message in kept:
                self._seen = message.id
                if message.id not in self._transcript:
                    self._put(message)
        finally:
            self._loading = False

    async def keep(self) -> None:
        """Write down what is new; returns when it is safe, or when the person was told that it is not."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        try:
            await self.memory.append(waiting)
        except BaseException as error:
            self._waiting = [*waiting, *self._waiting]
            if not isinstance(error, Exception):
                raise
            self._tell("What was said last is not saved yet; it will be tried again with the next turn.", error)

    async def view(self, messages: Sequence[Message], model: str) -> Sequence[Message]:
        """Return what of a history a model is sent; all of it where the memory fails to say."""
        try:
            return await self.memory.view(messages, model)
        except Exception as error:
            self._tell("The memory could not choose what to send; the whole conversation was sent.", error)
            return messages

    def _put(self, message: Message) -> None:
        parent = message.parent_id if message.parent_id in self._transcript else self._transcript.leaf
        if message.status == "arriving":
            message = message.with_status("interrupted", "The chat ended while this was being written.")
        message = replace(message, parent_id=parent)
        self._emit(MessageStarted(replace(message, parts=())))
        self._emit(MessageEnded(message))

    def _tell(self, sentence: str, error: Exception) -> None:
        log.warning("%s", sentence, exc_info=error)
        self._emit(Noticed("warning", f"{sentence} ({text_of(error)[:300]})"))
