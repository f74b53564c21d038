"""One recorded reply, and the line of JSON that holds it.

    {"version": 1, "key": "…", "recording": "…", "request": {…}, "hashes": {…},
     "deltas": [[0.31, {"type": "text", "text": "Hel"}], …], "end": {"type": "finished", "at": 1.2}}

Times are seconds since the request. Keys of a delta at their default are left out. What is read is read strictly:
a recording may come from anyone.
"""

from __future__ import annotations

import collections.abc
import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import chatwidget.errors
from chatwidget.errors import FormatError, ModelError, RateLimited
from chatwidget.models._request_hashes import RequestHashes
from chatwidget.models._secrets import blotted_text
from chatwidget.models.base import (
    Finish,
    ImageDelta,
    ModelDelta,
    ReasoningDelta,
    RetryDelta,
    SourceDelta,
    StepDelta,
    TextDelta,
    ToolCallDelta,
)
from chatwidget.serialize import parse_json

VERSION = 1
How = Literal["finished", "broken_off", "cancelled", "failed"]

_DELTAS: dict[str, type[ModelDelta]] = {
    "text": TextDelta,
    "reasoning": ReasoningDelta,
    "tool_call": ToolCallDelta,
    "step": StepDelta,
    "image": ImageDelta,
    "source": SourceDelta,
    "retry": RetryDelta,
    "finish": Finish,
}
_NAMES = {kind.__name__: name for name, kind in _DELTAS.items()}
_HINTS: dict[type, dict[str, Any]] = {kind: get_type_hints(kind) for kind in _DELTAS.values()}
_ERRORS: dict[str, type[ModelError]] = {
    name: kind
    for name, kind in vars(chatwidget.errors).items()
    if isinstance(kind, type) and issubclass(kind, ModelError)
}


@dataclass(frozen=True, slots=True)
class End:
    """How a stream ended, and when: in order, broken off without `Finish`, cancelled, or failed with `error`."""

    how: How
    at: float
    error: ModelError | None = None


@dataclass(frozen=True, slots=True)
class RecordedReply:
    """A reply as it was recorded. `recording` tells one use of `record` from another; `request` is for people."""

    hashes: RequestHashes
    recording: str
    request: Mapping[str, Any]
    deltas: tuple[tuple[float, ModelDelta], ...]
    end: End


def write_reply(reply: RecordedReply) -> str:
    """Write a reply as one line; what JSON cannot say in a `usage` is written as its text."""
    data = {
        "version": VERSION,
        "key": reply.hashes.key,
        "recording": reply.recording,
        "request": reply.request,
        "hashes": {field.name: getattr(reply.hashes, field.name) for field in fields(reply.hashes)},
        "deltas": [[round(at, 6), _written(delta)] for at, delta in reply.deltas],
        "end": _written_end(reply.end),
    }
    # In ASCII, so that halves of a pair, which models send as two deltas, survive.
    return json.dumps(_finite(data), ensure_ascii=True, allow_nan=False, default=str) + "\n"


def read_reply(line: bytes, where: str) -> RecordedReply:
    """Read a line; raises `FormatError` that begins with `where` and names the field."""
    data = _object(parse_json(line, where), where, "version", "key", "recording", "request", "hashes", "deltas", "end")
    if data["version"] != VERSION:
        raise FormatError(
            f"{where}: version must be {VERSION}, not {data['version']!r:.40}; a newer chatwidget made it"
        )
    hashes = _hashes(data["hashes"], f"{where}: hashes")
    if data["key"] != hashes.key:
        raise FormatError(f"{where}: key does not fit hashes; one of them was changed")
    deltas = _need(data["deltas"], list, f"{where}: deltas")
    return RecordedReply(
        hashes=hashes,
        recording=_need(data["recording"], str, f"{where}: recording"),
        request=_need(data["request"], dict, f"{where}: request"),
        deltas=tuple(_read_timed(item, f"{where}: deltas[{index}]") for index, item in enumerate(deltas)),
        end=_read_end(data["end"], f"{where}: end"),
    )


def _written(delta: ModelDelta) -> dict[str, Any]:
    told: dict[str, Any] = {"type": _NAMES[type(delta).__name__]}
    return told | {f.name: value for f in fields(delta) if (value := getattr(delta, f.name)) != f.default}


def _written_end(end: End) -> dict[str, Any]:
    data: dict[str, Any] = {"type": end.how, "at": round(end.at, 6)}
    if end.error is not None:
        # A subclass of someone else's is written as the nearest of ours.
        name = next(kind.__name__ for kind in type(end.error).__mro__ if _ERRORS.get(kind.__name__) is kind)
        data |= {"error": name, "text": blotted_text(str(end.error))}
        if isinstance(end.error, RateLimited):
            data["retry_after"] = end.error.retry_after
    return data


def _read_timed(item: Any, where: str) -> tuple[float, ModelDelta]:
    if not isinstance(item, list) or len(item) != 2:
        raise FormatError(f"{where}: must be a time and a delta")
    at, data = _time(item[0], where), _need(item[1], dict, where)
    name = data.get("type")
    if not isinstance(name, str) or name not in _DELTAS:
        raise FormatError(f"{where}.type: must be one of {', '.join(_DELTAS)}, not {name!r:.40}")
    return at, _made(_DELTAS[name], {key: value for key, value in data.items() if key != "type"}, where)


def _made(kind: type[ModelDelta], values: dict[str, Any], where: str) -> ModelDelta:
    hints = _HINTS[kind]
    for name, value in values.items():
        if name not in hints:
            raise FormatError(f"{where}.{name:.40}: is not a key this version knows")
        if not _fits(value, hints[name]):
            raise FormatError(f"{where}.{name}: cannot be {value!r:.40}")
    for field in fields(kind):
        if field.default is MISSING and field.name not in values:
            raise FormatError(f"{where}.{field.name}: is missing")
    return kind(**values)


def _read_end(data: Any, where: str) -> End:
    how, at = _need(data, dict, where).get("type"), _time(data.get("at"), f"{where}.at")
    if how not in get_args(How):
        raise FormatError(f"{where}.type: must be one of {', '.join(get_args(How))}, not {how!r:.40}")
    if how != "failed":
        return End(how, at)
    kind = _ERRORS.get(_need(data.get("error"), str, f"{where}.error"))
    if kind is None:
        raise FormatError(f"{where}.error: must be one of {', '.join(_ERRORS)}, not {data['error']!r:.40}")
    error = kind(_need(data.get("text"), str, f"{where}.text"))
    wait = data.get("retry_after")
    if isinstance(error, RateLimited) and wait is not None:
        error.retry_after = _time(wait, f"{where}.retry_after")
    return End("failed", at, error)


def _hashes(data: Any, where: str) -> RequestHashes:
    told = _object(data, where, "messages", "tools", "options", "output")
    messages = [_need(mark, str, f"{where}.messages") for mark in _need(told["messages"], list, f"{where}.messages")]
    for kind in ("tools", "options"):
        for mark in _need(told[kind], dict, f"{where}.{kind}").values():
            _need(mark, str, f"{where}.{kind}")
    output = None if told["output"] is None else _need(told["output"], str, f"{where}.output")
    return RequestHashes(tuple(messages), told["tools"], told["options"], output)


def _object(data: Any, where: str, *names: str) -> dict[str, Any]:
    told: dict[str, Any] = _need(data, dict, where)
    for name in names:
        if name not in told:
            raise FormatError(f"{where}: {name} is missing")
    return told


def _need(value: Any, kind: type, where: str) -> Any:
    if type(value) is not kind:
        names: dict[type, str] = {dict: "an object", list: "a list", str: "a text"}
        raise FormatError(f"{where}: must be {names[kind]}, not {value!r:.40}")
    return value


def _time(value: Any, where: str) -> float:
    if type(value) not in (int, float) or not 0 <= value < float("inf"):
        raise FormatError(f"{where}: must be a time in seconds, not {value!r:.40}")
    return float(value)


def _fits(value: Any, hint: Any) -> bool:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return any(_fits(value, each) for each in get_args(hint))
    if origin is Literal:
        return isinstance(value, str) and value in get_args(hint)
    if origin is collections.abc.Mapping:
        return isinstance(value, dict)
    return value is None if hint is NoneType else type(value) is hint


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(name): _finite(item) for name, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list | tuple) else value
