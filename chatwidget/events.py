"""What happened in a run: past tense, immutable, in order. A transcript is the fold of these.

One reply of a model with one tool call reads:

    MessageStarted  PartStarted PartDelta* PartEnded        the assistant's text
                    PartStarted (PartDelta ToolPreviewed?)* PartEnded   its tool call, argument by argument
    MessageEnded
    ToolStarted ToolOutput* ToolEnded                       the tool runs
    MessageStarted MessageEnded                             its result, a message of role "tool"
    MessageStarted ...                                      the model goes on

`RunStarted` comes first in a run and `RunEnded` last, with the run's verdict.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from chatwidget.messages import Message, Part, Status, ToolResultPart


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run of an app began. `scope` is "" for the session's own app, an id for a nested one."""

    run_id: str
    app: str
    scope: str = ""


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
class ToolPreviewed:
    """The best value so far of a tool call's unfinished arguments.

    `arguments` is plain JSON data; `final` says that it is the whole.
    """

    message_id: str
    index: int
    tool_call_id: str
    name: str
    arguments: Any
    final: bool = False


@dataclass(frozen=True, slots=True)
class PartEnded:
    """A part is whole; `part` is its final value."""

    message_id: str
    index: int
    part: Part


@dataclass(frozen=True, slots=True)
class MessageEnded:
    """A message is settled; `message` is its final value and its status the verdict."""

    message: Message


@dataclass(frozen=True, slots=True)
class ToolStarted:
    """A tool began to run with these validated arguments."""

    tool_call_id: str
    name: str
    arguments: Any


@dataclass(frozen=True, slots=True)
class ToolOutput:
    """A running tool printed `text`."""

    tool_call_id: str
    text: str


@dataclass(frozen=True, slots=True)
class ToolEnded:
    """A tool call has its one result."""

    result: ToolResultPart


@dataclass(frozen=True, slots=True)
class InputRequested:
    """The app waits for a person. `message` is the question, or empty; `recorded`: it is in the transcript."""

    request_id: str
    message: str = ""
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class InputReceived:
    """The person answered."""

    request_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Rewound:
    """The conversation goes on from another place: `leaf_id` is now the last message (None: an empty transcript)."""

    leaf_id: str | None


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
    | MessageStarted
    | PartStarted
    | PartDelta
    | ToolPreviewed
    | PartEnded
    | MessageEnded
    | ToolStarted
    | ToolOutput
    | ToolEnded
    | InputRequested
    | InputReceived
    | Rewound
    | Noticed
    | RunEnded
)
