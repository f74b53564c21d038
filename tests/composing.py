"""A page that a person types on: what it sees, and a desk to ask at."""

from __future__ import annotations

import base64
from itertools import count
from typing import Any

from chatwidget import Session
from chatwidget.desk import Desk
from chatwidget.models.scripted import ScriptedModel
from tests.core_strategies import Mirror


class Page:
    """A page: what it sees, and a desk to ask at."""

    def __init__(self, *replies: Any, **options: Any) -> None:
        self.model = ScriptedModel(*replies)
        self.session = Session(model=self.model, **options)
        self.mirror = Mirror(self.session)
        self.desk = Desk(self.session, lambda: None)
        self._numbers = count()

    async def ask(self, kind: str, **fields: Any) -> Any:
        """Ask, and return the value of the answer; what is refused is a ValueError of its sentence."""
        request = {"kind": "request", "request": f"r{next(self._numbers)}", "type": kind, **fields}
        answer = await self.desk.handle(request)
        if not answer["ok"]:
            raise ValueError(answer["error"])
        return answer.get("value")

    async def upload(self, id: str, name: str, data: bytes, media_type: str = "") -> None:
        encoded = base64.b64encode(data).decode()
        fields = {"id": id, "name": name, "media_type": media_type, "size": len(data), "offset": 0, "data": encoded}
        assert await self.ask("upload", **fields) == {"received": len(data)}

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.session.messages]
