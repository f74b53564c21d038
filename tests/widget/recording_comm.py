"""A comm whose other end is the test."""

from __future__ import annotations

import queue
from typing import Any

from comm.base_comm import BaseComm

from chatwidget import ChatWidget, host

LIMIT_SECONDS = 30


class RecordingComm(BaseComm):
    """Records what would go to the page, and says what the test says."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        self.sent: queue.Queue[dict[str, Any]] = queue.Queue()
        super().__init__(*args, **keywords)

    def publish_msg(self, msg_type: str, data: Any = None, *_: Any, **__: Any) -> None:
        """Record a message."""
        self.sent.put({"type": msg_type, **(data or {})})

    def custom(self) -> dict[str, Any]:
        """Wait for the next custom message."""
        while True:
            message = self.sent.get(timeout=LIMIT_SECONDS)
            if message.get("method") == "custom":
                return dict(message["content"])

    def ask(self, content: Any) -> None:
        """Send a custom message as a page does."""
        self.handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})


def control_of(chat: ChatWidget, comms: list[RecordingComm]) -> RecordingComm:
    """Return the comm that requests come in on."""
    return next(opened for opened in comms if f"IPY_MODEL_{opened.comm_id}" == chat.control)


def settle() -> None:
    """Wait until the controller has done all it was given so far."""

    async def nothing() -> None:
        """Do nothing, last."""

    host.submit(nothing()).result(LIMIT_SECONDS)
