"""Where a conversation goes on from, as a message of its own among those that a memory keeps: memories only grow.

Rules:

1. What a memory holds is read in its order. Each message is where the conversation stands then; one of these notes puts
   it somewhere else: behind the message it names, or, where it names none, to an empty conversation.
2. So a message that was deleted does not come back, the version that was chosen is shown, and a message without a
   parent begins a conversation of its own where such a note stands before it. In a memory without notes, as others
   write them, it follows the message before it.

Nobody sees these and no model is sent them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chatwidget.feedback_notes import is_note
from chatwidget.messages import Message, new_id

LABEL = "chatwidget.place"


def place_note(leaf_id: str | None, note_id: str | None = None) -> Message:
    """Make the note that the conversation goes on behind this message; None: from the start."""
    return Message(role="system", parent_id=leaf_id, id=note_id or new_id(), hidden=True, off_record=True, label=LABEL)


def is_place(message: Message) -> bool:
    """Whether a message is such a note; `parent_id` is then the message that it names."""
    return message.label == LABEL and message.hidden and message.off_record


def place_after(messages: Iterable[Message], place: str | None) -> str | None:
    """Return where a conversation stands behind these messages, of what a memory holds, when it stood at `place`."""
    for message in messages:
        if not is_note(message):
            place = message.parent_id if is_place(message) else message.id
    return place


def with_roots(messages: Iterable[Message], place: str | None) -> Iterator[Message]:
    """Put a note before each message that begins a conversation of its own, when the one before stood at `place`.

    The note's id goes by that message's: written twice, it counts once.
    """
    for message in messages:
        if message.parent_id is None and place is not None and not is_note(message):
            yield place_note(None, f"{message.id}-first")
        yield message
        place = place_after([message], place)
