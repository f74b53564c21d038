"""Tool calls of one reply, put together from fragments that may lack an index, an id or both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chatwidget.messages import clean_text
from chatwidget.models.base import ToolCallDelta


class _Slot:
    def __init__(self, index: int, sent_id: str) -> None:
        self.index = index
        self.sent_id = sent_id  # as the server wrote it; "" where it did not
        self.id = ""
        self.name = ""
        self.announced = False
        self.held = ""  # arguments that wait for the name, or for the second half of a character


class ToolSlots:
    """Tells the calls of a reply apart. The first delta of a call carries its id and name, no later one does."""

    def __init__(self, used_ids: Iterable[str] = ()) -> None:
        self._used = set(used_ids)
        self._slots: list[_Slot] = []
        self._by_index: dict[int, _Slot] = {}

    def feed(self, call: Mapping[str, Any]) -> Iterator[ToolCallDelta]:
        """Take one entry of `delta.tool_calls`."""
        function = call.get("function")
        function = function if isinstance(function, dict) else {}
        sent_id, name = _string(call.get("id")), _string(function.get("name"))
        slot = self._find(call.get("index"), sent_id, name)
        slot.name = slot.name or name
        arguments = function.get("arguments")
        if arguments is not None and not isinstance(arguments, str):
            arguments = json.dumps(arguments)  # some servers send an object
        slot.held += arguments or ""
        if slot.name:
            yield from self._send(slot)

    def rest(self) -> Iterator[ToolCallDelta]:
        """Send what still waits: calls without any name, and half a character."""
        for slot in self._slots:
            if slot.held or not slot.announced:
                slot.held = clean_text(slot.held)
                yield from self._send(slot)

    def _find(self, index: object, sent_id: str, name: str) -> _Slot:
        if type(index) is int and index >= 0:
            known = self._by_index.get(index)
            # One index for several whole calls, each with an id and a name of its own: seen at Gemini's endpoint.
            if known is None or (sent_id and name and known.sent_id and sent_id != known.sent_id):
                known = self._by_index[index] = self._open(sent_id)
            return known
        if sent_id:
            same = [slot for slot in self._slots if slot.sent_id == sent_id]
            return same[-1] if same else self._open(sent_id)
        if name or not self._slots:
            return self._open("")
        return self._slots[-1]

    def _open(self, sent_id: str) -> _Slot:
        slot = _Slot(len(self._slots), sent_id)
        self._slots.append(slot)
        # Numbering from 1 makes the same reply to the same history come out the same, so a replay pairs up.
        base = sent_id or "call"
        candidate, number = sent_id or "call_1", 2
        while candidate in self._used:
            candidate, number = f"{base}_{number}", number + 1
        slot.id = candidate
        self._used.add(candidate)
        return slot

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


def _string(value: object) -> str:
    return clean_text(value) if isinstance(value, str) else ""
