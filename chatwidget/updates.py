"""Writing into a chat from code: messages that grow by OpenAI deltas, or are set as a whole.

Rules:

1. What is asked for is read and checked at once, on the caller's thread; it is done on the session's loop, in the order
   of the calls. The id is known at once.
2. What is written belongs to the turn whose code writes it (`turn.TURN`). Once that turn was stopped or has failed,
   nothing of it is heard any more; code in a thread is told so by CancelledError.
3. A message that has started always settles: with a finish reason, with `set`, at the end of its turn, or, where it was
   written outside of turns, when the next one begins.
4. A settled message may still be changed, unless its turn was stopped: `MessageEnded` comes again.
5. A call that nobody has answered is answered when its turn is stopped, or when the next turn begins.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterable, Callable, Coroutine, Iterable
from dataclasses import replace
from typing import Any, overload

from chatwidget.context import RunContext
from chatwidget.events import InputRequested, MessageEnded, Rewound, RunEnded, TurnStarted
from chatwidget.history import NEVER_RAN
from chatwidget.messages import Message, Status, new_id
from chatwidget.threads import text_of
from chatwidget.tool_display import Display
from chatwidget.tool_execution import STOPPED
from chatwidget.turn import TURN, Turn
from chatwidget.update import Update, is_result, read_message, read_update
from chatwidget.update_stream import Write, write_async_stream, write_stream
from chatwidget.written import Written, as_delta, with_delta, with_unused_ids
from chatwidget.written_calls import WrittenCalls

log = logging.getLogger("chatwidget")


class Updates:
    """The messages that code writes into one chat; see the rules at the head of this module.

    `stopping` tells whether the running turn is being stopped, `display` how the calls of a tool look. `loop` is the
    session's; None as long as there is none.
    """

    def __init__(
        self,
        context: RunContext,
        stopping: Callable[[], bool] = lambda: False,
        display: Callable[[str], Display | None] = lambda _: None,
    ) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self._stopping = stopping
        self._turn: Turn | None = None
        self._context = context
        self._transcript = context.transcript
        self._emit = context.emit
        self._open: dict[str, Written] = {}
        self._ids: dict[str, str] = {}
        self._calls = WrittenCalls(context, display)

    # What code calls, on any thread.

    def new_id(self) -> str:
        """Make an id for a message."""
        return new_id()

    def update(self, delta: Any, id: str | None = None) -> str:
        """Add to the message with this id, or begin it, and return the id.

        `delta` is a text, an OpenAI delta, choice, chunk or message, as a dict or as an object of openai. Without an
        id, its own counts, or else it gets a new one. A message of role tool is the result of its call. Raises
        FormatError for what is none of these.
        """
        update = read_update(delta)
        whole = id is None and update.id is None
        return self._do(self._update, id or update.id or self.new_id(), update, whole)

    def set(self, message: Any, id: str | None = None) -> str:
        """Put a whole message in the place of the one with this id, or at the end, and return the id."""
        update = read_message(message)
        return self._do(self._set, id or update.id or self.new_id(), update)

    def set_all(self, messages: Iterable[Any]) -> list[str]:
        """Begin anew with these messages and return their ids; what was said stays as another branch."""
        updates = [read_message(message) for message in messages]
        ids = [update.id or self.new_id() for update in updates]
        self._do(self._set_all, "", ids, updates)
        return ids

    @overload
    def stream(
        self, stream: AsyncIterable[Any], delay: float = ..., id: str | None = ...
    ) -> Coroutine[Any, Any, Any]: ...
    @overload
    def stream(self, stream: Iterable[Any], delay: float = ..., id: str | None = ...) -> Any: ...
    def stream(self, stream: Any, delay: float = 0.0, id: str | None = None) -> Any:
        """Write a stream of chunks, choices or deltas into one message; return the `Choice` they add up to.

        An async stream is to be awaited. Between two chunks it waits `delay` seconds. When the turn is stopped the
        stream is closed and CancelledError ends the handler. Raises what the stream raises; what had come is kept.
        """
        writing = self._streaming(id or self.new_id())
        if hasattr(stream, "__aiter__"):
            return write_async_stream(stream, delay, writing)
        return write_stream(stream, delay, writing)

    def soon(self, act: Callable[[], None]) -> None:
        """Do something on the session's loop, after all that was asked for before."""
        self._do(lambda _, __: act(), "")

    # What the session calls, on its loop.

    def heed(self, event: TurnStarted | InputRequested | RunEnded) -> None:
        """Settle what has to be settled when a turn begins, when the app wants the next input, when its run ends."""
        match event:
            case TurnStarted():
                self.loop = asyncio.get_running_loop()
                self._begin()
            case InputRequested(ask=None):
                self._end_quietly("complete")
            case RunEnded(scope=""):
                self._end_quietly("interrupted" if event.verdict == "error" else event.verdict)

    def end(self, turn: Turn | None, status: Status = "complete", error: str | None = None) -> None:
        """Settle what a turn has written; the sentence `error` goes to its last message."""
        mine = [written for written in self._open.values() if written.turn is turn and turn is not None]
        for written in mine:
            self._settle(written, status, error if written is mine[-1] else None)
        if turn is None or status == "complete":
            return
        turn.verdict = status
        self._calls.answer_rest(lambda caller: caller is turn, STOPPED if status == "stopped" else NEVER_RAN)

    def _end_quietly(self, status: Status) -> None:
        """End the turn; what a model has said in it stays its reply, whatever settles only now."""
        turn = self._turn
        before, reply = (None, None) if turn is None else (turn.before, turn.reply)
        self.end(turn, status)
        if turn is not None and reply is not None:
            turn.before, turn.reply = before, reply

    def current(self) -> Turn | None:
        """Return the turn of this chat whose code runs here, if any."""
        home, turn = TURN.get()
        return turn if home is self._transcript else None

    # How it is done.

    def _do(self, change: Callable[..., None], id: str, *details: Any) -> str:
        turn = self.current()
        if self.loop is None or self.loop is _running_loop():
            self._now(change, turn, id, *details)
            return id
        if self._is_over(turn):
            raise asyncio.CancelledError("The turn was stopped.")
        self.loop.call_soon_threadsafe(self._now, change, turn, id, *details)
        return id

    def _now(self, change: Callable[..., None], turn: Turn | None, id: str, *details: Any) -> None:
        if not self._is_over(turn):
            change(turn, id, *details)

    def _is_over(self, turn: Turn | None) -> bool:
        return turn is not None and (turn.verdict != "complete" or (turn is self._turn and self._stopping()))

    def _begin(self) -> None:
        """Settle what was written outside of turns, and answer what nobody has."""
        self._turn = self.current()
        for written in list(self._open.values()):
            if written.turn is not self._turn:
                self._settle(written, "complete")
        self._calls.answer_rest(lambda _: True, NEVER_RAN)

    def _streaming(self, id: str) -> Write:
        def write(item: Any, error: Exception | None) -> None:
            if error is None:
                self._do(self._update, id, read_update(item), False)
            else:
                self._do(self._break, id, f"The stream broke off: {type(error).__name__}: {text_of(error)}"[:500])

        return write

    def _break(self, turn: Turn | None, id: str, sentence: str) -> None:
        written = self._open.get(self._ids.get(id, id))
        if written is not None:
            written.broken = sentence
            if written.turn is None:
                self._settle(written, "interrupted", sentence)

    def _update(self, turn: Turn | None, id: str, update: Update, whole: bool) -> None:
        real = self._ids.get(id, id)
        if update.message is not None and (is_result(update.message) or real not in self._transcript):
            self._set(turn, id, update)
            return
        delta = update.delta if update.message is None else as_delta(update.message)
        written = self._open.get(real)
        if written is None and real in self._transcript:
            self._revise(turn, real, lambda message: with_delta(message, delta, self._calls.ids))
            return
        if written is None:
            head = Message(role="assistant", id=real, status="arriving")
            written = self._open[real] = Written(self._context, head, turn)
        written.feed(delta)
        self._calls.know(written.call_ids, turn)
        if update.verdict is not None or (
            whole and (turn is None or turn.done.done())
        ):  # nobody said that more would come
            self._settle(written, update.verdict or "complete")

    def _set(self, turn: Turn | None, id: str, update: Update) -> None:
        assert update.message is not None  # noqa: S101 - for the type checker
        real = self._ids.get(id, id)
        message = replace(update.message, id=real, status="complete")
        if is_result(message):
            caller = self._calls.caller(message, update.result_of)
            if caller in self._open:  # who answers a call has seen all of it
                self._settle(self._open[caller], "complete")
            if caller is not None:
                self._calls.answer(message, update.result_of)
            return
        if real in self._open:
            self._settle(self._open[real], "complete")
        if real in self._transcript:
            self._revise(turn, real, lambda old: replace(old, parts=message.parts, name=message.name), stopped=True)
            return
        message, call_ids = with_unused_ids(message, self._transcript.calls)
        self._context.add(message)
        self._calls.know(call_ids, turn)

    def _set_all(self, turn: Turn | None, _: str, ids: list[str], updates: list[Update]) -> None:
        for written in list(self._open.values()):
            self._settle(written, "complete")
        if self._transcript.leaf is not None:
            self._emit(Rewound(None))
        for id, update in zip(ids, updates, strict=True):
            if id in self._transcript:
                self._ids[id] = new_id()
            self._set(turn, id, update)

    def _revise(
        self, turn: Turn | None, real: str, change: Callable[[Message], Message], *, stopped: bool = False
    ) -> None:
        old = self._transcript.messages.get(real)
        if old is None:
            log.warning("an update of message %s was ignored: the model, or the person, is writing it", real)
        elif old.status != "stopped" or stopped:
            others = self._transcript.calls.keys() - {call.id for call in old.tool_calls}
            new, call_ids = with_unused_ids(change(old), others)
            if new != old:
                self._emit(MessageEnded(replace(new, status="complete" if stopped else new.status)))
                self._calls.know(call_ids, turn)

    def _settle(self, written: Written, status: Status, error: str | None = None) -> None:
        del self._open[written.id]
        written.settle(status, error)
        self._calls.know(written.call_ids, written.turn)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
