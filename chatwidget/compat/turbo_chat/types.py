"""Names that turbo-chat has in a module `types`."""

from __future__ import annotations

from chatwidget.compat.turbo_chat.app_run import TurboGenWrapper
from chatwidget.compat.turbo_chat.bots import Tool, ToolBotInput
from chatwidget.compat.turbo_chat.cache import BaseCache
from chatwidget.compat.turbo_chat.memory import BaseMemory
from chatwidget.compat.turbo_chat.messages import BaseMessageCollection, Message, MessageDict, MessageRole

__all__ = ["BaseCache", "BaseMemory", "BaseMessageCollection", "Message", "MessageDict", "MessageRole", "Tool"]
__all__ += ["ToolBotInput", "TurboGenWrapper"]
