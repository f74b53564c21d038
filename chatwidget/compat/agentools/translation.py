"""The events of this library's loop, told as those of an assistant."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterator
from typing import Any

from chatwidget.compat.agentools.assistant import Assistant, StructCreatedEvent, StructFailedEvent, StructPartialEvent
from chatwidget.compat.agentools.completions import Accumulator, chunk_of, completion_of
from chatwidget.compat.agentools.response import NOT_RELEASED, Previewed, Response
from chatwidget.compat.agentools.serving import Answered
from chatwidget.errors import OutputError
from chatwidget.events import (
    GenerateStarted,
    LimitReached,
    MessageEnded,
    MessageStarted,
    OutputPreviewed,
    OutputRejected,
    PartDelta,
    PartStarted,
    ToolEnded,
    ToolPreviewed,
    ToolTimedOut,
)
from chatwidget.messages import Message, TextPart, ToolCallPart, ToolResultPart
from chatwidget.tokens import count_tokens

Events = AsyncGenerator[Any, None]

_WHOLE = ("complete", "length", "filtered")


class Translation:
    """Reads the events of one response; `over` says that there are no more."""

    def __init__(self, assistant: Assistant, response: Response, max_calls: int) -> None:
        self.over = False
        self._assistant = assistant
        self._response = response
        self._max_calls = max_calls
        self._message = Message(role="assistant")
        self._outcomes: list[Any] = []
        self._results: dict[str, ToolResultPart] = {}
        self._begin(self._message)

    async def reply(self, call_index: int) -> Events:
        """Give the events of a reply, the `CompletionEvent` last; raises what the model failed with."""
        while (event := await self._response.next()) is not None:
            match event:
                case MessageStarted(message=Message(role="assistant") as head):
                    self._begin(head)
                case MessageEnded(message=Message(role="assistant") as message) if message.status in _WHOLE:
                    self._message = message
                    yield self._assistant.CompletionEvent(completion_of(message), call_index)
                    return
                case PartStarted() | PartDelta():
                    for told in self._part(event, call_index):
                        yield told
                case _:
                    for told in self._aside(event):
                        yield told
        self._response.result()

    async def partial_call(self, tool_calls: list[Any]) -> Events:
        """Give what can be told of the arguments that have just grown."""
        while (event := self._response.waiting(ToolPreviewed)) is not None:
            for told in self._aside(event):
                yield told

    async def results(self, tool_calls: list[Any]) -> Events:
        """Let calls run, and give their results as they come."""
        written = {call.id: call.arguments for call in self._message.tool_calls}
        calls = {call.id: call for call in tool_calls}
        for call in tool_calls:
            text = call.function.arguments
            self._response.release(call.id, None if text == written.get(call.id) else text)
        for told in self._take_outcomes():
            yield told
        while calls:
            ended = next((call for call in calls.values() if call.id in self._results), None)
            if ended is not None:
                del calls[ended.id]
                result = self._results[ended.id].content
                yield self._assistant.ToolResultEvent(result, ended, list(written).index(ended.id))
                continue
            event = await self._response.next()
            if event is None:
                return
            for told in self._aside(event):
                yield told

    async def until_next(self) -> Events:
        """Give what is told between a reply, with its results, and the next one; at the end `over` is true."""
        for told in self._take_outcomes():
            yield told
        while (event := await self._response.next()) is not None:
            if isinstance(event, GenerateStarted):
                return
            for told in self._aside(event):
                yield told
        self.over = True
        try:
            self._response.result()
        except OutputError:
            yield self._assistant.MaxCallsExceededEvent(self._max_calls)
            raise

    def answer(self, event: Assistant.ToolResultEvent) -> None:
        """Take a result as that of its call, where nothing ran."""
        self._response.release(event.tool_call.id, Answered(event.result))

    def refuse(self, tool_calls: list[Any]) -> None:
        """Answer the calls that nobody has let run."""
        for call in tool_calls:
            self._response.release(call.id, Answered(NOT_RELEASED))

    def _begin(self, head: Message) -> None:
        self._head = head
        self._reply = Accumulator()
        self._texts: set[int] = set()
        self._places: dict[int, int] = {}

    def _take_outcomes(self) -> list[Any]:
        outcomes, self._outcomes = self._outcomes, []
        return outcomes

    def _part(self, event: PartStarted | PartDelta, call_index: int) -> Iterator[Any]:
        delta = self._delta(event)
        if delta is None or not self._response.streaming:
            return
        chunk = chunk_of(self._head, delta)
        partial = self._reply.add(chunk)
        message = partial.choices[0].message
        yield self._assistant.PartialCompletionEvent(chunk, partial, call_index)
        yield self._assistant.PartialMessageEvent(message)
        if delta.get("content"):
            yield self._assistant.PartialTextMessageEvent(message.content or "")
        if delta.get("tool_calls"):
            yield self._assistant.PartialToolCallsEvent(message.tool_calls or [])  # type: ignore[arg-type]

    def _delta(self, event: PartStarted | PartDelta) -> dict[str, Any] | None:
        if isinstance(event, PartDelta):
            if event.index in self._places:
                call: dict[str, Any] = {"index": self._places[event.index], "function": {"arguments": event.text}}
                return {"tool_calls": [call]}
            return {"content": event.text} if event.index in self._texts else {"reasoning_content": event.text}
        if isinstance(event.part, ToolCallPart):
            self._places[event.index] = len(self._places)
            function = {"name": event.part.name, "arguments": event.part.arguments}
            call = {"index": self._places[event.index], "id": event.part.id, "type": "function", "function": function}
            return {"tool_calls": [call]}
        if isinstance(event.part, TextPart):
            self._texts.add(event.index)
        return None

    def _aside(self, event: Any) -> Iterator[Any]:
        assistant = self._assistant
        match event:
            case ToolPreviewed():
                yield from self._arguments(event)
            case Previewed(tool_call_id=call_id, value=value):
                yield assistant.PartialToolResultEvent(value, *self._call(call_id))
            case ToolEnded(result=result):
                self._results[result.tool_call_id] = result
            case ToolTimedOut(tool_call_id=call_id):
                yield assistant.ToolTimeoutEvent(self._call(call_id)[0])
            case LimitReached(limit="time"):
                yield assistant.ModelTimeoutEvent()
            case LimitReached(limit="tokens"):
                yield assistant.MaxTokensExceededEvent(self._tokens())
            case LimitReached(limit="calls"):
                yield assistant.MaxCallsExceededEvent(self._max_calls)
            case OutputRejected(error=error):
                self._outcomes.append(StructFailedEvent(error))
            case OutputPreviewed(value=value, final=True):
                self._outcomes.append(StructCreatedEvent(value))
            case OutputPreviewed(value=value) if self._response.streaming:
                yield StructPartialEvent(value)

    def _arguments(self, event: ToolPreviewed) -> Iterator[Any]:
        tool = self._response.tools.get(event.name)
        if (
            not self._response.streaming
            or tool is None
            or not tool.has_preview
            or not isinstance(event.arguments, dict)
        ):
            return
        call, index = self._call(event.tool_call_id)
        yield self._assistant.PartialFunctionToolCallEvent(
            event.name, call.function.arguments, json.dumps(event.arguments), event.arguments, index
        )

    def _call(self, call_id: str) -> tuple[Any, int]:
        """Return a call and its place: as it was settled, or as far as it has come."""
        choices = (
            completion_of(self._message) if self._message.id == self._head.id else self._reply.completion
        ).choices
        calls: list[Any] = list(choices[0].message.tool_calls or ()) if choices else []
        return next(((call, place) for place, call in enumerate(calls) if call.id == call_id), (None, 0))

    def _tokens(self) -> int:
        told = (self._message.usage or {}).get("output_tokens")
        return told if isinstance(told, int) else count_tokens(self._message.text, self._message.model)
