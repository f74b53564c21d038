"""What a widget says of itself on its comms: the state as traits, and the comm that requests arrive on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import ipywidgets
import traitlets

# What Python has as objects: `Message`s, and a mapping that can be written to.
_OBJECTS = ("messages", "renderers")


class _StateTrait(traitlets.TraitType[Any, Any]):
    """A trait whose value is read from the session whenever it is asked for; it cannot be set.

    It is never pushed to a page: what changes goes out in frames, and the trait is sent when a page asks for all.
    """

    read_only = True

    def get(self, obj: Any, cls: Any = None) -> Any:
        name = self.name or ""
        return getattr(obj.session, name) if name in _OBJECTS else obj.session.screen.field(name)


def _to_json(name: str) -> Callable[[Any, Any], Any]:
    return lambda value, widget: widget.session.screen.field(name)


def state_trait(name: str) -> Any:
    """Make the trait that shows one field of the session's state."""
    return _StateTrait().tag(sync=True, to_json=_to_json(name))


class Control(ipywidgets.Widget):  # type: ignore[misc]
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
