"""What a run needs from the session around it. The session makes one; a test can make one in five lines."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chatwidget.app_options import AppOptions
from chatwidget.asking import Asks
from chatwidget.bundles import clean_bundle
from chatwidget.calls import Calls
from chatwidget.events import Event, InputRequested, MessageEnded, MessageStarted, Rewound
from chatwidget.growing_history import GrowingHistory
from chatwidget.messages import DisplayPart, Message, Part, UserText, new_id
from chatwidget.models.base import Model
from chatwidget.output_attempts import OutputAttempts
from chatwidget.spending import Spending
from chatwidget.tool_list import ToolList
from chatwidget.transcript import Transcript


@dataclass(slots=True)
class RunContext:
    """The transcript to write to, the way to write (`emit`), and what a run may call.

    `emit` folds an event at once and never blocks. `ask` waits for a person and returns what they sent. `clock` is
    monotonic seconds, `now` seconds since 1970. `scope` names the (nested) app's own conversation. `wanted` tells what
    the replies of this turn shall be, where whoever sent it wants a type. `joining` takes what was said to steer this
    turn since it was last called. `run_nested` runs an app for a tool.
    One at a time asks the person for an input, whoever holds `asking`. `options` are those of the app that runs,
    `memory` and `session` what it may ask for; `view` chooses what of the history a model is sent.
    """

    transcript: Transcript
    emit: Callable[[Event], None]
    ask: Callable[[InputRequested], Awaitable[UserText]]
    resolve_model: Callable[[str | Model | None], Model]
    tools: ToolList
    clock: Callable[[], float]
    now: Callable[[], float]
    asks: Asks = field(default_factory=Asks)
    calls: Calls = field(default_factory=Calls)
    spending: Spending = field(default_factory=Spending)
    wanted: Callable[[], OutputAttempts | None] = lambda: None
    joining: Callable[[], Sequence[Message]] = tuple
    options: AppOptions = field(default_factory=AppOptions)
    memory: Any = None
    view: Callable[[Sequence[Message], str], Awaitable[Sequence[Message]]] | None = None
    session: Any = None
    run_nested: Callable[[Any, RunContext, str | None], Awaitable[Any]] | None = None
    max_tool_rounds: int = 10
    parallel_tools: bool = True
    scope: str = ""
    depth: int = 0
    ids: Callable[[], str] = field(default=new_id)
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    histories: dict[str, GrowingHistory] = field(default_factory=dict)

    def history(self) -> tuple[Message, ...]:
        """Return what a model is sent of this conversation now; the cost is that of what is new."""
        return self.histories.setdefault(self.scope, GrowingHistory(self.scope)).of(self.transcript)

    def head(self, message: Message) -> Message:
        """Return the message as the next one of the active branch."""
        created = message.created if message.created is not None else self.now()
        return replace(message, parent_id=self.transcript.leaf, scope=self.scope, created=created)

    def add(self, message: Message) -> Message:
        """Put a whole message at the end of the active branch; one that stands somewhere already as a copy."""
        if message.id in self.transcript:
            message = replace(message, id=self.ids())
        message = self.head(replace(message, parts=tuple(map(_writable, message.parts))))
        self.emit(MessageStarted(replace(message, parts=(), status="arriving")))
        self.emit(MessageEnded(message))
        return message

    def rewind(self, leaf_id: str | None) -> None:
        """Go on from another message, if that is not where we are."""
        if self.transcript.leaf != leaf_id:
            self.emit(Rewound(leaf_id))


def _writable(part: Part) -> Part:
    return DisplayPart(clean_bundle(part.bundle)) if isinstance(part, DisplayPart) else part
