"""Sessions whose tool works until it is let go."""

from __future__ import annotations

import asyncio
from typing import Any

from chatwidget import Session
from chatwidget.models.scripted import ScriptedModel
from chatwidget.openai_format import to_openai
from chatwidget.turn import Turn
from tests.core_strategies import Mirror


def said(session: Session) -> list[tuple[str, str]]:
    return [(message.role, message.text) for message in session.messages if message.role != "tool"]


class Working:
    """A session whose tool works until it is let go."""

    def __init__(self, *replies: Any, **options: Any) -> None:
        self.begun, self.go = asyncio.Event(), asyncio.Event()

        async def work() -> str:
            """Work."""
            self.begun.set()
            await self.go.wait()
            return "worked"

        self.model = ScriptedModel(*replies)
        self.session = Session(options.pop("app", None), model=self.model, tools=[work], **options)
        self.mirror = Mirror(self.session)

    async def begin(self, text: str = "Go") -> Turn:
        turn = self.session.submit(text)
        await self.begun.wait()
        return turn

    def roles(self, request: int) -> list[str]:
        return [message["role"] for message in to_openai(self.model.requests[request].messages)]
