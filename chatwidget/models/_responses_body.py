"""The body of a request to the Responses API.

Messages and options are written as Chat Completions has them, then said in the other API's terms. What the model
thought in earlier turns is not sent back, and nothing is kept at the endpoint (`store` is false unless it is asked
for): the history is ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chatwidget.models._openai_body import chat_messages, function_fields, output_tool, schema_fields
from chatwidget.models.base import ModelRequest
from chatwidget.tools import ToolSpec


def responses_body(
    request: ModelRequest, options: Mapping[str, Any], *, output_as_call: bool = False
) -> dict[str, Any]:
    """Build the body; an option that is None is left to the server.

    Tools among the options (`tools=[{"type": "web_search"}]`) stand before those of the request. With
    `output_as_call` the output's schema is that of a tool the model must call.
    """
    body = {"store": False, **_renamed({key: value for key, value in options.items() if value is not None})}
    body |= _instructions_and_input(chat_messages(request), str(body.get("instructions", "")))
    tools = [*body.pop("tools", ()), *(_flat(tool) for tool in request.tools)]
    if request.output is not None:
        text = {key: value for key, value in body.pop("text", {}).items() if key != "format"}
        if output_as_call:
            name = request.output.name
            body["tool_choice"] = "required" if tools else {"type": "function", "name": name}
            tools.append(_flat(output_tool(request.output)))
        else:
            text["format"] = {"type": "json_schema", **schema_fields(request.output)}
        body |= {"text": text} if text else {}
    if tools:
        body["tools"] = tools
    else:
        body.pop("tool_choice", None)
        body.pop("parallel_tool_calls", None)
    return body


def _flat(tool: ToolSpec) -> dict[str, Any]:
    # Left out, `strict` would be true here.
    return {"type": "function", "strict": False, **function_fields(tool)}


def _renamed(options: dict[str, Any]) -> dict[str, Any]:
    """Say options of Chat Completions as the Responses API does; what is said in its own words goes before."""
    for name in ("max_completion_tokens", "max_tokens"):
        if name in options:
            options.setdefault("max_output_tokens", options.pop(name))
    for name, inside, key in (("reasoning_effort", "reasoning", "effort"), ("verbosity", "text", "verbosity")):
        if name in options:
            options[inside] = {key: options.pop(name), **options.get(inside, {})}
    if "response_format" in options:
        given = options.pop("response_format")
        flat = {"type": given.get("type"), **(given.get("json_schema") or {})} if isinstance(given, Mapping) else given
        options["text"] = {"format": flat, **options.get("text", {})}
    choice = options.get("tool_choice")
    if isinstance(choice, Mapping) and isinstance(choice.get("function"), Mapping):
        options["tool_choice"] = {"type": "function", "name": choice["function"].get("name")}
    return options


def _instructions_and_input(messages: list[dict[str, Any]], first: str) -> dict[str, Any]:
    """Make instructions of the system messages that come first, input of all others.

    Input must not be empty: where there is nothing but system messages, they are the input.
    """
    head = 0
    while head < len(messages) and messages[head]["role"] == "system":
        head += 1
    head = head if head < len(messages) else 0
    texts = [text for text in (first, *(str(message["content"]) for message in messages[:head])) if text]
    items = [item for message in messages[head:] for item in _items(message)]
    return {**({"instructions": "\n\n".join(texts)} if texts else {}), "input": items}


def _items(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    role, content = message["role"], message["content"]
    if role == "tool":
        yield {"type": "function_call_output", "call_id": message["tool_call_id"], "output": content}
    elif role == "assistant":
        if content:
            # llama.cpp reads a model's own words in this form only.
            yield {"type": "message", "role": role, "content": [{"type": "output_text", "text": content}]}
        for call in message.get("tool_calls", ()):
            yield {"type": "function_call", "call_id": call["id"], **call["function"]}
    else:
        yield {"role": role, "content": content if isinstance(content, str) else list(_parts(content))}


def _parts(content: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for part in content:
        kind = part["type"]
        if kind == "text":
            yield {"type": "input_text", "text": part["text"]}
        elif kind == "image_url":
            image = part["image_url"]
            yield {"type": "input_image", "image_url": image["url"], "detail": image.get("detail", "auto")}
        elif kind == "file":
            # A file the provider has is named by its id alone.
            file = part["file"]
            yield {"type": "input_file", **({"file_id": file["file_id"]} if "file_id" in file else file)}
        else:
            yield dict(part)
