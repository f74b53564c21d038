"""What makes two requests the same: their hashes, and what differs where they do not.

The messages count as a model is sent them: roles, names and parts, not ids, times or what only the person sees. Ids
of tool calls count by their order, for a model makes new ones each time. Tools and options count in any order,
options that are None or hold a key not at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from chatwidget.messages import clean_text
from chatwidget.models._secrets import blotted_text, without_secrets
from chatwidget.models.base import ModelRequest
from chatwidget.openai_format import to_openai

ASKED = 200


@dataclass(frozen=True, slots=True)
class RequestHashes:
    """A request as short hashes: one for each message, tool and option, and one for the output it asks for."""

    messages: tuple[str, ...]
    tools: Mapping[str, str]
    options: Mapping[str, str]
    output: str | None

    @property
    def key(self) -> str:
        """What a recording is looked up by."""
        return _hash([self.messages, self.tools, self.options, self.output])


def hashes_of(request: ModelRequest) -> RequestHashes:
    """Compute the hashes of a request."""
    options = {name: value for name, value in request.options.items() if value is not None}
    output = request.output
    return RequestHashes(
        messages=tuple(map(_hash, _with_ordinal_ids(to_openai(request.messages)))),
        tools={tool.name: _hash([tool.description, tool.parameters]) for tool in request.tools},
        options={name: _hash(value) for name, value in without_secrets(options).items()},
        output=None if output is None else _hash([output.name, output.description, output.schema]),
    )


def asked(request: ModelRequest) -> str:
    """Return the beginning of the last user message, without keys: what a person knows the request by."""
    texts = [message.text for message in request.messages if message.role == "user"]
    return blotted_text(clean_text(texts[-1][: 2 * ASKED]))[:ASKED] if texts else ""


def nearest(wanted: RequestHashes, others: Iterable[RequestHashes]) -> RequestHashes | None:
    """Return the hashes most like the wanted ones; of equals the last."""
    return max(reversed(list(others)), key=lambda hashes: _likeness(wanted, hashes), default=None)


def difference(wanted: RequestHashes, other: RequestHashes) -> str:
    """Say in which parts two requests differ, such as "messages (number 2) and options (temperature)"."""
    parts = []
    if wanted.messages != other.messages:
        parts.append(f"messages ({_where(wanted.messages, other.messages)})")
    for kind, mine, theirs in (("tools", wanted.tools, other.tools), ("options", wanted.options, other.options)):
        names = sorted(name for name in {*mine, *theirs} if mine.get(name) != theirs.get(name))
        if names:
            parts.append(f"{kind} ({', '.join(names)[:200]})")
    if wanted.output != other.output:
        parts.append("output type")
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def _likeness(wanted: RequestHashes, other: RequestHashes) -> tuple[bool, int, int]:
    same = [wanted.tools == other.tools, wanted.options == other.options, wanted.output == other.output]
    return wanted.messages == other.messages, _in_common(wanted.messages, other.messages), sum(same)


def _in_common(mine: tuple[str, ...], theirs: tuple[str, ...]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(mine, theirs, strict=False)))


def _where(mine: tuple[str, ...], theirs: tuple[str, ...]) -> str:
    first = _in_common(mine, theirs)
    if first == len(mine) or first == len(theirs):
        return f"{len(mine)} of them, {len(theirs)} in the recording"
    return f"number {first + 1}"


def _with_ordinal_ids(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    numbers: dict[str, str] = {}

    def number(call_id: str) -> str:
        return numbers.setdefault(call_id, f"call {len(numbers) + 1}")

    for message in messages:
        for call in message.get("tool_calls", ()):
            call["id"] = number(call["id"])
        if "tool_call_id" in message:
            message["tool_call_id"] = number(message["tool_call_id"])
    return messages


def _hash(value: Any) -> str:
    text = json.dumps(_canonical(value), sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=_type_name)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _canonical(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)  # temperature=1 and temperature=1.0 ask for the same
    if isinstance(value, Mapping):
        return {str(name): _canonical(item) for name, item in value.items()}
    return [_canonical(item) for item in value] if isinstance(value, list | tuple) else value


def _type_name(value: Any) -> str:
    return f"<{type(value).__qualname__}>"
