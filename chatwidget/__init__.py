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
    from chatwidget.commands import Generate, GetUserInput, Return
    from chatwidget.errors import (
        AppError,
        ChatWidgetError,
        FormatError,
        ModelError,
        RequestError,
        SessionBusy,
        ToolError,
    )
    from chatwidget.messages import (
        Assistant,
        DisplayPart,
        FilePart,
        ImagePart,
        Message,
        ReasoningPart,
        System,
        TextPart,
        ToolCallPart,
        ToolResultPart,
        User,
    )
    from chatwidget.session import Session
    from chatwidget.tools import Tool, function_tool
    from chatwidget.widget import ChatWidget

__version__ = "0.1.0"

# What went wrong is on screen as a sentence; tracebacks go to the log of whoever asks for it, not to a cell.
logging.getLogger(__name__).addHandler(logging.NullHandler())

# Where each public name lives. They are imported when first used: what needs no widget does not pay for one.
_HOMES = {
    "apps": ("App", "AppInstance", "app", "conversation"),
    "commands": ("Generate", "GetUserInput", "Return"),
    "errors": (
        "AppError",
        "ChatWidgetError",
        "FormatError",
        "ModelError",
        "RequestError",
        "SessionBusy",
        "ToolError",
    ),
    "messages": (
        "Assistant",
        "DisplayPart",
        "FilePart",
        "ImagePart",
        "Message",
        "ReasoningPart",
        "System",
        "TextPart",
        "ToolCallPart",
        "ToolResultPart",
        "User",
    ),
    "session": ("Session",),
    "tools": ("Tool", "function_tool"),
    "widget": ("ChatWidget",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "App",
    "AppError",
    "AppInstance",
    "Assistant",
    "ChatWidget",
    "ChatWidgetError",
    "DisplayPart",
    "FilePart",
    "FormatError",
    "Generate",
    "GetUserInput",
    "ImagePart",
    "Message",
    "ModelError",
    "ReasoningPart",
    "RequestError",
    "Return",
    "Session",
    "SessionBusy",
    "System",
    "TextPart",
    "Tool",
    "ToolCallPart",
    "ToolError",
    "ToolResultPart",
    "User",
    "app",
    "conversation",
    "function_tool",
]


def __getattr__(name: str) -> Any:
    module = _HOME.get(name)
    if module is None:
        raise AttributeError(f"module 'chatwidget' has no attribute {name!r}")
    return getattr(import_module(f"chatwidget.{module}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
