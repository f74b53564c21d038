"""The body of a chat completion request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chatwidget.models.base import ModelRequest
from chatwidget.openai_format import to_openai

# These go to the openai package, not to the server.
_SDK_OPTIONS = ("extra_headers", "extra_query")


def split_options(options: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part the options of the openai package from those of the server."""
    theirs = {key: options[key] for key in _SDK_OPTIONS if options.get(key) is not None}
    ours = {key: value for key, value in options.items() if key not in (*_SDK_OPTIONS, "extra_body", "stream")}
    return theirs, {**ours, **(options.get("extra_body") or {})}


def completion_body(request: ModelRequest, options: Mapping[str, Any], *, usage: bool) -> dict[str, Any]:
    """Build the body, all but the model's name; an option that is None is left to the server."""
    body = {key: value for key, value in options.items() if value is not None}
    body["messages"] = [_with_valid_arguments(message) for message in to_openai(request.messages)]
    if request.tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)},
            }
            for tool in request.tools
        ]
    else:
        # Without tools these are refused: the last round of a tool loop has none.
        body.pop("tool_choice", None)
        body.pop("parallel_tool_calls", None)
    if usage:
        body["stream_options"] = {"include_usage": True, **body.get("stream_options", {})}
    return body


def _with_valid_arguments(message: dict[str, Any]) -> dict[str, Any]:
    """Replace arguments that are no JSON object by an empty one.

    A model's broken arguments stay in the history, next to a result that says what was wrong. Servers that render
    them with a template (llama.cpp, vLLM) fail on them, and then every later turn would fail as well.
    """
    if "tool_calls" not in message:
        return message
    calls = []
    for call in message["tool_calls"]:
        function = call["function"]
        arguments = function["arguments"] if _is_object(function["arguments"]) else "{}"
        calls.append({**call, "function": {**function, "arguments": arguments}})
    return {**message, "tool_calls": calls}


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text, parse_constant=_refuse), dict)
    except (ValueError, RecursionError):
        return False


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
