"""The history of a conversation that grows: what was worked out for one request is there for the next.

Says what `history` says. A message leads to exactly one way back to the first, so the part of a path up to a known
message is known; what is new behind it is all that is looked at.
"""

from __future__ import annotations

from chatwidget.history import history
from chatwidget.messages import Message, ToolResultPart
from chatwidget.transcript import Transcript


class GrowingHistory:
    """The history of one scope of a transcript, at any moment."""

    def __init__(self, scope: str = "") -> None:
        self._scope = scope
        self._known: list[Message] = []
        self._live: list[int] = []
        self._length = 0
        self._last = ""
        self._plain = True

    def of(self, transcript: Transcript) -> tuple[Message, ...]:
        """Return what a model is sent of the active branch now."""
        ids = transcript.ids
        if self._length > len(ids) or (self._length and ids[self._length - 1] != self._last):
            self._forget()
        # Only ours are looked at: of many conversations at the same time most of a path belongs to others.
        places = [n for n in range(self._length, len(ids)) if transcript.head(ids[n]).scope == self._scope]
        new = [transcript.get(ids[place]) for place in places]
        if any(message.label is not None for message in new):
            self._plain = False
        if not self._plain:  # a sticky message changes what stands before it
            return history(transcript.path, self._scope)
        settled = _settled(new, transcript)
        if settled:
            known = history(new[:settled], self._scope, compute=False)
            self._live += [len(self._known) + place for place, one in enumerate(known) if one.live is not None]
            self._known += known
            self._length = places[settled - 1] + 1
            self._last = ids[self._length - 1]
        said = self._known
        if self._live:
            said = said.copy()
            for place in self._live:
                said[place] = history([said[place]], self._scope)[0]
        return (*said, *history(new[settled:], self._scope))

    def _forget(self) -> None:
        self._known, self._live = [], []
        self._length, self._last, self._plain = 0, "", True


def _settled(messages: list[Message], transcript: Transcript) -> int:
    """Return how many of the messages nothing behind them can change: all settled, each call with its one result."""
    open_calls: list[str] = []
    place = 0
    for number, message in enumerate(messages, 1):
        if message.id in transcript.drafts:
            break
        for part in message.parts:
            if isinstance(part, ToolResultPart):
                if part.tool_call_id not in open_calls:
                    return place  # a result of nothing here: whose it is only the whole tells
                open_calls.remove(part.tool_call_id)
        if message.role == "assistant":
            open_calls += [call.id for call in message.tool_calls]
        if not open_calls:
            place = number
    return place
