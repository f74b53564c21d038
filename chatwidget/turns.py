"""Whose turn it is: inputs wait in a queue, a run takes them one by one, each turn ends with one verdict.

Rules:

1. At most one run at a time, in one task. What is submitted while a turn runs waits, or goes first after a stop.
2. A turn begins when the app takes its input and ends when the app wants the next one, or has ended.
3. An input is never lost. One that no app took is put into the transcript, off the record, and its sender is told.
4. A run that was stopped or failed is over; the next input starts the app afresh on the same transcript.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from chatwidget.apps import AppInstance
from chatwidget.context import RunContext
from chatwidget.errors import AppError, ChatWidgetError, ReplyInterrupted
from chatwidget.events import Event, InputRequested, MessageEnded, Noticed, RunEnded, RunStarted
from chatwidget.messages import Message, Status, UserText, new_id
from chatwidget.run import run_app
from chatwidget.threads import Exited

log = logging.getLogger("chatwidget")

STAY = "stay"


@dataclass(slots=True, eq=False)
class Turn:
    """One input and what comes of it. `rewind_to` is the message to go on from: an id, None (the start) or STAY.

    `done` resolves to the last assistant message of the turn (None when there was none), or to what it failed with.
    """

    input: UserText
    rewind_to: str | None = STAY
    done: asyncio.Future[Message | None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    reply: Message | None = None

    @property
    def id(self) -> str:
        """The id of the person's message."""
        return self.input.message.id if self.input.message is not None else ""

    def end(self, error: BaseException | None = None) -> None:
        """Resolve `done`; a failure that nobody awaits is no fault of anyone."""
        if self.done.done():
            return
        if error is None:
            self.done.set_result(self.reply)
        else:
            self.done.set_exception(error)
            self.done.exception()


class Turns:
    """The queue of inputs and the one run that takes them; see the rules at the head of this module.

    `changed` is called whenever `status`, the queue or the waiting input may have changed.
    """

    def __init__(self, app: AppInstance, context: RunContext, changed: Callable[[], None]) -> None:
        self.app = app
        self.queue: deque[Turn] = deque()
        self.current: Turn | None = None
        self.request: InputRequested | None = None
        self._emit = context.emit
        self._context = replace(context, ask=self._take, emit=self.emit)
        self._changed = changed
        self._task: asyncio.Task[None] | None = None
        self._arrived: asyncio.Future[None] | None = None
        self._stopping = False
        self._took = False

    @property
    def status(self) -> str:
        """idle: no run; waiting: the app wants an input; running: a turn is under way; stopping."""
        if self._task is None:
            return "idle"
        if self._stopping:
            return "stopping"
        return "waiting" if self._arrived is not None else "running"

    @property
    def queued(self) -> list[Turn]:
        """The turns that wait behind another one."""
        waiting = list(self.queue)
        return waiting if self.current is not None else waiting[1:]

    def emit(self, event: Event) -> None:
        """Pass an event on, noting the reply of the current turn."""
        self._emit(event)
        if isinstance(event, MessageEnded) and event.message.role == "assistant" and self.current is not None:
            self.current.reply = event.message

    def submit(self, turn: Turn, *, first: bool = False) -> Turn:
        """Queue a turn and make sure that a run will take it."""
        if first:
            self.queue.appendleft(turn)
        else:
            self.queue.append(turn)
        if self._arrived is not None and not self._arrived.done():
            self._arrived.set_result(None)
        self.start()
        return turn

    def start(self) -> None:
        """Start the app, if it is not running."""
        if self._task is None:
            if self.queue:
                self._rewind(self.queue[0])
            self._took = False
            self._task = asyncio.create_task(self._run(), name=f"chatwidget run of {self.app.name}")
            self._task.add_done_callback(self._run_ended)
        self._changed()

    def take_back(self, turn_id: str) -> Turn | None:
        """Remove a turn that still waits and return it."""
        for turn in self.queued:
            if turn.id == turn_id:
                self.queue.remove(turn)
                turn.end()
                self._changed()
                return turn
        return None

    async def stop(self, *, even_waiting: bool = False) -> bool:
        """End the run and wait until it has ended; returns whether there was one to stop.

        A run that only waits for an input is left alone unless `even_waiting`.
        """
        task = self._task
        if task is None or (self._arrived is not None and not even_waiting):
            return False
        if not self._stopping:
            self._stopping = True
            task.cancel()
            self._changed()
        await asyncio.wait({task})
        return True

    async def _take(self, request: InputRequested) -> UserText:
        self._end_turn()
        if not self.queue:
            self.request = request
            self._arrived = asyncio.get_running_loop().create_future()
            self._changed()
            try:
                await self._arrived
            finally:
                self._arrived = self.request = None
        self._rewind(self.queue[0])
        self._took = True
        self.current = self.queue.popleft()
        self._changed()
        return self.current.input

    def _rewind(self, turn: Turn) -> None:
        if turn.rewind_to is not STAY:
            self._context.rewind(turn.rewind_to)
            turn.rewind_to = STAY

    def _end_turn(self, error: BaseException | None = None) -> None:
        if self.current is not None:
            turn, self.current = self.current, None
            turn.end(error)

    async def _run(self) -> None:
        run_id = new_id()
        self.emit(RunStarted(run_id, self.app.name))
        ended = RunEnded(run_id, "complete")
        try:
            ended = replace(ended, value=await run_app(self.app, self._context))
        except (asyncio.CancelledError, Exited) as error:
            ended = replace(ended, verdict="stopped", exception=error)
        except ChatWidgetError as error:
            verdict: Status = "interrupted" if isinstance(error, ReplyInterrupted) else "error"
            ended = replace(ended, verdict=verdict, error=str(error), exception=error)
        except Exception as error:
            log.exception("the app %s failed", self.app.name)
            sentence = f"The app {self.app.name} failed: {type(error).__name__}: {error}"[:500]
            ended = replace(ended, verdict="error", error=sentence, exception=error)
        self._settle(ended)

    def _settle(self, ended: RunEnded) -> None:
        """Say how the run ended, once: in the message that failed, or else in a notice."""
        if not self._took and self.queue:
            self._return_untaken(ended)
        path = self._context.transcript.path[-1:]
        if ended.error is not None and not any(message.error == ended.error for message in path):
            self.emit(Noticed("error", ended.error))
        self.emit(ended)
        self._end_turn(ended.exception if ended.error is not None else None)

    def _return_untaken(self, ended: RunEnded) -> None:
        """Keep an input that the app ended without asking for."""
        turn = self.queue.popleft()
        if turn.input.message is not None and turn.id not in self._context.transcript:
            self._context.add(replace(turn.input.message, off_record=True))
        if ended.verdict == "complete":
            sentence = f"The app {self.app.name} ended without asking for input: it has no `yield GetUserInput()`."
            self.emit(Noticed("warning", sentence))
            turn.end(AppError(sentence))
        else:
            turn.end(ended.exception if ended.error is not None else None)

    def _run_ended(self, task: asyncio.Task[None]) -> None:
        asked_to_stop, self._stopping = self._stopping, False
        self._task = None
        self._end_turn()
        if self.queue and (asked_to_stop or not task.cancelled()):
            self.start()
        self._changed()
