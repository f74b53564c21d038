"""Asking a model and writing down all that came."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, cast

from chatwidget.errors import ModelError
from chatwidget.messages import Message, User
from chatwidget.models.base import Finish, ModelDelta, ModelRequest, ReasoningDelta, TextDelta, ToolCallDelta
from chatwidget.models.openai import OpenAIModel

HELLO = ModelRequest((User("Hello?"),))


@dataclass
class Answer:
    """What came of one request."""

    text: str = ""
    reasoning: str = ""
    calls: dict[int, list[str]] = field(default_factory=dict)  # index -> id, name, arguments
    finish: Finish | None = None
    error: ModelError | None = None

    @property
    def verdict(self) -> Any:
        """The finish reason, or the class of what was raised."""
        return self.finish.reason if self.finish else type(self.error)

    @property
    def note(self) -> str:
        """What was odd about it."""
        return (self.finish and self.finish.note) or ""


def deltas(model: OpenAIModel, request: ModelRequest = HELLO) -> AsyncGenerator[ModelDelta, None]:
    """Open a stream that can be closed."""
    return cast("AsyncGenerator[ModelDelta, None]", model.stream(request))


async def ask(model: OpenAIModel, request: ModelRequest | str = HELLO) -> Answer:
    """Ask once; any exception but a ModelError fails the test."""
    answer = Answer()
    request = ModelRequest((User(request),)) if isinstance(request, str) else request
    try:
        async with aclosing(deltas(model, request)) as stream:
            async for delta in stream:
                assert answer.finish is None, "nothing comes after Finish"
                _write_down(answer, delta)
    except ModelError as error:
        answer.error = error
    assert (answer.finish is None) != (answer.error is None), "a reply ends with Finish or with a ModelError"
    return answer


def _write_down(answer: Answer, delta: ModelDelta) -> None:
    if isinstance(delta, Finish):
        answer.finish = delta
    elif isinstance(delta, TextDelta):
        answer.text += delta.text
    elif isinstance(delta, ReasoningDelta):
        answer.reasoning += delta.text
    elif isinstance(delta, ToolCallDelta):
        if delta.index in answer.calls:
            assert (delta.id, delta.name) == (None, None), "only the first delta of a call carries its id and name"
            answer.calls[delta.index][2] += delta.arguments
        else:
            assert delta.id and delta.name is not None
            answer.calls[delta.index] = [delta.id, delta.name, delta.arguments]


def request_of(*messages: Message) -> ModelRequest:
    """A request with these messages."""
    return ModelRequest(messages)
