"""What an app may ask of its run by yielding: imperative, immutable.

Besides these an app yields messages (`User`, `System`, `Assistant`, any `Message`) to put them into the conversation,
and other apps to run them inside its own run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chatwidget.errors import AppError
from chatwidget.messages import Message
from chatwidget.models.base import Model
from chatwidget.option_names import check_names, check_types
from chatwidget.question_options import checked_choices
from chatwidget.tool_list import sources_of

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
    - `tools`: functions, tools and toolkits in place of those of the app and its chat
    - `forward`: with False the reply is not shown; it stays in the conversation and is given back
    - `n`: how many replies to ask for, at the same time; they become versions of one message. `choice`, a function of
      the list of messages, sync or async, returns the one to go on with, or its index; without it that is the first

    All other keywords go to the model as they are (`temperature=0.2`, `max_tokens=100`). Tools the model calls are run
    and their results sent back, until it answers in words. Raises `ModelError` at the yield when the model fails; what
    had arrived by then is kept. `BudgetExceeded` when a budget is used up and nobody agrees to go on.
    """

    model: str | Model | None
    output_type: Any
    max_attempts: int
    tools: tuple[Any, ...] | None
    forward: bool
    n: int | None
    choice: Choice | None
    options: Mapping[str, Any] = field(default_factory=dict)

    def __init__(
        self,
        model: str | Model | None = None,
        *,
        output_type: Any = None,
        max_attempts: int = MAX_ATTEMPTS,
        tools: Any = None,
        forward: bool = True,
        n: int | None = None,
        choice: Choice | None = None,
        **options: Any,
    ) -> None:
        given = {"max_attempts": max_attempts, "forward": forward, "n": n, "choice": choice}
        check_types("Generate", given)
        check_names("Generate", options, {"model", "output_type", "tools", *given})
        for name, value in (
            ("model", model),
            ("output_type", output_type),
            ("max_attempts", max_attempts),
            ("tools", None if tools is None else sources_of(tools)),
            ("forward", forward),
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

    - `choices`: texts to choose from, or a dict of text to value, which is given back
    - `schema`: a pydantic model or dataclass; a form takes the composer's place, and an object of it is given back
    - `validate`: called with the answer; what it raises is told to the person, who is asked again, as for False
    - `timeout`: in seconds; then `AskTimeout` is raised at the yield
    """

    message: str = ""
    record: bool = True
    choices: Iterable[str] | Mapping[str, Any] | None = None
    schema: Any = None
    validate: Callable[[Any], Any] | None = None
    timeout: float | None = None

    def __post_init__(self) -> None:
        choices = checked_choices(self.choices, self.validate, self.timeout, AppError)
        object.__setattr__(self, "choices", choices)


@dataclass(frozen=True, slots=True)
class Gather:
    """Run apps at the same time; made by `gather`."""

    apps: tuple[Any, ...]


def gather(*apps: Any) -> Gather:
    """Make the command that runs apps inside this one at the same time.

        one, two = yield gather(ask_one(), ask_two())

    Each has a conversation of its own, kept apart on screen; those that ask a person take turns. The values come in
    the order of the apps. When one fails the others are stopped and its exception is raised at the yield.
    """
    return Gather(apps)


@dataclass(frozen=True, slots=True)
class Return:
    """End this app with a value: what `value = yield sub_app()` gives in the app around it."""

    value: Any = None
