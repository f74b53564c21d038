"""Messages as lines of JSON, and lines that are none."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from chatwidget.errors import FormatError
from chatwidget.messages import Message, TextPart
from chatwidget.serialize import message_from_json, message_to_json, parse_json

log = logging.getLogger("chatwidget")

Record = tuple[str, str]
"""A message's id and its JSON, which has no line break in it."""


def settled(messages: Sequence[Message]) -> list[Message]:
    """Give `live` messages the text they have now."""
    return [message if message.live is None else _settled(message, message.live) for message in messages]


def records(messages: Sequence[Message]) -> list[Record]:
    """Write messages as JSON, each on a line; raises `FormatError` for what JSON cannot say."""
    written = [message_to_json(message) for message in messages]
    return [(data["id"], json.dumps(data, ensure_ascii=False, separators=(",", ":"))) for data in written]


@dataclass(frozen=True, slots=True)
class Damaged:
    """Something kept that cannot be read: where it stands, its text, and what is wrong with it."""

    where: str
    text: str
    reason: str


class Reader:
    """Read lines back as messages; one that cannot be read is reported once, and harms no other."""

    def __init__(self) -> None:
        self._damaged: dict[tuple[str, str], Damaged] = {}

    @property
    def damaged(self) -> tuple[Damaged, ...]:
        """What could not be read so far."""
        return tuple(self._damaged.values())

    def read(self, lines: Iterable[tuple[str, str | bytes]]) -> list[Message]:
        """Return the messages of lines, each given with its place; of one id the first counts."""
        found: dict[str, Message] = {}
        for where, line in lines:
            try:
                message = message_from_json(parse_json(line, where))
            except FormatError as error:
                self.report(where, line, str(error))
            else:
                found.setdefault(message.id, message)
        return list(found.values())

    def report(self, where: str, line: str | bytes, reason: str) -> None:
        """Tell the log, and remember."""
        text = line if isinstance(line, str) else line.decode(errors="replace")
        if (where, text) not in self._damaged:
            self._damaged[where, text] = Damaged(where, text, reason)
            log.warning("%s holds no message and is left out: %s", where, reason)


def _settled(message: Message, live: Callable[[], str]) -> Message:
    try:
        return replace(message, parts=(TextPart(live()),), live=None)
    except Exception:
        # A request that needs the text tells of the failure; what comes after the message must be kept all the same.
        log.warning("the text of the live message %s could not be made; it is kept empty", message.id, exc_info=True)
        return replace(message, live=None)
