"""How many tokens a text has."""

from __future__ import annotations

from chatwidget import tokens


def count_tokens(text: str, model: str = "gpt-4") -> int:
    """Count the tokens of a text as the model would; by default in cl100k_base, as AgenTools does. Works offline."""
    return tokens.count_tokens(text, model)
