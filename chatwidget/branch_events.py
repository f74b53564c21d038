"""What happened to what had been said: where the conversation goes on from, and what a person thinks of it."""

from __future__ import annotations

from dataclasses import dataclass

from chatwidget.messages import Feedback


@dataclass(frozen=True, slots=True)
class Rewound:
    """The conversation goes on from another place: `leaf_id` is now the last message (None: an empty transcript)."""

    leaf_id: str | None


@dataclass(frozen=True, slots=True)
class FeedbackGiven:
    """A person has said what they think of a message, or taken it back (None)."""

    message_id: str
    feedback: Feedback | None
