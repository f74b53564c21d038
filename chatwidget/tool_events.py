"""What happened to a tool call, from its first argument to its result; part of `events.py`, where the order is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chatwidget.asks import Ask
from chatwidget.messages import Approval, DisplayPart, ToolResultPart


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
class PreviewShown:
    """A tool's preview of unfinished arguments was made; it takes the place of the one before.

    `part` is what it shows, None for nothing; `error` is a sentence when it failed; `final`: of the whole arguments.
    """

    tool_call_id: str
    part: DisplayPart | None = None
    error: str | None = None
    final: bool = False


@dataclass(frozen=True, slots=True)
class ApprovalRequested:
    """A tool shall run, and somebody has to agree; or a budget is used up (then without a tool call)."""

    ask: Ask

    @property
    def tool_call_id(self) -> str | None:
        """The call it is about."""
        return self.ask.tool_call_id


@dataclass(frozen=True, slots=True)
class ApprovalReceived:
    """The decision on a tool call, or on going on, was made; also by a policy or a rule, without a request before."""

    approval: Approval
    ask_id: str | None = None
    tool_call_id: str | None = None


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
class ToolDisplayed:
    """A running tool displayed something; `index` is its place among the displays of the call, a new or a known one.

    None is for all of them: the tool cleared its output, the printed text included.
    """

    tool_call_id: str
    index: int | None
    part: DisplayPart


@dataclass(frozen=True, slots=True)
class ToolTimedOut:
    """A tool ran longer than its limit of `seconds`; its `ToolEnded` follows."""

    tool_call_id: str
    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class ToolEnded:
    """A tool call has its one result."""

    result: ToolResultPart

    @property
    def tool_call_id(self) -> str:
        """The call it answers."""
        return self.result.tool_call_id
