"""A message that settles, or that code has changed after that, as patches."""

from __future__ import annotations

from collections.abc import Iterator

from chatwidget import patches
from chatwidget.draft import Draft
from chatwidget.events import MessageEnded
from chatwidget.frames import Frames
from chatwidget.messages import Message
from chatwidget.patches import Patch, Path
from chatwidget.plain import plain
from chatwidget.transcript import Transcript
from chatwidget.views import utf16_length, view_message, view_part


def revise(frames: Frames, transcript: Transcript, event: MessageEnded, place: int | None) -> None:
    """Fold in that a settled message is another one now, and send what changes where it is shown, at `place`."""
    before = plain(view_message(transcript, transcript.get(event.message.id)))
    transcript.apply(event)
    if place is not None:
        after = plain(view_message(transcript, event.message))
        frames.cut(place)  # the lengths of its texts are not known any more
        frames.push(*patches.difference(("messages", place), before, after, utf16_length))


def settled(transcript: Transcript, draft: Draft, new: Message, place: int) -> Iterator[Patch]:
    """Give what changes on screen, at `place`, where a message that was arriving has its final value."""
    path: Path = ("messages", place)
    for index, part in enumerate(new.parts):
        if index >= draft.count:
            yield patches.insert((*path, "parts"), index, view_part(transcript, part))
        elif draft.part(index) != part:
            yield patches.set_((*path, "parts", index), view_part(transcript, part))
    if draft.count > len(new.parts):
        yield patches.remove((*path, "parts"), len(new.parts), draft.count - len(new.parts))
    for key in ("status", "error", "off_record", "name", "output"):
        if getattr(new, key) != getattr(draft.head, key):
            yield patches.set_((*path, key), getattr(new, key))
