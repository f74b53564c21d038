"""Tools by prompt, for models that cannot call tools: they are told in words how to ask for one.

    ChatWidget(prompt_tools, model="local", tools=[add])
    ChatWidget(model=PromptTools("local"), tools=[add])         # the same, for apps of your own

The model's words become tool calls before anybody sees them, so that all that holds for tool calls holds for these:
arguments are validated, unknown tools and failures go back to the model, a person is asked where a tool wants approval,
rounds are bounded, calls are shown as cards.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any, cast

from chatwidget import (
    Generate,
    GetUserInput,
    Message,
    ReasoningPart,
    Return,
    Session,
    System,
    TextPart,
    ToolResultPart,
    User,
    app,
)
from chatwidget.models import get_model
from chatwidget.models.base import Finish, Model, ModelDelta, ModelRequest, TextDelta
from chatwidget.recipes._labelled_reply import RESULT, LabelledReply
from chatwidget.templates import template

INSTRUCTIONS = """
    {% if system %}
    {{ system }}

    {% endif %}
    You can use tools. To use one, write these lines and stop; you are then sent a line "Result:".
    Thought: why you need the tool
    Tool: the name of the tool
    Input: its arguments, as one JSON object

    When you need no tool, or know enough, write:
    Answer: what you tell the person

    {% for tool in tools %}
    Tool: {{ tool.name }}
    {{ tool.description }}
    Input, as a JSON schema: {{ tool.parameters | tojson }}
    {% endfor %}
"""


@app
async def prompt_tools(session: Session, message: str = "") -> Any:
    """Answer a message with the help of tools, by a model that cannot call tools.

    Args:
        session: Given by the chat; its model is asked.
        message: The message; without one the person is asked for it.
    """
    yield User(message or (yield GetUserInput()))
    reply = yield Generate(model=PromptTools(session.model))
    yield Return(reply.text)


class PromptTools:
    """A model with tools, made of one without: `model` is a model or its name.

    What it writes behind "Answer:", or without any label, streams as text, what it thinks as reasoning, and a call of a
    tool as that. One call a reply; a model that goes on and invents the result is cut off there.
    """

    def __init__(self, model: str | Model | None = None) -> None:
        self.model = get_model(model)
        self.name = self.model.name
        self.note = f"{self.model.note} Tools by prompt.".strip()
        self.provider = getattr(self.model, "provider", None)

    def prepare(self) -> None:
        """Let the model prepare, if it can."""
        if prepare := getattr(self.model, "prepare", None):
            prepare()

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        """Ask the model in words, and stream its words as deltas."""
        reading = LabelledReply()
        stream = cast("AsyncGenerator[ModelDelta, None]", self.model.stream(in_words(request)))
        finish: Finish | None = None
        async with aclosing(stream):
            async for delta in stream:
                if isinstance(delta, Finish):
                    finish = delta
                elif isinstance(delta, TextDelta):
                    for made in reading.feed(delta.text):
                        yield made
                    if reading.ended:
                        finish = Finish()
                else:
                    yield delta
                if finish is not None:
                    break
        for made in reading.rest():
            yield made
        if finish is not None:
            yield finish


def in_words(request: ModelRequest) -> ModelRequest:
    """Return the request as one without tools: they, their calls and their results are told in words."""
    messages = list(_told(request.messages))
    if not request.tools:
        return replace(request, messages=tuple(messages))
    system = messages.pop(0).text if messages and messages[0].role == "system" else ""
    told = System(template(INSTRUCTIONS, system=system, tools=request.tools))
    stop = request.options.get("stop") or []
    options = {**request.options, "stop": [f"\n{RESULT}", *([stop] if isinstance(stop, str) else stop)]}
    return ModelRequest((told, *messages), options=options)


def _told(messages: tuple[Message, ...]) -> Iterator[Message]:
    results: list[str] = []
    for message in messages:
        if message.role == "tool":
            results += [f"{RESULT} {part.content}" for part in message.parts if isinstance(part, ToolResultPart)]
            continue
        if results:
            yield User("\n".join(results))
            results = []
        yield replace(message, parts=(TextPart(_said(message)),)) if message.role == "assistant" else message
    if results:
        yield User("\n".join(results))


def _said(message: Message) -> str:
    """Return a reply as a model that follows the instructions would have written it."""
    thoughts = [f"Thought: {part.text}" for part in message.parts if isinstance(part, ReasoningPart)]
    if not message.tool_calls:
        return f"Answer: {message.text}"
    calls = [f"Tool: {call.name}\nInput: {call.arguments or '{}'}" for call in message.tool_calls]
    return "\n".join([*thoughts, *filter(None, [message.text]), *calls])
