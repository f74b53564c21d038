"""Names that turbo-chat has in a module `structs`."""

from __future__ import annotations

from chatwidget.compat.turbo_chat.messages import Assistant, Example, ExampleAssistant, ExampleUser, System, User
from chatwidget.compat.turbo_chat.result import Result
from chatwidget.compat.turbo_chat.scratchpad import Scratchpad
from chatwidget.compat.turbo_chat.signals import Generate, GetInput, GetUserInput

__all__ = ["Assistant", "Example", "ExampleAssistant", "ExampleUser", "Generate", "GetInput", "GetUserInput"]
__all__ += ["Result", "Scratchpad", "System", "User"]
