"""What a person types: sent with its files and variables, or run as a command, and helped with while it is written.

Rules:

1. What can be sent is sent as a whole, or refused with a sentence and kept: where a file has not arrived, or a variable
   is gone. Texts are sent in the order they came in.
2. A command is run at once and not sent; what it returns is shown, off the record. Texts that code sends are no
   commands: a program, or a model that speaks through one, must not clear a chat by a word.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

from chatwidget.context import RunContext
from chatwidget.errors import RequestError
from chatwidget.mentions import NAMES, people
from chatwidget.messages import Assistant, FilePart, ImagePart, Message, Part, TextPart
from chatwidget.slash_commands import SlashCommand, SlashCommands
from chatwidget.suggestions import SUGGESTIONS, Suggestion, commands_for, matching, people_for, word_at
from chatwidget.threads import call_in_thread
from chatwidget.turn import Turn
from chatwidget.uploads import Uploads
from chatwidget.variables import Namespace, Variables, is_picture, kind_of, part_of_value, text_of_value
from chatwidget.views import utf16_length

T = TypeVar("T")
Mode = Literal["queue", "steer", "interrupt"]

VARIABLE_SECONDS = 60.0
"""How long the code of a variable may take to say what it is."""

PEEK_LIMIT = 2_000
"""How many characters of a variable a page is shown; it is told the size of all as it counts, in UTF-16."""


class Composer:
    """The place where a person writes to one chat; see the rules at the head of this module.

    `submit` sends on; what commands say is shown by the `context` of the chat.
    """

    def __init__(
        self, submit: Callable[..., Turn], context: RunContext, model: str, namespace: Namespace | None = None
    ) -> None:
        self.uploads = Uploads()
        self.commands = SlashCommands()
        self.variables = Variables(namespace)
        self._submit = submit
        self._context = context
        self._model = model
        self._sending = asyncio.Lock()
        self._named: dict[str, tuple[str, ...]] = {}

    async def send(
        self, text: str, mode: Mode = "queue", attachments: Sequence[str] = (), variables: Sequence[str] = ()
    ) -> None:
        """Send what a person has typed, or run it; `attachments` are ids of uploads, `variables` names.

        Raises RequestError where it cannot be sent, and what a command has failed with.
        """
        if (called := self.commands.find(text)) is not None:
            await self._run(*called, text.strip(), with_more=bool(attachments or variables))
            return
        async with self._sending:
            parts: tuple[Part, ...] = self.uploads.parts(attachments)
            names = tuple(dict.fromkeys(variables))
            for name in names:
                parts = (*parts, await _read(f"@{name[:80]}", self._part_of, name))
            turn = self._submit([TextPart(text), *parts] if parts and text else parts or text, when_busy=mode)
            if names:
                self._named[turn.id] = names
                turn.done.add_done_callback(lambda _: self._named.pop(turn.id, None))
            for upload_id in attachments:
                self.uploads.forget(upload_id)

    def restore(self, message: Message) -> dict[str, Any]:
        """Return what a message that was taken back held, to be sent again: `{text, attachments, variables}`.

        Its files wait again, under new ids; variables are sent as they are then.
        """
        names = self._named.pop(message.id, ())
        parts = message.parts[: len(message.parts) - len(names)]
        files = [self.uploads.put_back(part) for part in parts if isinstance(part, ImagePart | FilePart)]
        return {"text": message.text, "attachments": files, "variables": list(names)}

    async def complete(self, text: str, cursor: int) -> dict[str, Any]:
        """Return what may take the place of the word before the cursor: `{from, items}`, at most `SUGGESTIONS`."""
        word = word_at(text, cursor)
        items: list[dict[str, Any]] = []
        if word is not None and word.sign == "/":
            items = [_item(one) for one in commands_for(word.rest, self.commands)]
        elif word is not None:
            items = [_item(one) for one in people_for(word.rest, self._people(), self._model)]
            items += await _read("The variables", self._variables_for, word.rest)
        return {"from": cursor if word is None else word.start, "items": items[:SUGGESTIONS]}

    async def peek(self, name: str) -> dict[str, Any]:
        """Return what would be sent of a variable: `{name, type, text, size}`; raises RequestError."""
        return await _read(f"@{name[:80]}", self._peek, name)

    async def _run(self, command: SlashCommand, rest: str, line: str, *, with_more: bool) -> None:
        if with_more:
            raise RequestError(f"/{command.name} is a command; it takes no files and no variables. Take them away.")
        said = await command.run(rest)
        if isinstance(said, str) and said:
            self._context.add(Assistant(said, name=line.partition("\n")[0][:80], off_record=True))

    def _people(self) -> list[str]:
        """Return the names of those who speak here, and what the model answers to; nobody where there is one person."""
        names = people(self._context.transcript.path)
        return [*sorted(name for name in names if name), NAMES[0]] if len(names) > 1 else []

    def _variables_for(self, word: str) -> list[dict[str, Any]]:
        items = []
        meant = self.variables.meant()
        for name in matching(word, meant)[:SUGGESTIONS]:
            value = meant[name]
            size = {"size": len(value)} if isinstance(value, str) else {}
            items.append(_item(Suggestion("variable", name, f"@{name} ", kind_of(value))) | size)
        return items

    def _peek(self, name: str) -> dict[str, Any]:
        value = self.variables.value(name)
        kind = kind_of(value)
        if is_picture(value):
            return {"name": name, "type": kind, "text": "", "size": None}
        text = text_of_value(name, value)
        return {"name": name, "type": kind, "text": text[:PEEK_LIMIT], "size": utf16_length(text)}

    def _part_of(self, name: str) -> Part:
        return part_of_value(name, self.variables.value(name))


async def _read(what: str, read: Callable[[str], T], name: str) -> T:
    """Run the code of variables in a thread; raises RequestError where it takes too long, and leaves it to itself."""
    try:
        async with asyncio.timeout(VARIABLE_SECONDS) as limit:
            return await call_in_thread(read, name)
    except TimeoutError:
        if not limit.expired():
            raise
        cure = f"Take {what} away, or give its `repr` less to do." if what[0] == "@" else "Wait for the cell that runs."
        raise RequestError(f"{what} could not be read within {VARIABLE_SECONDS:g} seconds. {cure}") from None


def _item(one: Suggestion) -> dict[str, Any]:
    return {"kind": one.kind, "label": one.label, "insert": one.insert, "detail": one.detail}
