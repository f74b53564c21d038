"""The chats of this kernel that are open, so that one can list the others."""

from __future__ import annotations

from typing import Any, Protocol
from weakref import WeakValueDictionary

from chatwidget.chats import title_of
from chatwidget.session import Session
from chatwidget.views import is_shown


class LiveWidget(Protocol):
    """A chat in a page: what is needed of a `ChatWidget` here."""

    session: Session
    title: str


_open: WeakValueDictionary[str, LiveWidget] = WeakValueDictionary()


def opened(model_id: str, widget: LiveWidget) -> None:
    """Note that a chat can be seen; it is forgotten with `closed`, or when nobody holds it any more."""
    _open[model_id] = widget


def closed(model_id: str) -> None:
    """Note that a chat was taken off the page."""
    _open.pop(model_id, None)


def others_of(session: Session) -> list[dict[str, Any]]:
    """Return the chats besides that of this session, as a page lists them, newest first.

    `title` is that of the widget, or else what the conversation is about.
    """
    return [
        {
            "model_id": model_id,
            "title": widget.title or title_of(widget.session.messages) or widget.session.name,
            "messages": sum(map(is_shown, widget.session.messages)),
            "current": False,
        }
        # All references at once: a cell may open a chat, or let go of one, meanwhile.
        for model_id, widget in ((one.key, one()) for one in reversed(list(_open.valuerefs())))
        if widget is not None and widget.session is not session
    ]
