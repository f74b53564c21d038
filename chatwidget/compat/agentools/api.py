"""Requests to models, mocked ones among them, and what they answer with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatwidget.compat.agentools.chat import openai_chat
from chatwidget.compat.agentools.completions import accumulate_partial
from chatwidget.compat.agentools.models import set_mock_initial_delay, set_mock_streaming_delay
from chatwidget.compat.agentools.openai_types import openai_type
from chatwidget.compat.agentools.recordings import GLOBAL_RECORDINGS, AsyncGeneratorRecorder, Recordings

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion, ChatCompletionChunk, ChatCompletionMessage
    from openai.types.chat import ChatCompletionMessageToolCall as ToolCall

__all__ = [
    "GLOBAL_RECORDINGS",
    "AsyncGeneratorRecorder",
    "ChatCompletion",
    "ChatCompletionChunk",
    "ChatCompletionMessage",
    "Recordings",
    "ToolCall",
    "accumulate_partial",
    "openai_chat",
    "set_mock_initial_delay",
    "set_mock_streaming_delay",
]


def __getattr__(name: str) -> Any:
    return openai_type(name, __name__)
