"""How far an app has come that is driven by `run`."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import Any

from chatwidget.asker import current_run
from chatwidget.compat.turbo_chat.errors import GeneratorAlreadyExhaustedError
from chatwidget.compat.turbo_chat.messages import Assistant, Message, Messages, Said
from chatwidget.compat.turbo_chat.result import Result
from chatwidget.compat.turbo_chat.signals import GetUserInput
from chatwidget.context import RunContext
from chatwidget.driving import Driver
from chatwidget.driving import Outcome as Step
from chatwidget.errors import AppError, AskError


class Progress:
    """What one app has said and asked; the app's side puts it here, the side of `run` takes it.

    Rules:

    1. Nothing an app says is lost: outputs wait here, in order, until they were taken; a failure comes after them.
    2. An answer is for the question that was told last, or, where the first call brings one, for the first question.
       Any other call only takes what waits, whatever it brings: turbo-chat's own loops repeat the last answer.
    3. An app that only puts messages into its conversation has these as its outputs.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.driver: Driver | None = None
        self.last: Result | None = None
        self.answer: Any = None  # as it was given: a session knows a plain question's answer as text
        self._waiting: deque[Result] = deque()
        self._spoken: list[Message] = []
        self._speaks_only = True
        self._question: GetUserInput | None = None
        self._told: GetUserInput | None = None
        self._first: Any = None
        self._over = self._running = False
        self._failure: Exception | None = None

    def say(self, result: Result) -> None:
        """Note an output."""
        self.last = result
        self.act()
        if self.driver is not None:
            self._waiting.append(result)

    def speak(self, messages: list[Message]) -> None:
        """Note what was put into the conversation."""
        self._spoken += messages

    def act(self) -> None:
        """Note that the app does more than to put messages into its conversation."""
        self._speaks_only = False

    def ask(self, question: GetUserInput) -> None:
        """Note what the app is about to ask."""
        self.act()
        self._question = question

    async def run(self, app: Any, answer: Any = None) -> Result:
        """Take the next output; inside another app, which may not come back for more, all messages that wait."""
        result = await self.next(app, answer)
        together = [result]
        while _around() is not None and self._waiting and _is_message(together[-1]) and _is_message(self._waiting[0]):
            together.append(self._take())
        return result if len(together) == 1 else _joined(together)

    async def next(self, app: Any, answer: Any = None) -> Result:
        """Take the next output, running the app where none waits; raises what the app raised, after its outputs."""
        if not self._waiting:
            self._heed_end()
            await self._advance(app, answer)
        if not self._waiting:
            self._heed_end()
        return self._take()

    async def close(self) -> None:
        """End the app, its `finally` blocks included."""
        self._over = True
        self._waiting.clear()
        if self.driver is not None:
            await self.driver.aclose()

    @property
    def has_begun(self) -> bool:
        """Whether the app was started."""
        return self.driver is not None or self._over

    @property
    def has_ended(self) -> bool:
        """Whether it has ended, and all was taken."""
        return self._over and not self._waiting and self._failure is None

    def _take(self) -> Result:
        result = self._waiting.popleft()
        if result.needs_input:
            self._told = self._question
        result.done = self.has_ended
        return result

    def _heed_end(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
        if self._over:
            raise GeneratorAlreadyExhaustedError(f"{self.name} has ended. Call {self.name}(...) for a new run.")

    async def _advance(self, app: Any, answer: Any) -> None:
        if self._running:
            raise AppError(f"{self.name} is running: wait for the result of one run() before the next.")
        self._running = True
        try:
            step = await self._step(app, answer)
            while self._question is not None and self._first is not None and not step.done:
                answer, self._first = self._first, None
                step = await self._answer(answer)
            self._note(step)
        except asyncio.CancelledError:
            self._over = True
            raise
        except Exception as error:
            if self._told is not None:  # it was no answer: the question stays
                raise
            self._over, self._failure = True, error
        finally:
            self._running = False
        if self._over and self.driver is not None:
            await self.driver.aclose()

    async def _step(self, app: Any, answer: Any) -> Step:
        if self.driver is None:
            around = _around()
            self._first = answer
            self.driver = Driver(app, model=None if around is None else around.resolve_model(None))
            return await self.driver.step()
        if self._told is None:  # it waits behind a Result
            return await self.driver.step("")
        if answer is None:
            raise AppError(f"{self.name} waits for an answer to {self._told.message!r:.80}. Call run(app, answer).")
        return await self._answer(answer)

    async def _answer(self, answer: Any) -> Step:
        asked, driver = self._question, self.driver
        if asked is None or driver is None:
            raise AppError(f"{self.name} has asked nothing.")
        self.answer = answer
        if isinstance(answer, str):
            answer = str(answer)
        elif not asked.options:
            answer = json.dumps(answer, ensure_ascii=False, default=str)
        self._told = self._question = None
        try:
            return await driver.step(answer)
        except ValueError:
            if driver.session.status == "waiting":
                self._told = self._question = asked
            raise

    def _note(self, step: Step) -> None:
        self._over = step.done
        if not step.done:
            if self._question is not None:
                self._waiting.append(Result.from_message(self._question))
            return
        if step.value is not None:
            self._waiting.append(Result(step.value, original_role="result"))
        elif self._speaks_only:
            self._waiting += [Result.from_message(message) for message in self._spoken]
        if not self._waiting:
            self._waiting.append(Result(None))


def _around() -> RunContext | None:
    """Return the run of the app that calls `run`, if there is one."""
    try:
        return current_run()
    except AskError:
        return None


def _is_message(result: Result) -> bool:
    return isinstance(result.output, Message)


def _joined(results: list[Result]) -> Result:
    messages = [result.output for result in results if isinstance(result.output, Message)]
    said = [message for message in messages if isinstance(message, Assistant)]
    whole = Said(said) if len(said) == len(messages) else Messages(messages)
    return Result.from_message(whole, results[-1].done)
