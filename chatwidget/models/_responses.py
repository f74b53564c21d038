"""Events of the Responses API: events in, deltas out; no I/O.

Items are told apart by their place in the output, where a server says it, else by their id. What came in deltas is
not taken again from the events that sum it up; what came in none of them is. Only `response.completed` and
`response.incomplete` make a reply finished. Events that are not known are passed over: new ones come each month.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from chatwidget.models._chunks import ChunkReader, ServerFailed, read_usage
from chatwidget.models._response_steps import (
    is_step,
    step_image,
    step_input,
    step_name,
    step_note,
    step_output,
    step_state,
)
from chatwidget.models.base import ModelDelta, ReasoningDelta, StepDelta, TextDelta
from chatwidget.openai_delta import call_pieces

Key = tuple[str, object]  # of an item

_TEXTS: Mapping[str, type[TextDelta] | type[ReasoningDelta]] = {
    "response.output_text": TextDelta,
    "response.refusal": TextDelta,
    "response.reasoning_summary_text": ReasoningDelta,
    "response.reasoning_text": ReasoningDelta,
}
_STEP_TEXTS = ("response.code_interpreter_call_code", "response.mcp_call_arguments", "response.shell_call_command")


class ResponsesReader(ChunkReader):
    """Reads one reply of the Responses API; broken events, notes and halves of characters are read as in chunks."""

    def __init__(self, used_ids: Iterable[str] = ()) -> None:
        super().__init__(used_ids)
        self._items: dict[Key, int] = {}  # -> a number, as tool calls are told apart by
        self._heard: set[tuple[Key, object]] = set()  # (item, part): its text came in deltas
        self._last: dict[type[TextDelta | ReasoningDelta], object] = {}
        self._steps: dict[Key, str] = {}  # -> the step's id
        self._answered = False

    def _read(self, event: Mapping[str, Any]) -> Iterator[ModelDelta]:
        kind = event.get("type")
        read = self._readers().get(kind) if isinstance(kind, str) else None
        if read is not None:
            yield from read(event)
        elif isinstance(kind, str):
            stem, _, ending = kind.rpartition(".")
            if stem in _TEXTS and ending in ("delta", "done"):
                yield from self._read_text(stem, event, "delta" if ending == "delta" else "text")
            elif stem in _STEP_TEXTS and ending in ("delta", "done"):
                yield from self._read_step_text(event)
            elif self._key(event) in self._steps:  # searching, interpreting, generating: it goes on
                yield StepDelta(self._steps[self._key(event)])

    def _readers(self) -> Mapping[str, Callable[[Mapping[str, Any]], Iterator[ModelDelta]]]:
        return {
            "response.output_item.added": self._read_added,
            "response.output_item.done": self._read_done,
            "response.function_call_arguments.delta": self._read_arguments,
            "response.function_call_arguments.done": self._read_arguments,
            "response.output_text.annotation.added": self._read_annotation,
            "response.completed": self._read_end,
            "response.incomplete": self._read_end,
            "response.failed": self._read_end,
            "response.cancelled": self._read_end,
            "error": self._read_error,
        }

    def _read_error(self, event: Mapping[str, Any]) -> Iterator[ModelDelta]:
        raise ServerFailed(event.get("error") or event)

    def _read_annotation(self, event: Mapping[str, Any]) -> Iterator[ModelDelta]:
        yield from self._citations.read([event.get("annotation")])

    def _read_text(self, stem: str, event: Mapping[str, Any], field: str) -> Iterator[ModelDelta]:
        text = event.get(field, event.get("refusal"))
        # Left out, it is the first.
        part = (stem, str(event.get("summary_index") or event.get("content_index") or 0))
        key = self._key(event)
        if not isinstance(text, str) or not text or (field != "delta" and (key, part) in self._heard):
            return
        self._heard |= {(key, part), (key, stem)}
        yield from self._say(stem, (key, part), text)

    def _say(self, stem: str, place: object, text: str) -> Iterator[ModelDelta]:
        kind = _TEXTS[stem]
        if stem == "response.refusal":
            self._note("the model refused")
        if self._last.setdefault(kind, place) != place:
            text = f"\n\n{text}"  # another summary, another message: a paragraph of its own
        self._last[kind] = place
        self._answered = self._answered or kind is TextDelta
        yield from self._text(kind, text)

    def _read_arguments(self, event: Mapping[str, Any]) -> Iterator[ModelDelta]:
        key = self._key(event)
        text = event.get("delta", event.get("arguments"))
        if text and ("delta" in event or (key, "arguments") not in self._heard):
            yield from self._call(key, event, text)

    def _call(self, key: Key, item: Mapping[str, Any], arguments: object) -> Iterator[ModelDelta]:
        if arguments:
            self._heard.add((key, "arguments"))
        self._answered = True
        call_id = item.get("call_id") or (item.get("id") if item.get("type") == "function_call" else None)
        function = {"name": item.get("name"), "arguments": arguments or ""}
        call = {"index": self._number(key), "id": call_id, "function": function}
        for piece in call_pieces({"tool_calls": [call]}):
            yield from self._tools.feed(piece)

    def _read_added(self, event: Mapping[str, Any]) -> Iterator[ModelDelta]:
        item = event.get("item")
        if not isinstance(item, dict):
            return
        key = self._key(event, item)
        if item.get("type") == "function_call":
            yield from self._call(key, item, item.get("arguments"))
        elif is_step(item):
            yield from self._begin_step(key, item)

    def _read_done(self, event: Mapping[str, Any]) -> Iterator[ModelDelta]:
        item = event.get("item")
        if not isinstance(item, dict):
            return
        key = self._key(event, item)
        kind = item.get("type")
        if kind == "function_call":
            yield from self._call(key, item, "" if (key, "arguments") in self._heard else item.get("arguments"))
        elif kind in ("message", "reasoning"):
            yield from self._read_unheard(key, item)
        elif is_step(item):
            yield from self._end_step(key, item)

    def _read_unheard(self, key: Key, item: Mapping[str, Any]) -> Iterator[ModelDelta]:
        for field in ("summary", "content"):
            parts = item.get(field)
            for index, part in enumerate(parts if isinstance(parts, list) else ()):
                if not isinstance(part, dict):
                    continue
                stem = f"response.{str(part.get('type')).replace('summary_text', 'reasoning_summary_text')}"
                text = part.get("text", part.get("refusal"))
                if stem in _TEXTS and isinstance(text, str) and text and (key, stem) not in self._heard:
                    yield from self._say(stem, (key, stem, index), text)
                yield from self._citations.read(part.get("annotations"))
        self._heard |= {(key, stem) for stem in _TEXTS}

    def _begin_step(self, key: Key, item: Mapping[str, Any]) -> Iterator[ModelDelta]:
        if key in self._steps:
            return
        number = self._number(key)
        self._steps[key] = str(item.get("id") or f"step_{number + 1}")
        yield StepDelta(self._steps[key], step_name(item), self._news(key, step_input(item)))

    def _read_step_text(self, event: Mapping[str, Any]) -> Iterator[ModelDelta]:
        key = self._key(event)
        text = next((event[name] for name in ("delta", "code", "arguments", "command") if event.get(name)), "")
        if key in self._steps and isinstance(text, str) and ("delta" in event or (key, "input") not in self._heard):
            self._heard.add((key, "input"))
            yield StepDelta(self._steps[key], text=text)

    def _end_step(self, key: Key, item: Mapping[str, Any]) -> Iterator[ModelDelta]:
        yield from self._begin_step(key, item)
        text = self._news(key, step_input(item))
        output = step_output(item)
        if output and (key, "input") in self._heard:
            output = f"\n{output}"
        note = step_note(item)
        if note:
            self._note(note)
        yield StepDelta(self._steps[key], text=text + output, state=step_state(item))
        if (image := step_image(item)) is not None:
            yield image

    def _news(self, key: Key, text: str) -> str:
        """Return a step's input the first time there is one."""
        if not text or (key, "input") in self._heard:
            return ""
        self._heard.add((key, "input"))
        return text

    def _read_end(self, event: Mapping[str, Any]) -> Iterator[ModelDelta]:
        response = event.get("response")
        response = response if isinstance(response, dict) else {}
        # Not the event's name alone: some servers end a cut or failed reply with `response.completed`.
        ending = str(event.get("type")).removeprefix("response.")
        status = response.get("status") if ending == "completed" else ending
        if status in ("failed", "cancelled"):
            raise ServerFailed(response.get("error"))
        output = response.get("output")
        for place, item in enumerate(output if isinstance(output, list) and not self._answered else ()):
            if isinstance(item, dict) and item.get("type") in ("message", "function_call"):
                yield from self._read_done({"output_index": place, "item": item})
        if isinstance(response.get("usage"), dict):
            self._usage = read_usage(response["usage"])
        if status == "incomplete":
            details = response.get("incomplete_details")
            self._read_cut(details.get("reason") if isinstance(details, dict) else None)
        self.finished = self.done = True

    def _read_cut(self, reason: object) -> None:
        self._reason = "filtered" if reason == "content_filter" else "length"
        if reason not in ("content_filter", "max_output_tokens"):
            self._note(f"the reply is incomplete: {str(reason or 'no reason was given')[:40]}")

    def _key(self, event: Mapping[str, Any], item: Mapping[str, Any] | None = None) -> Key:
        """Tell the item an event is about. Some servers give one item a new id in each event, others no place."""
        place = event.get("output_index")
        if type(place) is int:
            return ("place", place)
        return ("id", str(event.get("item_id") or (item or {}).get("id") or ""))

    def _number(self, key: Key) -> int:
        return self._items.setdefault(key, len(self._items))
