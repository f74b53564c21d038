"""What a docstring tells a model: the description of a function and of its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import docstring_parser


@dataclass(frozen=True, slots=True)
class Documentation:
    """The words of a docstring; `parameters` maps a parameter's name to its description."""

    description: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


def read_docstring(docstring: str | None) -> Documentation:
    """Read a docstring in the style of Google, NumPy, Sphinx or Epydoc; what follows no style is all description."""
    if not docstring or not docstring.strip():
        return Documentation()
    try:
        parsed = docstring_parser.parse(docstring)
    except Exception:  # its own ParseError, and IndexError for `: :param`
        return Documentation(docstring.strip())
    parts = (parsed.short_description, parsed.long_description)
    # NumPy style keeps attributes and raised errors among its sections; only parameters are a caller's.
    parameters = {
        name.strip().lstrip("*"): _one_line(parameter.description)
        for parameter in parsed.params
        if parameter.args[0] != "attribute" and parameter.description
        for name in parameter.arg_name.split(",")
    }
    return Documentation("\n\n".join(part.strip() for part in parts if part), parameters)


def _one_line(text: Any) -> str:
    return " ".join(str(text).split())
