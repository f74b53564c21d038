"""Feedback on a message that a memory holds already, as a message of its own: memories only grow.

Nobody sees these and no model is sent them. Whoever fills a transcript takes them out and folds in what they say.
"""

from __future__ import annotations

from chatwidget.messages import Feedback, Message

LABEL = "chatwidget.feedback"


def note_of(message_id: str, feedback: Feedback | None) -> Message:
    """Make the note that a message has this feedback now; None: it was taken back."""
    return Message(role="system", parent_id=message_id, hidden=True, off_record=True, label=LABEL, feedback=feedback)


def is_note(message: Message) -> bool:
    """Whether a message is such a note; `parent_id` is then the message it is about."""
    return message.label == LABEL and message.hidden and message.off_record
