"""What one chat has used so far, and whether its budgets still have room."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

from chatwidget.errors import AppError
from chatwidget.messages import Message
from chatwidget.models.base import Model, ModelRequest
from chatwidget.tokens import TokenCounter, count_tokens
from chatwidget.usage import Budget, Usage, UsageTracker, measure, price

Clock = Callable[[], float]

_LIMITS = [field.name for field in fields(Budget) if field.name != "per"]


class Spending:
    """The use of one chat: all of it (`chat`) and that of the turn under way, or the last one (`turn`).

    `budgets` are looked at before each request to a model. `tracker` may be shared with other chats. `changed` is
    called after each change. Only models that tell a `provider` have a price, and tokens worth counting exactly.
    """

    def __init__(
        self,
        budgets: Budget | Iterable[Budget] = (),
        tracker: UsageTracker | None = None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self.chat = Usage()
        self.turn = Usage()
        if tracker is not None and not isinstance(tracker, UsageTracker):
            raise AppError(f"tracker={tracker!r:.80} is no tracker. Pass tracker=UsageTracker().")
        self.tracker = tracker if tracker is not None else UsageTracker()
        self._budgets = tuple(budgets) if isinstance(budgets, Iterable) else (budgets,)
        for budget in self._budgets:
            if not isinstance(budget, Budget):
                raise AppError(f"{budget!r:.80} is no budget. Pass budget=Budget(tokens=10_000), or a list of these.")
        self._room = list(self._budgets)
        self._changed = changed
        self._counters: dict[str, TokenCounter] = {}
        self._warmed = self._said = False
        self._at_work = 0
        self._since = 0.0

    def begin_turn(self) -> None:
        """Count anew for a turn."""
        self.turn = Usage()
        self._room = [
            given if given.per == "turn" else now for given, now in zip(self._budgets, self._room, strict=True)
        ]
        self._changed()

    def warm(self, model: Model) -> None:
        """Load prices and tokenizer beside the first reply of a model that is paid for; it takes half a second."""
        if not self._warmed and _provider(model) is not None:
            self._warmed = True
            threading.Thread(target=_load, args=(model.name, _provider(model)), daemon=True).start()

    def add(self, model: Model, request: ModelRequest, reply: Message, seconds: float) -> Usage:
        """Add a reply; returns what it used."""
        provider = _provider(model)
        counter = self._counters.setdefault(model.name, TokenCounter(model.name, rough=provider is None))
        used = measure(request, reply, provider=provider, counter=counter)
        self._add(used)
        self.tracker.add(model.name, replace(used, seconds=seconds))
        return used

    @contextmanager
    def working(self, clock: Clock) -> Iterator[None]:
        """Count the time of this block, but once where several are at work at the same time."""
        self._step(1, clock())
        try:
            yield
        finally:
            self._step(-1, clock())

    @contextmanager
    def waiting(self, clock: Clock) -> Iterator[None]:
        """Leave the time of this block out of what the block around it counts: it waits for a person, or for others."""
        counted = int(self._at_work > 0)
        self._step(-counted, clock())
        try:
            yield
        finally:
            self._step(counted, clock())

    def _step(self, by: int, now: float) -> None:
        if self._at_work > 0:
            self._add(Usage(seconds=now - self._since))
        self._at_work, self._since = self._at_work + by, now

    def _add(self, used: Usage) -> None:
        self.turn, self.chat = self.turn + used, self.chat + used
        self._changed()

    def exceeded(self) -> str | None:
        """Say which budget is used up, None while all have room."""
        found = (budget.exceeded(self._of(budget)) for budget in self._room)
        return next((sentence for sentence in found if sentence), None)

    def fullest(self) -> tuple[float, str] | None:
        """Return which part of the nearest limit is used, and in words; None where there is none, see `Budget`."""
        found = [full for budget in self._room if (full := budget.fullest(self._of(budget))) is not None]
        return max(found, key=lambda full: full[0]) if found else None

    def unkept(self) -> str | None:
        """Say, once, that a limit on the cost cannot be watched."""
        found = (budget.unkept(self._of(budget)) for budget in self._budgets if not self._said)
        sentence = next((sentence for sentence in found if sentence), None)
        self._said = self._said or sentence is not None
        return sentence

    def extend(self) -> None:
        """Give each budget that is used up as much again as it had."""
        for place, (given, now) in enumerate(zip(self._budgets, self._room, strict=True)):
            used = self._of(now)
            if now.exceeded(used):
                self._room[place] = _extended(given, now, used)

    def _of(self, budget: Budget) -> Usage:
        return self.turn if budget.per == "turn" else self.chat


def _extended(given: Budget, now: Budget, used: Usage) -> Budget:
    more: dict[str, Any] = {}
    for name in _LIMITS:
        limit, amount = getattr(now, name), _amount(used, name)
        if limit is not None and amount is not None and amount >= limit:
            more[name] = amount + type(amount)(str(getattr(given, name)))  # Decimal and float do not add up
    return replace(now, **more)


def _amount(used: Usage, name: str) -> Any:
    return getattr(used, {"calls": "tool_calls"}.get(name, name))


def _provider(model: Model) -> str | None:
    """Return the provider of a model that is paid for: its name, or its endpoint's address."""
    provider = getattr(model, "provider", None)
    return provider if isinstance(provider, str) else None


def _load(name: str, provider: str | None) -> None:
    count_tokens("a", name)
    price(name, provider, Usage(input_tokens=1))
