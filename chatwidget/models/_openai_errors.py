"""What went wrong at an endpoint, as a sentence for the person: the culprit, what was tried, the cure.

Texts of the server are quoted short, without control characters and with the key blotted out.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from chatwidget.errors import (
    AuthenticationFailed,
    ContextTooLong,
    EndpointError,
    ModelError,
    ModelUnavailable,
    RateLimited,
)
from chatwidget.models._retry import RETRIED_STATUS, retry_after

QUOTED = 200

_TOO_LONG = re.compile(
    r"context_length_exceeded|exceed_context_size|maximum context length|context (size|window|length)|"
    r"prompt is too long|too many (input )?tokens|string_above_max_length",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<[a-zA-Z!/?]")


@dataclass(frozen=True)
class Endpoint:
    """Where a model is reached, in words that may be shown: no user, no password, no query, no key."""

    url: str
    host: str
    is_openai: bool
    key: str = field(repr=False)

    @classmethod
    def of(cls, base_url: str, key: str) -> Endpoint:
        """Read a base URL."""
        parts = urlsplit(base_url)
        host = parts.netloc.rpartition("@")[2]
        openai = (parts.hostname or "").endswith("openai.com")
        return cls(f"{parts.scheme}://{host}{parts.path}".rstrip("/"), host, openai, key)

    @property
    def subject(self) -> str:
        """The endpoint as a sentence begins."""
        return "OpenAI" if self.is_openai else f"The endpoint at {self.url}"

    @property
    def the_key(self) -> str:
        """The key as a sentence names it: its last four characters, and none of a short one."""
        return f"the key ending in …{self.key[-4:]}" if len(self.key) >= 12 else "the key"

    def without_key(self, text: str) -> str:
        """Blot out the key."""
        return text.replace(self.key, "…") if self.key else text

    def clean(self, text: object) -> str:
        """Quote a server's text in a sentence; markup is escaped."""
        plain = self.plain(text)
        return html.escape(plain, quote=False) if _MARKUP.search(plain) else plain

    def plain(self, text: object, limit: int = QUOTED) -> str:
        """Cut a server's text to one line without controls and without the key, at most `limit` characters of it."""
        plain = text if isinstance(text, str) else json.dumps(text, default=str)
        plain = re.sub(r"[\x00-\x1f\x7f-\x9f\s]+", " ", self.without_key(plain)[: 4 * limit]).strip()
        return plain[:limit].rstrip() + "…" if len(plain) > limit else plain


class Failure(NamedTuple):
    """What to raise, whether another try makes sense, and the wait in seconds the server asked for."""

    error: ModelError
    retry: bool = False
    wait: float | None = None


def tried(times: int) -> str:
    """Say how often, when it was more than once."""
    return f", tried {times} times" if times > 1 else ""


def explain_status(
    status: int, headers: Mapping[str, str], body: object, *, endpoint: Endpoint, model: str, tries: int
) -> Failure:
    """Explain an answer that is no 200."""
    said = server_message(body, endpoint)
    if status == 429:
        return _explain_429(headers, body, said, endpoint, tries)
    if status == 413 or (status in (400, 422) and _TOO_LONG.search(f"{_codes(body)} {said}")):
        return Failure(context_too_long(said, endpoint))
    if status == 401:
        cure = "Set OPENAI_API_KEY to a valid one, or pass api_key=."
        return Failure(AuthenticationFailed(f"{endpoint.subject} refused {endpoint.the_key}. {cure}"))
    if status == 403:
        text = f"{endpoint.subject} does not let {endpoint.the_key} do this (403){_because(said)}"
        return Failure(AuthenticationFailed(f"{text} Check what the key is allowed to do."))
    if status == 404:
        return Failure(_explain_404(body, said, endpoint, model))
    if 300 <= status < 400:
        text = f"{endpoint.subject} redirects elsewhere ({status}); that is not followed, for the key would go along."
        return Failure(EndpointError(f"{text} Set OPENAI_BASE_URL to the final address."))
    if status >= 500 or status in RETRIED_STATUS:
        retry = headers.get("x-should-retry") != "false"
        text = f"{endpoint.subject} failed (status {status}{tried(tries)}){_because(said)} Try again in a moment."
        return Failure(EndpointError(text), retry, retry_after(headers))
    text = f"{endpoint.subject} refused the request (status {status}){_because(said)} Check the model's options."
    return Failure(EndpointError(text), headers.get("x-should-retry") == "true", retry_after(headers))


def explain_stream_error(body: object, *, endpoint: Endpoint, model: str) -> ModelError:
    """Explain an error that came inside a stream which had begun with a 200."""
    code = str(body.get("code")) if isinstance(body, dict) else ""
    status = int(code) if re.fullmatch("[45][0-9]{2}", code) else 0
    codes = _codes(body)
    said = server_message(body, endpoint)
    if _TOO_LONG.search(f"{codes} {said}"):
        return context_too_long(said, endpoint)
    if status in (401, 403, 429) or "rate_limit" in codes or "insufficient_quota" in codes:
        return explain_status(status or 429, {}, body, endpoint=endpoint, model=model, tries=1).error
    return EndpointError(f"{endpoint.subject} reported an error{_because(said)} Try again in a moment.")


def context_too_long(said: str, endpoint: Endpoint) -> ContextTooLong:
    """Explain a conversation that does not fit."""
    text = f"The conversation is too long for this model{_because(said)}"
    return ContextTooLong(f"{text} Start a new chat, shorten it, or use a model with a larger context.")


def foreign_body(content_type: str, body: str, endpoint: Endpoint) -> EndpointError:
    """Explain a 200 that is no stream of chat completions."""
    if not body.strip():
        return EndpointError(f"{endpoint.subject} sent an empty answer. Try again; if it stays so, check its log.")
    if content_type.startswith("application/json"):
        said = server_message(_json(body), endpoint) if '"error"' in body else ""
        if said:
            return EndpointError(f"{endpoint.subject} reported an error{_because(said)} Try again in a moment.")
        what = "does not stream: it answered with one piece of JSON"
    else:
        what = "is not an OpenAI API: it answered with something else than a chat stream"
    kind = endpoint.plain(content_type or "no content type", 60)
    sample = html.escape(f"{kind}: {endpoint.plain(body)}", quote=False)
    return EndpointError(f"{endpoint.subject} {what} ({sample}). Check OPENAI_BASE_URL; it often ends in /v1.")


def server_message(body: object, endpoint: Endpoint) -> str:
    """Find the server's own words in an error body; "" when there are none or they are a web page."""
    if isinstance(body, Mapping):
        inner = body.get("error")
        if inner:
            return server_message(inner, endpoint)
        for key in ("message", "detail", "msg"):
            if body.get(key):
                return endpoint.clean(body[key])
        return ""
    if not isinstance(body, str) or _MARKUP.match(body.lstrip()[:2]):
        return ""
    return endpoint.clean(body)


def _explain_429(headers: Mapping[str, str], body: object, said: str, endpoint: Endpoint, tries: int) -> Failure:
    if "insufficient_quota" in _codes(body):
        text = f"The quota of {endpoint.the_key} is used up{_because(said)} Check the plan and billing of the account."
        return Failure(RateLimited(text))
    wait = retry_after(headers)
    when = f"Try again in {_duration(wait)}." if wait else "Wait a little and try again."
    text = f"{endpoint.subject} has had too many requests (429{tried(tries)}){_because(said)} {when}"
    return Failure(RateLimited(text, wait), headers.get("x-should-retry") != "false", wait)


def _explain_404(body: object, said: str, endpoint: Endpoint, model: str) -> ModelError:
    if "model" in f"{_codes(body)} {said}".lower():
        text = f'{endpoint.subject} knows no model "{model}"{_because(said)}'
        return ModelUnavailable(f"{text} Pass the name of one it has: model=.")
    text = f"There are no chat completions at {endpoint.url} (404)."
    return ModelUnavailable(f"{text} Check OPENAI_BASE_URL; it often ends in /v1.")


def _codes(body: object) -> str:
    """Return the error's code and type, where it has them."""
    inner = body.get("error", body) if isinstance(body, Mapping) else None
    return f"{inner.get('code')} {inner.get('type')}" if isinstance(inner, Mapping) else ""


def _because(said: str) -> str:
    """Continue a sentence with the server's words, or end it."""
    return f": {said}" + ("" if said.endswith((".", "!", "?", "…")) else ".") if said else "."


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
