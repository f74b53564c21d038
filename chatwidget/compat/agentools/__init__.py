"""The names of AgenTools over this library.

    from chatwidget.compat.agentools import *

    model = ChatGPT(tools=search)
    await model("What is new?")

What each name is in this library's own spelling, and what is different on purpose, is in `docs/compat.md`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatwidget.compat.agentools.api import (
    GLOBAL_RECORDINGS,
    AsyncGeneratorRecorder,
    Recordings,
    accumulate_partial,
    openai_chat,
    set_mock_initial_delay,
    set_mock_streaming_delay,
)
from chatwidget.compat.agentools.assistants import GPT, Assistant, ChatGPT, StructGPT
from chatwidget.compat.agentools.messages import MessageHistory, SimpleHistory, content, format_contents, msg
from chatwidget.compat.agentools.openai_types import openai_type
from chatwidget.compat.agentools.tools import (
    FunctionTool,
    Toolkit,
    ToolList,
    Tools,
    call_function_preview,
    call_requested_function,
    fail_with_message,
    function_tool,
    streaming_function_tool,
)

if TYPE_CHECKING:
    from chatwidget.compat.agentools.api import ChatCompletion, ChatCompletionChunk, ChatCompletionMessage, ToolCall
    from chatwidget.compat.agentools.messages import (
        AssistantMessage,
        Content,
        DeveloperMessage,
        ImageContent,
        ImageURL,
        InputAudio,
        InputAudioContent,
        Message,
        SystemMessage,
        TextContent,
        ToolMessage,
        UserMessage,
    )

__all__ = [
    "GLOBAL_RECORDINGS",
    "GPT",
    "Assistant",
    "AssistantMessage",
    "AsyncGeneratorRecorder",
    "ChatCompletion",
    "ChatCompletionChunk",
    "ChatCompletionMessage",
    "ChatGPT",
    "Content",
    "DeveloperMessage",
    "FunctionTool",
    "ImageContent",
    "ImageURL",
    "InputAudio",
    "InputAudioContent",
    "Message",
    "MessageHistory",
    "Recordings",
    "SimpleHistory",
    "StructGPT",
    "SystemMessage",
    "TextContent",
    "ToolCall",
    "ToolList",
    "ToolMessage",
    "Toolkit",
    "Tools",
    "UserMessage",
    "accumulate_partial",
    "call_function_preview",
    "call_requested_function",
    "content",
    "fail_with_message",
    "format_contents",
    "function_tool",
    "msg",
    "openai_chat",
    "set_mock_initial_delay",
    "set_mock_streaming_delay",
    "streaming_function_tool",
]


def __getattr__(name: str) -> Any:
    return openai_type(name, __name__)
