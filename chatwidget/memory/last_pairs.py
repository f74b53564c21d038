"""The last questions and answers only."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from chatwidget.memory.base import Memory
from chatwidget.memory.groups import Pins, gathered, is_pinned
from chatwidget.memory.view import View
from chatwidget.messages import Message


class LastPairs(View):
    """Send the last `n` pairs of a question and what followed it, and the newest question with what followed.

    With 0 it is the newest question alone. System and sticky messages and examples are sent wherever they stand.

        memory = LastPairs(ListMemory(), 5)
    """

    def __init__(self, memory: Memory, n: int) -> None:
        super().__init__(memory)
        if n < 0:
            raise ValueError(f"LastPairs(n={n}): give the number of pairs to send, 0 or more.")
        self.n = n
        self._pins = Pins()

    async def view(self, messages: Sequence[Message], model: str) -> Sequence[Message]:
        """Return the last pairs; its cost is that of what it returns."""
        messages = await self.memory.view(messages, model)
        left = self.n + 1
        start = len(messages)
        while left and start:
            start -= 1
            left -= messages[start].role == "user" and not is_pinned(messages[start])
        if left or not start:
            return messages
        before = takewhile(lambda place: place < start, self._pins.places(messages))
        return [*gathered(messages, before), *messages[start:]]
