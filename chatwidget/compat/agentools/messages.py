"""Messages, their contents and histories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatwidget.compat.agentools.contents import content, format_contents
from chatwidget.compat.agentools.histories import MessageHistory, SimpleHistory, msg
from chatwidget.compat.agentools.openai_types import openai_type

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionAssistantMessageParam as AssistantMessage
    from openai.types.chat import ChatCompletionContentPartImageParam as ImageContent
    from openai.types.chat import ChatCompletionContentPartInputAudioParam as InputAudioContent
    from openai.types.chat import ChatCompletionContentPartParam as Content
    from openai.types.chat import ChatCompletionContentPartTextParam as TextContent
    from openai.types.chat import ChatCompletionDeveloperMessageParam as DeveloperMessage
    from openai.types.chat import ChatCompletionMessageParam as Message
    from openai.types.chat import ChatCompletionSystemMessageParam as SystemMessage
    from openai.types.chat import ChatCompletionToolMessageParam as ToolMessage
    from openai.types.chat import ChatCompletionUserMessageParam as UserMessage
    from openai.types.chat.chat_completion_content_part_image_param import ImageURL
    from openai.types.chat.chat_completion_content_part_input_audio_param import InputAudio

__all__ = [
    "AssistantMessage",
    "Content",
    "DeveloperMessage",
    "ImageContent",
    "ImageURL",
    "InputAudio",
    "InputAudioContent",
    "Message",
    "MessageHistory",
    "SimpleHistory",
    "SystemMessage",
    "TextContent",
    "ToolMessage",
    "UserMessage",
    "content",
    "format_contents",
    "msg",
]


def __getattr__(name: str) -> Any:
    return openai_type(name, __name__)
