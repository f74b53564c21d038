"""What goes wrong with apps under turbo-chat's names."""

from __future__ import annotations

from chatwidget.errors import AppError, AppExhausted

__all__ = ["GeneratorAlreadyExhaustedError", "InvalidValueYieldedError"]


class InvalidValueYieldedError(AppError, ValueError):
    """An app yielded what no app can do anything with; the text names the value and the line."""


class GeneratorAlreadyExhaustedError(AppExhausted):
    """The app has ended; `run` cannot go on with it."""
