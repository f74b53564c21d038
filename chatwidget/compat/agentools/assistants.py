"""The assistants and their events."""

from __future__ import annotations

from chatwidget.compat.agentools.assistant import Assistant, StructCreatedEvent, StructFailedEvent
from chatwidget.compat.agentools.chatgpt import GPT, ChatGPT
from chatwidget.compat.agentools.structgpt import StructGPT

__all__ = ["GPT", "Assistant", "ChatGPT", "StructCreatedEvent", "StructFailedEvent", "StructGPT"]
