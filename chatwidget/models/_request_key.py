"""The key of a request in a cache: a digest of all that decides what is answered.

Beside what `_request_hashes` counts, the model counts: its class, name, provider, API and own options; and options
that hold keys count, as they may decide what is answered (headers, an account). Nothing can be read from the digest.
A request's `version`, where it has one, tells several replies to the same messages apart.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chatwidget.models._request_hashes import RequestHashes, hashes_of
from chatwidget.models.base import Model, ModelRequest

VERSION = 1
_MAX_DEPTH = 32
_TOLD = ("name", "provider", "api", "options", "identity")


@dataclass(frozen=True, slots=True)
class RequestKey:
    """The key, 64 hex digits, and the hashes of the request it was made of."""

    text: str
    hashes: RequestHashes


def key_of(model: Model, request: ModelRequest) -> RequestKey | None:
    """Return the key of a request to a model, None where one of its options is more than JSON can say."""
    try:
        options = _plain(request.options)
        identity = [_identity(each) for each in _chain(model)]
    except (TypeError, ValueError, RecursionError):
        return None
    hashes = hashes_of(request)
    # `hashes.options` would do for all but those that hold keys, which it leaves out.
    told = [VERSION, identity, hashes.messages, hashes.tools, options, hashes.output, request.version]
    text = json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return RequestKey(hashlib.sha256(text.encode("ascii")).hexdigest(), hashes)


def _chain(model: Model) -> Iterator[Model]:
    """Yield a model and, where it goes around another, that one; our own that only watch are left out."""
    from chatwidget.models.logged import LoggedModel
    from chatwidget.models.recording import RecordingModel

    inner: Any = model
    for _ in range(_MAX_DEPTH):
        if not isinstance(inner, Model):
            return
        if not isinstance(inner, LoggedModel | RecordingModel):
            yield inner
        inner = getattr(inner, "model", None)


def _identity(model: Model) -> list[Any]:
    kind = type(model)
    return [f"{kind.__module__}.{kind.__qualname__}", *(_plain(getattr(model, name, None)) for name in _TOLD)]


def _plain(value: Any) -> Any:
    """Return a value as JSON has it, with 1.0 as 1; options that are None count as not given."""
    if isinstance(value, dict) or hasattr(value, "items"):
        value = {name: item for name, item in value.items() if item is not None}
    text = json.dumps(value, ensure_ascii=True)
    return json.loads(text, parse_float=_number)


def _number(text: str) -> int | float:
    value = float(text)
    return int(value) if value.is_integer() else value
