"""What a search found, put before the question."""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace

from chatwidget.errors import AppError
from chatwidget.history import history
from chatwidget.memory.base import Memory
from chatwidget.memory.counts import key_of
from chatwidget.memory.reader import settled
from chatwidget.memory.view import View
from chatwidget.messages import Message, System
from chatwidget.threads import call_anyhow

_REMEMBERED = 64

Found = str | Message | Iterable[str | Message] | None
Retrieve = Callable[[str], Found | Awaitable[Found]] | Callable[[str, Sequence[Message]], Found | Awaitable[Found]]


class Retrieved(View):
    """Put what `retrieve(text)`, or `retrieve(text, messages)`, finds before the newest question.

    `text` is that question, `messages` the whole history. It returns texts, which are sent as system messages,
    messages, or None; it is called once a question, in a thread if it is no `async def`. Messages that are sent anyway
    are not sent twice, those off the record not at all. What it raises `view` raises; a chat then tells the person, and
    the request goes without. Raises AppError for what cannot be called so.

        memory = Retrieved(SQLiteMemory("chats.db"), lambda text: search(text))
    """

    def __init__(self, memory: Memory, retrieve: Retrieve) -> None:
        super().__init__(memory)
        self.retrieve = retrieve
        self._wants_messages = _wants_messages(retrieve)
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
            given = (question.text, messages) if self._wants_messages else (question.text,)
            self._found[question.id] = _messages(await call_anyhow(self.retrieve, *given))
            if len(self._found) > _REMEMBERED:
                self._found.popitem(last=False)
        return self._found[question.id]


def _wants_messages(retrieve: object) -> bool:
    """Whether the history is among the parameters; one with a default is so only when it is called `messages`."""
    cure = "pass a function of the question's text, or of the text and the messages"
    if not callable(retrieve):
        raise AppError(f"Retrieved(memory, {retrieve!r:.80}) has nothing to call: {cure}.")
    try:
        parameters = inspect.signature(retrieve).parameters.values()
    except (TypeError, ValueError):  # of some builtins nobody knows
        return False
    places = [one for one in parameters if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    needed = [
        one for one in parameters if one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    ]
    several = any(one.kind is one.VAR_POSITIONAL for one in parameters)
    if not (places or several) or len(needed) > 2 or any(one.kind is one.KEYWORD_ONLY for one in needed):
        name = getattr(retrieve, "__name__", type(retrieve).__name__)
        raise AppError(f"Retrieved cannot call {name}{inspect.signature(retrieve)}: {cure}.")
    return len(needed) == 2 or (len(places) < 2 and several) or (len(places) > 1 and places[1].name == "messages")


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
