"""Tool calls of one reply, put together from fragments that may lack an index, an id or both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chatwidget.messages import clean_text
from chatwidget.models.base import ToolCallDelta
from chatwidget.openai_delta import CallPiece, CallPlaces


class _Slot:
    def __init__(self, index: int, call_id: str) -> None:
        self.index = index
        self.id = call_id
        self.name = ""
        self.announced = False
        self.held = ""  # arguments that wait for the name, or for the second half of a character


class ToolSlots:
    """The calls of one reply as deltas. The first delta of a call carries its id and name, no later one does."""

    def __init__(self, used_ids: Iterable[str] = ()) -> None:
        self._used = set(used_ids)
        self._slots: list[_Slot] = []
        self._places = CallPlaces()

    def feed(self, piece: CallPiece) -> Iterator[ToolCallDelta]:
        """Take one fragment of a call."""
        place = self._places.place(piece)
        if place == len(self._slots):
            self._open(clean_text(piece.id))
        slot = self._slots[place]
        slot.name = slot.name or clean_text(piece.name)
        slot.held += piece.arguments
        if slot.name:
            yield from self._send(slot)

    def rest(self) -> Iterator[ToolCallDelta]:
        """Send what still waits: calls without any name, and half a character."""
        for slot in self._slots:
            if slot.held or not slot.announced:
                slot.held = clean_text(slot.held)
                yield from self._send(slot)

    def _open(self, sent_id: str) -> None:
        # Numbering from 1 makes the same reply to the same history come out the same, so a replay pairs up.
        base = sent_id or "call"
        candidate, number = sent_id or "call_1", 2
        while candidate in self._used:
            candidate, number = f"{base}_{number}", number + 1
        self._used.add(candidate)
        self._slots.append(_Slot(len(self._slots), candidate))

    def _send(self, slot: _Slot) -> Iterator[ToolCallDelta]:
        cut = len(slot.held)
        if slot.held and "\ud800" <= slot.held[-1] <= "\udbff":
            cut -= 1
        text, slot.held = clean_text(slot.held[:cut]), slot.held[cut:]
        if not slot.announced:
            slot.announced = True
            yield ToolCallDelta(slot.index, slot.id, slot.name, text)
        elif text:
            yield ToolCallDelta(slot.index, arguments=text)
