"""What a person sees: the fold of a run's events. No I/O, no clock, no ids of its own.

Rules:

1. A transcript is a tree. Every message has one parent (None for a first one); messages of one parent are siblings.
   The active branch, `path`, leads from a root to `leaf`.
2. Only events change it, and only in ways its events name. Folding the same events always gives the same transcript.
3. Nothing is destroyed: `Rewound` moves the leaf, and a message started there becomes a sibling.
4. A message that is arriving is a `Draft`: text is added to it in constant time. Settled messages are immutable.
5. A tool call is known from its part's start, or from its message's end if that brought it whole; by its id. It has
   at most one result; the first one counts.
6. A message given at the start is settled: one that was still arriving when it was kept counts as interrupted.

`apply` changes the transcript in place, because copying it for each delta would make a reply cost its square.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from chatwidget.draft import Call, Draft, Scope
from chatwidget.events import (
    ApprovalReceived,
    ApprovalRequested,
    AskWithdrawn,
    Event,
    FeedbackGiven,
    MessageEnded,
    MessageStarted,
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
from chatwidget.going_on import is_go_on
from chatwidget.messages import Message, Part, ToolCallPart, ToolResultPart


class Transcript:
    """A tree of messages with an active branch; see the rules at the head of this module."""

    def __init__(self, messages: Iterable[Message] = (), leaf: str | None = None) -> None:
        self.messages: dict[str, Message] = {}
        self.drafts: dict[str, Draft] = {}
        self.children: dict[str | None, list[str]] = {}
        self.calls: dict[str, Call] = {}
        self.scopes: dict[str, Scope] = {}
        self.leaf: str | None = None
        self._path: list[str] = []
        self._order: list[str] = []
        for message in messages:
            message = _settled(message)
            self.apply(MessageStarted(replace(message, parts=())))
            for index, part in enumerate(message.parts):
                self.apply(PartStarted(message.id, index, part))
                self.apply(PartEnded(message.id, index, part))
            self.apply(MessageEnded(message))
        if leaf is not None:
            self.apply(Rewound(leaf))

    def __contains__(self, message_id: object) -> bool:
        return message_id in self.messages or message_id in self.drafts

    def get(self, message_id: str) -> Message:
        """Return a message, settled or as far as it has arrived; KeyError when there is none."""
        draft = self.drafts.get(message_id)
        return draft.message() if draft is not None else self.messages[message_id]

    def part(self, message_id: str, index: int) -> Part:
        """Return one part of a message, settled or as far as it has arrived."""
        draft = self.drafts.get(message_id)
        return draft.part(index) if draft is not None else self.messages[message_id].parts[index]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the active branch, oldest first."""
        return tuple(self._path)

    @property
    def path(self) -> tuple[Message, ...]:
        """The messages of the active branch, oldest first."""
        return tuple(self.get(message_id) for message_id in self.ids)

    def path_to(self, message_id: str) -> tuple[Message, ...]:
        """Return the messages from the first one to this one, whatever branch it is on."""
        return tuple(self.get(step) for step in self._way_to(message_id))

    def all_messages(self) -> Iterator[Message]:
        """Give every message of every branch, parents before children, in the order they were made."""
        for message_id in tuple(self._order):
            yield self.get(message_id)

    def siblings(self, message_id: str) -> tuple[str, ...]:
        """Return the ids of all messages with the same parent, this one too, oldest first."""
        return tuple(self.children[self.head(message_id).parent_id])

    def head(self, message_id: str) -> Message:
        """Return a message without caring for the parts still arriving: constant time."""
        draft = self.drafts.get(message_id)
        return draft.head if draft is not None else self.messages[message_id]

    def is_call(self, message_id: str, index: int) -> bool:
        """Whether an arriving part is a tool call: constant time."""
        return isinstance(self.drafts[message_id].kind(index), ToolCallPart)

    def tip(self, message_id: str) -> str:
        """Return the end of the newest branch below a message."""
        while below := self.children.get(message_id):
            message_id = below[-1]
        return message_id

    def asked_before(self, message_id: str | None) -> Message | None:
        """Return the person's message that a message goes back to, or is; None when there is none before it."""
        while message_id is not None:
            message = self.get(message_id)
            if message.role == "user" and not message.scope and (not message.hidden or is_go_on(message)):
                return message
            message_id = message.parent_id
        return None

    def apply(self, event: Event) -> None:
        """Fold one event in. Events that concern no message change nothing."""
        fold = _FOLDS.get(type(event))
        if fold is not None:
            fold(self, event)

    def _start(self, event: MessageStarted) -> None:
        message = event.message
        if message.id in self:
            raise ValueError(f"message {message.id} started twice")
        if message.parent_id is not None and message.parent_id not in self:
            raise ValueError(f"message {message.id} names an unknown parent, {message.parent_id}")
        self.drafts[message.id] = Draft(message)
        self._order.append(message.id)
        self.children.setdefault(message.parent_id, []).append(message.id)
        if message.parent_id == self.leaf:
            self._path.append(message.id)
            self.leaf = message.id
        else:
            self._lead_to(message.id)

    def _part_start(self, event: PartStarted) -> None:
        self.drafts[event.message_id].start(event.index, event.part)
        if isinstance(event.part, ToolCallPart):
            self.calls[event.part.id] = Call(event.message_id, event.index)

    def _part_delta(self, event: PartDelta) -> None:
        self.drafts[event.message_id].append(event.index, event.text)

    def _part_end(self, event: PartEnded) -> None:
        self.drafts[event.message_id].end(event.index, event.part)
        if isinstance(event.part, ToolCallPart):
            self.calls[event.part.id].ended = True

    def _end(self, event: MessageEnded) -> None:
        message = event.message
        if message.id in self.messages:  # code has changed it
            for gone in {call.id for call in self.messages[message.id].tool_calls} - {c.id for c in message.tool_calls}:
                self.calls.pop(gone, None)
        self.messages[message.id] = message
        self.drafts.pop(message.id, None)
        for index, part in enumerate(message.parts):
            if isinstance(part, ToolResultPart):
                self._result(part)
            elif isinstance(part, ToolCallPart):
                self.calls.setdefault(part.id, Call(message.id, index, ended=True)).index = index

    def _preview(self, event: ToolPreviewed) -> None:
        self.calls[event.tool_call_id].input = event.arguments

    def _tool_output(self, event: ToolOutput) -> None:
        self.calls[event.tool_call_id].output.append(event.text)

    def _preview_shown(self, event: PreviewShown) -> None:
        call = self.calls[event.tool_call_id]
        call.preview, call.preview_error = event.part, event.error

    def _displayed(self, event: ToolDisplayed) -> None:
        call = self.calls[event.tool_call_id]
        if event.index is None:
            call.displays.clear()
            call.output.clear()
        elif event.index < len(call.displays):
            call.displays[event.index] = event.part
        else:
            call.displays.append(event.part)

    def _asked(self, event: ApprovalRequested) -> None:
        if event.ask.tool_call_id is not None:
            self.calls[event.ask.tool_call_id].asked = event.ask.id

    def _approved(self, event: ApprovalReceived) -> None:
        if event.tool_call_id is not None:
            call = self.calls[event.tool_call_id]
            call.asked, call.approval = None, event.approval

    def _withdrawn(self, event: AskWithdrawn) -> None:
        if event.tool_call_id is not None:
            self.calls[event.tool_call_id].asked = None

    def _tool_end(self, event: ToolEnded) -> None:
        self._result(event.result)

    def _result(self, result: ToolResultPart) -> None:
        call = self.calls.get(result.tool_call_id)
        if call is not None and call.result is None:
            call.result = result
            call.asked, call.approval = None, result.approval
            call.output.clear()
            call.displays.clear()

    def _run_start(self, event: RunStarted) -> None:
        if event.scope:
            self.scopes[event.scope] = Scope(event.app, event.parent or "")

    def _run_end(self, event: RunEnded) -> None:
        if event.scope in self.scopes:
            scope = self.scopes[event.scope]
            scope.verdict, scope.error = event.verdict, event.error

    def _rewind(self, event: Rewound) -> None:
        self._lead_to(event.leaf_id)

    def _judge(self, event: FeedbackGiven) -> None:
        draft = self.drafts.get(event.message_id)
        if draft is not None:
            draft.head = replace(draft.head, feedback=event.feedback)
        else:
            self.messages[event.message_id] = replace(self.messages[event.message_id], feedback=event.feedback)

    def _lead_to(self, leaf: str | None) -> None:
        self._path = self._way_to(leaf)
        self.leaf = leaf

    def _way_to(self, step: str | None) -> list[str]:
        path: list[str] = []
        while step is not None:
            path.append(step)
            step = self.head(step).parent_id
        return path[::-1]


def _settled(message: Message) -> Message:
    if message.status != "arriving":
        return message
    if message.role == "user":
        return message.with_status("complete")
    return message.with_status("interrupted", "The chat ended while this was being written.")


_FOLDS: dict[type, Any] = {
    MessageStarted: Transcript._start,
    PartStarted: Transcript._part_start,
    PartDelta: Transcript._part_delta,
    PartEnded: Transcript._part_end,
    MessageEnded: Transcript._end,
    ToolPreviewed: Transcript._preview,
    PreviewShown: Transcript._preview_shown,
    ApprovalRequested: Transcript._asked,
    ApprovalReceived: Transcript._approved,
    AskWithdrawn: Transcript._withdrawn,
    ToolDisplayed: Transcript._displayed,
    ToolOutput: Transcript._tool_output,
    ToolEnded: Transcript._tool_end,
    Rewound: Transcript._rewind,
    FeedbackGiven: Transcript._judge,
    RunStarted: Transcript._run_start,
    RunEnded: Transcript._run_end,
}
