"""Options by name: a slip of the pen is noticed where it is made, and not passed on to a model as one of its own."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from chatwidget.errors import AppError

# How alike two names are, 0 to 1, to be one name misspelt. `top_a` and `top_p`, `min_tokens` and `max_tokens` have 0.8.
_ALIKE = 0.82

# Parameters of models: none of these is a slip, and what is like one of them may well be.
# fmt: off
_OF_MODELS = (
    "frequency_penalty", "instructions", "logprobs", "max_completion_tokens", "max_new_tokens", "max_output_tokens",
    "max_tokens", "min_p", "models", "num_ctx", "parallel_tool_calls", "presence_penalty", "reasoning",
    "reasoning_effort", "repetition_penalty", "response_format", "seed", "service_tier", "stop", "temperature",
    "thinking", "tool_choice", "top_k", "top_logprobs", "top_p", "verbosity",
)

_OF_APPS = (
    "cache", "choice", "debug", "max_tool_rounds", "memory", "model", "n", "parallel_tools", "retries", "tools",
)
_OF_GENERATE = ("choice", "forward", "max_attempts", "model", "n", "output_type", "tools")
# fmt: on


def check_names(where: str, names: Iterable[str], known: Collection[str] = ()) -> None:
    """Raise AppError for a parameter of a model that is an option of ours: misspelt, or one of another place.

    `where` is what was called, `known` are the options it has.
    """
    for name in names:
        if name in _OF_MODELS or name in known:
            continue
        for place, theirs in (("@app", _OF_APPS), ("Generate", _OF_GENERATE)):
            if name in theirs and name not in known:
                raise AppError(f"{where} has no option {name!r}: it is one of {place}. Give it there.")
        alike = difflib.get_close_matches(name.lower(), {*_OF_MODELS, *known}, n=1, cutoff=_ALIKE)
        if alike:
            raise AppError(
                f"{where} has no option {name!r}; did you mean {alike[0]!r}? A parameter of a model that is really "
                f"called so goes in extra_body={{{name!r}: ...}}."
            )


def check_types(where: str, options: Mapping[str, Any]) -> None:
    """Raise AppError for a number or flag that is none; None is no wish."""
    for name, least in (("n", 1), ("max_attempts", 1), ("retries", 0), ("max_tool_rounds", 0)):
        value = options.get(name)
        if value is not None and (type(value) is not int or value < least):
            problem = "allows no reply" if least else "is no count"
            raise AppError(f"{where}: {name}={value!r:.40} {problem}. Give a whole number of {least} or more.")
    for name in ("parallel_tools", "forward"):
        value = options.get(name)
        if value is not None and not isinstance(value, bool):
            raise AppError(f"{where}: {name}={value!r:.40} is neither True nor False.")
    for name in ("choice", "debug"):
        value = options.get(name)
        if value is not None and not callable(value):
            raise AppError(f"{where}: {name}={value!r:.40} cannot be called. Give a function.")
