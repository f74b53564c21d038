"""turbo-chat's helpers."""

from __future__ import annotations

from chatwidget.compat.turbo_chat.retries import create_retry_decorator, with_retries
from chatwidget.compat.turbo_chat.template import render_template
from chatwidget.compat.turbo_chat.tokens import count_tokens, get_max_tokens_length

__all__ = ["count_tokens", "create_retry_decorator", "get_max_tokens_length", "render_template", "with_retries"]
