"""The response that tools run for: how tools and response know of each other."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Answered:
    """A call that somebody else has answered: its tool does not run."""

    result: Any


class Serving(Protocol):
    """What a tool knows of the response it runs for."""

    streaming: bool

    async def released(self, call_id: str) -> str | Answered | None:
        """Wait until a call may run: None as the model wrote it, a text with these arguments, or not at all."""
        ...

    def previewed(self, call_id: str, value: Any) -> None:
        """Take what a preview returned."""
        ...


SERVING: ContextVar[Serving | None] = ContextVar("chatwidget_agentools_serving", default=None)
"""The response that the running code belongs to; tools find it here, for their code runs in a context of their own."""
