"""The names of models that turbo-chat knows; any other works as well."""

from __future__ import annotations

from typing import Literal, get_args

__all__ = ["TurboModel", "available_models"]

TurboModel = Literal["gpt-3.5-turbo", "gpt-3.5-turbo-0301", "gpt-4", "gpt-4-0314", "gpt-4-32k", "gpt-4-32k-0314"]

available_models: list[str] = list(get_args(TurboModel))
