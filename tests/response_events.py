"""Events as the Responses API sends them, and a reader to feed them to."""

from __future__ import annotations

import json
from typing import Any

from chatwidget.models._responses import ResponsesReader
from chatwidget.models._sse import Event
from chatwidget.models.base import ModelDelta

Dict = dict[str, Any]


def event(kind: str, place: int | None = 0, **fields: Any) -> Dict:
    """One event as it is sent; `place` is the item's in the output."""
    return {"type": f"response.{kind}", **({} if place is None else {"output_index": place}), **fields}


def ended(kind: str = "completed", **fields: Any) -> Dict:
    return event(kind, None, response={"status": kind, "output": [], **fields})


def added(kind: str, place: int = 0, **fields: Any) -> Dict:
    return event("output_item.added", place, item={"type": kind, "id": f"item_{place}", **fields})


def item_done(kind: str, place: int = 0, **fields: Any) -> Dict:
    return event("output_item.done", place, item={"type": kind, "id": f"item_{place}", "status": "completed", **fields})


def text(delta: str, place: int | None = 0, **fields: Any) -> Dict:
    return event("output_text.delta", place, delta=delta, **fields)


DONE = ended()


def feed(reader: ResponsesReader, *events: Dict) -> list[ModelDelta]:
    return [delta for each in events for delta in reader.feed(Event("message", json.dumps(each)))]


def read(*events: Dict) -> list[ModelDelta]:
    reader = ResponsesReader()
    return [*feed(reader, *events), *reader.rest()]
