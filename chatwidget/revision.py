"""A settled message that code has changed, as patches."""

from __future__ import annotations

from chatwidget import patches
from chatwidget.events import MessageEnded
from chatwidget.frames import Frames
from chatwidget.plain import plain
from chatwidget.transcript import Transcript
from chatwidget.views import utf16_length, view_message


def revise(frames: Frames, transcript: Transcript, event: MessageEnded, place: int | None) -> None:
    """Fold in that a settled message is another one now, and send what changes where it is shown, at `place`."""
    before = plain(view_message(transcript, transcript.get(event.message.id)))
    transcript.apply(event)
    if place is not None:
        after = plain(view_message(transcript, event.message))
        frames.cut(place)  # the lengths of its texts are not known any more
        frames.push(*patches.difference(("messages", place), before, after, utf16_length))
