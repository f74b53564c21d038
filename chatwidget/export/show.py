"""What a readable transcript shows of messages, whatever it is written in.

System messages are left out, as on screen. A tool's result stands under its call.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from chatwidget.exact_json import readable
from chatwidget.messages import Approval, Message, ToolCallPart, ToolResultPart

_SPEAKERS = {"user": "You", "assistant": "Assistant", "tool": "Tool"}
_VERDICTS = {
    "arriving": "Still being written.",
    "stopped": "Stopped.",
    "length": "Cut off at the length limit.",
    "filtered": "Withheld by the provider's filter.",
    "error": "Failed.",
    "interrupted": "Interrupted.",
}


def results_of(path: Sequence[Message]) -> dict[str, ToolResultPart]:
    """Return the result of each tool call, by the call's id; the first one counts."""
    results: dict[str, ToolResultPart] = {}
    for message in path:
        for part in message.parts:
            if isinstance(part, ToolResultPart):
                results.setdefault(part.tool_call_id, part)
    return results


def shown(path: Sequence[Message]) -> list[Message]:
    """Return the messages a reader sees: those of user and assistant, and tool messages with results of no call."""
    calls = {call.id for message in path for call in message.tool_calls}
    return [
        message
        for message in path
        if (message.role in ("user", "assistant") and not message.hidden)
        or (message.role == "tool" and not _all_called(message, calls))
    ]


def _all_called(message: Message, calls: set[str]) -> bool:
    return all(isinstance(part, ToolResultPart) and part.tool_call_id in calls for part in message.parts)


def speaker(message: Message) -> str:
    """Say who speaks, in one short line."""
    name = " ".join((message.name or "").split())
    return name[:80] or _SPEAKERS.get(message.role, message.role)


def verdict(message: Message) -> str:
    """Say how the message ended, in one line; "" when it is complete."""
    sentences = [_VERDICTS.get(message.status, ""), message.error or ""]
    return " ".join(" ".join(sentences).split())


def remarks(message: Message) -> list[str]:
    """Say what is to say about a message, a line each: how it ended, and what the person thought of it."""
    said = [verdict(message)]
    if message.feedback is not None:
        thought = "A good answer" if message.feedback.value == "up" else "A bad answer"
        said.append(" ".join(f"{thought}: {message.feedback.comment}".removesuffix(": ").split()))
    return [sentence for sentence in said if sentence]


def decision(approval: Approval) -> str:
    """Say who decided on a call, and how, in one line."""
    said = "Allowed" if approval.allowed else "Denied"
    who = {"person": "by you", "policy": "by a policy", "rule": "by a rule"}[approval.by]
    changed = "" if approval.arguments is None else f", with other arguments: {approval.arguments}"
    return " ".join(f"{said} {who}{f': {approval.reason}' if approval.reason else ''}{changed}.".split())


def arguments_of(call: ToolCallPart) -> str:
    """Return a call's arguments, indented when they are JSON and not long, else as the model wrote them."""
    try:
        return readable(json.loads(call.arguments))
    except (ValueError, RecursionError):
        return call.arguments
