"""One conversation: an app, its transcript, and whoever watches.

Rules:

1. At most one run at a time. What is sent while a turn runs is queued, joins it where it asks a model again, interrupts
   it, or is refused; it never interleaves.
2. A turn is what happens between one input and the moment the app wants the next one, or has ended. Each ends with one
   verdict.
3. Nothing a person sent is lost: it is in the queue, or in the transcript.
4. Stop always works and leaves a valid conversation; the next turn starts the app afresh on it.
5. All methods belong to one event loop, the one the first turn ran on. `widget.py` bridges from other threads.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import Any, Literal, get_args

from chatwidget.agent_tools import tool_of_session
from chatwidget.app_options import memory_of
from chatwidget.apps import as_app, conversation
from chatwidget.asker import current_run_or_none
from chatwidget.asks import Policy
from chatwidget.branches import Branches
from chatwidget.commands import MAX_ATTEMPTS
from chatwidget.composer import Composer
from chatwidget.composing import Composing
from chatwidget.errors import AppError, RequestError, SessionBusy
from chatwidget.events import Event, InputRequested, RunEnded, TurnStarted
from chatwidget.handlers import HandlerModel, is_handler
from chatwidget.mcp import McpServer
from chatwidget.mcp.servers import McpServers
from chatwidget.memory import Memory
from chatwidget.memory.base import as_memory
from chatwidget.message_handler import Handler, MessageHandler
from chatwidget.messages import Content, Message, TextPart, User, UserText, new_id
from chatwidget.models import get_model
from chatwidget.models.base import Model
from chatwidget.option_names import check_types
from chatwidget.output_attempts import OutputAttempts
from chatwidget.renderers import Renderers
from chatwidget.threads import spawn
from chatwidget.tool_list import ToolList, sources_of
from chatwidget.tools import Tool
from chatwidget.turn import Turn
from chatwidget.turn_events import turn_events
from chatwidget.turns import Turns
from chatwidget.updates import Updates
from chatwidget.usage import Budget, UsageTracker
from chatwidget.variables import Namespace

WhenBusy = Literal["queue", "steer", "interrupt", "refuse"]


class Session(Composing):
    """A live conversation with an app.

    `app` is an @app, an app instance, a handler (a function of the messages), or None for a plain chat. `model` is a
    model or its name; None chooses one (see `get_model`). `tools` are functions, tools, toolkits and lists of these.
    `history` starts the transcript: Messages, or OpenAI message dicts. After `max_tool_rounds` rounds of tool calls the
    model is asked once more without tools; calls of one reply run at the same time unless `parallel_tools` is False.
    `policy` answers requests for approval and other questions in the person's place (see `asking.py`). A `budget`, or
    several, ends in the question whether to go on. A `tracker` adds up the use of several sessions; `usage.chat` and
    `usage.turn` are that of this one. With a `memory` the conversation is kept, and goes on where it was. `namespace`,
    a mapping or a function that returns one, holds what a person means by `@name`; by default the notebook's variables.
    Raises AppError, ToolDefinitionError, ModelUnavailable or FormatError when one of these is not what it should be.

        session = Session(model="echo")
        reply = await session.send("Hello")
    """

    def __init__(
        self,
        app: object = None,
        *,
        model: str | Model | None = None,
        tools: Iterable[Any] = (),
        history: Iterable[Message | Mapping[str, Any]] = (),
        max_tool_rounds: int = 10,
        parallel_tools: bool = True,
        policy: Policy | None = None,
        budget: Budget | Iterable[Budget] = (),
        tracker: UsageTracker | None = None,
        memory: Memory | None = None,
        namespace: Namespace | None = None,
    ) -> None:
        if app is not None and is_handler(app):
            if model is not None:
                raise AppError("A handler stands in the model's place: leave `model=` out, or the handler.")
            model, app = HandlerModel(app), None  # type: ignore[arg-type]
        instance = as_app(app if app is not None else conversation)
        check_types("Session", {"max_tool_rounds": max_tool_rounds, "parallel_tools": parallel_tools})
        listed = ToolList(*sources_of(tools), *(instance.options.tools or ()))
        kept = as_memory(memory if memory is not None else memory_of(instance.options))
        super().__init__(get_model(model), listed, history, policy, budget, tracker, kept)
        self._mcp = McpServers(self.tools, self.asks.rules, self.tools_changed)
        self._greeted = False
        self._loop: asyncio.AbstractEventLoop | None = None
        context = self._context(max_tool_rounds=max_tool_rounds, parallel_tools=parallel_tools)
        self._turns = Turns(instance, context, self._changed, self._keeper)
        self.handler: MessageHandler | None = None
        writing = replace(context, emit=self._turns.emit)
        self.updates = Updates(writing, lambda: self.status == "stopping", self._panel.displays.get)
        self.on(TurnStarted | InputRequested | RunEnded, self.updates.heed)
        self.renderers = Renderers(lambda: self.updates.soon(lambda: self._panel.show_renderers(self.renderers)))
        self._own_app = app is not None
        submit = partial(self._submit, first=True)
        self._branches = Branches(self.transcript, self._turns, self._emit, submit, self._panel.show_undo)
        self.on(TurnStarted, self._branches.heed)
        self.composer = Composer(self.submit, context, self.model.name, namespace)
        self._add_own_commands()

    @property
    def status(self) -> str:
        """idle, waiting (for input), running or stopping."""
        return self._turns.status

    async def send(self, content: Content, *, name: str | None = None, when_busy: WhenBusy = "queue") -> Message | None:
        """Send something as the person, of this `name` where there are several, and wait for the end of the turn.

        While a turn runs it waits for its own ("queue"), joins that turn before its next request to a model ("steer"),
        stops it ("interrupt"), or raises SessionBusy ("refuse"), as it does from inside of this session's own turn.
        Returns the turn's last assistant message, stopped ones included; None when the app said nothing. Raises what
        the turn failed with (ModelError, AppError, an app's own exception). Cancelling this leaves the turn running.
        """
        self._heed_own_turn()
        return await asyncio.shield(self.submit(content, name=name, when_busy=when_busy).done)

    async def ask(self, content: Content, *, output_type: Any = str, max_attempts: int = MAX_ATTEMPTS) -> Any:
        """Send something and return the answer as an object of `output_type`; see `Generate` for types and attempts.

        With `str` that is the text of the reply as it is. Raises what `send` does, and OutputError with the last text
        when no reply of the turn was of the type.
        """
        if output_type is str:
            reply = await self.send(content)
            return "" if reply is None else reply.text
        self._heed_own_turn()
        wanted = OutputAttempts(output_type, max_attempts)
        return wanted.latest(await asyncio.shield(self.submit(content, wanted=wanted).done))

    async def stream(self, content: Content) -> AsyncIterator[Event]:
        """Send something and give the events of its turn as they happen; leaving the loop stops the turn.

        Raises at the end what the turn failed with.
        """
        async with aclosing(turn_events(self._turns, self.on, lambda: self.submit(content))) as events:
            async for event in events:
                yield event

    def respond(self, request_id: str, value: Any) -> None:
        """Answer an open question: of `asks`, or the one the app waits with (`input_request`).

        Raises RequestError, and leaves it open, when this is no answer to it.
        """
        turn = self._turns.answered(request_id, value)
        if turn is None:
            self.asks.respond(request_id, value)
        else:
            self._submit(turn)

    def submit(
        self,
        content: Content,
        *,
        name: str | None = None,
        when_busy: WhenBusy = "queue",
        wanted: OutputAttempts | None = None,
    ) -> Turn:
        """Send something without waiting; the turn's `done` is what `send` waits for."""
        if when_busy not in get_args(WhenBusy):
            raise AppError(
                f"when_busy={when_busy!r:.40} is not known. Give {', '.join(map(repr, get_args(WhenBusy)))}."
            )
        message = User(content, name=name)
        if isinstance(content, str):
            message = replace(message, id=new_id(), parts=(TextPart(content),))
        busy = self.status == "running"
        if busy and when_busy == "refuse":
            raise SessionBusy("A turn is running. Wait for its end, stop it, or send with when_busy='queue'.")
        turn = Turn(UserText.of(message), wanted=wanted, steers=when_busy == "steer")
        self._submit(turn, first=busy and when_busy == "interrupt")
        if busy and when_busy == "interrupt":
            spawn(self.stop())
        return turn

    def handle(self, function: Handler) -> None:
        """Let a function of the messages, as OpenAI dicts, answer from the next turn on; see `message_handler.py`.

        Raises AppError where the session has an app of its own, and for a function that cannot take the messages.
        """
        if self._own_app:
            raise AppError(f"This chat is driven by {self.name}; a handler needs a chat without an app.")
        self.handler = MessageHandler(function, self.updates)
        shown = {"name": self.handler.name, "note": HandlerModel.NOTE}
        self.updates.soon(lambda: self.screen.set("model", shown))

    def display_tools(self, displays: Mapping[str, Any]) -> None:
        """Say how the calls of tools look, by name; see `Display.of` for the forms. Raises FormatError."""
        self._panel.displays.merge(displays)
        self.updates.soon(self.tools_changed)

    @property
    def name(self) -> str:
        """The name of the app."""
        return self._turns.app.name

    def start(self) -> None:
        """Start the app before anything was sent, so that it can speak first."""
        self._adopt_loop()
        self._turns.start()

    def greet(self) -> None:
        """Let the model prepare, and the app start if nothing has been said; called when the chat is first shown."""
        if self._greeted:
            return
        self._greeted = True
        if prepare := getattr(self.model, "prepare", None):
            prepare()
        if self.transcript.leaf is None:
            self.start()

    async def stop(self) -> bool:
        """Stop the running turn and wait until it has ended; returns whether one was running.

        What had arrived stays, marked `stopped`. What is queued goes on afterwards.
        """
        return await self._turns.stop()

    async def close(self) -> None:
        """End the app, also while it waits for input. What is queued is kept in the transcript, off the record."""
        async with self._turns.stopped(even_waiting=True):
            self._turns.drop_queue()
        await self._mcp.close()
        await self._keep()
        if self.memory is not None:
            await self.memory.close()

    def unqueue(self, message_id: str) -> Message | None:
        """Take back a queued message; None when it does not wait any more."""
        turn = self._turns.take_back(message_id)
        return turn.input.message if turn is not None else None

    async def add_mcp(self, source: Any, **options: Any) -> McpServer:
        """Connect to an MCP server and add its tools; a person has to agree to each call, unless `approve=False`.

        `source` is a command, the path of a Python script or an http address; see `chatwidget.mcp.connect` for the
        options and what is raised. The connection ends with `close()`.
        """
        return await self._mcp.add(source, **options)

    def as_tool(self, name: str, description: str, **options: Any) -> Tool[..., Any]:
        """Return this session as a tool for another one: it is sent the argument `message`, its reply is the result.

        It keeps its conversation. What it has to ask a person is asked where the other one is shown. Both have to run
        on one event loop, as widgets do. `options` are those of `function_tool`.
        """
        options = {"description": description, **options}
        return tool_of_session(name, self.submit, self._turns.give_up, self.asks, options)

    def _submit(self, turn: Turn, *, first: bool = False) -> Turn:
        self._adopt_loop()
        return self._turns.submit(turn, first=first)

    def _heed_own_turn(self) -> None:
        run = current_run_or_none()
        if run is not None and run.session is self:
            raise SessionBusy(
                "A turn cannot wait for the next one: it would wait for ever. Use submit(), which queues."
            )

    def _adopt_loop(self) -> None:
        loop = asyncio.get_running_loop()
        if self._loop is None or self._loop.is_closed():
            self._loop = loop
        elif self._loop is not loop:
            raise RequestError("A Session belongs to the event loop it was first used on. Make one for this loop.")
        if self.screen.clock is None:
            self.screen.clock = loop

    def _changed(self) -> None:
        self._panel.show_turns(self._turns)
