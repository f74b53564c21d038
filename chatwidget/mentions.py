"""Who is meant: among several people a model answers only when it is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable

from chatwidget.going_on import is_go_on
from chatwidget.messages import Message

NAMES = ("assistant", "ai", "bot")
"""What a model is called besides its own name."""

_MENTION = re.compile(r"(?<![\w@.])@([\w.\-:/]+)")


def people(path: Iterable[Message]) -> set[str | None]:
    """Return the names of those who have spoken; somebody without a name is one of them."""
    return {message.name for message in path if message.role == "user" and not message.hidden and not message.scope}


def is_addressed(path: Iterable[Message], message: Message, model: str) -> bool:
    """Whether a model of this name should answer a message.

    Always where one person speaks, and where it is asked to go on; with two or more only when it is mentioned:
    `@assistant`, `@ai`, `@bot`, or its own name.
    """
    if len(people(path)) < 2 or is_go_on(message):
        return True
    wanted = {*NAMES, model.casefold()}
    return any(found.rstrip(".:").casefold() in wanted for found in _MENTION.findall(message.text))
