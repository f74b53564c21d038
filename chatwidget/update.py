"""One update of a chat from code, read and checked before it is done: a delta, or a whole message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chatwidget.errors import FormatError
from chatwidget.messages import Message, Status, ToolResultPart
from chatwidget.openai_delta import Delta, fields_of, read_delta
from chatwidget.openai_format import from_openai

_VERDICTS: Mapping[str, Status] = {"length": "length", "max_tokens": "length", "content_filter": "filtered"}
_RESULT_ROLES = ("tool", "function")
# How a text of Python begins that tells of a failure.
_FAILED = re.compile(r"\w*(Error|Exception):|Traceback \(most recent call last\):")


NOTHING = Delta()


@dataclass(frozen=True, slots=True)
class Update:
    """What is to be added: a `delta`, or a whole `message` where it is not the assistant's.

    `id` is the one it names itself, `verdict` how its message ends with it. `result_of` names the function of a result
    that does not say which call it answers.
    """

    delta: Delta = NOTHING
    message: Message | None = None
    id: str | None = None
    verdict: Status | None = None
    result_of: str | None = None


def read_update(value: Any) -> Update:
    """Read a text, a delta, a choice, a chunk or a message, as a dict or as an object of openai.

    Raises FormatError for anything else, and for a message of another role that is not whole.
    """
    if isinstance(value, str):
        return Update(Delta(content=value))
    if isinstance(value, Message):
        return Update(message=value, id=value.id)
    if value is None:
        return Update()
    fields = fields_of(value, "an update")
    if isinstance(choices := fields.get("choices"), list):
        first = [choice for place, choice in enumerate(choices) if _index(choice, place) == 0]
        return read_update(first[0]) if first else Update()
    if "delta" in fields or isinstance(fields.get("message"), Mapping):
        inner = fields.get("message") if fields.get("delta") is None else fields["delta"]
        reason = fields.get("finish_reason")
        return replace(read_update(inner), verdict=_VERDICTS.get(reason, "complete") if reason else None)
    role, own_id = fields.get("role"), fields.get("id")
    own_id = None if own_id is None else str(own_id)
    if role in (None, "assistant"):
        return Update(read_delta(fields), id=own_id)
    message, result_of = _whole(fields)
    return Update(message=message, id=own_id, result_of=result_of)


def read_message(value: Any) -> Update:
    """Read a whole message: a `Message`, a dict, or an object of openai; raises FormatError with the field."""
    if isinstance(value, Message):
        return Update(message=value, id=value.id)
    if isinstance(value, str):
        value = {"role": "assistant", "content": value}
    fields = fields_of(value, "a message")
    if "delta" in fields or isinstance(fields.get("message"), Mapping):
        return read_message(fields.get("message") or fields["delta"])
    message, result_of = _whole({"role": "assistant", **fields})
    return Update(message=message, id=None if fields.get("id") is None else str(fields["id"]), result_of=result_of)


def is_result(message: Message | None) -> bool:
    """Whether a message is the result of a tool call."""
    return message is not None and message.role == "tool"


def _index(choice: Any, place: int) -> Any:
    index = choice.get("index") if isinstance(choice, Mapping) else None
    return place if index is None else index


def _whole(fields: Mapping[str, Any]) -> tuple[Message, str | None]:
    if fields.get("role") not in _RESULT_ROLES:
        return from_openai([{**fields, "tool_calls": _named(fields.get("tool_calls"))}])[0], None
    name = fields.get("name") if isinstance(fields.get("name"), str) else None
    if fields["role"] == "function" and name is None:
        raise FormatError("The result of a function needs the function's `name`.")
    if fields["role"] == "tool" and not isinstance(fields.get("tool_call_id"), str):
        raise FormatError("The result of a tool needs the `tool_call_id` of the call it answers.")
    content = read_delta({"content": fields.get("content")}).content
    failed = fields.get("is_error", content is not None and _FAILED.match(content) is not None)
    part = ToolResultPart(
        str(fields.get("tool_call_id") or ""),
        name or "",
        content or "",
        "output-error" if failed else "output-available",
    )
    return Message(role="tool", parts=(part,)), name if fields["role"] == "function" else None


def _named(calls: Any) -> Any:
    """Give calls what a stream may leave out: an id, a name, arguments."""
    if not isinstance(calls, list | tuple):
        return calls
    named: list[Any] = []
    for call in calls:
        if isinstance(call, Mapping):
            piece = read_delta({"tool_calls": [{**call, "index": None}]}).calls[0]
            function = {"name": piece.name, "arguments": piece.arguments}
            call = {"id": piece.id or f"call_{len(named) + 1}", "function": function}
        named.append(call)
    return named
