"""What an assistant tells while it answers: dataclass events, each an attribute of `Assistant`.

In order, for a prompt that leads to one tool call, streamed and with a preview:

    ResponseStart
    CompletionStart  (PartialCompletion PartialMessage PartialToolCalls [PartialFunctionToolCall])*
    Completion FullMessage [TextMessage]  ToolCalls ToolResult*
    CompletionStart  (PartialCompletion PartialMessage [PartialTextMessage])*
    Completion FullMessage TextMessage
    ResponseEnd

`PartialToolResult` comes when a preview was made, at the latest before the `ToolResult` of its call. All that an event
holds stays as it is: what comes later is in later events.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion, ChatCompletionChunk, ChatCompletionMessage
    from openai.types.chat import ChatCompletionMessageToolCall as ToolCall

Prompt = str | Iterable[Any] | Mapping[str, Any] | None
"""A text, a list of content parts, a whole message, or None to go on with the history as it is."""


class Assistant(ABC):  # noqa: B024 - the home of the events; each kind of assistant is called in its own way
    """Base of the assistants, and the home of their events: `case assistant.TextMessageEvent(): ...`."""

    class Event(ABC):  # noqa: B024
        """Base of all events, also of your own."""

    @dataclass
    class ResponseStartEvent(Event):
        """The assistant was prompted."""

        prompt: Prompt
        tools: Any
        model: str
        max_function_calls: int
        openai_kwargs: dict[str, Any]

    @dataclass
    class CompletionStartEvent(Event):
        """The model is asked; `call_index` counts the requests of one prompt, from 0."""

        call_index: int = 0

    @dataclass
    class CompletionEvent(Event):
        """The model has answered."""

        completion: ChatCompletion
        call_index: int = 0

    @dataclass
    class FullMessageEvent(Event):
        """The message the response goes on with; it stands in the history by now."""

        message: ChatCompletionMessage
        choice_index: int = 0

    @dataclass
    class TextMessageEvent(Event):
        """The text of that message, if it has one."""

        content: str

    @dataclass
    class ToolCallsEvent(Event):
        """The model calls tools; none has run yet."""

        tool_calls: list[ToolCall]

    @dataclass
    class ToolResultEvent(Event):
        """A tool has its result, `index` is the place of its call; the first to end comes first."""

        result: Any
        tool_call: ToolCall
        index: int = 0

    @dataclass
    class ResponseEndEvent(Event):
        """The prompt is answered; None when the model said nothing."""

        content: str | None

    @dataclass
    class PartialCompletionEvent(Event):
        """A chunk of a reply came; `partial` is the reply so far."""

        chunk: ChatCompletionChunk
        partial: ChatCompletion
        call_index: int = 0

    @dataclass
    class PartialMessageEvent(Event):
        """The message so far."""

        message: ChatCompletionMessage
        choice_index: int = 0

    @dataclass
    class PartialTextMessageEvent(Event):
        """The text so far."""

        content: str

    @dataclass
    class PartialToolCallsEvent(Event):
        """The tool calls so far."""

        tool_calls: list[ToolCall]

    @dataclass
    class PartialFunctionToolCallEvent(Event):
        """The arguments so far of a call whose tool has a preview.

        `partial` is the JSON text as it came, `autocompleted` the same as whole JSON, `arguments` its value.
        """

        function_name: str
        partial: str
        autocompleted: str
        arguments: dict[str, Any]
        index: int = 0

    @dataclass
    class PartialToolResultEvent(Event):
        """What a preview returned."""

        result: Any
        tool_call: ToolCall
        index: int = 0

    @dataclass
    class MaxCallsExceededEvent(Event):
        """The rounds of tool calls, or the attempts, are used up; in the first case the model is asked once more."""

        num_calls: int

    @dataclass
    class MaxTokensExceededEvent(Event):
        """The reply was cut at its limit of tokens; it had so many."""

        num_tokens: int

    @dataclass
    class ModelTimeoutEvent(Event):
        """The model took too long; `ModelTimeout` is raised next."""

    @dataclass
    class ToolTimeoutEvent(Event):
        """A tool took longer than its `timeout=`; its `ToolResultEvent` follows."""

        tool_call: ToolCall


@dataclass
class StructCreatedEvent(Assistant.Event):
    """A reply is of the wanted type."""

    result: Any


@dataclass
class StructFailedEvent(Assistant.Event):
    """A reply is not of the wanted type; the model is told why."""

    result: str


@dataclass
class StructPartialEvent(Assistant.Event):
    """What a reply of the wanted type is so far: an object whose missing fields are None."""

    result: Any


def format_event(event: Any) -> str:
    """Write an event as a line, `[TextMessageEvent]: content=Hello`: what an `event_logger` is given."""
    told = ", ".join(f"{field.name}={getattr(event, field.name)}" for field in fields(event))
    return f"[{type(event).__name__}]: {told}"
