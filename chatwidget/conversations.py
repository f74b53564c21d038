"""What a person does with what was said: going back in it, judging it, going from one conversation to another."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Literal, TypeVar

from chatwidget.branches import Branches, Undoable
from chatwidget.chat_state import ChatState
from chatwidget.chats import Chat, chats_of
from chatwidget.errors import RequestError
from chatwidget.events import FeedbackGiven
from chatwidget.messages import Content, Feedback
from chatwidget.threads import unhindered
from chatwidget.turn import Turn, last_reply

T = TypeVar("T")


class Conversations(ChatState):
    """The conversations of one session, each a tree of versions; one branch of one of them is shown."""

    _branches: Branches
    _greeted: bool

    def start(self) -> None:
        """Start the app before anything was sent, so that it can speak first."""
        raise NotImplementedError

    async def retry(self, message_id: str | None = None) -> Turn:
        """Ask again: for the reply with this id, or the last one. The old reply stays as a sibling.

        Raises RequestError when there is no such message, or nothing a person said before it.
        """
        return await unhindered(self._branches.retry(message_id))

    async def edit(self, message_id: str, content: Content) -> Turn:
        """Send something else in place of a user message, which stays as a sibling; its attachments go along."""
        return await unhindered(self._branches.edit(message_id, content))

    async def go_on(self, message_id: str | None = None) -> Turn:
        """Ask for the rest of a reply that broke off: the one with this id, or the last one.

        The model is asked to go on in a message that is not shown; its reply follows the old one. A reply of which
        nothing came is asked for again. Raises RequestError for one that is whole.
        """
        return await unhindered(self._branches.go_on(message_id))

    async def select(self, message_id: str, index: int) -> None:
        """Show sibling number `index` of a message, and the newest branch below it."""
        await unhindered(self._kept(self._branches.select(message_id, index)))

    async def delete(self, message_id: str) -> None:
        """Take a message, and all that follows it, off the screen and out of what models are sent.

        It stays as another branch, and `undo` brings it back. Raises RequestError for one that is not shown.
        """
        await unhindered(self._kept(self._branches.delete(message_id)))

    async def clear(self) -> None:
        """Begin anew: an empty transcript and a fresh app. What was said stays as another branch."""
        await unhindered(self._kept(self._clear()))

    async def _clear(self) -> None:
        await self._branches.clear()
        self._panel.clear_notice()
        if self._greeted:
            self.start()

    async def undo(self) -> Undoable:
        """Take back the last delete, clear, edit, retry or select, and return which it was.

        Raises RequestError when there is none since the last turn that something else has asked for.
        """
        return await unhindered(self._kept(self._branches.undo()))

    def feedback(
        self, value: Literal["up", "down"] | None, message_id: str | None = None, *, comment: str = ""
    ) -> None:
        """Keep what a person thinks of a message, by default the last reply; None takes it back.

        It is kept by memories and in .json and .jsonl files, and told as the event `FeedbackGiven`. Raises
        RequestError when there is no such message.
        """
        if message_id is None:
            if (reply := last_reply(self.messages)) is None:
                raise RequestError("There is no reply to judge yet.")
            message_id = reply.id
        if message_id not in self.transcript:
            raise RequestError("That message is not in this conversation any more.")
        if value not in ("up", "down", None):
            raise RequestError(f"feedback({value!r:.40}): give 'up', 'down' or None.")
        given = None if value is None else Feedback(value, comment)
        if self.transcript.head(message_id).feedback != given:
            self._emit(FeedbackGiven(message_id, given))

    @property
    def chats(self) -> list[Chat]:
        """The conversations of this chat, newest first; `clear` begins one."""
        with self.screen.lock:
            return chats_of(self.transcript)

    async def open_chat(self, chat_id: str) -> None:
        """Show another conversation of this chat, one of `chats`; the app starts afresh in it with the next input."""
        await unhindered(self._kept(self._open(chat_id)))

    async def _kept(self, change: Awaitable[T]) -> T:
        """Do something, and keep where the conversation stands then: no turn may follow."""
        done = await change
        await self._keep()
        return done

    async def _open(self, chat_id: str) -> None:
        await self._branches.open(chat_id)
        self._panel.clear_notice()
