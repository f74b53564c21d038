"""What an app may ask of its run by yielding: imperative, immutable.

Besides these an app yields messages (`User`, `System`, `Assistant`, any `Message`) to put them into the conversation,
and other apps to run them inside its own run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chatwidget.models.base import Model


@dataclass(frozen=True, slots=True, init=False)
class Generate:
    """Ask the model for a reply; `reply = yield Generate()` gives its final `Message`.

    `model` is a model or its name, for this reply only. All other keywords go to the model as they are
    (`temperature=0.2`, `max_tokens=100`). Tools the model calls are run and their results sent back, until it
    answers in words. Raises `ModelError` at the yield when the model fails; what had arrived by then is kept.
    """

    model: str | Model | None
    options: Mapping[str, Any] = field(default_factory=dict)

    def __init__(self, model: str | Model | None = None, **options: Any) -> None:
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "options", options)


@dataclass(frozen=True, slots=True)
class GetUserInput:
    """Wait for a person; `text = yield GetUserInput("Your name?")` gives what they sent, a `str`.

    The question, when there is one, is put into the conversation as the assistant's words unless `record` is False;
    then it is shown above the input only. "" is a legal answer.
    """

    message: str = ""
    record: bool = True


@dataclass(frozen=True, slots=True)
class Return:
    """End this app with a value: what `value = yield sub_app()` gives in the app around it."""

    value: Any = None
