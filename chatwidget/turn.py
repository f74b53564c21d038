"""One input and what comes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from chatwidget.events import Event, InputRequested, MessageEnded, Rewound
from chatwidget.messages import Message, Status, UserText
from chatwidget.output_attempts import OutputAttempts
from chatwidget.transcript import Transcript

STAY = "stay"


def is_reply(message: Message) -> bool:
    """Whether a message is something the assistant said; what code printed is not."""
    said = not message.off_record or any(part.type != "display" for part in message.parts)
    return message.role == "assistant" and said and not message.hidden


def last_reply(path: Sequence[Message]) -> Message | None:
    """Return the last reply that stands for itself: not what code printed, nor what a command answered."""
    return next((message for message in reversed(path) if is_reply(message) and not message.off_record), None)


@dataclass(slots=True, eq=False)
class Turn:
    """One input and what comes of it. `rewind_to` is the message to go on from: an id, None (the start) or STAY.

    `wanted` is what its replies shall be. `done` resolves to `reply`, or to what the turn failed with. The reply is
    the last assistant message of the turn; the question for the next input counts only where nothing else was said.
    `before` is the message before it, `verdict` how it has ended, if it has. One that `steers` may join the turn that
    runs; `joined` are those who did, and end as this one does.
    """

    input: UserText
    rewind_to: str | None = STAY
    done: asyncio.Future[Message | None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    reply: Message | None = None
    before: Message | None = None
    wanted: OutputAttempts | None = None
    verdict: Status = "complete"
    steers: bool = False
    joined: list[Turn] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The id of the person's message."""
        return self.input.message.id if self.input.message is not None else ""

    def note(self, event: Event, transcript: Transcript) -> None:
        """Note the reply of this turn."""
        if isinstance(event, MessageEnded) and is_reply(event.message):
            self.before, self.reply = self.reply, event.message
        elif isinstance(event, Rewound) and event.leaf_id is not None:
            # One of several versions of a reply was chosen.
            chosen = transcript.get(event.leaf_id)
            self.reply = chosen if is_reply(chosen) else self.reply
        elif isinstance(event, InputRequested) and event.recorded and self.before is not None:
            self.reply = self.before

    def stop(self) -> None:
        """Say that the turn was stopped, also where its reply was whole and its tools were at work."""
        if self.reply is not None and self.reply.status == "complete":
            self.reply = replace(self.reply, status="stopped")

    def end(self, error: BaseException | None = None) -> None:
        """Resolve `done`; a failure that nobody awaits is no fault of anyone."""
        if self.done.done():
            return
        if error is None:
            self.done.set_result(self.reply)
        else:
            self.done.set_exception(error)
            self.done.exception()
        for turn in self.joined:
            turn.reply = self.reply
            turn.end(error)


TURN: ContextVar[tuple[Transcript | None, Turn | None]] = ContextVar("chatwidget_turn", default=(None, None))
"""Whose transcript, and which turn, the running code belongs to; threads and tools have it from the app."""
