"""What a chat is made of, apart from who speaks: its transcript, its screen, its tools, its open questions, its use."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chatwidget.asking import Asks
from chatwidget.asks import Policy
from chatwidget.calls import Calls
from chatwidget.context import RunContext
from chatwidget.errors import RequestError
from chatwidget.events import Event, InputRequested, Rewound, TurnStarted
from chatwidget.frames import Frame
from chatwidget.history import as_messages, history
from chatwidget.keeper import Keeper
from chatwidget.listeners import Listeners
from chatwidget.memory import Memory
from chatwidget.messages import Message, UserText
from chatwidget.models import get_model
from chatwidget.models.base import Model
from chatwidget.openai_format import to_openai
from chatwidget.panel import Panel
from chatwidget.place_notes import is_place
from chatwidget.run import run_nested
from chatwidget.spending import Spending
from chatwidget.tool_list import ToolList
from chatwidget.transcript import Transcript
from chatwidget.usage import Budget, UsageTracker


class ChatState:
    """The state of one chat, and the way of an event: into the transcript, onto the screen, to who listens.

    What looks at the transcript here may be called on any thread, and is of one moment.
    """

    def __init__(
        self,
        model: Model,
        tools: ToolList,
        history: Iterable[Message | Mapping[str, Any]],
        policy: Policy | None,
        budget: Budget | Iterable[Budget],
        tracker: UsageTracker | None,
        memory: Memory | None,
    ) -> None:
        self.model = model
        self.tools = tools
        given = list(history)
        self.transcript = Transcript(as_messages(given))
        last = given[-1] if given else None
        if isinstance(last, Message) and is_place(last):  # it is all that a memory holds
            leaf = last.parent_id
            if leaf is None or leaf in self.transcript:
                self.transcript.apply(Rewound(leaf))
        self.calls = Calls()
        self._panel = Panel(self.transcript, model, tools)
        self.screen = self._panel.screen
        self.asks = Asks(policy, lambda: self._panel.show_asks(self.asks))
        self.usage = Spending(budget, tracker, lambda: self._panel.show_usage(self.usage))
        self.memory = memory
        self._keeper = None if memory is None else Keeper(memory, self.transcript, self._emit)
        self._listeners = Listeners()

    @property
    def messages(self) -> tuple[Message, ...]:
        """The active branch, oldest first, the arriving message as far as it has come."""
        with self.screen.lock:
            return self.transcript.path

    @property
    def history(self) -> list[dict[str, Any]]:
        """The active branch as OpenAI chat messages: what a model would be sent now."""
        # Not with the lock held: a live message may wait for what needs it.
        return to_openai(history(self.messages))

    def on(self, event_type: Any, function: Callable[[Any], object]) -> Callable[[], None]:
        """Call a function with every event of a type, or of any type in a union such as `Event`.

        Returns the function that ends it. The function is called on the session's loop and must not block; what it
        raises is logged.
        """
        return self._listeners.on(event_type, function)

    def attach(self, show: Callable[[Frame], None]) -> Callable[[], None]:
        """Send frames for a screen to `show`, beginning with a snapshot; returns the function that ends it."""
        show(self.screen.snapshot())
        self.asks.attended = True
        return self.screen.attach(show)

    def tools_changed(self) -> None:
        """Show the tools as they are now."""
        self._panel.show_tools()

    def _context(self, **options: Any) -> RunContext:
        return RunContext(
            transcript=self.transcript,
            emit=self._emit,
            ask=_nobody,
            resolve_model=lambda model: self.model if model is None else get_model(model),
            tools=self.tools,
            clock=time.monotonic,
            now=time.time,
            asks=self.asks,
            calls=self.calls,
            spending=self.usage,
            run_nested=run_nested,
            session=self,
            memory=self.memory,
            view=None if self._keeper is None else self._keeper.view,
            **options,
        )

    async def _keep(self) -> None:
        """Write what is new into the memory, if there is one; the person is told where that fails."""
        if self._keeper is not None:
            await self._keeper.keep()

    def _emit(self, event: Event) -> None:
        if isinstance(event, TurnStarted):
            self.usage.begin_turn()
        if self._keeper is not None:
            self._keeper.note(event)
        self._panel.show_retry(event)
        self.screen.apply(event)
        self._listeners.tell(event)


async def _nobody(request: InputRequested) -> UserText:
    raise RequestError(f"Nobody is here to answer {request.message!r}.")
