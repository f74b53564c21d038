"""The names of turbo-chat over this library.

    from chatwidget.compat.turbo_chat import turbo, System, User, GetUserInput, Generate, run

What each name is in this library's own spelling, and what is different on purpose, is in `docs/compat.md`. Apps made
here can be given to a `ChatWidget` and a `Session` as well.
"""

from __future__ import annotations

from chatwidget.commands import Return
from chatwidget.compat.turbo_chat.app_run import TurboGenWrapper
from chatwidget.compat.turbo_chat.bots import (
    Tool,
    ToolBotInput,
    qa_bot,
    self_ask_bot,
    subqueries_bot,
    summarize_bot,
    tool_bot,
)
from chatwidget.compat.turbo_chat.cache import BaseCache, RedisCache, SimpleCache
from chatwidget.compat.turbo_chat.completion import completion
from chatwidget.compat.turbo_chat.errors import GeneratorAlreadyExhaustedError, InvalidValueYieldedError
from chatwidget.compat.turbo_chat.memory import (
    BaseMemory,
    LocalMemory,
    LocalSummarizeMemory,
    LocalTruncatedMemory,
    MemorySummarization,
    MemoryTruncation,
)
from chatwidget.compat.turbo_chat.messages import (
    Assistant,
    BaseMessageCollection,
    Example,
    ExampleAssistant,
    ExampleUser,
    Message,
    MessageDict,
    MessageRole,
    System,
    User,
)
from chatwidget.compat.turbo_chat.models import TurboModel, available_models
from chatwidget.compat.turbo_chat.result import Result
from chatwidget.compat.turbo_chat.retries import create_retry_decorator, with_retries
from chatwidget.compat.turbo_chat.runner import run
from chatwidget.compat.turbo_chat.scratchpad import Scratchpad
from chatwidget.compat.turbo_chat.signals import Generate, GetInput, GetUserInput
from chatwidget.compat.turbo_chat.template import render_template
from chatwidget.compat.turbo_chat.tokens import count_tokens, get_max_tokens_length
from chatwidget.compat.turbo_chat.turbo import turbo

__all__ = [
    "Assistant",
    "BaseCache",
    "BaseMemory",
    "BaseMessageCollection",
    "Example",
    "ExampleAssistant",
    "ExampleUser",
    "Generate",
    "GeneratorAlreadyExhaustedError",
    "GetInput",
    "GetUserInput",
    "InvalidValueYieldedError",
    "LocalMemory",
    "LocalSummarizeMemory",
    "LocalTruncatedMemory",
    "MemorySummarization",
    "MemoryTruncation",
    "Message",
    "MessageDict",
    "MessageRole",
    "RedisCache",
    "Result",
    "Return",
    "Scratchpad",
    "SimpleCache",
    "System",
    "Tool",
    "ToolBotInput",
    "TurboGenWrapper",
    "TurboModel",
    "User",
    "available_models",
    "completion",
    "count_tokens",
    "create_retry_decorator",
    "get_max_tokens_length",
    "qa_bot",
    "render_template",
    "run",
    "self_ask_bot",
    "subqueries_bot",
    "summarize_bot",
    "tool_bot",
    "turbo",
    "with_retries",
]
