"""Going back in a conversation: asking again, editing, choosing between versions, beginning anew.

What was there before stays as another branch. A turn that is running is stopped first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from chatwidget.errors import RequestError
from chatwidget.events import Event, Rewound
from chatwidget.messages import Content, Message, TextPart, User, UserText, new_id
from chatwidget.transcript import Transcript
from chatwidget.turn import Turn
from chatwidget.turns import Turns


class Branches:
    """The branches of one session's transcript; `submit` queues a turn."""

    def __init__(
        self,
        transcript: Transcript,
        turns: Turns,
        emit: Callable[[Event], None],
        submit: Callable[[Turn], Turn],
    ) -> None:
        self._transcript = transcript
        self._turns = turns
        self._emit = emit
        self._submit = submit

    async def retry(self, message_id: str | None) -> Turn:
        """Ask again for the reply with this id, or the last one."""
        if message_id is not None:
            self._find(message_id)
        before = self._transcript.asked_before(message_id or self._transcript.leaf)
        if before is None:
            raise RequestError("There is nothing to ask again: no message of yours stands before this one.")
        async with self._turns.stopped():
            asked = self._find(before.id)
            if asked.off_record:  # the app failed before it passed this on; nothing that is settled changes
                asked = replace(asked, id=new_id(), off_record=False)
            return self._submit(Turn(UserText.of(asked), rewind_to=asked.parent_id))

    async def edit(self, message_id: str, content: Content) -> Turn:
        """Send something else in place of a user message; its attachments go along."""
        old = self._find(message_id)
        if old.role != "user":
            raise RequestError("Only what a person said can be edited.")
        kept = tuple(part for part in old.parts if not isinstance(part, TextPart)) if isinstance(content, str) else ()
        message = replace(User(content), id=new_id(), name=old.name)
        message = replace(message, parts=message.parts + kept)
        async with self._turns.stopped():
            return self._submit(Turn(UserText.of(message), rewind_to=old.parent_id))

    async def select(self, message_id: str, index: int) -> None:
        """Show sibling number `index` of a message."""
        self._find(message_id)
        siblings = self._transcript.siblings(message_id)
        if not 0 <= index < len(siblings):
            raise RequestError(f"There are {len(siblings)} versions of this message; there is no number {index + 1}.")
        async with self._turns.stopped():
            self._emit(Rewound(self._transcript.tip(siblings[index])))

    async def clear(self) -> None:
        """Begin anew with an empty transcript."""
        async with self._turns.stopped(even_waiting=True):
            self._turns.drop_queue()
            self._emit(Rewound(None))

    def _find(self, message_id: str) -> Message:
        if message_id not in self._transcript:
            raise RequestError("That message is not in this conversation any more.")
        return self._transcript.get(message_id)
