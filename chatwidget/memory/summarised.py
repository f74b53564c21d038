"""A summary in place of what is long past."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from chatwidget.memory.base import Memory
from chatwidget.memory.counts import Counts, Key, key_of
from chatwidget.memory.groups import Pins, gathered, group_stop
from chatwidget.memory.summary import Summariser
from chatwidget.memory.view import View
from chatwidget.messages import Message
from chatwidget.models.base import Model
from chatwidget.threads import call_in_thread

log = logging.getLogger("chatwidget")

_REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is sent now, and the pieces that a summary shall take the place of, beginning with the oldest."""

    shown: Sequence[Message]
    summary: Message | None = None
    pieces: tuple[tuple[Message, ...], ...] = ()


class Summarised(View):
    """Send a summary in place of the older messages, once those that have none are more than `above` tokens.

    A model writes it in the background, and later goes on from it: the request at hand is sent with the last summary
    and everything since. The newest `keep` tokens (half of `above` unless given), the newest question and all behind
    it stay word for word; so do system and sticky messages and examples. The summary is a system message that is sent
    only: it is neither shown nor kept. When the model fails, the log has why, and the messages are sent as they are;
    the next request tries again.

        memory = Summarised(SQLiteMemory("chats.db"), "gpt-5-mini", above=20_000)
    """

    def __init__(self, memory: Memory, model: str | Model, above: int, keep: int | None = None) -> None:
        super().__init__(memory)
        if above < 1 or (keep is not None and not 0 <= keep < above):
            raise ValueError(f"Summarised(above={above}, keep={keep}): give tokens above 0, and fewer to keep.")
        self.above = above
        self.keep = above // 2 if keep is None else keep
        self._summariser = Summariser(model, above)
        self._pins = Pins()
        self._counts = Counts()
        # By the last message that a summary covers: what came before it is always the same.
        self._summaries: OrderedDict[Key, Message] = OrderedDict()
        self._tasks: dict[Key, asyncio.Task[None]] = {}

    async def view(self, messages: Sequence[Message], model: str) -> Sequence[Message]:
        """Return the summary there is and what came after it; begins a new one where it is time."""
        messages = await self.memory.view(messages, model)
        if not messages:
            return messages
        plan = await call_in_thread(self._plan, messages, model)
        if plan.pieces:
            self._begin(plan)
        return plan.shown

    async def settle(self) -> None:
        """Wait for the summaries that are being written."""
        while tasks := tuple(self._tasks.values()):
            await asyncio.wait(tasks)

    async def close(self) -> None:
        """Stop writing summaries, and close the memory inside."""
        for task in self._tasks.values():
            task.cancel()
        await self.settle()
        await self.memory.close()

    def _plan(self, messages: Sequence[Message], model: str) -> _Plan:
        start, summary = self._covered(messages)
        pins = self._pins.places(messages)
        shown = messages
        if summary is not None:
            before = takewhile(lambda place: place < start, pins)
            shown = [*gathered(messages, before), summary, *messages[start:]]
        pinned = set(pins)
        starts: list[int] = []
        costs: list[int] = []
        while start < len(messages):
            stop = group_stop(messages, start)
            if start not in pinned:
                starts.append(start)
                costs.append(self._counts.total(messages[start:stop], model))
            start = stop
        if sum(costs) <= self.above:
            return _Plan(shown)
        older = self._older(messages, starts, costs)
        return _Plan(shown, summary, self._pieces(messages, starts[:older], costs))

    def _covered(self, messages: Sequence[Message]) -> tuple[int, Message | None]:
        """Return the place behind the newest message that a summary covers, and that summary."""
        for place in reversed(range(len(messages))) if self._summaries else ():
            if summary := self._summaries.get(key_of(messages[place])):
                return place + 1, summary
        return 0, None

    def _older(self, messages: Sequence[Message], starts: Sequence[int], costs: Sequence[int]) -> int:
        """Return how many groups are old enough."""
        older, left = len(starts) - 1, self.keep - costs[-1]
        while older and left >= costs[older - 1]:
            older -= 1
            left -= costs[older]
        asked = (place for place in reversed(range(len(starts))) if messages[starts[place]].role == "user")
        return min(older, next(asked, older))

    def _pieces(
        self, messages: Sequence[Message], starts: Sequence[int], costs: Sequence[int]
    ) -> tuple[tuple[Message, ...], ...]:
        """Cut what is old into pieces of at most `above` tokens: a long history may not fit the model at once."""
        pieces: list[list[int]] = []
        room = 0
        for start, cost in zip(starts, costs, strict=False):
            if not pieces or cost > room:
                pieces.append([])
                room = self.above
            pieces[-1].append(start)
            room -= cost
        return tuple(tuple(gathered(messages, piece)) for piece in pieces)

    def _begin(self, plan: _Plan) -> None:
        key = key_of(plan.pieces[0][0])
        if key in self._tasks:
            return
        task = self._tasks[key] = asyncio.create_task(self._write(plan))
        task.add_done_callback(lambda _: self._tasks.pop(key, None))

    async def _write(self, plan: _Plan) -> None:
        summary = plan.summary
        try:
            for piece in plan.pieces:
                summary = await self._summariser.go_on(summary, piece)
                self._summaries[key_of(piece[-1])] = summary
                if len(self._summaries) > _REMEMBERED:
                    self._summaries.popitem(last=False)
        except Exception:
            log.warning("older messages could not be summarised; they are sent as they are", exc_info=True)
