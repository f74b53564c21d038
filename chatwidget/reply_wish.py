"""What is wanted of one `Generate`, besides an answer."""

from __future__ import annotations

from dataclasses import dataclass

from chatwidget.commands import Choice
from chatwidget.output_attempts import OutputAttempts


@dataclass(frozen=True, slots=True)
class ReplyWish:
    """With `attempts` the reply is to be of a type, whose object is then in these.

    Of `n` replies `choice` picks the one to go on with. A `hidden` reply is in the conversation and not on screen.
    """

    attempts: OutputAttempts | None = None
    n: int = 1
    choice: Choice | None = None
    hidden: bool = False
