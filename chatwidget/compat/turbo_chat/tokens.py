"""How many tokens messages have, and how many a model reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chatwidget import messages as core
from chatwidget.compat.turbo_chat.messages import Message, from_dict, to_core
from chatwidget.tokens import estimate

# OpenAI's "Models" pages: input and output together, in tokens.
_WINDOWS = {
    "gpt-3.5-turbo": 16_385,
    "gpt-3.5-turbo-0301": 4_096,
    "gpt-3.5-turbo-0613": 4_096,
    "gpt-3.5-turbo-instruct": 4_096,
    "gpt-3.5-turbo-16k": 16_385,
    "gpt-4": 8_192,
    "gpt-4-32k": 32_768,
    "gpt-4-turbo": 128_000,
    "gpt-4-1106": 128_000,
    "gpt-4-0125": 128_000,
    "gpt-4o": 128_000,
    "gpt-4.1": 1_047_576,
    "gpt-4.5": 128_000,
    "gpt-5": 400_000,
    "o1": 200_000,
    "o1-mini": 128_000,
    "o1-preview": 128_000,
    "o3": 200_000,
    "o4-mini": 200_000,
}


def get_max_tokens_length(model_name: str) -> int:
    """Return how many tokens a model of OpenAI reads and writes in one request; the longest name that fits counts.

    Raises ValueError for a model that is not known.
    """
    fitting = [name for name in _WINDOWS if model_name == name or model_name.startswith((f"{name}-", f"{name}:"))]
    if not fitting:
        raise ValueError(f"How many tokens {model_name!r:.80} reads is not known. Known are {', '.join(_WINDOWS)}.")
    return _WINDOWS[max(fitting, key=len)]


def count_tokens(messages: Iterable[Message | core.Message | Mapping[str, Any]], model: str | None = None) -> int:
    """Count the tokens that a request with these messages sends, by the figures of `chatwidget.tokens.estimate`."""
    return estimate([_core(message) for message in messages], model=model)


def _core(message: Message | core.Message | Mapping[str, Any]) -> core.Message:
    if isinstance(message, core.Message):
        return message
    return to_core(message if isinstance(message, Message) else from_dict(message))
