"""Chat completion chunks: events in, deltas out; no I/O.

Servers that call themselves compatible differ in almost every detail, so nothing is taken for granted: what is
readable is read, what is odd is noted in `Finish.note`, and only a finish reason makes a reply finished.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from chatwidget.messages import clean_text
from chatwidget.models._citations import Citations
from chatwidget.models._sse import Event
from chatwidget.models._tool_slots import ToolSlots
from chatwidget.models.base import Finish, ModelDelta, ReasoningDelta, TextDelta
from chatwidget.openai_delta import call_pieces

MAX_UNREADABLE_IN_A_ROW = 3

_REASONS: Mapping[str, Literal["complete", "length", "filtered"]] = {
    "stop": "complete",
    "tool_calls": "complete",
    "function_call": "complete",
    "eos": "complete",
    "eos_token": "complete",
    "end_turn": "complete",
    "length": "length",
    "max_tokens": "length",
    "content_filter": "filtered",
}
# Where each API tells a count that not all servers tell.
_DETAILS: Mapping[str, tuple[str, str]] = {
    "cached_tokens": ("prompt_tokens_details", "input_tokens_details"),
    "reasoning_tokens": ("completion_tokens_details", "output_tokens_details"),
}
# OpenRouter, vLLM and SGLang end a failed reply this way.
_FAILED = ("error", "abort")


class ServerFailed(Exception):
    """The server said in the stream that it failed; `body` is what it said."""

    def __init__(self, body: Any) -> None:
        super().__init__("the server reported an error in the stream")
        self.body = body


class Unreadable(Exception):
    """Too many events in a row were not chat completion chunks."""


class ChunkReader:
    """Reads one reply. `used_ids` are the tool call ids of earlier turns, which must not come again."""

    def __init__(self, used_ids: Iterable[str] = ()) -> None:
        self.visible = False
        self.finished = False
        self.done = False
        self.chunks = 0
        self.unreadable = 0
        self._in_a_row = 0
        self._reason: Literal["complete", "length", "filtered"] = "complete"
        self._notes: dict[str, None] = {}
        self._usage: dict[str, int | None] | None = None
        self._held: dict[type[TextDelta | ReasoningDelta], str] = {TextDelta: "", ReasoningDelta: ""}
        self._tools = ToolSlots(used_ids)
        self._citations = Citations()

    def feed(self, event: Event) -> list[ModelDelta]:
        """Take one event; return what it adds to the reply.

        Raises ServerFailed when it is an error, Unreadable when it is one malformed event too many.
        """
        data = event.data.strip()
        if data == "[DONE]":
            self.done = True
        if not data or self.done:
            return []
        chunk = _parse(data)
        if event.type == "error" or (chunk is not None and _is_error(chunk)):
            raise ServerFailed(data if chunk is None else chunk.get("error") or chunk)
        if chunk is None:
            self._skip()
            return []
        self.chunks += 1
        self._in_a_row = 0
        deltas = list(self._read(chunk))
        self.visible = self.visible or bool(deltas)
        return deltas

    def rest(self) -> list[ModelDelta]:
        """Return what was held back for a continuation that did not come."""
        halves: list[ModelDelta] = [kind("\ufffd") for kind, held in self._held.items() if held]
        self._held = dict.fromkeys(self._held, "")
        return [*halves, *self._tools.rest()]

    def finish(self) -> Finish:
        """Return the verdict; to be asked only when `finished`."""
        if self.unreadable:
            self._note(f"{self.unreadable} unreadable event{'s were' if self.unreadable > 1 else ' was'} skipped")
        return Finish(self._reason, "; ".join(self._notes) or None, self._usage)

    def _note(self, text: str) -> None:
        self._notes[text] = None

    def _skip(self) -> None:
        self.unreadable += 1
        self._in_a_row += 1
        if self._in_a_row > MAX_UNREADABLE_IN_A_ROW:
            raise Unreadable(f"{self._in_a_row} broken events in a row")

    def _read(self, chunk: Mapping[str, Any]) -> Iterator[ModelDelta]:
        if isinstance(chunk.get("usage"), dict):
            self._usage = read_usage(chunk["usage"])
        choices = chunk.get("choices")
        for position, choice in enumerate(choices if isinstance(choices, list) else ()):
            if not isinstance(choice, dict) or choice.get("index", position) not in (0, None):
                continue
            delta = choice.get("delta") or choice.get("message")
            if isinstance(delta, dict):
                yield from self._read_delta(delta)
            self._read_reason(choice.get("finish_reason"))

    def _read_delta(self, delta: Mapping[str, Any]) -> Iterator[ModelDelta]:
        # `reasoning_content`: DeepSeek, vLLM, llama.cpp; `reasoning`: OpenRouter, which may send both alike.
        yield from self._text(ReasoningDelta, delta.get("reasoning_content") or delta.get("reasoning"))
        yield from self._content(delta.get("content"))
        if delta.get("refusal"):
            self._note("the model refused")
            yield from self._text(TextDelta, delta["refusal"])
        for piece in call_pieces(delta):
            yield from self._tools.feed(piece)
        yield from self._citations.read(delta.get("annotations"))

    def _content(self, content: object) -> Iterator[ModelDelta]:
        for part in content if isinstance(content, list) else (content,):
            if isinstance(part, dict):
                if isinstance(part.get("text"), str):
                    yield from self._text(TextDelta, part["text"])
                else:
                    self._note(f"a part of type {str(part.get('type'))[:40]!r} was left out")
            else:
                yield from self._text(TextDelta, part)

    def _text(self, kind: type[TextDelta] | type[ReasoningDelta], text: object) -> Iterator[ModelDelta]:
        if not isinstance(text, str) or not text:
            return
        text = self._held[kind] + text
        # A character outside the BMP can come as two JSON escapes in two chunks.
        cut = len(text) - ("\ud800" <= text[-1] <= "\udbff")
        self._held[kind] = text[cut:]
        if cut:
            yield kind(clean_text(text[:cut]))

    def _read_reason(self, reason: object) -> None:
        if not reason or self.finished:
            return
        if reason in _FAILED:
            raise ServerFailed(None)
        self.finished = True
        known = _REASONS.get(reason) if isinstance(reason, str) else None
        if known is None:
            self._note(f"finish reason {str(reason)[:40]!r}")
        self._reason = known or "complete"


def _parse(data: str) -> dict[str, Any] | None:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _is_error(chunk: Mapping[str, Any]) -> bool:
    error = chunk.get("error")  # some servers send `"error": null` with every chunk
    return error is not None and (bool(error) or "choices" not in chunk)


def read_usage(usage: Mapping[str, Any]) -> dict[str, int | None]:
    """Read a provider's counts, in either API's words; those of cache and reasoning only where they are told."""

    def count(place: str, *names: str) -> int | None:
        counts = usage.get(place) if place else usage
        values = [counts.get(name) for name in names] if isinstance(counts, dict) else []
        return next((value for value in values if type(value) is int and value >= 0), None)

    counts = {
        "input_tokens": count("", "prompt_tokens", "input_tokens"),
        "output_tokens": count("", "completion_tokens", "output_tokens"),
    }
    for name, places in _DETAILS.items():
        told = [value for place in places if (value := count(place, name)) is not None]
        counts.update({name: told[0]} if told else {})
    return counts
