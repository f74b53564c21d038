"""Running by hand what a model asked for, from the `lookup` of tools."""

from __future__ import annotations

import inspect
import json
import logging
from collections.abc import Mapping
from typing import Any

from chatwidget.compat.agentools.function_tools import FunctionTool
from chatwidget.errors import ToolArgumentsError
from chatwidget.tool_context import ToolContext

log = logging.getLogger("chatwidget")


async def call_requested_function(
    func_name: Any, json_args: Any, func_lookup: Any = None, call_id: str | None = None
) -> Any:
    """Run what a model asked for; a call that cannot be run gives a text for the model.

    `func_lookup` is a `lookup` of tools. Also as `call_requested_function(call.function, lookup)`.
    """
    if func_lookup is None:
        func_name, json_args, func_lookup = func_name.name, func_name.arguments, json_args
    function = func_lookup.get(func_name)
    if function is None:
        return f"Error: There is no function called {func_name!r}."
    tool = getattr(function, "__self__", None)
    try:
        if isinstance(tool, FunctionTool):
            return await tool.call(tool.validate(json_args), call=ToolContext(call_id or "", tool.name))
        result = function(json.loads(json_args or "{}"))
        return await result if inspect.isawaitable(result) else result
    except ToolArgumentsError as error:
        return f"Invalid Argument: {error}"
    except ValueError as error:
        if isinstance(tool, FunctionTool):
            raise
        return f"Error: The arguments are no JSON object: {error}"


async def call_function_preview(
    func_name: str, args: Mapping[str, Any], func_lookup_preview: Mapping[str, Any], call_id: str | None = None
) -> Any:
    """Call a tool's preview with the arguments so far; None where there is none, or where it fails, which is logged."""
    preview = func_lookup_preview.get(func_name)
    if preview is None:
        return None
    try:
        value = preview(args)
        return await value if inspect.isawaitable(value) else value
    except Exception:
        log.warning("the preview of %s failed", func_name, exc_info=True)
        return None
