"""As much of the end as fits."""

from __future__ import annotations

from collections.abc import Sequence

from chatwidget.memory.base import Memory
from chatwidget.memory.counts import Counts
from chatwidget.memory.groups import Pins, gathered, group_start, group_stop
from chatwidget.memory.view import View
from chatwidget.messages import Message
from chatwidget.threads import call_in_thread
from chatwidget.tokens import PER_REPLY


class TokenWindow(View):
    """Send what fits into `tokens`: the first message, the newest, and as many before the newest as there is room for.

    System and sticky messages and examples are always sent. The oldest of the others are left out, a tool call only
    together with its results. What is always sent is sent also where that alone is too much. The tokens of tools and
    of the reply are not in `tokens`: leave room for them.

        memory = TokenWindow(SQLiteMemory("chats.db"), tokens=8_000)
    """

    def __init__(self, memory: Memory, tokens: int) -> None:
        super().__init__(memory)
        if tokens < 1:
            raise ValueError(f"TokenWindow(tokens={tokens}): give the tokens that may be sent, 1 or more.")
        self.tokens = tokens
        self._pins = Pins()
        self._counts = Counts()

    async def view(self, messages: Sequence[Message], model: str) -> Sequence[Message]:
        """Return what fits; no message is counted twice, and none that is left out is looked at again."""
        messages = await self.memory.view(messages, model)
        # Counting a long history for the first time takes a while.
        return await call_in_thread(self._window, messages, model) if messages else messages

    def _window(self, messages: Sequence[Message], model: str) -> Sequence[Message]:
        pins = self._pins.places(messages)
        fixed = dict.fromkeys(sorted([*pins, *_first_other(messages, pins)]))
        start = group_start(messages, len(messages))
        left = (
            self.tokens - PER_REPLY - self._cost(messages, [start, *(place for place in fixed if place < start)], model)
        )
        while start:
            before = group_start(messages, start)
            if before not in fixed:
                left -= self._cost(messages, [before], model)
            if left < 0:
                break
            start = before
        if not start:
            return messages
        return [*gathered(messages, (place for place in fixed if place < start)), *messages[start:]]

    def _cost(self, messages: Sequence[Message], starts: Sequence[int], model: str) -> int:
        return self._counts.total(gathered(messages, starts), model)


def _first_other(messages: Sequence[Message], pins: Sequence[int]) -> list[int]:
    """Return the place of the first message that is not pinned, if there is one."""
    place = 0
    for pin in pins:
        if pin != place:
            break
        place = group_stop(messages, pin)
    return [place] if place < len(messages) else []
