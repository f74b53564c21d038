"""A ChatGPT-style chat in a notebook cell, driven by your own Python.

from chatwidget import ChatWidget
ChatWidget()
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatwidget.apps import App, AppInstance, app, conversation
    from chatwidget.asker import ask
    from chatwidget.asking import allow_all
    from chatwidget.asks import Allow, Ask, Deny
    from chatwidget.cache import (
        Cache,
        MemoryCache,
        RedisCache,
        SQLiteCache,
    )
    from chatwidget.commands import Generate, GetUserInput, Return, gather
    from chatwidget.completions import (
        Completion,
        completion,
    )
    from chatwidget.context import RunContext
    from chatwidget.errors import (
        AppError,
        AppExhausted,
        AskError,
        AskTimeout,
        BudgetExceeded,
        ChatWidgetError,
        FormatError,
        MemoryUnavailable,
        ModelError,
        NobodyThere,
        OutputError,
        RequestError,
        SessionBusy,
        ToolError,
    )
    from chatwidget.failures import fail_with_message
    from chatwidget.memory import (
        JSONLMemory,
        LastPairs,
        ListMemory,
        Memory,
        RedisMemory,
        Retrieved,
        SQLiteMemory,
        Summarised,
        TokenWindow,
    )
    from chatwidget.messages import (
        Approval,
        Assistant,
        DisplayPart,
        ExampleAssistant,
        ExampleUser,
        Feedback,
        FilePart,
        ImagePart,
        Message,
        ReasoningPart,
        SourcePart,
        StepPart,
        System,
        TextPart,
        ToolCallPart,
        ToolResultPart,
        User,
    )
    from chatwidget.models.caching import (
        cached,
    )
    from chatwidget.models.recording import record, replay
    from chatwidget.openai_stream import (
        accumulate,
        concat_stream,
    )
    from chatwidget.scratchpad import (
        Parsed,
        Scratchpad,
    )
    from chatwidget.session import Session
    from chatwidget.streaming_tools import streaming_function_tool
    from chatwidget.templates import (
        Template,
        template,
    )
    from chatwidget.tool_context import ToolContext
    from chatwidget.tool_display import (
        Display,
    )
    from chatwidget.tool_list import ToolList
    from chatwidget.toolkit import Toolkit
    from chatwidget.tools import Tool, function_tool
    from chatwidget.usage import Budget, Usage, UsageTracker
    from chatwidget.widget import ChatWidget

__version__ = "0.1.0"

# What went wrong is on screen as a sentence; tracebacks go to the log of whoever asks for it, not to a cell.
logging.getLogger(__name__).addHandler(logging.NullHandler())

# Where each public name lives. They are imported when first used: what needs no widget does not pay for one.
_HOMES = {
    "openai_stream": "accumulate concat_stream",
    "tool_display": "Display",
    "cache": "Cache MemoryCache RedisCache SQLiteCache",
    "models.caching": "cached",
    "memory": "JSONLMemory LastPairs ListMemory Memory RedisMemory Retrieved SQLiteMemory Summarised TokenWindow",
    "completions": "Completion completion",
    "scratchpad": "Parsed Scratchpad",
    "templates": "Template template",
    "context": "RunContext",
    "apps": "App AppInstance app conversation",
    "asker": "ask",
    "asking": "allow_all",
    "asks": "Allow Ask Deny",
    "commands": "gather Generate GetUserInput Return",
    "errors": (
        "AppError AppExhausted AskError AskTimeout BudgetExceeded ChatWidgetError FormatError "
        "MemoryUnavailable ModelError NobodyThere OutputError RequestError SessionBusy ToolError"
    ),
    "failures": "fail_with_message",
    "messages": (
        "Approval Assistant DisplayPart ExampleAssistant ExampleUser Feedback FilePart ImagePart Message "
        "ReasoningPart SourcePart StepPart System TextPart ToolCallPart ToolResultPart User"
    ),
    "models.recording": "record replay",
    "session": "Session",
    "streaming_tools": "streaming_function_tool",
    "tool_context": "ToolContext",
    "tool_list": "ToolList",
    "toolkit": "Toolkit",
    "tools": "Tool function_tool",
    "usage": "Budget Usage UsageTracker",
    "widget": "ChatWidget",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = [
    "Allow",
    "App",
    "AppError",
    "AppExhausted",
    "AppInstance",
    "Approval",
    "Ask",
    "AskError",
    "AskTimeout",
    "Assistant",
    "Budget",
    "BudgetExceeded",
    "Cache",
    "ChatWidget",
    "ChatWidgetError",
    "Completion",
    "Deny",
    "Display",
    "DisplayPart",
    "ExampleAssistant",
    "ExampleUser",
    "Feedback",
    "FilePart",
    "FormatError",
    "Generate",
    "GetUserInput",
    "ImagePart",
    "JSONLMemory",
    "LastPairs",
    "ListMemory",
    "Memory",
    "MemoryCache",
    "MemoryUnavailable",
    "Message",
    "ModelError",
    "NobodyThere",
    "OutputError",
    "Parsed",
    "ReasoningPart",
    "RedisCache",
    "RedisMemory",
    "RequestError",
    "Retrieved",
    "Return",
    "RunContext",
    "SQLiteCache",
    "SQLiteMemory",
    "Scratchpad",
    "Session",
    "SessionBusy",
    "SourcePart",
    "StepPart",
    "Summarised",
    "System",
    "Template",
    "TextPart",
    "TokenWindow",
    "Tool",
    "ToolCallPart",
    "ToolContext",
    "ToolError",
    "ToolList",
    "ToolResultPart",
    "Toolkit",
    "Usage",
    "UsageTracker",
    "User",
    "accumulate",
    "allow_all",
    "app",
    "ask",
    "cached",
    "completion",
    "concat_stream",
    "conversation",
    "fail_with_message",
    "function_tool",
    "gather",
    "record",
    "replay",
    "streaming_function_tool",
    "template",
]


def __getattr__(name: str) -> Any:
    module = _HOME.get(name)
    if module is None:
        raise AttributeError(f"module 'chatwidget' has no attribute {name!r}")
    return getattr(import_module(f"chatwidget.{module}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
