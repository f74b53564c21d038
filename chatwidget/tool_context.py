"""What a tool may know of the call it answers."""

from __future__ import annotations

from dataclasses import dataclass

from chatwidget.messages import Message


@dataclass(frozen=True, slots=True)
class ToolContext:
    """The call a tool, or its preview, is run for; a parameter with this type hint is given it.

        @function_tool
        def remember(fact: str, call: ToolContext) -> str: ...

    The model is not told of that parameter. `messages` is what the model saw; `final` is False for a preview of
    unfinished arguments.
    """

    tool_call_id: str
    tool_name: str
    messages: tuple[Message, ...] = ()
    final: bool = True
