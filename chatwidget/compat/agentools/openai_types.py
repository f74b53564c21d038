"""The types of the openai package that AgenTools names; they are imported when first used."""

from __future__ import annotations

from importlib import import_module
from typing import Any

CHAT = {
    "AssistantMessage": "ChatCompletionAssistantMessageParam",
    "ChatCompletion": "ChatCompletion",
    "ChatCompletionChunk": "ChatCompletionChunk",
    "ChatCompletionMessage": "ChatCompletionMessage",
    "Content": "ChatCompletionContentPartParam",
    "DeveloperMessage": "ChatCompletionDeveloperMessageParam",
    "ImageContent": "ChatCompletionContentPartImageParam",
    "InputAudioContent": "ChatCompletionContentPartInputAudioParam",
    "Message": "ChatCompletionMessageParam",
    "RefusalContent": "ChatCompletionContentPartRefusalParam",
    "SystemMessage": "ChatCompletionSystemMessageParam",
    "TextContent": "ChatCompletionContentPartTextParam",
    "ToolCall": "ChatCompletionMessageToolCall",
    "ToolMessage": "ChatCompletionToolMessageParam",
    "UserMessage": "ChatCompletionUserMessageParam",
}
INNER = {
    "ImageURL": ("chat_completion_content_part_image_param", "ImageURL"),
    "InputAudio": ("chat_completion_content_part_input_audio_param", "InputAudio"),
}


def openai_type(name: str, module: str) -> Any:
    """Return a type by the name AgenTools gives it; AttributeError when there is none."""
    if name in CHAT:
        return getattr(import_module("openai.types.chat"), CHAT[name])
    if name in INNER:
        place, found = INNER[name]
        return getattr(import_module(f"openai.types.chat.{place}"), found)
    raise AttributeError(f"module {module!r} has no attribute {name!r}")
