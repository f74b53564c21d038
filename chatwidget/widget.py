"""`ChatWidget`: a session in a notebook cell.

The session runs on the controller thread (`host.py`); everything here only hands work to it. Frames go out as custom
messages, requests come in on a comm of their own (`docs/sync.md`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import anywidget
import traitlets

from chatwidget import host, live_widgets
from chatwidget.asks import Policy, Remember
from chatwidget.calls import Calls
from chatwidget.comm import Control
from chatwidget.commands import MAX_ATTEMPTS
from chatwidget.events import Event
from chatwidget.export import export_file, html_transcript, markdown_transcript
from chatwidget.handles import Pending, bridge
from chatwidget.mcp import McpServer
from chatwidget.memory import Memory
from chatwidget.messages import Content, Message, clean_text
from chatwidget.models.base import Model
from chatwidget.session import Session, WhenBusy
from chatwidget.tools import Tool
from chatwidget.usage import Budget, UsageTracker
from chatwidget.variables import Namespace
from chatwidget.widget_commands import WidgetCommands
from chatwidget.widget_look import LOOK, WidgetLook
from chatwidget.widget_rewriting import WidgetRewriting
from chatwidget.widget_state import STATE, WidgetState
from chatwidget.widget_writing import WidgetWriting

if TYPE_CHECKING:
    from chatwidget.desk import Desk

STATIC = Path(__file__).parent / "static"
# How long a question waits for a page to show the chat, before nobody is taken to be there.
PATIENCE_SECONDS = 10.0
F = TypeVar("F", bound=Callable[..., Any])


class ChatWidget(WidgetWriting, WidgetRewriting, WidgetState, WidgetCommands, WidgetLook, anywidget.AnyWidget):
    """A chat in a cell, driven by your own Python.

    `app` and the other keywords are those of `Session`, and the look (`WidgetLook`): `title`, `placeholder`, `theme`
    (auto, light, dark, contrast), `max_height` (a CSS length), `starters`, `language`, `words`, `shortcuts`, `avatars`,
    `timestamps`.

        chat = ChatWidget(model="echo")
        chat

    The traits `messages`, `status`, `input_request`, `queued`, `model`, `tools`, `asks`, `usage`, `retrying`,
    `notice` and `undo` are right at every moment and can be observed; they are read-only. Apps, async tools and
    observers run on the controller thread. `renderers` holds JavaScript of your own for a MIME type.
    """

    _esm = STATIC / "widget.js"
    _css = STATIC / "widget.css"

    control = traitlets.Unicode("").tag(sync=True)

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
        **look: Any,
    ) -> None:
        if unknown := sorted(look.keys() - (self.traits().keys() - {"keys"})):  # they are ipywidgets' own
            raise TypeError(f"ChatWidget has no keyword {unknown[0]!r}. The look is: {', '.join(LOOK)}.")
        host.remember_kernel_loop()
        self.session = Session(
            app,
            model=model,
            tools=tools,
            history=history,
            max_tool_rounds=max_tool_rounds,
            parallel_tools=parallel_tools,
            policy=policy,
            budget=budget,
            tracker=tracker,
            memory=memory,
            namespace=namespace,
        )
        self.session.asks.patience = PATIENCE_SECONDS
        self.session.screen.clock = self.session.updates.loop = host.controller_loop()
        super().__init__(**look)
        self.session.screen.attach(self._show)
        self.on_msg(lambda _, content, __: self._receive(content))

    # Talking.

    def send(
        self, content: Content, *, name: str | None = None, when_busy: WhenBusy = "queue"
    ) -> Pending[Message | None]:
        """Send something as the person; `await` the result, or call its `.result()`, for the turn's last message.

        It is sent at once, whether awaited or not. See `Session.send` for what is returned and raised.
        """
        return Pending(self._sent(content, name=name, when_busy=when_busy))

    def ask(self, content: Content, *, output_type: Any = str, max_attempts: int = MAX_ATTEMPTS) -> Pending[Any]:
        """Send something; the result is the answer as an object of `output_type`. See `Session.ask`."""
        return Pending(self.session.ask(content, output_type=output_type, max_attempts=max_attempts))

    def stream(self, content: Content) -> AsyncIterator[Event]:
        """Send something and give the events of its turn as they happen; leaving the loop stops the turn."""
        return bridge(self.session.stream(content))

    def stop(self) -> Pending[bool]:
        """Stop the running turn; what had arrived stays, marked `stopped`. True if one was running."""
        return Pending(self.session.stop())

    async def _sent(self, content: Content, **how: Any) -> Message | None:
        # Not by `Session.send`: a tool may send without waiting.
        reply: Message | None = await asyncio.shield(self.session.submit(content, **how).done)
        return reply

    # Tools.

    def tool(self, function: F) -> F:
        """Register a function as a tool, from any cell; running the cell again replaces it. Use as a decorator."""
        self.add_tool(function)
        return function

    def add_tool(self, tool: Tool[..., Any] | Callable[..., Any]) -> Tool[..., Any]:
        """Register a tool or function, in place of one with the same name; it holds from the next model request."""
        added: Tool[..., Any] = self.session.tools.add(tool, replace=True)
        self._tools_changed()
        return added

    def remove_tool(self, tool: str | Tool[..., Any] | Callable[..., Any]) -> None:
        """Take a tool away, by its name or as it was registered; raises ToolError when there is none."""
        name = tool if isinstance(tool, str | Tool) else getattr(tool, "__name__", repr(tool))
        self.session.tools.remove(name)
        self._tools_changed()

    def add_mcp(self, source: Any, **options: Any) -> Pending[McpServer]:
        """Connect to an MCP server and add its tools. See `Session.add_mcp`."""
        return Pending(self.session.add_mcp(source, **options))

    def _tools_changed(self) -> None:
        host.controller_loop().call_soon_threadsafe(self.session.tools_changed)

    def enable(self, *tools: str) -> None:
        """Let the model see these tools again, all without a name; raises ToolError for unknown ones."""
        self.session.tools.enable(*tools)
        self._tools_changed()

    def disable(self, *tools: str) -> None:
        """Hide these tools from the model, all without a name; raises ToolError for unknown ones."""
        self.session.tools.disable(*tools)
        self._tools_changed()

    # Answering.

    def approve(
        self, ask_id: str | None = None, *, arguments: Mapping[str, Any] | None = None, remember: Remember = "once"
    ) -> Pending[None]:
        """Allow the tool call that waits for approval; raises RequestError when none does, or more than one."""
        return Pending(_later(lambda: self.session.asks.approve(ask_id, arguments=arguments, remember=remember)))

    def deny(self, ask_id: str | None = None, *, reason: str = "") -> Pending[None]:
        """Deny the tool call that waits for approval; the model is told the reason."""
        return Pending(_later(lambda: self.session.asks.deny(ask_id, reason)))

    def respond(self, ask_id: str, value: Any) -> Pending[None]:
        """Answer an open question of `chat.asks`, or `chat.input_request`; raises RequestError when it is no answer."""
        return Pending(_later(lambda: self.session.respond(ask_id, value)))

    # Looking and keeping.

    @property
    def calls(self) -> Calls:
        """The tool calls that ran, by id: `chat.calls[id].result` is the object the tool returned."""
        return self.session.calls

    @property
    def history(self) -> list[dict[str, Any]]:
        """The conversation as OpenAI chat messages."""
        return self.session.history

    def on(self, event_type: Any, function: Callable[[Any], None]) -> Callable[[], None]:
        """Call a function with every event of a type, on the controller thread; returns the function that ends it."""
        return self.session.on(event_type, function)

    def export(self, path: str | Path) -> Path:
        """Write the conversation to a file; its ending (.json, .jsonl, .md, .html, .ipynb, .txt) chooses the format."""
        transcript = self.session.transcript
        with self.session.screen.lock:
            nodes, leaf = tuple(transcript.all_messages()), transcript.leaf
        return export_file(path, nodes, leaf)

    # The comm.

    def open(self) -> None:
        """Open both comms; ipywidgets calls this once the look is known to be right."""
        self._control = Control(self._receive)
        self.control = f"IPY_MODEL_{self._control.model_id}"
        super().open()
        live_widgets.opened(self.model_id, self)

    def _show(self, frame: dict[str, Any]) -> None:
        super().send(frame)
        if changed := {patch["path"][0] for patch in frame.get("patches", ())} & self._trait_notifiers.keys():
            # Not from here: the screen's lock is held, and an observer may do anything.
            host.controller_loop().call_soon_threadsafe(self._tell_observers, changed)

    @cached_property
    def _desk(self) -> Desk:
        # Imported when the first page says hello: pydantic costs a quarter of all that importing this costs.
        from chatwidget.desk import Desk

        return Desk(self.session, lambda: self._show(self.session.screen.snapshot()), live_widgets.others_of)

    def _receive(self, content: Any) -> None:
        """Hand a page's request on; this may be any thread, so nothing is done here."""

        async def answer() -> None:
            super(ChatWidget, self).send(dict(await self._desk.handle(content)))

        host.submit(answer())

    def _tell_observers(self, names: set[str]) -> None:
        for name in names:
            change = traitlets.Bunch(name=name, old=None, new=getattr(self, name), owner=self, type="change")
            self.notify_change(change)

    def _should_send_property(self, key: str, value: Any) -> bool:
        return key not in STATE and bool(super()._should_send_property(key, value))

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> Any:
        """Return the widget's state for a page; the traits of the state and `_seq` are of one moment."""
        with self.session.screen.lock:
            self.session.screen.flush()
            return super().get_state(key, drop_defaults)

    def set_state(self, sync_data: Any) -> None:
        """Ignore what a page writes: it asks by requests, which are checked."""

    def close(self) -> None:
        """End the app and take the widget off the page."""
        if self.comm is not None:  # ipywidgets calls this also for what it could not make
            live_widgets.closed(self.model_id)
            host.submit(self.session.close())
            self._control.close()
            super().close()

    # Reprs.

    def __repr__(self) -> str:
        return f"ChatWidget({self.session.name})"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:  # closed
            return None
        data, metadata = bundle
        if path := self.session.messages:
            data["text/html"] = clean_text(html_transcript(path))
            data["text/markdown"] = clean_text(markdown_transcript(path))
        # Last: what an app says first must not be in one run's output and missing in the next one's.
        host.controller_loop().call_soon_threadsafe(self.session.greet)
        return data, metadata


async def _later(act: Callable[[], None]) -> None:
    """Do something on the session's loop."""
    act()
