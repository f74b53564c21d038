"""Messages as a model must see them: a valid conversation, whatever happened on the way.

1. Messages of other scopes (nested apps) and off-record ones are left out.
2. Of sticky messages with one label only the newest is kept: at the place where the first stood, at the top, or right
   before what the person said last.
3. `live` messages are computed now.
4. Messages in which nothing arrived are left out.
5. Every tool call is followed at once by exactly one result, in the order of the calls; results without a call are
   left out. A call without a result (an old file, a crash) is answered in its place. Where one id was used for
   several calls, as some servers do, the first result goes to the first of them.
"""

from __future__ import annotations

import inspect
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any, cast

from chatwidget.errors import FormatError
from chatwidget.feedback_notes import is_note
from chatwidget.messages import (
    DisplayPart,
    Feedback,
    Message,
    ReasoningPart,
    SourcePart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    new_id,
)
from chatwidget.openai_format import from_openai
from chatwidget.place_notes import is_place

NEVER_RAN = "This tool was not run: the turn ended before."


def history(path: Iterable[Message], scope: str = "", *, compute: bool = True) -> tuple[Message, ...]:
    """Return what a model is sent of a transcript's active branch; with `compute` False `live` messages stay live."""
    ours = [message for message in path if message.scope == scope and not message.off_record]
    kept = [message for message in ours if message.role != "user" or message.status != "arriving"]
    said = [message for message in _newest_of_label(kept) if _says_something(message)]
    return tuple(_closed([_computed(message) for message in said] if compute else said))


def _newest_of_label(messages: list[Message]) -> list[Message]:
    newest = {message.label: message for message in messages if message.label is not None}
    if not newest:
        return messages
    placed: dict[str, list[Message]] = {"top": [], "place": [], "bottom": []}
    for message in messages:
        if message.label is None:
            placed["place"].append(message)
        elif message.label in newest:
            kept = newest.pop(message.label)
            placed[kept.position].append(kept)
    rest = placed["place"]
    said = [place for place, message in enumerate(rest) if message.role == "user" and not message.label]
    last = said[-1] if said else len(rest)
    return [*placed["top"], *rest[:last], *placed["bottom"], *rest[last:]]


def _says_something(message: Message) -> bool:
    silent = (ReasoningPart, DisplayPart, SourcePart)
    return message.live is not None or message.role == "user" or any(not isinstance(p, silent) for p in message.parts)


def _computed(message: Message) -> Message:
    if message.live is None:
        return message
    text: Any = message.live()
    if isinstance(text, str):
        return replace(message, parts=(TextPart(text),), live=None)
    if inspect.iscoroutine(text):
        text.close()  # or else Python warns that nobody has awaited it
    name = getattr(message.live, "__qualname__", repr(message.live))
    cure = "Give it a plain function (no `async def`) that returns a str."
    raise FormatError(f"System({name:.80}) got {type(text).__name__} for its text. {cure}")


def _closed(messages: list[Message]) -> Iterator[Message]:
    results: defaultdict[str, deque[Message]] = defaultdict(deque)
    for message in messages:
        for part in message.parts:
            if isinstance(part, ToolResultPart):
                results[part.tool_call_id].append(replace(message, parts=(part,)))
    for message in messages:
        if message.role == "tool":
            continue
        yield message
        for call in message.tool_calls if message.role == "assistant" else ():
            yield results[call.id].popleft() if results[call.id] else _never_ran(message, call)


def _never_ran(message: Message, call: ToolCallPart) -> Message:
    result = ToolResultPart(call.id, call.name, NEVER_RAN, "output-error")
    return Message(role="tool", parts=(result,), id=f"{message.id}-{call.id}", scope=message.scope)


def as_messages(items: Iterable[Message | Mapping[str, Any]]) -> list[Message]:
    """Return Messages from Messages and OpenAI dicts, each the child of the one before it unless it says otherwise.

    Raises FormatError for what is neither.
    """
    messages: list[Message] = []
    known: set[str] = set()
    place: str | None = None
    judged: dict[str | None, Feedback | None] = {}
    for given, group in groupby(items, lambda item: isinstance(item, Message)):
        for message in cast("Iterable[Message]", group) if given else from_openai(cast("Iterable[Any]", list(group))):
            if is_note(message):
                judged[message.parent_id] = message.feedback
                continue
            if is_place(message):
                place = message.parent_id if message.parent_id in known or message.parent_id is None else place
                continue
            parent = message.parent_id if message.parent_id in known else place
            message = replace(message, parent_id=parent, id=new_id() if message.id in known else message.id)
            place = message.id
            known.add(message.id)
            messages.append(message)
    return [replace(one, feedback=judged[one.id]) if one.id in judged else one for one in messages]
