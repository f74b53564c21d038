"""Messages as a model must see them: a valid conversation, whatever happened on the way.

1. Messages of other scopes (nested apps) and off-record ones are left out.
2. Of sticky messages with one label only the newest is kept, at the place where the first stood.
3. `live` messages are computed now.
4. Messages in which nothing arrived are left out.
5. Every tool call is followed at once by exactly one result, in the order of the calls; results without a call are
   left out. A call without a result (an old file, a crash) is answered in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from chatwidget.messages import DisplayPart, Message, ReasoningPart, TextPart, ToolResultPart

NEVER_RAN = "This tool was not run: the turn ended before."


def history(path: Iterable[Message], scope: str = "") -> tuple[Message, ...]:
    """Return what a model is sent of a transcript's active branch."""
    kept = [m for m in path if m.scope == scope and not m.off_record and not (m.role == "user" and m.status == "arriving")]
    return tuple(_closed([_computed(message) for message in _newest_of_label(kept) if _says_something(message)]))


def _newest_of_label(messages: list[Message]) -> list[Message]:
    newest = {message.label: message for message in messages if message.label is not None}
    kept: list[Message] = []
    for message in messages:
        if message.label is None:
            kept.append(message)
        elif message.label in newest:
            kept.append(newest.pop(message.label))
    return kept


def _says_something(message: Message) -> bool:
    silent = (ReasoningPart, DisplayPart)
    return message.live is not None or message.role == "user" or any(not isinstance(p, silent) for p in message.parts)


def _computed(message: Message) -> Message:
    return message if message.live is None else replace(message, parts=(TextPart(message.live()),), live=None)


def _closed(messages: list[Message]) -> Iterator[Message]:
    results: dict[str, Message] = {}
    for message in messages:
        for part in message.parts:
            if isinstance(part, ToolResultPart):
                results.setdefault(part.tool_call_id, message)
    for message in messages:
        if message.role == "tool":
            continue
        yield message
        for call in message.tool_calls:
            answer = results.pop(call.id, None)
            if answer is None:
                result = ToolResultPart(call.id, call.name, NEVER_RAN, "output-error")
                answer = Message(role="tool", parts=(result,), id=f"{message.id}-{call.id}", scope=message.scope)
            yield answer
