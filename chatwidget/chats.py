"""The conversations in a transcript: each root begins one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chatwidget.messages import Message
from chatwidget.transcript import Transcript
from chatwidget.views import is_shown

TITLE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation: the id of its first message, what it is about, when it began, how many messages it shows.

    `created` is in seconds since 1970, None where it is not known. `current` is the one on screen.
    """

    id: str
    title: str
    created: float | None
    messages: int
    current: bool


def chats_of(transcript: Transcript) -> list[Chat]:
    """Return the conversations of a transcript in which something was said, newest first; the cost is their length."""
    shown = transcript.ids[0] if transcript.ids else None
    found = (_chat(transcript, root, root == shown) for root in reversed(transcript.children.get(None, ())))
    return [chat for chat in found if chat.messages]


def title_of(messages: Iterable[Message]) -> str:
    """Return what a conversation is about: the first words of the person, or else of anybody; "" when nobody spoke."""
    said = [message for message in messages if is_shown(message) and message.text.strip()]
    first = next((message for message in said if message.role == "user"), said[0] if said else None)
    # Only the beginning: a message may be a book.
    words = "" if first is None else " ".join(first.text.lstrip()[: 8 * TITLE_LENGTH].split())
    return words if len(words) <= TITLE_LENGTH else f"{words[: TITLE_LENGTH - 1].rstrip()}…"


def _chat(transcript: Transcript, root: str, current: bool) -> Chat:
    path = transcript.path if current else transcript.path_to(transcript.tip(root))
    shown = [message for message in path if is_shown(message)]
    created = next((message.created for message in path if message.created is not None), None)
    return Chat(root, title_of(shown), created, len(shown), current)
