"""What a provider does by itself during a reply, in words: items of the Responses API to names and texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from chatwidget.models.base import ImageDelta

IMAGE_LIMIT = 9_000_000
"""Characters of base64 an image may have: a Jupyter server cuts messages above 10 MiB."""

_IMAGES = ("image/png", "image/jpeg", "image/webp")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
# Items that are said otherwise, or not at all, though a built-in tool's name would fit them.
_NO_STEPS = ("message", "reasoning", "function_call")
# Steps a provider does not take by itself: the caller would have to answer, and this package has no means to.
_UNANSWERED = ("computer_call", "local_shell_call", "apply_patch_call", "custom_tool_call", "mcp_approval_request")


def is_step(item: Mapping[str, Any]) -> bool:
    """Say whether an output item is a step."""
    kind = item.get("type")
    return isinstance(kind, str) and kind not in _NO_STEPS and (kind.endswith("_call") or kind.startswith("mcp_"))


def step_name(item: Mapping[str, Any]) -> str:
    """Name a step for the person, such as "web search" or "weather-server: forecast"."""
    kind, server = str(item.get("type")), item.get("server_label")
    if kind == "mcp_list_tools":
        return f"tools of {server or 'a server'}"
    if kind.startswith("mcp_"):
        return ": ".join(str(part) for part in (server, item.get("name")) if part) or "server tool"
    return kind.removesuffix("_call").replace("_", " ")


def step_note(item: Mapping[str, Any]) -> str | None:
    """Say what is odd about a step that has ended: what of it cannot be shown, or who waits for an answer."""
    kind = item.get("type")
    if kind == "mcp_approval_request":
        return "a server's tool asked for an approval that cannot be given here (pass require_approval='never')"
    if kind in _UNANSWERED:
        return f"the step {step_name(item)!r} was not taken: it cannot be done here"
    if kind == "image_generation_call" and item.get("result") and step_image(item) is None:
        return "a generated image was left out: it is too large, or of no known kind"
    return None


def step_image(item: Mapping[str, Any]) -> ImageDelta | None:
    """Return the image that a step has made, if it is one that can be shown."""
    data = item.get("result")
    kind = f"image/{item.get('output_format', 'png')}"
    if item.get("type") != "image_generation_call" or not isinstance(data, str) or not data:
        return None
    if len(data) > IMAGE_LIMIT or kind not in _IMAGES or not _BASE64.fullmatch(data):
        return None
    words = item.get("revised_prompt")
    return ImageDelta(f"data:{kind};base64,{data}", words[:500] if isinstance(words, str) else "Generated image")


def step_state(item: Mapping[str, Any]) -> Literal["done", "failed"]:
    """Say how a step ended."""
    failed = item.get("error") or item.get("status") in ("failed", "incomplete") or item.get("type") in _UNANSWERED
    return "failed" if failed else "done"


def step_input(item: Mapping[str, Any]) -> str:
    """Return what a step works on, as far as the item says: queries, code, commands, arguments."""
    action = item.get("action")
    fields = {**item, **action} if isinstance(action, dict) else item
    found = [text for key in ("queries", "commands", "command") for text in _texts(fields.get(key))]
    single = ("code", "revised_prompt", "arguments", "input", "pattern", "url", "text")
    found += [text for key in single for text in _texts(fields.get(key))]
    found += [] if found else _texts(fields.get("query"))
    return "\n".join(found)


def step_output(item: Mapping[str, Any]) -> str:
    """Return what a step brought, as far as it is text: logs, a tool's output, an error, the names of tools."""
    error = item.get("error")
    said = error.get("message") or error.get("content") if isinstance(error, dict) else error
    outputs = item.get("outputs")
    logs = [each.get("logs") for each in outputs if isinstance(each, dict)] if isinstance(outputs, list) else []
    tools = item.get("tools")
    names = [each.get("name") for each in tools if isinstance(each, dict)] if isinstance(tools, list) else []
    return "\n".join([*_texts(logs), *_texts(item.get("output")), *_texts(names), *_texts(said)])


def _texts(value: object) -> list[str]:
    return list(_each_text(value))


def _each_text(value: object) -> Iterator[str]:
    for each in value if isinstance(value, list) else (value,):
        if isinstance(each, str) and each:
            yield each
