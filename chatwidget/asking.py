"""Asking a person in the middle of a turn, and waiting for the answer.

Rules:

1. A policy is asked first, in the person's place. What it leaves open goes to the screens; the first valid answer
   counts, any other is refused with a sentence and the question stays.
2. Nobody there, no hang: where no screen shows the chat within `patience` seconds, `ask` raises `NobodyThere`, and a
   tool that needs approval is denied.
3. A question ends with its answer, its timeout, or what asked it: a stop withdraws it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from chatwidget.approval_rules import Rules
from chatwidget.asks import Allow, Ask, Deny, Policy, Remember
from chatwidget.errors import AppError, AskTimeout, ChatWidgetError, NobodyThere, RequestError
from chatwidget.threads import Exited, call_anyhow, text_of


@dataclass(slots=True, eq=False)
class _Open:
    ask: Ask
    check: Callable[[Any], Any]
    answer: asyncio.Future[Any]


class Asks:
    """The open questions of one session, and who may answer them; see the rules at the head of this module.

    `policy` answers in the person's place. `above` are those of the session that uses this one as a tool, which are
    asked where no screen shows this one. `attended` says that a screen shows the chat, `changed` is called whenever
    the open questions may have changed.
    """

    def __init__(self, policy: Policy | None = None, changed: Callable[[], None] = lambda: None) -> None:
        if policy is not None and not callable(policy):
            cure = "Pass a function of the question, such as `script(...)` or `allow_all`."
            raise AppError(f"policy={policy!r:.80} cannot be called. {cure}")
        self.policy = policy
        self.above: Asks | None = None
        self.patience = 0.0
        self.rules = Rules()
        self.changed = changed
        self._attended = False
        self._arrivals: set[asyncio.Future[None]] = set()
        self._open: dict[str, _Open] = {}

    @property
    def open(self) -> tuple[Ask, ...]:
        """The questions that wait for an answer, oldest first."""
        return tuple(waiting.ask for waiting in self._open.values())

    @property
    def attended(self) -> bool:
        """Whether a screen shows the chat."""
        return self._attended

    @attended.setter
    def attended(self, value: bool) -> None:
        self._attended = value
        for arrival in self._arrivals if value else ():
            if not arrival.done():
                arrival.set_result(None)

    async def put(
        self,
        ask: Ask,
        check: Callable[[Any], Any],
        *,
        opened: Callable[[], None],
        withdrawn: Callable[[], None],
        timeout: float | None = None,
    ) -> tuple[Any, bool]:
        """Put a question and return what `check` made of the answer, and whether a person gave it.

        `check` raises ValueError, whose text is shown, for what is no answer. `opened` is called when the question goes
        to the screens, `withdrawn` when it ends there without an answer. Raises `NobodyThere`, `AskTimeout` after
        `timeout` seconds, AppError for an answer of the policy that is none.
        """
        if (answer := await self._of_policy(ask)) is not None:
            try:
                return check(answer), False
            except ValueError as error:
                raise AppError(f"The policy answered {answer!r:.80}, which is no answer: {error}") from error
        if self.above is not None and not self._attended:
            return await self.above.put(ask, check, opened=opened, withdrawn=withdrawn, timeout=timeout)
        await self._somebody(ask)
        waiting = self._open[ask.id] = _Open(ask, check, asyncio.get_running_loop().create_future())
        try:
            opened()
            self.changed()
            async with asyncio.timeout(timeout):
                return await waiting.answer, True
        except TimeoutError:
            raise AskTimeout(f"Nobody answered {ask.message or ask.name!r} within {timeout:g} s.") from None
        finally:
            del self._open[ask.id]
            self.changed()
            if not waiting.answer.done() or waiting.answer.cancelled():
                withdrawn()

    def respond(self, ask_id: str, value: Any) -> None:
        """Answer an open question; raises RequestError, and leaves it open, when this is no answer to it."""
        waiting = self._open.get(ask_id)
        if waiting is None or waiting.answer.done():
            raise RequestError("This question was answered already, or needs no answer any more.")
        try:
            answer = waiting.check(value)
        except ValueError as error:
            waiting.ask = replace(waiting.ask, error=text_of(error)[:500])
            self.changed()
            raise RequestError(text_of(error)[:500]) from error
        waiting.answer.set_result(answer)

    def approve(self, ask_id: str | None = None, *, arguments: Any = None, remember: Remember = "once") -> None:
        """Let the tool run that asks for approval; the only one that asks where no `ask_id` is given."""
        self.respond(ask_id or self._only("approval").id, Allow(arguments, remember))

    def deny(self, ask_id: str | None = None, reason: str = "") -> None:
        """Keep the tool from running; the model is told the reason."""
        self.respond(ask_id or self._only("approval").id, Deny(reason))

    def withdraw(self, tool_call_id: str) -> None:
        """Take back the questions of a tool call that has ended; whoever waits for them is cancelled."""
        for waiting in self._open.values():
            if waiting.ask.tool_call_id == tool_call_id:
                waiting.answer.cancel()

    def _only(self, kind: str) -> Ask:
        found = [ask for ask in self.open if ask.kind == kind]
        if len(found) != 1:
            raise RequestError(f"There are {len(found)} open questions of kind {kind}; say which by its id.")
        return found[0]

    async def _of_policy(self, ask: Ask) -> Any:
        if self.policy is None:
            return None
        try:
            return await call_anyhow(self.policy, ask)
        except (ChatWidgetError, Exited):
            raise
        except Exception as error:
            name = getattr(self.policy, "__name__", repr(self.policy))
            raise AppError(f"The policy {name:.80} failed: {type(error).__name__}: {text_of(error)[:200]}") from error

    async def _somebody(self, ask: Ask) -> None:
        if self._attended:
            return
        arrival = asyncio.get_running_loop().create_future()
        self._arrivals.add(arrival)
        try:
            async with asyncio.timeout(self.patience):
                await arrival
        except TimeoutError:
            raise NobodyThere(
                f"Nobody is here to answer {ask.message or ask.name!r:.80}: no page shows this chat. Show it, or pass "
                "policy= with a function that answers."
            ) from None
        finally:
            self._arrivals.discard(arrival)


def script(*answers: Any) -> Policy:
    """Return a policy that gives these answers one after the other, and raises when it has none left.

    session = Session(tools=[delete], policy=script(Deny("not today"), Allow()))
    """
    left: Iterator[Any] = iter(answers)

    def policy(ask: Ask) -> Any:
        for answer in left:
            return answer
        raise AppError(f"The script has no answer left for {ask.message or ask.name!r:.80}.")

    return policy


def allow_all(ask: Ask) -> Any:
    """Answer every request for approval with yes; other questions are left to the person. A policy."""
    return Allow() if ask.kind == "approval" else None
