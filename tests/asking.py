"""What the tests of approvals and questions share."""

from __future__ import annotations

import asyncio

from chatwidget.asks import Ask
from chatwidget.events import ApprovalRequested, InputRequested
from chatwidget.messages import ToolResultPart
from chatwidget.session import Session


def result(session: Session) -> ToolResultPart:
    found = [part for message in session.messages for part in message.parts if isinstance(part, ToolResultPart)]
    return found[-1]


async def question(session: Session) -> Ask:
    """Wait for the next open question."""
    arrived: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def notice(event: ApprovalRequested | InputRequested) -> None:
        if event.ask is not None and not arrived.done():
            arrived.set_result(None)

    off = session.on(ApprovalRequested | InputRequested, notice)
    if not session.asks.open:
        await arrived
    off()
    await asyncio.sleep(0)
    return session.asks.open[-1]
