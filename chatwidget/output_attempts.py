"""A reply that shall be of a type: what came, whether it fits, what the model is told where it does not."""

from __future__ import annotations

from typing import Any

from chatwidget.commands import MAX_ATTEMPTS
from chatwidget.errors import AppError, OutputError
from chatwidget.messages import Assistant, Message, User
from chatwidget.models.base import OutputSpec
from chatwidget.output_type import OutputType, WrongOutput


class OutputAttempts:
    """The attempts at one reply of `type_`, an `OutputType` or what one is made of.

    Raises AppError when JSON cannot say the type, or when `max_attempts` is below 1.
    """

    def __init__(self, type_: Any, max_attempts: int = MAX_ATTEMPTS) -> None:
        if max_attempts < 1:
            raise AppError(f"max_attempts={max_attempts!r:.40} allows no reply. Give 1 or more.")
        self.type: OutputType[Any] = type_ if isinstance(type_, OutputType) else OutputType(type_)
        self.left = max_attempts
        self._values: dict[str, Any] = {}
        self._errors: dict[str, str] = {}

    @property
    def spec(self) -> OutputSpec:
        """What a model is told of the type."""
        return self.type.spec

    def text_of(self, message: Message, tools: frozenset[str]) -> str | None:
        """Return the text to judge: the reply's, or its call of the type as if it were a tool; None for other calls."""
        calls = [call for call in message.tool_calls if call.name == self.type.name and call.name not in tools]
        if calls:
            return calls[0].arguments
        return None if message.tool_calls else message.text

    def judge(self, message_id: str, text: str) -> str | None:
        """Judge a reply; return what is wrong with it, None when it is accepted."""
        try:
            self._values[message_id] = self.type.parse(text)
        except WrongOutput as error:
            self._errors[message_id] = str(error)
        return self._errors.get(message_id)

    def accepted(self, message: Message) -> bool:
        """Whether this reply was judged, and fits."""
        return message.id in self._values

    def rejected(self, message: Message) -> bool:
        """Whether this reply was judged, and does not fit."""
        return message.id in self._errors

    def error(self, message: Message) -> str:
        """Return what is wrong with a rejected reply."""
        return self._errors[message.id]

    def take(self, message: Message) -> None:
        """Go on with this reply: one that fits, or the one chosen of several that do."""
        self._values[message.id] = self._values.pop(message.id)

    def latest(self, last: Message | None) -> Any:
        """Return the object of the reply taken last; raises OutputError with the text of the `last` when none fits."""
        if not self._values:
            raise OutputError(f"No reply of this turn was a {self.type.name}.", "" if last is None else last.text)
        return next(reversed(self._values.values()))

    def value(self, message: Message) -> Any:
        """Return the object that a reply stands for; raises OutputError when it was never judged."""
        if message.id in self._values:
            return self._values[message.id]
        raise OutputError(f"The reply ended as {message.status!r} before it was a {self.type.name}.", message.text)

    def again(self, message: Message) -> tuple[Message, ...]:
        """Use up an attempt: return what the model is told besides the history.

        Raises `OutputError` with the last text when none is left.
        """
        self.left -= 1
        text = self.text_of(message, frozenset()) or ""
        error = self._errors[message.id]
        if self.left < 1:
            raise OutputError(f"The model's reply is not a {self.type.name}, also after it was told: {error}", text)
        return Assistant(text or "(an empty reply)"), User(error)
