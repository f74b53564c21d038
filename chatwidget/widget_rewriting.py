"""Going back in a `ChatWidget`'s conversation from code, judging what was said, and going to another conversation."""

from __future__ import annotations

from typing import Any, Literal

from chatwidget.chats import Chat
from chatwidget.handles import Pending
from chatwidget.messages import Content, Message
from chatwidget.session import Session


class WidgetRewriting:
    """What code calls to change what is shown; each is begun at once, whether awaited or not."""

    session: Session

    def retry(self, message_id: str | None = None) -> Pending[Message | None]:
        """Ask again for the last reply, or the one with this id; the old one stays as a sibling."""
        return Pending(_reply_of(self.session.retry(message_id)))

    def edit(self, message_id: str, content: Content) -> Pending[Message | None]:
        """Send something else in place of a user message; the old branch stays as a sibling."""
        return Pending(_reply_of(self.session.edit(message_id, content)))

    def go_on(self, message_id: str | None = None) -> Pending[Message | None]:
        """Ask for the rest of the last reply, or the one with this id, that broke off. See `Session.go_on`."""
        return Pending(_reply_of(self.session.go_on(message_id)))

    def select(self, message_id: str, index: int) -> Pending[None]:
        """Show sibling number `index` of a message, from 0, and the newest branch below it."""
        return Pending(self.session.select(message_id, index))

    def delete(self, message_id: str) -> Pending[None]:
        """Take a message, and all that follows it, out of the conversation; `undo_last` brings it back."""
        return Pending(self.session.delete(message_id))

    def clear(self) -> Pending[None]:
        """Begin anew with an empty transcript; what was said stays as another branch."""
        return Pending(self.session.clear())

    def undo_last(self) -> Pending[Literal["delete", "clear", "edit", "retry", "select"]]:
        """Take back the last delete, clear, edit, retry or select; the trait `undo` says which it would be."""
        return Pending(self.session.undo())

    def feedback(
        self, value: Literal["up", "down"] | None, message_id: str | None = None, *, comment: str = ""
    ) -> Pending[None]:
        """Keep what a person thinks of a message, by default the last reply. See `Session.feedback`."""

        async def give() -> None:
            self.session.feedback(value, message_id, comment=comment)

        return Pending(give())

    @property
    def chats(self) -> list[Chat]:
        """The conversations of this chat, newest first; `clear` begins one, `open_chat` shows one."""
        return self.session.chats

    def open_chat(self, chat_id: str) -> Pending[None]:
        """Show another conversation of this chat, one of `chats`."""
        return Pending(self.session.open_chat(chat_id))


async def _reply_of(starting: Any) -> Message | None:
    reply: Message | None = await (await starting).done
    return reply
