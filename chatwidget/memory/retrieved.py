"""What a search found, put before the question."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace

from chatwidget.history import history
from chatwidget.memory.base import Memory
from chatwidget.memory.counts import key_of
from chatwidget.memory.reader import settled
from chatwidget.memory.view import View
from chatwidget.messages import Message, System
from chatwidget.threads import call_anyhow

log = logging.getLogger("chatwidget")

_REMEMBERED = 64

Found = str | Message | Iterable[str | Message] | None
Retrieve = Callable[[str, Sequence[Message]], Found | Awaitable[Found]]


class Retrieved(View):
    """Put what `retrieve(text, messages)` finds before the newest question.

    `text` is that question, `messages` the whole history. It returns texts, which are sent as system messages,
    messages, or None; it is called once a question, in a thread if it is no `async def`. Messages that are sent anyway
    are not sent twice, those off the record not at all. When it fails, the log has why and the request goes without.

        memory = Retrieved(SQLiteMemory("chats.db"), lambda text, messages: search(text))
    """

    def __init__(self, memory: Memory, retrieve: Retrieve) -> None:
        super().__init__(memory)
        self.retrieve = retrieve
        self._found: OrderedDict[str, tuple[Message, ...]] = OrderedDict()

    async def view(self, messages: Sequence[Message], model: str) -> Sequence[Message]:
        """Return what the memory inside would send, and what was found."""
        shown = await self.memory.view(messages, model)
        place = next((place for place in reversed(range(len(shown))) if shown[place].role == "user"), None)
        if place is None:
            return shown
        found = await self._of(shown[place], messages)
        sent = {key_of(message) for message in shown}
        new = _valid([message for message in found if key_of(message) not in sent])
        return [*shown[:place], *new, *shown[place:]] if new else shown

    async def _of(self, question: Message, messages: Sequence[Message]) -> tuple[Message, ...]:
        # The rounds of a turn that calls tools all have one question.
        if question.id not in self._found:
            try:
                found = _messages(await call_anyhow(self.retrieve, question.text, messages))
            except Exception:
                log.warning("nothing could be retrieved for a question; it is sent without", exc_info=True)
                return ()
            self._found[question.id] = found
            if len(self._found) > _REMEMBERED:
                self._found.popitem(last=False)
        return self._found[question.id]


def _messages(found: Found) -> tuple[Message, ...]:
    items = () if found is None else (found,) if isinstance(found, str | Message) else tuple(found)
    made = tuple(System(item) if isinstance(item, str) else item for item in items)
    for item in made:
        if not isinstance(item, Message):
            raise TypeError(f"`retrieve` returns texts and messages, not {type(item).__name__} ({item!r:.80})")
    return made


def _valid(found: Sequence[Message]) -> tuple[Message, ...]:
    """Return what a model may be sent of messages from anywhere: a call without its result is answered, for one."""
    return history(replace(message, scope="", status="complete") for message in settled(found))
