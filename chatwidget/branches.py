"""Going back in a conversation: asking again, editing, choosing between versions, taking away, beginning anew.

What was there before stays as another branch, so each of these can be undone, the last one first, until a turn begins
that none of them has asked for. A turn that is running is stopped first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from chatwidget.errors import RequestError
from chatwidget.events import Event, InputRequested, Rewound, TurnStarted
from chatwidget.going_on import ask_to_go_on
from chatwidget.messages import Content, Message, TextPart, User, UserText, new_id
from chatwidget.transcript import Transcript
from chatwidget.turn import Turn, last_reply
from chatwidget.turns import Turns

Undoable = Literal["delete", "clear", "edit", "retry", "select"]

# How a reply that can be gone on with has ended.
CUT = ("stopped", "length", "interrupted", "error")

# More than anybody undoes.
UNDO_LIMIT = 100


@dataclass(slots=True)
class _Step:
    """What was done, the leaf before it, and the turn it has asked for, if any."""

    kind: Undoable
    leaf: str | None
    turn: Turn | None = None


class Branches:
    """The branches of one session's transcript; `submit` queues a turn, `changed` is called when `undoable` has."""

    def __init__(
        self,
        transcript: Transcript,
        turns: Turns,
        emit: Callable[[Event], None],
        submit: Callable[[Turn], Turn],
        changed: Callable[[Undoable | None], None] = lambda _: None,
    ) -> None:
        self._transcript = transcript
        self._turns = turns
        self._emit = emit
        self._submit = submit
        self._changed = changed
        self._steps: list[_Step] = []

    @property
    def undoable(self) -> Undoable | None:
        """What `undo` would take back."""
        return self._steps[-1].kind if self._steps else None

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
            return self._begin("retry", Turn(UserText.of(asked), rewind_to=asked.parent_id))

    async def edit(self, message_id: str, content: Content) -> Turn:
        """Send something else in place of a user message; its attachments go along."""
        old = self._find(message_id)
        if old.role != "user":
            raise RequestError("Only what a person said can be edited.")
        kept = tuple(part for part in old.parts if not isinstance(part, TextPart)) if isinstance(content, str) else ()
        message = replace(User(content), id=new_id(), name=old.name)
        message = replace(message, parts=message.parts + kept)
        async with self._turns.stopped():
            return self._begin("edit", Turn(UserText.of(message), rewind_to=old.parent_id))

    async def go_on(self, message_id: str | None) -> Turn:
        """Ask for the rest of the reply with this id, or the last one; one of which nothing came is asked for again."""
        found = last_reply(self._transcript.path) if message_id is None else self._find(message_id)
        if found is None or found.role != "assistant" or found.status not in CUT:
            raise RequestError("There is nothing to go on with: this reply did not break off.")
        if not found.parts:
            return await self.retry(found.id)
        if _wants_more_than_text(self._turns.request):
            raise RequestError("The app waits for an answer of yours; it cannot go on with a reply before that.")
        async with self._turns.stopped():
            place = self._with_results(found.id)
            turn = Turn(UserText.of(ask_to_go_on()), rewind_to=place)
            return self._submit(turn) if place == self._transcript.leaf else self._begin("retry", turn)

    async def select(self, message_id: str, index: int) -> None:
        """Show sibling number `index` of a message."""
        self._find(message_id)
        siblings = self._transcript.siblings(message_id)
        if not 0 <= index < len(siblings):
            raise RequestError(f"There are {len(siblings)} versions of this message; there is no number {index + 1}.")
        async with self._turns.stopped():
            self._move("select", self._transcript.tip(siblings[index]))

    async def delete(self, message_id: str) -> None:
        """Take a message, and all that follows it, off the active branch."""
        self._find(message_id)
        async with self._turns.stopped():
            if message_id not in self._transcript.ids:
                raise RequestError("That message is not shown any more.")
            self._move("delete", self._transcript.head(message_id).parent_id)

    async def clear(self) -> None:
        """Begin anew with an empty transcript."""
        async with self._turns.stopped(even_waiting=True):
            self._turns.drop_queue()
            self._move("clear", None)

    async def open(self, first_id: str) -> None:
        """Show the conversation that begins with this message; the app starts afresh in it."""
        if first_id not in self._transcript.children.get(None, ()):
            raise RequestError("That conversation is not in this chat any more.")
        async with self._turns.stopped(even_waiting=True):
            self._turns.drop_queue()
            self._forget()
            self._emit(Rewound(self._transcript.tip(first_id)))

    async def undo(self) -> Undoable:
        """Take back the last of what was done here, and return what it was."""
        if not self._steps:
            raise RequestError("There is nothing to undo.")
        step = self._steps.pop()
        async with self._turns.stopped(even_waiting=step.kind == "clear"):
            if step.turn is not None and step.turn in self._turns.queue:  # it has not begun
                self._turns.queue.remove(step.turn)
                step.turn.end()
            self._emit(Rewound(step.leaf))
        self._changed(self.undoable)
        return step.kind

    def heed(self, event: TurnStarted) -> None:
        """Forget what could be undone when a turn begins that it has not asked for."""
        turn = self._steps[-1].turn if self._steps else None
        if self._steps and (turn is None or turn.id != event.message.id):
            self._forget()

    def _begin(self, kind: Undoable, turn: Turn) -> Turn:
        self._note(_Step(kind, self._transcript.leaf, turn))
        return self._submit(turn)

    def _move(self, kind: Undoable, leaf: str | None) -> None:
        if leaf != self._transcript.leaf:
            self._note(_Step(kind, self._transcript.leaf))
            self._emit(Rewound(leaf))

    def _note(self, step: _Step) -> None:
        self._steps = [*self._steps, step][-UNDO_LIMIT:]
        self._changed(step.kind)

    def _forget(self) -> None:
        self._steps.clear()
        self._changed(None)

    def _with_results(self, message_id: str) -> str:
        """Return the last of a message and the results of its calls that follow it."""
        for below in self._transcript.path[self._place(message_id) + 1 :]:
            if below.role != "tool":
                break
            message_id = below.id
        return message_id

    def _place(self, message_id: str) -> int:
        ids = self._transcript.ids
        return ids.index(message_id) if message_id in ids else len(ids)

    def _find(self, message_id: str) -> Message:
        if message_id not in self._transcript:
            raise RequestError("That message is not in this conversation any more.")
        return self._transcript.get(message_id)


def _wants_more_than_text(asked: InputRequested | None) -> bool:
    return asked is not None and (asked.kind != "text" or bool(asked.choices) or asked.schema is not None)
