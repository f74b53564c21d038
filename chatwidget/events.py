"""What happened in a run: past tense, immutable, in order. A transcript is the fold of these.

One reply of a model with one tool call reads:

    MessageStarted  PartStarted PartDelta* PartEnded        the assistant's text
                    PartStarted (PartDelta ToolPreviewed?)* PartEnded   its tool call, argument by argument
    MessageEnded
    ToolStarted ToolOutput* ToolEnded                       the tool runs
    MessageStarted MessageEnded                             its result, a message of role "tool"
    MessageStarted ...                                      the model goes on

`RunStarted` comes first in a run and `RunEnded` last, with the run's verdict. `TurnStarted` and `TurnEnded` enclose
what comes of one input, `GenerateStarted` and `GenerateEnded` one request to a model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chatwidget.asks import Ask, Kind
from chatwidget.branch_events import FeedbackGiven, Rewound
from chatwidget.messages import Message, Part, Status
from chatwidget.tool_events import (
    ApprovalReceived,
    ApprovalRequested,
    PreviewShown,
    ToolDisplayed,
    ToolEnded,
    ToolOutput,
    ToolPreviewed,
    ToolStarted,
    ToolTimedOut,
)


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run of an app began. `scope` is "" for the session's own app, an id for one inside that of scope `parent`."""

    run_id: str
    app: str
    scope: str = ""
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """The app took an input; `message` is what the person sent."""

    message: Message


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The app wants the next input, or has ended; `reply` is the last thing it said, if anything."""

    reply: Message | None


@dataclass(frozen=True, slots=True)
class GenerateStarted:
    """A model is asked; `round` counts the requests of one `Generate`, from 0, `tools` are the names offered."""

    message_id: str
    model: str
    round: int
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GenerateEnded:
    """A model has answered; `usage` holds the endpoint's counts, None where it told none."""

    message_id: str
    model: str
    round: int
    status: Status
    usage: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RetryScheduled:
    """The model's endpoint failed for now, for `reason`; it is asked again in `seconds`, retry `attempt` `of`."""

    message_id: str
    reason: str
    seconds: float
    attempt: int
    of: int


@dataclass(frozen=True, slots=True)
class MessageStarted:
    """A message began; `message` is its head, without parts."""

    message: Message


@dataclass(frozen=True, slots=True)
class PartStarted:
    """Part number `index` of a message began; `part` is its beginning, often empty."""

    message_id: str
    index: int
    part: Part


@dataclass(frozen=True, slots=True)
class PartDelta:
    """`text` was added to the end of a text, a reasoning or a tool call's arguments."""

    message_id: str
    index: int
    text: str


@dataclass(frozen=True, slots=True)
class PartEnded:
    """A part is whole; `part` is its final value."""

    message_id: str
    index: int
    part: Part


@dataclass(frozen=True, slots=True)
class MessageEnded:
    """A message is settled; `message` is its final value and its status the verdict.

    It comes again when code changes a settled message (`updates.py`).
    """

    message: Message


@dataclass(frozen=True, slots=True)
class InputRequested:
    """The app waits for a person. `message` is the question, or empty; `recorded`: it is in the transcript.

    `kind` is that of the answer (see `Ask`), `choices` are texts to choose from, `schema` that of a form, `error` says
    why the last answer was none; `check` raises ValueError for one that is none. With `ask` it was asked by
    `ask(...)`, in the middle of a turn.
    """

    request_id: str
    message: str = ""
    recorded: bool = False
    ask: Ask | None = None
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    schema: Mapping[str, Any] | None = None
    error: str | None = None
    check: Callable[[Any], Any] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class InputReceived:
    """The person answered; `text` is the answer, as JSON where it is no text."""

    request_id: str
    text: str


@dataclass(frozen=True, slots=True)
class AskWithdrawn:
    """An open ask needs no answer any more: its time was up, or the turn was stopped."""

    ask_id: str
    tool_call_id: str | None = None


@dataclass(frozen=True, slots=True)
class OutputPreviewed:
    """What a reply of an `output_type` is so far: `value` is a growing object, `final` when it was accepted."""

    message_id: str
    value: Any
    final: bool = False


@dataclass(frozen=True, slots=True)
class OutputRejected:
    """A reply was not of its `output_type`; the model is told `error` and asked again, `attempts` are left."""

    message_id: str
    error: str
    attempts: int


@dataclass(frozen=True, slots=True)
class LimitReached:
    """A limit ended something.

    `limit` is tokens (the reply was cut), calls (the rounds of tool calls are used up), time (the model was too slow)
    or budget; `text` says so in a sentence.
    """

    limit: str
    text: str


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something a person should know; `level` is info, warning or error, `text` one or two plain sentences."""

    level: str
    text: str


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A run is over, its app closed. `verdict` says how; `error` is the sentence shown when it failed.

    `exception` is what was raised, for callers in the same process; it is never synced or stored.
    """

    run_id: str
    verdict: Status
    error: str | None = None
    value: Any = None
    scope: str = ""
    exception: BaseException | None = field(default=None, compare=False, repr=False)


Event = (
    RunStarted
    | TurnStarted
    | GenerateStarted
    | RetryScheduled
    | MessageStarted
    | PartStarted
    | PartDelta
    | ToolPreviewed
    | PreviewShown
    | PartEnded
    | MessageEnded
    | GenerateEnded
    | ApprovalRequested
    | ApprovalReceived
    | ToolStarted
    | ToolOutput
    | ToolDisplayed
    | ToolTimedOut
    | ToolEnded
    | InputRequested
    | InputReceived
    | AskWithdrawn
    | OutputPreviewed
    | OutputRejected
    | LimitReached
    | Rewound
    | FeedbackGiven
    | Noticed
    | TurnEnded
    | RunEnded
)

__all__ = [
    "ApprovalReceived",
    "ApprovalRequested",
    "AskWithdrawn",
    "Event",
    "FeedbackGiven",
    "GenerateEnded",
    "GenerateStarted",
    "InputReceived",
    "InputRequested",
    "LimitReached",
    "MessageEnded",
    "MessageStarted",
    "Noticed",
    "OutputPreviewed",
    "OutputRejected",
    "PartDelta",
    "PartEnded",
    "PartStarted",
    "PreviewShown",
    "RetryScheduled",
    "Rewound",
    "RunEnded",
    "RunStarted",
    "ToolDisplayed",
    "ToolEnded",
    "ToolOutput",
    "ToolPreviewed",
    "ToolStarted",
    "ToolTimedOut",
    "TurnEnded",
    "TurnStarted",
]
