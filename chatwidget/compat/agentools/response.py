"""One prompt being answered: a run of this library's own loop, whose events wait for whoever reads them.

Rules:

1. The model is read whether somebody reads the events or not; a tool runs only when its call was released, that is,
   when the reader of the events has come to it.
2. Of what an app inside a tool says, nothing is told.
3. What has settled is kept for the history, in the order a model must see it, also when the answer was left early.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chatwidget.asking import Asks
from chatwidget.asks import Policy
from chatwidget.compat.agentools.serving import SERVING, Answered, Serving
from chatwidget.compat.agentools.toolkits import ToolList
from chatwidget.context import RunContext
from chatwidget.errors import RequestError
from chatwidget.events import Event, InputRequested, MessageEnded, RunEnded, RunStarted, ToolEnded, ToolTimedOut
from chatwidget.generate import generate
from chatwidget.history import as_messages
from chatwidget.messages import Message, UserText
from chatwidget.models.base import Model
from chatwidget.openai_format import to_openai
from chatwidget.output_attempts import OutputAttempts
from chatwidget.reply_wish import ReplyWish
from chatwidget.run import run_nested
from chatwidget.spending import Spending
from chatwidget.transcript import Transcript
from chatwidget.turns import STOP_SECONDS
from chatwidget.usage import UsageTracker

NOT_RELEASED = "This call was not allowed to run."


@dataclass(frozen=True, slots=True)
class Previewed:
    """A preview was made, and returned `value`."""

    tool_call_id: str
    value: Any


class Response:
    """A prompt being answered; see the rules at the head of this module.

    `streaming` says whether anybody wants to see it being written. With `attempts` the reply shall be of their type.
    """

    def __init__(
        self,
        history: Iterable[Mapping[str, Any]],
        model: Model,
        tools: ToolList,
        options: Mapping[str, Any],
        *,
        max_calls: int,
        parallel: bool,
        streaming: bool,
        attempts: OutputAttempts | None = None,
        tracker: UsageTracker | None = None,
        policy: Policy | None = None,
    ) -> None:
        self.tools = tools
        self.streaming = streaming
        self.attempts = attempts
        self.parent: Serving | None = SERVING.get()
        self._transcript = Transcript(as_messages(history))
        self._context = RunContext(
            transcript=self._transcript,
            emit=self._emit,
            ask=_nobody,
            resolve_model=lambda _: model,
            tools=tools,
            clock=time.monotonic,
            now=time.time,
            asks=Asks(policy),
            spending=Spending(tracker=tracker),
            run_nested=run_nested,
            max_tool_rounds=max_calls,
            parallel_tools=parallel,
        )
        self._model, self._options = model, options
        self._events: deque[Event | Previewed] = deque()
        self._news = asyncio.Event()
        self._releases: dict[str, asyncio.Future[str | Answered | None]] = {}
        self._settled: deque[Message] = deque()
        self._nested = 0
        self.task: asyncio.Task[Message] | None = None

    def start(self) -> None:
        """Begin to ask the model."""
        token = SERVING.set(self)
        try:
            work = generate(self._context, self._model, self._options, ReplyWish(self.attempts))
            self.task = asyncio.create_task(work, name="chatwidget response")
        finally:
            SERVING.reset(token)
        self.task.add_done_callback(lambda _: self._news.set())

    async def next(self) -> Event | Previewed | None:
        """Return the next event, or None after the last."""
        while not self._events:
            if self.task is None or self.task.done():
                return None
            self._news.clear()
            await self._news.wait()
        return self._events.popleft()

    def waiting(self, kind: type[Any]) -> Any:
        """Return the next event if it is there already and of this kind, else None."""
        return self._events.popleft() if self._events and isinstance(self._events[0], kind) else None

    def result(self) -> Message:
        """Return the final message; raises what the run failed with."""
        if self.task is None:
            raise RequestError("This response was never started.")
        return self.task.result()

    async def stop(self) -> None:
        """End the run and wait for its end; what had arrived is settled."""
        if self.task is None:
            return
        if self.task.get_loop() is not asyncio.get_running_loop():
            return  # its loop is gone, and the run with it
        self.task.cancel()
        done, _ = await asyncio.wait({self.task}, timeout=STOP_SECONDS)
        if done and not self.task.cancelled():
            self.task.exception()  # it was raised to whoever read the events, or nobody wants to know

    def settled(self) -> list[dict[str, Any]]:
        """Return the messages that have settled since the last time, as a history has them."""
        messages = [message for message in self._settled if _counts(message)]
        self._settled.clear()
        return to_openai(messages)

    async def released(self, call_id: str) -> str | Answered | None:
        """Wait until a call may run; see `Serving`. What an app inside a tool calls is not ours to hold."""
        call = self._transcript.calls.get(call_id)
        if call is None or self._transcript.head(call.message_id).scope:
            return None
        return await self._release_of(call_id)

    def release(self, call_id: str, how: str | Answered | None = None) -> None:
        """Let a call run: with other arguments where `how` is a text, not at all where it is an answer."""
        release = self._release_of(call_id)
        if not release.done():
            release.set_result(how)

    def previewed(self, call_id: str, value: Any) -> None:
        """Take what a preview returned."""
        self._put(Previewed(call_id, value))

    def _release_of(self, call_id: str) -> asyncio.Future[str | Answered | None]:
        if call_id not in self._releases:
            self._releases[call_id] = asyncio.get_running_loop().create_future()
        return self._releases[call_id]

    def _emit(self, event: Event) -> None:
        self._transcript.apply(event)
        if isinstance(event, MessageEnded):
            self._settled.append(event.message)
        if isinstance(event, RunStarted):
            self._nested += 1
        if not self._nested or isinstance(event, ToolEnded | ToolTimedOut):
            self._put(event)
        if isinstance(event, RunEnded):
            self._nested -= 1

    def _put(self, event: Event | Previewed) -> None:
        self._events.append(event)
        self._news.set()


def _counts(message: Message) -> bool:
    if message.off_record or message.scope:
        return False
    return message.role == "tool" or bool(message.text or message.tool_calls)


async def _nobody(request: InputRequested) -> UserText:
    raise RequestError(f"Nobody is here to answer {request.message!r}.")
