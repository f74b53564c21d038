"""Tools and what they are made with."""

from __future__ import annotations

from chatwidget.compat.agentools.dispatch import call_function_preview, call_requested_function
from chatwidget.compat.agentools.function_tools import FunctionTool, function_tool, streaming_function_tool
from chatwidget.compat.agentools.toolkits import Toolkit, ToolList, Tools
from chatwidget.failures import fail_with_message

__all__ = [
    "FunctionTool",
    "ToolList",
    "Toolkit",
    "Tools",
    "call_function_preview",
    "call_requested_function",
    "fail_with_message",
    "function_tool",
    "streaming_function_tool",
]
