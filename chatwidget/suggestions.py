"""What completes the word a person is typing: commands after a `/`, people and variables after an `@`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from chatwidget.slash_commands import SlashCommand, usage
from chatwidget.views import utf16_length

SUGGESTIONS = 50
"""How many are offered at most."""

_COMMAND = re.compile(r"/[\w-]*")
_MENTION = re.compile(r"(?<!\S)@[\w.\-:/]*\Z")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One way to complete a word: `insert` takes its place; `detail` says what it is."""

    kind: Literal["command", "variable", "person"]
    label: str
    insert: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """The word before the cursor that can be completed: its first character, the rest, and where it begins.

    `start` counts UTF-16 code units, as a page does.
    """

    sign: Literal["/", "@"]
    rest: str
    start: int


def word_at(text: str, cursor: int) -> Word | None:
    """Return the word that ends at the cursor, if it is one to complete; `cursor` counts UTF-16 code units."""
    # Halves of a pair come from a cursor in the middle of one.
    before = text.encode("utf-16-le", "surrogatepass")[: 2 * cursor].decode("utf-16-le", "replace")
    if _COMMAND.fullmatch(before):
        return Word("/", before[1:], 0)
    found = _MENTION.search(before)
    return None if found is None else Word("@", found[0][1:], utf16_length(before[: found.start()]))


def commands_for(word: str, commands: Iterable[SlashCommand]) -> list[Suggestion]:
    """Return the commands that a word may become."""
    by_name = {command.name: command for command in commands}
    return [
        Suggestion("command", usage(one), f"/{one.name} " if one.takes else f"/{one.name}", one.description)
        for one in (by_name[name] for name in matching(word, sorted(by_name)))
    ]


def people_for(word: str, names: Iterable[str], model: str) -> list[Suggestion]:
    """Return the people that a word may become; `model` stands beside the name that means the model."""
    return [
        Suggestion("person", name, f"@{name} ", model if name == "assistant" else "") for name in matching(word, names)
    ]


def matching(word: str, names: Iterable[str]) -> Sequence[str]:
    """Return the names that begin with a word, then those that have it somewhere; case is no matter."""
    wanted = word.casefold()
    folded = [(name, name.casefold()) for name in names]
    first = [name for name, fold in folded if fold.startswith(wanted)]
    return [*first, *(name for name, fold in folded if wanted in fold and not fold.startswith(wanted))]
