"""Which options an API of OpenAI has: a slip of the pen is noticed before it is paid for."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from chatwidget.errors import ModelError
from chatwidget.models._openai_errors import Endpoint

Api = Literal["chat", "responses"]

APIS: Mapping[str, str] = {"chat": "Chat Completions", "responses": "the Responses API"}

# These go to the openai package, not to the server.
SDK_OPTIONS = ("extra_headers", "extra_query")

# Options of Chat Completions that the Responses API has by another name or in another place.
RENAMED = ("max_tokens", "max_completion_tokens", "reasoning_effort", "verbosity", "response_format")

# How alike two names are, 0 to 1, to be one name misspelt. `top_k` and `top_p` have 0.8, `temprature` and its
# right spelling 0.95.
_ALIKE = 0.85
# Other servers' own options that are as like a parameter of OpenAI's as a slip would be.
_OF_OTHERS = frozenset({"models", "parse_tool_calls", "reasoning_format", "search_options"})


def split_options(options: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part the options of the openai package from those of the server."""
    theirs = {key: options[key] for key in SDK_OPTIONS if options.get(key) is not None}
    ours = {key: value for key, value in options.items() if key not in (*SDK_OPTIONS, "extra_body", "stream")}
    return theirs, {**ours, **(options.get("extra_body") or {})}


def check_options(names: Iterable[str], api: Api, endpoint: Endpoint) -> None:
    """Raise ModelError for an option that is a parameter misspelt, or that OpenAI does not have.

    Servers that are not OpenAI's have options of their own, so there an unknown name passes.
    """
    known = parameters(api)
    for name in names:
        if name in known:
            continue
        alike = difflib.get_close_matches(name.lower(), known, n=1, cutoff=_ALIKE)
        if alike and name not in _OF_OTHERS:
            raise ModelError(
                f"There is no option {name!r}; did you mean {alike[0]}? If not, pass extra_body={{{name!r}: ...}}."
            )
        if endpoint.is_openai:
            raise ModelError(_unknown(name, api))


def _unknown(name: str, api: Api) -> str:
    other: Api = "responses" if api == "chat" else "chat"
    text = f"At OpenAI, {APIS[api]} {'have' if api == 'chat' else 'has'} no option {name!r}"
    if name in parameters(other):
        return f"{text}; {APIS[other]} {'have' if other == 'chat' else 'has'} it: pass api={other!r}, or leave it out."
    return f"{text}. Leave it out, or send it all the same with extra_body={{{name!r}: ...}}."


@functools.cache
def parameters(api: Api) -> frozenset[str]:
    """Return the names an API takes, by the openai package's own types; importing them takes a while."""
    if api == "chat":
        from openai.types.chat.completion_create_params import CompletionCreateParamsStreaming as Parameters

        names = set(Parameters.__annotations__)
    else:
        from openai.types.responses.response_create_params import ResponseCreateParamsStreaming

        names = {*ResponseCreateParamsStreaming.__annotations__, *RENAMED}
    return frozenset(names | {*SDK_OPTIONS, "extra_body"})
