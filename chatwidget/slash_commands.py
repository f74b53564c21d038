"""Commands of a chat: what a person types as `/name …` runs a function in place of being sent to a model."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from chatwidget._docstrings import read_docstring
from chatwidget.errors import AppError, ChatWidgetError, RequestError
from chatwidget.threads import call_anyhow, text_of

_LINE = re.compile(r"/([^\W\d][\w-]*)(?:\s+(.*))?", re.DOTALL)
_NAME = re.compile(r"[^\W\d][\w-]{0,39}")
_REST = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A command: its name without the slash, what it does, and the function; `takes` says what of the line it takes."""

    name: str
    description: str
    function: Callable[..., Any]
    takes: str = ""
    needs: bool = False

    @classmethod
    def of(cls, function: Callable[..., Any], name: str | None = None, description: str | None = None) -> SlashCommand:
        """Make one of a function of nothing, or of the rest of the line; raises AppError for any other."""
        if not callable(function):
            raise AppError(f"A command is a function, not {function!r:.60}.")
        name = name if name is not None else str(getattr(function, "__name__", type(function).__name__))
        if not _NAME.fullmatch(name):
            raise AppError(f"{name!r:.60} is no name for a command. Give one of letters, digits, _ and -: name='…'.")
        told = read_docstring(inspect.getdoc(function)).description if description is None else description
        takes, needs = _parameter(name, function)
        return cls(name, " ".join(told.split()), function, takes, needs)

    async def run(self, rest: str) -> Any:
        """Call the function, a sync one in a thread, and return what it returns.

        Raises RequestError where the line does not fit, and what a ChatWidgetError of it says; of any other exception a
        sentence.
        """
        if rest and not self.takes:
            raise RequestError(f"/{self.name} takes nothing after it. Leave out the rest, or the slash to send it all.")
        if self.needs and not rest:
            raise RequestError(f"/{self.name} needs something after it: /{self.name} {self.takes}")
        try:
            return await call_anyhow(self.function, *([rest] if rest else []))
        except ChatWidgetError:
            raise
        except Exception as error:
            sentence = f"/{self.name} failed: {type(error).__name__}: {text_of(error)}"
            raise RequestError(sentence.removesuffix(": ")[:500]) from error


def _parameter(name: str, function: Callable[..., Any]) -> tuple[str, bool]:
    """Return what the function's one parameter is called, "" where it has none, and whether it must be given."""
    try:
        parameters = [*inspect.signature(function).parameters.values()]
    except (TypeError, ValueError):  # a builtin that does not tell
        return "", False
    required = [one for one in parameters if one.default is one.empty and one.kind not in _REST]
    if len(required) > 1 or any(one.kind is one.KEYWORD_ONLY for one in required):
        raise AppError(
            f"/{name} cannot be called: it needs {', '.join(one.name for one in required)}. A command takes nothing, "
            "or one argument: the rest of the line, as a text."
        )
    own = [one for one in parameters if one.kind not in (one.KEYWORD_ONLY, one.VAR_KEYWORD)]
    return (own[0].name, bool(required)) if own else ("", False)


class SlashCommands:
    """The commands of one chat by name; one registered again takes the place of the one before."""

    def __init__(self) -> None:
        self._by_name: dict[str, SlashCommand] = {}

    def __iter__(self) -> Iterator[SlashCommand]:
        return iter(list(self._by_name.values()))  # a cell may add one meanwhile

    def add(self, command: SlashCommand) -> None:
        """Add a command."""
        self._by_name[command.name] = command

    def find(self, text: str) -> tuple[SlashCommand, str] | None:
        """Return the command that a text calls and the rest of its line; None for a text that is to be sent."""
        found = _LINE.fullmatch(text.strip())
        command = None if found is None else self._by_name.get(found[1])
        return None if command is None or found is None else (command, (found[2] or "").strip())

    def help(self) -> str:
        """Say what commands there are, as Markdown."""
        return "\n".join(
            f"- `{usage(one)}` {one.description}".rstrip() for one in sorted(self, key=lambda one: one.name)
        )


def usage(command: SlashCommand) -> str:
    """Return how a command is typed: "/weather city", "/new", "/shorter [words]"."""
    takes = command.takes if command.needs or not command.takes else f"[{command.takes}]"
    return f"/{command.name} {takes}".rstrip()
