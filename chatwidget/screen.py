"""A screen: the state that is shown, and the frames of patches that keep it up to date.

Rules:

1. The state is a function of the transcript and of what the session sets; nothing of it is kept twice. The frames sent
   since a snapshot lead from that snapshot to the state, exactly.
2. Text is sent once. A frame's cost is that of what changed, whatever the length of the transcript. When frames leave
   is decided in `frames.py`.
3. `lock` guards the state: snapshots may be taken on any thread, changes come from the session's loop only.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import takewhile
from typing import Any

from chatwidget import patches
from chatwidget.draft import Call
from chatwidget.events import (
    ApprovalReceived,
    ApprovalRequested,
    AskWithdrawn,
    Event,
    FeedbackGiven,
    MessageEnded,
    MessageStarted,
    Noticed,
    PartDelta,
    PartEnded,
    PartStarted,
    PreviewShown,
    Rewound,
    RunEnded,
    RunStarted,
    ToolDisplayed,
    ToolEnded,
    ToolOutput,
    ToolPreviewed,
)
from chatwidget.frames import Clock, Frame, Frames
from chatwidget.messages import ReasoningPart, StepPart, TextPart, ToolCallPart, ToolResultPart
from chatwidget.patches import JSON, Path
from chatwidget.plain import plain
from chatwidget.revision import revise, settled
from chatwidget.transcript import Transcript
from chatwidget.views import (
    is_shown,
    utf16_length,
    view_arguments,
    view_call,
    view_message,
    view_messages,
    view_part,
    view_scope,
    view_scopes,
)

_DERIVED = {"messages": view_messages, "scopes": view_scopes}


class Screen:
    """What the screens of one session show; see the rules at the head of this module."""

    def __init__(self, transcript: Transcript, fields: dict[str, JSON], clock: Clock | None = None) -> None:
        self.lock = threading.RLock()
        self._transcript = transcript
        self._fields = fields
        self._frames = Frames(self.flush, clock)
        self._shows = self._frames.shows
        self._units: dict[Path, int] = {}
        self._places: dict[str, int] = {}
        self._place()

    @property
    def seq(self) -> int:
        """The number of the last frame."""
        return self._frames.seq

    @property
    def clock(self) -> Clock | None:
        """What times the frames; None until there is a loop."""
        return self._frames.clock

    @clock.setter
    def clock(self, clock: Clock) -> None:
        self._frames.clock = clock

    def attach(self, show: Callable[[Frame], None]) -> Callable[[], None]:
        """Send every frame from now on to `show`; returns the function that ends it."""
        shows = self._frames.shows
        shows.append(show)
        return lambda: shows.remove(show) if show in shows else None

    def state(self) -> JSON:
        """Return the whole state, as JSON data of its own."""
        with self.lock:
            return plain({key: self._value(key) for key in (*_DERIVED, *self._fields)})

    def field(self, key: str) -> JSON:
        """Return one field of the state."""
        with self.lock:
            return plain(self._value(key))

    def _value(self, key: str) -> JSON:
        return _DERIVED[key](self._transcript) if key in _DERIVED else self._fields[key]

    def snapshot(self) -> Frame:
        """Return a frame that replaces everything; frames that were due leave before it."""
        with self.lock:
            self.flush()
            return {"kind": "snapshot", "seq": self.seq, "state": self.state()}

    def set(self, key: str, value: JSON) -> None:
        """Change one field of the state that is not made of events."""
        with self.lock:
            if self._fields[key] != value:
                self._fields[key] = value
                self._frames.push(patches.set_((key,), value))

    def apply(self, event: Event) -> None:
        """Fold an event into the transcript and note what it changes on screen."""
        with self.lock:
            draw = (_DRAWS if self._shows else _UNSEEN).get(type(event))
            if draw is None:
                self._transcript.apply(event)
            else:
                draw(self, event)

    def flush(self) -> None:
        """Send what has changed now, as one frame; nothing when nothing has."""
        with self.lock:
            self._frames.flush()

    # What each event changes on screen.

    def _draw_start(self, event: MessageStarted) -> None:
        branches = event.message.parent_id != self._transcript.leaf
        self._transcript.apply(event)
        if branches:
            self._redraw()
        elif is_shown(event.message):
            place = self._places[event.message.id] = len(self._places)
            self._frames.push(patches.insert(("messages",), place, view_message(self._transcript, event.message)))

    def _draw_part_start(self, event: PartStarted) -> None:
        self._transcript.apply(event)
        if (place := self._places.get(event.message_id)) is not None:
            path: Path = ("messages", place, "parts")
            view = view_part(self._transcript, event.part)
            self._frames.push(patches.insert(path, event.index, view))
            for key in ("text", "output"):
                if key in view:
                    self._units[(*path, event.index, key)] = utf16_length(view[key])

    def _draw_delta(self, event: PartDelta) -> None:
        self._transcript.apply(event)
        place = self._places.get(event.message_id)
        if place is not None and not self._transcript.is_call(event.message_id, event.index):
            self._append(("messages", place, "parts", event.index, "text"), event.text)

    def _draw_preview(self, event: ToolPreviewed) -> None:
        before = self._transcript.calls[event.tool_call_id].input
        self._transcript.apply(event)
        path = self._part(event.message_id, event.index)
        if path:
            self._frames.push(*patches.difference((*path, "input"), before, event.arguments, utf16_length))

    def _draw_part_end(self, event: PartEnded) -> None:
        before = self._transcript.calls[event.part.id].input if isinstance(event.part, ToolCallPart) else None
        self._transcript.apply(event)
        path = self._part(event.message_id, event.index)
        if path and isinstance(event.part, ToolCallPart):
            value, raw = view_arguments(event.part.arguments)
            self._frames.push(*patches.difference((*path, "input"), before, value, utf16_length))
            for key, new in (("name", event.part.name), ("raw", raw), ("state", "input-available")):
                self._frames.push(patches.set_((*path, key), new))

    def _draw_end(self, event: MessageEnded) -> None:
        new = event.message
        draft = self._transcript.drafts.get(new.id)
        if draft is None:
            revise(self._frames, self._transcript, event, self._places.get(new.id))
            return
        for part in new.parts:
            if isinstance(part, ToolResultPart):
                self._draw_call_event(ToolEnded(part))
        self._transcript.apply(event)
        if (place := self._places.get(new.id)) is None:
            return
        self._frames.push(*settled(self._transcript, draft, new, place))
        for index, part in enumerate(new.parts):
            if isinstance(part, TextPart | ReasoningPart | StepPart):
                text: Path = ("messages", place, "parts", index, "text")
                self._frames.length(text, self._units.pop(text, 0) or utf16_length(part.text))

    def _draw_output(self, event: ToolOutput) -> None:
        call = self._transcript.calls[event.tool_call_id]
        path = self._part(call.message_id, call.index)
        ended = call.result is not None
        self._transcript.apply(event)
        if path and not ended:
            self._append((*path, "output"), event.text)

    def _draw_call_event(self, event: Any) -> None:
        """Draw what an event has changed of a call; what it printed is drawn by `_draw_output`."""
        call = self._transcript.calls.get(event.tool_call_id)
        before = None if call is None else view_call(call)
        self._transcript.apply(event)
        self._draw_call(call, before)

    def _draw_call(self, call: Call | None, before: dict[str, JSON] | None) -> None:
        path = self._part(call.message_id, call.index) if call is not None else None
        if path is None or call is None or before is None:
            return
        # The state last: a page that has seen "done" has the result.
        after = view_call(call)
        for key in sorted(after, key=lambda key: key == "state"):
            if after[key] != before[key]:
                if key == "output":
                    self._units.pop((*path, key), None)
                # What a preview shows grows with the arguments.
                self._frames.push(*patches.difference((*path, key), before[key], plain(after[key]), utf16_length))

    def _draw_rewind(self, event: Rewound) -> None:
        self._transcript.apply(event)
        self._redraw()

    def _draw_feedback(self, event: FeedbackGiven) -> None:
        self._transcript.apply(event)
        if (place := self._places.get(event.message_id)) is not None:
            value = None if event.feedback is None else event.feedback.value
            self._frames.push(patches.set_(("messages", place, "feedback"), value))

    def _draw_scope(self, event: RunStarted | RunEnded) -> None:
        self._transcript.apply(event)
        if event.scope in self._transcript.scopes:
            view = view_scope(self._transcript.scopes[event.scope])
            self._frames.push(patches.set_(("scopes", event.scope), view))

    def _draw_notice(self, event: Noticed) -> None:
        self.set("notice", {"level": event.level, "text": event.text})

    # How changes are gathered.

    def _append(self, path: Path, text: str) -> None:
        units = self._units.get(path)
        if units is None:
            units = utf16_length(self._text_at(path)) - utf16_length(text)
        self._units[path] = units + utf16_length(text)
        self._frames.grow(path, units, text)

    def _text_at(self, path: Path) -> str:
        message_id = next(key for key, place in self._places.items() if place == path[1])
        view: JSON = view_part(self._transcript, self._transcript.part(message_id, int(path[3])))
        return str(view[path[4]])

    def _part(self, message_id: str, index: int) -> Path | None:
        place = self._places.get(message_id)
        return None if place is None else ("messages", place, "parts", index)

    def _place(self) -> None:
        shown = [i for i in self._transcript.ids if is_shown(self._transcript.head(i))]
        self._places = {message_id: place for place, message_id in enumerate(shown)}
        self._units.clear()

    def _redraw(self) -> None:
        """Replace what lies behind the last message that both branches share."""
        before = list(self._places)
        self._place()
        after = list(self._places)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
        self._frames.cut(same)
        if len(before) > same:
            self._frames.push(patches.remove(("messages",), same, len(before) - same))
        for place in range(same, len(after)):
            message = self._transcript.get(after[place])
            self._frames.push(patches.insert(("messages",), place, view_message(self._transcript, message)))


_DRAWS: dict[type, Callable[[Screen, Any], None]] = {
    MessageStarted: Screen._draw_start,
    PartStarted: Screen._draw_part_start,
    PartDelta: Screen._draw_delta,
    PartEnded: Screen._draw_part_end,
    MessageEnded: Screen._draw_end,
    ToolPreviewed: Screen._draw_preview,
    ToolOutput: Screen._draw_output,
    **dict.fromkeys((ToolDisplayed, PreviewShown, AskWithdrawn, ToolEnded), Screen._draw_call_event),
    **dict.fromkeys((ApprovalRequested, ApprovalReceived), Screen._draw_call_event),
    **dict.fromkeys((RunStarted, RunEnded), Screen._draw_scope),
    Rewound: Screen._draw_rewind,
    FeedbackGiven: Screen._draw_feedback,
    Noticed: Screen._draw_notice,
}

# Where nobody looks, only what the next look needs is noted.
_UNSEEN: dict[type, Callable[[Screen, Any], None]] = {kind: _DRAWS[kind] for kind in (MessageStarted, Rewound, Noticed)}
