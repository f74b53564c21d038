"""The body of a chat completion request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chatwidget._strict_schema import strict_schema
from chatwidget.models.base import ModelRequest, OutputSpec
from chatwidget.openai_format import to_openai
from chatwidget.tools import ToolSpec


def completion_body(
    request: ModelRequest, options: Mapping[str, Any], *, usage: bool, output_as_call: bool = False
) -> dict[str, Any]:
    """Build the body; an option that is None is left to the server.

    With `output_as_call` the output's schema is that of a tool the model must call, not a response format.
    """
    body = {key: value for key, value in options.items() if value is not None}
    body["messages"] = chat_messages(request)
    tools = [{"type": "function", "function": function_fields(tool)} for tool in request.tools]
    if request.output is not None:
        body.pop("response_format", None)
        if output_as_call:
            fields = function_fields(output_tool(request.output))
            body["tool_choice"] = "required" if tools else {"type": "function", "function": {"name": fields["name"]}}
            tools.append({"type": "function", "function": fields})
        else:
            body["response_format"] = {"type": "json_schema", "json_schema": schema_fields(request.output)}
    if tools:
        body["tools"] = tools
    else:
        # Without tools these are refused: the last round of a tool loop has none.
        body.pop("tool_choice", None)
        body.pop("parallel_tool_calls", None)
    if usage:
        body["stream_options"] = {"include_usage": True, **body.get("stream_options", {})}
    return body


def chat_messages(request: ModelRequest) -> list[dict[str, Any]]:
    """Write the messages as Chat Completions has them, with arguments that are JSON."""
    return [_with_valid_arguments(message) for message in to_openai(request.messages)]


def function_fields(tool: ToolSpec) -> dict[str, Any]:
    """Write a tool; `strict` is there only when the tool is."""
    fields: dict[str, Any] = {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
    return {**fields, "strict": True} if getattr(tool, "strict", False) else fields


def schema_fields(output: OutputSpec) -> dict[str, Any]:
    """Write what a reply shall be; strict wherever its schema can be."""
    strict = strict_schema(output.schema)
    about = {"description": output.description} if output.description else {}
    return {"name": output.name, **about, "schema": strict or dict(output.schema), "strict": strict is not None}


def output_tool(output: OutputSpec) -> ToolSpec:
    """Make the tool whose arguments are the reply."""
    return ToolSpec(output.name, output.description or "Give the answer by calling this function.", output.schema)


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
