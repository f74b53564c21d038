"""A transcript kept in a memory: filled from it, followed, and written to as it grows.

Rules:

1. What a turn has shown is kept before the turn counts as done. What could not be kept is on screen, the person is
   told, and it is kept with the next turn; not a message that JSON cannot say, without which the others are kept.
2. What a person said and what tools returned is written, with all before it, while the turn runs, which does not wait
   for it. An assistant's message waits for one of these, or for the end of the turn: code may still change it.
3. A memory that others write to is looked at before each turn: what they said stands before what is said now.
4. What a person thinks of a message that is kept already is kept as a note behind it (`feedback_notes.py`).
5. Where the conversation goes on from, after something was deleted, undone or chosen, is kept as a note as well
   (`place_notes.py`): whoever reads the memory shows what is shown here.
6. A memory that cannot be read takes nothing from the chat: it goes on with what it has, and tries again.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from chatwidget.errors import ChatWidgetError, FormatError
from chatwidget.events import Event, FeedbackGiven, MessageEnded, MessageStarted, Noticed, Rewound
from chatwidget.feedback_notes import is_note, note_of
from chatwidget.memory import Memory, View
from chatwidget.messages import Message
from chatwidget.place_notes import is_place, place_after, place_note, with_roots
from chatwidget.threads import text_of
from chatwidget.transcript import Transcript

log = logging.getLogger("chatwidget")


class Keeper:
    """Keeps one session's transcript in a memory; see the rules at the head of this module."""

    def __init__(self, memory: Memory, transcript: Transcript, emit: Callable[[Event], None]) -> None:
        self.memory = memory
        self._transcript = transcript
        self._emit = emit
        self._waiting = {message.id: message for message in transcript.all_messages()}
        self._kept: set[str] = set()
        self._place: str | None = None  # where a session made anew would stand
        self._seen: str | None = None
        self._loading = False
        self._unread = False
        self._lock = asyncio.Lock()
        self._writing: asyncio.Task[None] | None = None

    def note(self, event: Event) -> None:
        """Take note of a message that has settled, or was judged; never blocks."""
        if isinstance(event, FeedbackGiven) and not self._loading:
            self._note_feedback(event)
        if isinstance(event, MessageEnded) and not self._loading and event.message.id not in self._kept:
            # Code may have changed one that waits.
            self._waiting[event.message.id] = event.message
            if event.message.role != "assistant":
                self._write_soon()

    def _note_feedback(self, event: FeedbackGiven) -> None:
        waiting = self._waiting.get(event.message_id)
        if event.message_id in self._kept:  # one that is still arriving brings it along
            note = note_of(event.message_id, event.feedback)
            self._waiting[note.id] = note
            self._write_soon()
        elif waiting is not None:
            self._waiting[event.message_id] = replace(waiting, feedback=event.feedback)

    async def catch_up(self) -> None:
        """Put what the memory holds, and this transcript does not, into the transcript."""
        try:
            kept = await self.memory.since(self._seen)
        except Exception as error:
            if not self._unread:  # a run looks when it begins, and again when it takes its input
                self._tell("The memory could not be read; the chat goes on without what is in it.", error)
            self._unread = True
            return
        self._loading, self._unread = True, False
        try:
            self._fold(kept)
        finally:
            self._loading = False

    async def keep(self) -> None:
        """Write down what is new; returns when it is safe, or when the person was told that it is not."""
        try:
            await self._write(lambda: list(self._waiting))
        except Exception as error:
            self._tell("What was said last is not saved yet; it will be tried again with the next turn.", error)

    async def view(self, messages: Sequence[Message], model: str) -> Sequence[Message]:
        """Return what of a history a model is sent; a view that fails to say is left out, with those around it."""
        memory: Memory | None = self.memory
        told: tuple[str, Exception] | None = None
        while memory is not None:
            try:
                messages = await memory.view(messages, model)
                break
            except Exception as error:
                told = type(memory).__name__, error
                memory = memory.memory if isinstance(memory, View) else None
        if told is not None:
            self._tell(f"{told[0]} could not choose what to send; the model was asked without it.", told[1])
        return messages

    def _write_soon(self) -> None:
        if self._writing is None or self._writing.done():
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:  # the end of the turn will do it
                return
            # Not in the context of a tool, whose card would show what a memory prints.
            self._writing = loop.create_task(self._write_settled(), context=contextvars.Context())

    async def _write_settled(self) -> None:
        try:
            while self._settled():
                await self._write(self._settled)
        except Exception:
            log.debug("nothing was saved; the end of the turn tries again", exc_info=True)

    def _settled(self) -> list[str]:
        ids = list(self._waiting)
        while ids and self._waiting[ids[-1]].role == "assistant":
            ids.pop()
        return ids

    async def _write(self, choose: Callable[[], list[str]]) -> None:
        async with self._lock:
            written = [self._waiting[one] for one in choose()]
            kept = self._placed(written)
            if not kept:
                return
            kept = await self._append(kept)
            self._kept.update(message.id for message in kept)
            self._place = place_after(kept, self._place)
            for before in written:
                now = self._waiting.pop(before.id)
                if now.feedback != before.feedback:  # it was judged while it was on its way
                    self._note_feedback(FeedbackGiven(now.id, now.feedback))

    async def _append(self, messages: list[Message]) -> list[Message]:
        """Write messages down and return those that could be: one that cannot be said in JSON must not hold up all."""
        try:
            await self.memory.append(messages)
        except FormatError as error:
            if len(messages) > 1:
                return [kept for message in messages for kept in await self._append([message])]
            self._tell("A message cannot be saved; what is said around it is.", error)
            return []
        return messages

    def _placed(self, messages: list[Message]) -> list[Message]:
        """Add the notes without which whoever reads these messages would go on from another place."""
        kept = list(with_roots(messages, self._place))
        leaf = self._transcript.leaf
        # One that is still arriving, or that waits, will be the last itself.
        known = leaf is None or leaf in self._kept or any(message.id == leaf for message in messages)
        return [*kept, place_note(leaf)] if known and place_after(kept, self._place) != leaf else kept

    def _fold(self, kept: Sequence[Message]) -> None:
        """Put into the transcript what is new, and go where it leads; what was written here leads nowhere."""
        leaf, new = self._transcript.leaf, set[str]()
        for message in kept:
            known = message.id in self._kept and message.id not in new
            self._seen = message.id
            self._kept.add(message.id)
            self._place = place_after([message], self._place)
            if is_note(message):
                self._judge(message)
                continue
            if known or (message.id in self._transcript and message.id not in new):
                continue
            new.add(message.id)
            if not is_place(message) and message.id not in self._transcript:
                self._put(message, leaf)
            if self._place is None or self._place in self._transcript:
                leaf = self._place
        if leaf != self._transcript.leaf:
            self._emit(Rewound(leaf))

    def _put(self, message: Message, leaf: str | None) -> None:
        parent = message.parent_id if message.parent_id in self._transcript else leaf
        if message.status == "arriving":
            message = message.with_status("interrupted", "The chat ended while this was being written.")
        message = replace(message, parent_id=parent)
        self._emit(MessageStarted(replace(message, parts=())))
        self._emit(MessageEnded(message))

    def _judge(self, note: Message) -> None:
        about = note.parent_id or ""
        if about in self._transcript and self._transcript.head(about).feedback != note.feedback:
            self._emit(FeedbackGiven(about, note.feedback))

    def _tell(self, sentence: str, error: Exception) -> None:
        log.warning("%s", sentence, exc_info=error)
        said = text_of(error) if isinstance(error, ChatWidgetError) else f"{type(error).__name__}: {text_of(error)}"
        self._emit(Noticed("warning", f"{sentence} ({said[:300]})"))
