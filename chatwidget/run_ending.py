"""How a run ended, by what it was ended by."""

from __future__ import annotations

import asyncio
import logging

from chatwidget.errors import ChatWidgetError, ReplyInterrupted
from chatwidget.events import RunEnded
from chatwidget.messages import Status
from chatwidget.run import EXITS
from chatwidget.threads import text_of

log = logging.getLogger("chatwidget")


def ended_by(error: Exception | asyncio.CancelledError, run_id: str, app: str) -> RunEnded:
    """Return the end of a run that an exception has ended: its verdict, and a sentence where it has failed."""
    if isinstance(error, (asyncio.CancelledError, *EXITS)):
        return RunEnded(run_id, "stopped", exception=error)
    if isinstance(error, ChatWidgetError):
        verdict: Status = "interrupted" if isinstance(error, ReplyInterrupted) else "error"
        return RunEnded(run_id, verdict, text_of(error), exception=error)
    log.error("the app %s failed", app, exc_info=error)
    sentence = f"The app {app} failed: {type(error).__name__}: {text_of(error)}"[:500]
    return RunEnded(run_id, "error", sentence, exception=error)
