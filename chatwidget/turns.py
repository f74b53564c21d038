"""Whose turn it is: inputs wait in a queue, a run takes them one by one, each turn ends with one verdict.

Rules:

1. At most one run at a time, in one task. What is submitted while a turn runs waits, or goes first after a stop, or
   joins it (`steering.py`).
2. A turn begins when the app takes its input and ends when the app wants the next one, or has ended.
3. An input is never lost. One that no app took is put into the transcript, off the record, and its sender is told.
4. A run that was stopped or failed is over; the next input starts the app afresh on the same transcript.
5. Stop always works. A run that does not end when it is cancelled is left behind: what it left open is settled, and
   nothing it does later is heard.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from chatwidget.apps import AppInstance
from chatwidget.context import RunContext
from chatwidget.errors import AppError, BudgetExceeded, RequestError
from chatwidget.events import Event, InputRequested, Noticed, RunEnded, RunStarted, TurnEnded, TurnStarted
from chatwidget.inputs import answer_to, settle_open
from chatwidget.keeper import Keeper
from chatwidget.messages import Message, User, UserText, new_id
from chatwidget.output_attempts import OutputAttempts
from chatwidget.run import run_app
from chatwidget.run_ending import ended_by
from chatwidget.steering import join, place_in
from chatwidget.threads import text_of
from chatwidget.turn import STAY, TURN, Turn

log = logging.getLogger("chatwidget")

# A loop holds its tasks weakly: an app that waits in a session nobody holds any more would be torn down by the garbage
# collector, in the middle of a step and without its clean-up. It ends with `close()`, or with its loop.
_running: set[asyncio.Task[None]] = set()

# How long a stopped run may clean up, its tools and nested apps included.
STOP_SECONDS = 10.0


class Turns:
    """The queue of inputs and the one run that takes them; see the rules at the head of this module.

    `changed` is called whenever `status`, the queue or the waiting input may have changed.
    """

    def __init__(
        self, app: AppInstance, context: RunContext, changed: Callable[[], None], keeper: Keeper | None = None
    ) -> None:
        self.app = app
        self.queue: deque[Turn] = deque()
        self.current: Turn | None = None
        self.request: InputRequested | None = None
        self._emit = context.emit
        self._context = replace(context, ask=self._take, emit=self.emit, wanted=self._wanted)
        self._changed = changed
        self._keeper = keeper
        self._task: asyncio.Task[None] | None = None
        self._run_id = ""
        self._arrived: asyncio.Future[None] | None = None
        self._stopping = False
        self._holds = 0

    @property
    def status(self) -> str:
        """idle: no run; waiting: the app wants an input; running: a turn is under way; stopping."""
        if self._task is None:
            return "idle"
        if self._stopping:
            return "stopping"
        return "waiting" if self._waits else "running"

    @property
    def _waits(self) -> bool:
        return self._arrived is not None and not self._arrived.done()

    @property
    def queued(self) -> list[Turn]:
        """The turns that wait behind another one."""
        waiting = list(self.queue)
        return waiting if self.current is not None else waiting[1:]

    def emit(self, event: Event) -> None:
        """Pass an event on, noting the reply of the current turn."""
        self._emit(event)
        if self.current is not None:
            self.current.note(event, self._context.transcript)

    def submit(self, turn: Turn, *, first: bool = False) -> Turn:
        """Queue a turn and make sure that a run will take it."""
        # While no turn is current, the first of the queue is the one the run is about to take.
        under_way = self.current is None and self._task is not None and bool(self.queue)
        self.queue.insert(place_in(self.queue, turn, int(under_way), first=first), turn)
        if self._arrived is not None and not self._arrived.done():
            self._arrived.set_result(None)
        self.start()
        return turn

    def start(self) -> None:
        """Start the app, if it is not running."""
        if self._task is None and not self._holds:
            if self.queue:
                self._rewind(self.queue[0])
            self._run_id = run_id = new_id()
            self._task = asyncio.create_task(self._run(run_id), name=f"chatwidget run of {self.app.name}")
            _running.add(self._task)
            self._task.add_done_callback(_running.discard)
            # Also one that was cancelled before its first step has to end.
            self._task.add_done_callback(lambda _: self._settle(RunEnded(run_id, "stopped")))
            self.emit(RunStarted(run_id, self.app.name))
        self._changed()

    def answered(self, request_id: str, value: Any) -> Turn | None:
        """Make a turn of an answer to what the app asks; None when it asks nothing of this id.

        Raises RequestError when it is no answer: the question stays, and says why.
        """
        asked = self.request
        if asked is None or asked.request_id != request_id:
            return None
        try:
            return Turn(answer_to(asked, value))
        except ValueError as error:
            said = text_of(error)[:500]
            self.request = replace(asked, error=said)
            self._changed()
            raise RequestError(said) from error

    def take_back(self, turn_id: str) -> Turn | None:
        """Remove a turn that still waits and return it."""
        for turn in self.queued:
            if turn.id == turn_id:
                self.queue.remove(turn)
                turn.end()
                self._changed()
                return turn
        return None

    async def give_up(self, turn: Turn) -> None:
        """End a turn, whether it waits or runs; one that has ended already is left alone."""
        if not turn.done.done() and self.take_back(turn.id) is None:
            await self.stop()

    async def stop(self, *, even_waiting: bool = False) -> bool:
        """End the run and wait until it has ended; returns whether there was one to stop.

        A run that only waits for an input is left alone unless `even_waiting`.
        """
        task = self._task
        if task is None or (self._waits and not even_waiting):
            return False
        if not self._stopping:
            self._stopping = True
            task.cancel()
            self._changed()
        await asyncio.wait({task}, timeout=STOP_SECONDS)
        if self._task is task and not task.done():
            log.warning("%s did not end within %s s of being stopped; it is left behind", self.app.name, STOP_SECONDS)
            settle_open(self._context)
            self._settle(RunEnded(self._run_id, "stopped"))
        return True

    @asynccontextmanager
    async def stopped(self, *, even_waiting: bool = False) -> AsyncIterator[None]:
        """Stop the run, and keep what is queued from starting another before the block has ended."""
        self._holds += 1
        try:
            await self.stop(even_waiting=even_waiting)
            yield
        finally:
            self._holds -= 1
            if self.queue:
                self.start()

    def _wanted(self) -> OutputAttempts | None:
        return None if self.current is None else self.current.wanted

    def _joining(self) -> list[Message]:
        if joined := join(self.queue, None if self._stopping else self.current):
            self._changed()
        return joined

    def drop_queue(self) -> None:
        """Give up what waits; it stays in the transcript, off the record."""
        while self.queue:
            self._keep(self.queue.popleft()).end()
        self._changed()

    async def _take(self, request: InputRequested) -> UserText:
        await self._save()
        self._say_turn_ended()
        self._end_turn()
        if not self.queue:
            await self._until_sent(request)
        if self._keeper is not None:
            await self._keeper.catch_up()
        self._rewind(self.queue[0])
        self.current = self.queue.popleft()
        TURN.set((self._context.transcript, self.current))
        self.emit(TurnStarted(self.current.input.message or User(str(self.current.input))))
        self._changed()
        return self.current.input

    async def _save(self) -> None:
        if self._keeper is not None:
            await self._keeper.keep()

    async def _until_sent(self, request: InputRequested) -> None:
        self.request = request
        self._arrived = asyncio.get_running_loop().create_future()
        self._changed()
        try:
            await self._arrived
        finally:
            self._arrived = self.request = None
            self._changed()

    def _rewind(self, turn: Turn) -> None:
        if turn.rewind_to is not STAY:
            self._context.rewind(turn.rewind_to)
            turn.rewind_to = STAY

    def _say_turn_ended(self) -> None:
        if self.current is not None:
            self.emit(TurnEnded(self.current.reply))

    def _end_turn(self, error: BaseException | None = None) -> None:
        if self.current is not None:
            turn, self.current = self.current, None
            turn.end(error)

    async def _run(self, run_id: str) -> None:
        def ours() -> bool:
            return self._run_id == run_id

        context = replace(
            self._context,
            emit=lambda event: self.emit(event) if ours() else None,
            joining=lambda: self._joining() if ours() else [],
        )
        ended = RunEnded(run_id, "complete")
        try:
            if self._keeper is not None:
                await self._keeper.catch_up()
            ended = replace(ended, value=await run_app(self.app, context))
        except (Exception, asyncio.CancelledError) as error:
            ended = ended_by(error, run_id, self.app.name)
        try:
            if ours() and self.current is None and self.queue:
                self._keep(self.queue[0])
            await self._save()
        finally:
            self._settle(ended)

    def _settle(self, ended: RunEnded) -> None:
        """Say how the run ended, once: in the message that failed, or else in a notice."""
        if self._task is None or self._run_id != ended.run_id:
            return
        if self.current is None and self.queue:
            self._return_untaken(ended)
        path = reversed(self._context.transcript.path)
        reply = next((message for message in path if message.role == "assistant"), None)
        if ended.error is not None and (reply is None or reply.error != ended.error):
            # Who does not go on at a limit has chosen so.
            level = "info" if isinstance(ended.exception, BudgetExceeded) else "error"
            self.emit(Noticed(level, ended.error))
        if self.current is not None and ended.verdict == "stopped":
            self.current.stop()
        self._say_turn_ended()
        self.emit(ended)
        shut_down = not self._stopping and self._task.cancelling() > 0
        self._task, self._run_id, self._stopping = None, "", False
        self._end_turn(ended.exception if ended.error is not None else None)
        if self.queue and not shut_down:
            self.start()
        self._changed()

    def _return_untaken(self, ended: RunEnded) -> None:
        """Keep an input that the app ended without asking for."""
        turn = self._keep(self.queue.popleft())
        if ended.verdict == "complete":
            sentence = f"The app {self.app.name} ended without asking for input: it has no `yield GetUserInput()`."
            self.emit(Noticed("warning", sentence))
            turn.end(AppError(sentence))
        else:
            turn.end(ended.exception if ended.error is not None else None)

    def _keep(self, turn: Turn) -> Turn:
        if turn.input.message is not None and turn.id not in self._context.transcript:
            self._context.add(replace(turn.input.message, off_record=True))
        elif turn.rewind_to is STAY and turn.id not in ("", *self._context.transcript.ids):  # a retry had begun
            self._context.rewind(self._context.transcript.tip(turn.id))
        return turn
