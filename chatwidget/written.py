"""A message that code writes into a chat: OpenAI deltas in, message events out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from chatwidget.context import RunContext
from chatwidget.messages import Message, Part, ReasoningPart, Status, TextPart, ToolCallPart
from chatwidget.models.base import ReasoningDelta, TextDelta, ToolCallDelta
from chatwidget.openai_delta import CallPiece, CallPlaces, Delta
from chatwidget.preview_runs import Previews
from chatwidget.reply import Reply
from chatwidget.turn import Turn


class Written:
    """A message while it is written; `turn` is the turn it is written in, None for one outside of turns.

    `call_ids` are the ids of its calls as who writes knows them, with those in the transcript, where an id that was
    used before gets another one. `broken` says why what writes it has failed.
    """

    def __init__(self, context: RunContext, message: Message, turn: Turn | None) -> None:
        self.id = message.id
        self.turn = turn
        self.call_ids: dict[str, str] = {}
        self.broken: str | None = None
        self._context = context
        self._reply = Reply(context, context.head(message), Previews(context, shows=False))
        self._places = CallPlaces()
        self._held: dict[int, str] = {}
        self._begun: dict[int, str] = {}

    def feed(self, delta: Delta) -> None:
        """Take one delta."""
        self._reply.feed(ReasoningDelta(delta.reasoning or ""))
        self._reply.feed(TextDelta(delta.content or ""))
        self._reply.feed(TextDelta(delta.refusal or ""))
        for piece in delta.calls:
            self._feed_call(piece)

    def settle(self, status: Status, error: str | None = None) -> Message:
        """End the message and return it."""
        for place in list(self._held):
            self._begin(place, "")
        if self.broken is not None and status == "complete":
            status, error = "interrupted", self.broken
        return self._reply.settle(status, error)

    def _feed_call(self, piece: CallPiece) -> None:
        place = self._places.place(piece)
        if place not in self._begun:
            self._held[place] = self._held.get(place, "") + piece.arguments
            if piece.id or piece.name:  # else it waits: what begins a call says which it is
                self._begin(place, piece.name)
            return
        self.call_ids[self._places.id_of(place)] = self._begun[place]
        self._reply.feed(ToolCallDelta(place, name=piece.name or None, arguments=piece.arguments))

    def _begin(self, place: int, name: str) -> None:
        call_id = self._places.id_of(place)
        self._reply.feed(ToolCallDelta(place, call_id, name, self._held.pop(place)))
        self._begun[place] = self.call_ids[call_id] = next(reversed(self._context.transcript.calls))


def as_delta(message: Message) -> Delta:
    """Return what a whole message adds to another one."""
    calls = tuple(CallPiece(None, call.id, call.name, call.arguments) for call in message.tool_calls)
    return Delta(message.role, message.text, calls=calls)


def with_delta(message: Message, delta: Delta, call_ids: Mapping[str, str]) -> Message:
    """Return a settled message with a delta added to it."""
    parts = list(message.parts)
    for text, kind in (
        (delta.reasoning, ReasoningPart),
        (delta.content, TextPart),
        (delta.refusal, TextPart),
    ):
        if text:
            _grow(parts, text, kind)
    for piece in delta.calls:
        known = call_ids.get(piece.id, piece.id)
        places = [i for i, part in enumerate(parts) if isinstance(part, ToolCallPart) and known in ("", part.id)]
        if places and not (piece.name and not piece.id):
            call = parts[places[-1]]
            assert isinstance(call, ToolCallPart)  # noqa: S101 - for the type checker; it was looked for just now
            parts[places[-1]] = replace(call, name=call.name or piece.name, arguments=call.arguments + piece.arguments)
        else:
            parts.append(ToolCallPart(known or f"call_{len(parts) + 1}", piece.name, piece.arguments))
    return replace(message, parts=tuple(parts))


def _grow(parts: list[Part], text: str, kind: type[TextPart] | type[ReasoningPart]) -> None:
    last = parts[-1] if parts else None
    if isinstance(last, TextPart | ReasoningPart) and type(last) is kind:
        parts[-1] = replace(last, text=last.text + text)
    else:
        parts.append(kind(text))


def with_unused_ids(message: Message, taken: Iterable[str]) -> tuple[Message, dict[str, str]]:
    """Return a message whose calls have ids of their own, and what became of those they had."""
    used = set(taken)
    call_ids: dict[str, str] = {}

    def renamed() -> Iterator[Part]:
        for part in message.parts:
            if isinstance(part, ToolCallPart):
                base = candidate = part.id or "call_1"
                number = 2
                while candidate in used:
                    candidate, number = f"{base}_{number}", number + 1
                used.add(candidate)
                call_ids[part.id] = candidate
                part = replace(part, id=candidate)
            yield part

    return replace(message, parts=tuple(renamed())), call_ids
