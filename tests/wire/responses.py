"""Streams of the Responses API, made by hand."""

from __future__ import annotations

from typing import Any

from tests.wire.server import data


def event(kind: str, **fields: Any) -> bytes:
    """One event, with its type on a line of its own as OpenAI sends it."""
    return f"event: response.{kind}\n".encode() + data({"type": f"response.{kind}", **fields})


def say(text: str) -> bytes:
    """One piece of text."""
    return event("output_text.delta", output_index=0, content_index=0, item_id="msg_1", delta=text)


def end(kind: str = "completed", **fields: Any) -> bytes:
    """The last event of a reply."""
    return event(kind, response={"object": "response", "status": kind, "output": [], **fields})


def begin_call(name: str, place: int = 0) -> bytes:
    """The first event of a call."""
    item = {"type": "function_call", "id": f"fc_{place}", "call_id": f"call_{place}", "name": name, "arguments": ""}
    return event("output_item.added", output_index=place, item=item)


def arguments(text: str, place: int = 0) -> bytes:
    """A piece of a call's arguments."""
    return event("function_call_arguments.delta", output_index=place, item_id=f"fc_{place}", delta=text)


CREATED = event("created", response={"object": "response", "status": "in_progress", "error": None})
GOOD = CREATED + say("Good.") + end(usage={"input_tokens": 3, "output_tokens": 2})
