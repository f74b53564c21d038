"""`ChatWidget`: a session in a notebook cell.

The session runs on the controller thread (`host.py`); everything here only hands work to it. Frames go out as custom
messages, requests come in on a comm of their own (`docs/sync.md`).
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import anywidget
import ipywidgets
import traitlets

from chatwidget import host
from chatwidget.events import Event
from chatwidget.export import export_file, html_transcript, markdown_transcript
from chatwidget.handles import Pending, bridge
from chatwidget.messages import Content, Message
from chatwidget.models.base import Model
from chatwidget.session import Session, WhenBusy
from chatwidget.tools import Tool

if TYPE_CHECKING:
    from chatwidget.desk import Desk

STATIC = Path(__file__).parent / "static"
STATE = ("messages", "status", "input_request", "queued", "model", "tools", "notice")
LOOK = ("title", "placeholder", "theme", "max_height")
F = TypeVar("F", bound=Callable[..., Any])


class _StateTrait(traitlets.TraitType[Any, Any]):
    """A trait whose value is read from the session whenever it is asked for; it cannot be set.

    It is never pushed to a page: what changes goes out in frames, and the trait is sent when a page asks for all.
    """

    read_only = True

    def get(self, obj: Any, cls: Any = None) -> Any:
        return obj.session.messages if self.name == "messages" else obj.session.screen.field(self.name or "")


def _to_json(name: str) -> Callable[[Any, Any], Any]:
    return lambda value, widget: widget.session.screen.field(name)


def _state(name: str) -> Any:
    return _StateTrait().tag(sync=True, to_json=_to_json(name))


class _Control(ipywidgets.Widget):  # type: ignore[misc]
    """The comm requests arrive on. The kernel writes to it only from inside its own message handler.

    ipykernel 7.4 routes what a page sends on a comm to the shell that last wrote to it. The answer to `hello` makes
    that the subshell, which works while a cell runs; one write from a cell would undo it. `apart` in the answer says
    that it has come to that: JupyterLab makes the subshell only after the first message, so the page greets again.
    """

    def __init__(self, receive: Callable[[Any], None]) -> None:
        super().__init__()
        self._receive = receive
        self.on_msg(self._handle)

    def _handle(self, _: Any, content: Any, __: Any) -> None:
        if isinstance(content, dict) and content.get("kind") == "hello":
            apart = threading.current_thread() is not threading.main_thread()
            self.send({"kind": "hello", "apart": apart})
        else:
            self._receive(content)


class ChatWidget(anywidget.AnyWidget):
    """A chat in a cell, driven by your own Python.

    `app` is an @app, an app instance, a handler (a function of the messages), or None for a plain chat. `model`,
    `tools`, `history` and `max_tool_rounds` are as in `Session`. The other keywords are the look: `title`,
    `placeholder`, `theme` (auto, light, dark, contrast), `max_height` (a CSS length).

        chat = ChatWidget(model="echo")
        chat

    The traits `messages`, `status`, `input_request`, `queued`, `model`, `tools` and `notice` are right at every moment
    and can be observed; they are read-only. Apps, async tools and observers run on the controller thread.
    """

    _esm = STATIC / "widget.js"
    _css = STATIC / "widget.css"

    messages = _state("messages")
    status = _state("status")
    input_request = _state("input_request")
    queued = _state("queued")
    model = _state("model")
    tools = _state("tools")
    notice = _state("notice")
    _seq = traitlets.Int(0).tag(sync=True, to_json=lambda _, widget: widget.session.screen.seq)

    title = traitlets.Unicode("").tag(sync=True)
    placeholder = traitlets.Unicode("Message").tag(sync=True)
    theme = traitlets.Enum(["auto", "light", "dark", "contrast"], "auto").tag(sync=True)
    max_height = traitlets.Unicode("560px").tag(sync=True)
    control = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self,
        app: object = None,
        *,
        model: str | Model | None = None,
        tools: Iterable[Any] = (),
        history: Iterable[Message | Mapping[str, Any]] = (),
        max_tool_rounds: int = 10,
        **look: Any,
    ) -> None:
        if unknown := sorted(look.keys() - self.traits().keys()):
            raise TypeError(f"ChatWidget has no keyword {unknown[0]!r}. The look is: {', '.join(LOOK)}.")
        self.session = Session(app, model=model, tools=tools, history=history, max_tool_rounds=max_tool_rounds)
        self.session.screen.clock = host.controller_loop()
        super().__init__(**look)
        self.session.screen.attach(self._show)
        self.on_msg(lambda _, content, __: self._receive(content))

    # Talking.

    def send(self, content: Content, *, when_busy: WhenBusy = "queue") -> Pending[Message | None]:
        """Send something as the person; `await` the result, or call its `.result()`, for the turn's last message.

        It is sent at once, whether awaited or not. See `Session.send` for what is returned and raised.
        """
        return Pending(self.session.send(content, when_busy=when_busy))

    def stream(self, content: Content) -> AsyncIterator[Event]:
        """Send something and give the events of its turn as they happen; leaving the loop stops the turn."""
        return bridge(self.session.stream(content))

    def stop(self) -> Pending[bool]:
        """Stop the running turn; what had arrived stays, marked `stopped`. True if one was running."""
        return Pending(self.session.stop())

    def retry(self, message_id: str | None = None) -> Pending[Message | None]:
        """Ask again for the last reply, or the one with this id; the old one stays as a sibling."""
        return Pending(self._turn(self.session.retry(message_id)))

    def edit(self, message_id: str, content: Content) -> Pending[Message | None]:
        """Send something else in place of a user message; the old branch stays as a sibling."""
        return Pending(self._turn(self.session.edit(message_id, content)))

    def clear(self) -> Pending[None]:
        """Begin anew with an empty transcript; what was said stays as another branch."""
        return Pending(self.session.clear())

    async def _turn(self, starting: Any) -> Message | None:
        reply: Message | None = await (await starting).done
        return reply

    # Tools.

    def tool(self, function: F) -> F:
        """Register a function as a tool, from any cell; running the cell again replaces it. Use as a decorator."""
        self.add_tool(function)
        return function

    def add_tool(self, tool: Tool[..., Any] | Callable[..., Any]) -> Tool[..., Any]:
        """Register a tool or function, in place of one with the same name; it holds from the next model request."""
        added = self.session.tools.add(tool, replace=True)
        self._tools_changed()
        return added

    def remove_tool(self, tool: str | Tool[..., Any] | Callable[..., Any]) -> None:
        """Take a tool away, by its name or as it was registered; raises ToolError when there is none."""
        name = tool if isinstance(tool, str | Tool) else getattr(tool, "__name__", repr(tool))
        self.session.tools.remove(name)
        self._tools_changed()

    def _tools_changed(self) -> None:
        host.controller_loop().call_soon_threadsafe(self.session.tools_changed)

    # Looking and keeping.

    @property
    def history(self) -> list[dict[str, Any]]:
        """The conversation as OpenAI chat messages."""
        return self.session.history

    def on(self, event_type: Any, function: Callable[[Any], None]) -> Callable[[], None]:
        """Call a function with every event of a type, on the controller thread; returns the function that ends it."""
        return self.session.on(event_type, function)

    def export(self, path: str | Path) -> Path:
        """Write the conversation to a file; its ending chooses the format: .json, .jsonl, .md or .html."""
        transcript = self.session.transcript
        return export_file(path, tuple(transcript.all_messages()), transcript.leaf)

    # The comm.

    def open(self) -> None:
        """Open both comms; ipywidgets calls this once the look is known to be right."""
        self._control = _Control(self._receive)
        self.control = f"IPY_MODEL_{self._control.model_id}"
        super().open()

    def _show(self, frame: dict[str, Any]) -> None:
        super().send(frame)
        if changed := {patch["path"][0] for patch in frame.get("patches", ())} & self._trait_notifiers.keys():
            # Not from here: the screen's lock is held, and an observer may do anything.
            host.controller_loop().call_soon_threadsafe(self._tell_observers, changed)

    @cached_property
    def _desk(self) -> Desk:
        # Imported when the first page says hello: pydantic costs a quarter of all that importing this costs.
        from chatwidget.desk import Desk

        return Desk(self.session, lambda: self._show(self.session.screen.snapshot()))

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
            data["text/html"] = html_transcript(path)
            data["text/markdown"] = markdown_transcript(path)
        # Last: what an app says first must not be in one run's output and missing in the next one's.
        host.controller_loop().call_soon_threadsafe(self.session.greet)
        return data, metadata
