"""One turn of a session, and all that was seen of it; what must hold of any turn is checked."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chatwidget import Message, Session
from chatwidget.events import Event, ToolEnded
from chatwidget.models.scripted import ScriptedModel
from chatwidget.openai_format import to_openai
from tests.core_strategies import Mirror, assert_valid, record


def echo(text: str = "") -> str:
    """Give it back."""
    return text


def keep(value: dict[str, Any]) -> list[str]:
    """Say what keys there are."""
    return sorted(value)


@dataclass
class Played:
    """A session after one turn, and all that was seen of it."""

    session: Session
    model: ScriptedModel
    mirror: Mirror
    events: list[Event]
    reply: Message | None

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def text(self) -> str:
        return "" if self.reply is None else self.reply.text

    @property
    def answers(self) -> list[str]:
        return [item["content"] for item in self.session.history if item["role"] == "tool"]

    @property
    def cards(self) -> list[dict[str, Any]]:
        messages = self.mirror.state["messages"]
        return [part for message in messages for part in message["parts"] if part["type"] == "tool_call"]

    def check(self) -> None:
        """Each call is answered once, in order, in events and transcript; requests are valid, and the screen true."""
        calls = [call.id for message in self.session.messages for call in message.tool_calls]
        assert len(set(calls)) == len(calls)
        assert Counter(event.result.tool_call_id for event in self.of(ToolEnded)) == Counter(calls)
        for request in self.model.requests:
            assert_valid(to_openai(request.messages))
        assert_valid(self.session.history)
        self.session.screen.flush()
        assert self.mirror.state == self.session.screen.state()
        json.dumps(self.mirror.state, allow_nan=False).encode()


async def play(*replies: Any, tools: Sequence[Callable[..., Any]] = (echo, keep), **options: Any) -> Played:
    model = ScriptedModel(*replies)
    session = Session(model=model, tools=tools, **options)
    played = Played(session, model, Mirror(session), record(session), None)
    turn = session.submit("Hi")
    await asyncio.wait({turn.done})
    played.reply = turn.done.result()
    played.check()
    return played
