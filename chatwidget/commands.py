"""What an app may ask of its run by yielding: imperative, immutable.

Besides these an app yields messages (`User`, `System`, `Assistant`, any `Message`) to put them into the conversation,
and other apps to run them inside its own run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chatwidget.errors import AppError
from chatwidget.messages import Message
from chatwidget.models.base import Model

MAX_ATTEMPTS = 3
"""How often a model is asked for a reply of an `output_type`."""

Choice = Callable[[list[Message]], Any]


@dataclass(frozen=True, slots=True, init=False)
class Generate:
    """Ask the model for a reply; `reply = yield Generate()` gives its final `Message`.

    - `model`: a model or its name, for this reply only
    - `output_type`: what the reply shall be, and what the yield gives in place of the `Message`: a pydantic model,
      dataclass, TypedDict, primitive, Literal, Enum, a list or union of these. What does not fit goes back to the
      model, `max_attempts` times in all; then `OutputError` holds the last text
    - `n`: how many replies to ask for, at the same time; they become versions of one message. `choice`, a function of
      the list of messages, sync or async, returns the one to go on with, or its index; without it that is the first

    All other keywords go to the model as they are (`temperature=0.2`, `max_tokens=100`). Tools the model calls are run
    and their results sent back, until it answers in words. Raises `ModelError` at the yield when the model fails; what
    had arrived by then is kept. `BudgetExceeded` when a budget is used up and nobody agrees to go on.
    """

    model: str | Model | None
    output_type: Any
    max_attempts: int
    n: int
    choice: Choice | None
    options: Mapping[str, Any] = field(default_factory=dict)

    def __init__(
        self,
        model: str | Model | None = None,
        *,
        output_type: Any = None,
        max_attempts: int = MAX_ATTEMPTS,
        n: int = 1,
        choice: Choice | None = None,
        **options: Any,
    ) -> None:
        if type(n) is not int or n < 1:
            raise AppError(f"Generate(n={n!r:.40}) asks for no reply. Give a whole number above 0.")
        for name, value in (
            ("model", model),
            ("output_type", output_type),
            ("max_attempts", max_attempts),
            ("n", n),
            ("choice", choice),
            ("options", options),
        ):
            object.__setattr__(self, name, value)


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
