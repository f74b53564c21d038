"""An app driven by hand, step by step: for tests, scripts and hosts of one's own.

driver = Driver(fortune_teller("Ada"), model=ScriptedModel("A long journey."))
outcome = await driver.step()                    # until it asks for the first time
outcome = await driver.step("What will be?")     # until it asks again, or has ended
[message.text for message in outcome.outputs]    # all it said on the way
await driver.aclose()
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from chatwidget.errors import AppExhausted
from chatwidget.events import InputRequested, MessageEnded, RunEnded
from chatwidget.messages import Message
from chatwidget.session import Session


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where an app stands after a step.

    `outputs` are the messages it showed on the way, each once, oldest first. `request` is what it asks for now; None
    when it has ended (`done`), and then `value` is what it returned.
    """

    outputs: tuple[Message, ...]
    request: InputRequested | None = None
    value: Any = None

    @property
    def done(self) -> bool:
        """Whether the app has ended."""
        return self.request is None

    @property
    def text(self) -> str:
        """The outputs' texts, one a line."""
        return "\n".join(message.text for message in self.outputs)


class Driver:
    """Drives one run of an app; `options` are those of `Session`. Belongs to one event loop.

    `session` is where it runs: its transcript, its events, its model.
    """

    def __init__(self, app: object, **options: Any) -> None:
        self.session = Session(app, **options)
        self._outputs: list[Message] = []
        self._ends: asyncio.Queue[InputRequested | RunEnded] = asyncio.Queue()
        self._request: InputRequested | None = None
        self._begun = self._over = False
        self.session.on(MessageEnded, self._said)
        self.session.on(InputRequested | RunEnded, self._stopped)

    async def step(self, answer: Any = None) -> Outcome:
        """Give the app an answer and run it to its next question, or to its end.

        The first step needs none; where the app asks for one of several choices, or for a form, the answer is the
        choice, or a dict. Raises what the app raised; `AppExhausted` when it has ended before; RequestError when this
        is no answer. When cancelled, the app is stopped.
        """
        if self._over:
            raise AppExhausted(f"{self.session.name} has ended; it cannot be stepped further. Make a new Driver.")
        if not self._begun:
            self._begun = True
            self.session.start()
            if answer is None:
                return await self._next()
            first = await self._next()
            if first.done:
                raise AppExhausted(f"{self.session.name} ended before it asked for {answer!r:.80}.")
            self._outputs[:0] = first.outputs
        if self._request is not None and answer is not None:
            self.session.respond(self._request.request_id, answer)
        elif self._request is not None:
            raise AppExhausted(f"{self.session.name} waits for an answer to {self._request.message!r:.80}.")
        return await self._next()

    async def aclose(self) -> None:
        """End the app, its `finally` blocks included; closing again does nothing."""
        self._over = True
        await self.session.close()

    async def _next(self) -> Outcome:
        self._request = None
        try:
            end = await self._ends.get()
        except asyncio.CancelledError:
            await self.aclose()
            raise
        outputs, self._outputs = tuple(self._outputs), []
        if isinstance(end, InputRequested):
            self._request = end
            await asyncio.sleep(0)  # the session notes who it waits for right after it has told so
            return Outcome(outputs, end)
        self._over = True
        if end.exception is not None:
            raise end.exception
        return Outcome(outputs, None, end.value)

    def _said(self, event: MessageEnded) -> None:
        message = event.message
        if message.role == "assistant" and not message.hidden:
            self._outputs.append(message)

    def _stopped(self, event: InputRequested | RunEnded) -> None:
        if isinstance(event, RunEnded):
            if not event.scope:
                self._ends.put_nowait(event)
        elif event.ask is None:
            self._ends.put_nowait(event)
