"""Assistants: called with a prompt they answer it, and every step can be read, or done in another way.

    gpt = ChatGPT(tools=search)
    await gpt("What is new?")                                    # the answer
    async for event in gpt.response_events("And today?"):        # the same, step by step
        match event:
            case gpt.ToolCallsEvent(): ...

Rules:

1. One prompt at a time. A second one waits, and first ends a response whose events nobody is reading at that moment.
2. Leaving the events ends the response; what had arrived by then is in the history.
3. A subclass that overrides `tool_events` decides what runs: a call runs when `super().tool_events` is asked for it,
   with the arguments it has then. For one that it answers itself, by a `ToolResultEvent`, that is the result; one it
   passes over is answered with a refusal.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing
from itertools import count
from typing import Any

from chatwidget.asks import Policy
from chatwidget.compat.agentools.assistant import Assistant, Prompt, format_event
from chatwidget.compat.agentools.errors import EmptyResponse
from chatwidget.compat.agentools.histories import MessageHistory, SimpleHistory, msg
from chatwidget.compat.agentools.models import model_of
from chatwidget.compat.agentools.recordings import GLOBAL_RECORDINGS
from chatwidget.compat.agentools.response import Response
from chatwidget.compat.agentools.toolkits import as_tool_list
from chatwidget.compat.agentools.translation import Translation
from chatwidget.compat.agentools.turn import Turn, turn_of
from chatwidget.models.base import Model
from chatwidget.output_attempts import OutputAttempts
from chatwidget.usage import UsageTracker

Events = AsyncGenerator[Any, None]


class ChatGPT(Assistant):
    """An assistant that remembers the conversation.

    `messages` is its history, empty when not given. `tools` is a tool, a function, a `Toolkit`, a `ToolList` or a list
    of these. `model` is a name or a model; `ChatGPT.DEFAULT_MODEL` is that of all that are made without. A `tracker`
    adds up what it uses; a `policy` answers what tools ask, and whether those with `approve=True` may run.
    """

    DEFAULT_MODEL: str | Model = "gpt-4o-mini"
    MAX_FUNCTION_CALLS = 10

    def __init__(
        self,
        messages: MessageHistory | None = None,
        tools: Any = None,
        model: str | Model | None = None,
        *,
        tracker: UsageTracker | None = None,
        policy: Policy | None = None,
    ) -> None:
        self.messages = SimpleHistory() if messages is None else messages
        self.default_tools = tools
        self.default_model = self.DEFAULT_MODEL if model is None else model
        self.tracker = tracker
        self.policy = policy
        self._models: dict[str, Model] = {}
        self._turn: Turn | None = None

    async def __call__(
        self,
        prompt: Prompt,
        messages: MessageHistory | None = None,
        tools: Any = None,
        model: str | Model | None = None,
        max_function_calls: int | None = None,
        event_logger: Callable[[str], object] | None = None,
        **openai_kwargs: Any,
    ) -> Any:
        """Answer a prompt and return the text.

        `messages`, `tools` and `model` take the place of the assistant's own for this prompt; `tools=[]` is none.
        After `max_function_calls` rounds of tool calls the model is asked once more, without tools. `event_logger` is
        called with each event as a line of text. All other keywords go to the model (`temperature=0.2`). Raises
        ModelError when the model fails, `EmptyResponse` when it says nothing.
        """
        events = self.response_events(prompt, messages, tools, model, max_function_calls, **openai_kwargs)
        answer = None
        async with aclosing(events):
            async for event in events:
                if event_logger is not None:
                    event_logger(format_event(event))
                if isinstance(event, self.ResponseEndEvent):
                    answer = event.content
        if not answer:
            raise EmptyResponse("The model's response was empty. Ask again, or ask in another way.")
        return answer

    async def response_events(
        self,
        prompt: Prompt,
        messages: MessageHistory | None = None,
        tools: Any = None,
        model: str | Model | None = None,
        max_function_calls: int | None = None,
        parallel_calls: bool = True,
        **openai_kwargs: Any,
    ) -> Events:
        """Answer a prompt and give the events as they happen; see `Assistant` for their order.

        With `stream=True` those of unfinished replies are among them. Prompt, reply and results go into the history.
        """
        asked = self.default_model if model is None else model
        turn = Turn(
            self.messages if messages is None else messages,
            as_tool_list(self.default_tools if tools is None else tools),
            self._model(asked),
            asked if isinstance(asked, str) else asked.name,
            self.MAX_FUNCTION_CALLS if max_function_calls is None else max_function_calls,
            parallel_calls,
            openai_kwargs,
        )
        await self._begin(turn)
        try:
            await self._before(turn.history)
            async with aclosing(self._events(turn, prompt)) as events:
                async for event in events:
                    turn.handed_over = True
                    yield event
                    turn.handed_over = False
                    if turn.left:
                        return
        finally:
            await self._leave(turn)

    async def event_adapter(
        self, response_events: AsyncIterator[Any], messages: MessageHistory | None = None
    ) -> Events:
        """Give the events as they are, and put replies and results into `messages`, where that is another history."""
        async for event in response_events:
            if messages is not None and self._turn is not None and messages is not self._turn.history:
                if isinstance(event, self.FullMessageEvent):
                    await messages.append(event.message)
                elif isinstance(event, self.ToolResultEvent):
                    await messages.append(msg(tool=str(event.result), tool_call_id=event.tool_call.id))
            yield event

    async def completion_events(
        self, call_index: int, tools: Any, parallel_calls: bool, openai_args: dict[str, Any]
    ) -> Events:
        """Give the events of one reply, the `CompletionEvent` last.

        Override it to add events of your own. `openai_args` tells what was asked for; changing it changes nothing.
        """
        translation = self._translation()
        async for event in translation.reply(call_index):
            if isinstance(event, self.PartialToolCallsEvent):
                async with aclosing(self.partial_tool_events(event.tool_calls, tools, parallel_calls)) as events:
                    async for partial in events:
                        yield partial
            else:
                yield event

    async def partial_tool_events(self, tool_calls: list[Any], tools: Any, parallel_calls: bool) -> Events:
        """Give the events of tool calls that are being written; override it to add events of your own."""
        yield self.PartialToolCallsEvent(tool_calls)
        async for event in self._translation().partial_call(tool_calls):
            yield event

    async def tool_events(self, tool_calls: list[Any], tools: Any, parallel_calls: bool) -> Events:
        """Let the calls run and give their results as they come; override it to decide on calls."""
        yield self.ToolCallsEvent(tool_calls)
        async for event in self._translation().results(tool_calls):
            yield event

    async def _begin(self, turn: Turn) -> None:
        while self._turn is not None:
            self._turn.refuse_inside()
            if self._turn.handed_over:
                await self._leave(self._turn)
            else:
                await self._turn.ended()
        self._turn = turn

    async def _leave(self, turn: Turn) -> None:
        if turn.left:
            return
        turn.left = True
        try:
            await turn.stop()
            await self._after(turn.history)
        finally:
            if self._turn is turn:
                self._turn = None
            turn.end()

    async def _before(self, history: MessageHistory) -> None:
        """Do what is to be done with the history before a prompt."""

    async def _after(self, history: MessageHistory) -> None:
        """Do what is to be done with the history after a prompt."""

    def _attempts(self, turn: Turn) -> OutputAttempts | None:
        """Return what replies shall be, where that is not a text."""
        return None

    def _model(self, spec: str | Model) -> Model:
        if not isinstance(spec, str):
            return model_of(spec)
        if spec not in self._models or spec.startswith("replay:"):
            self._models[spec] = model_of(spec)
        return self._models[spec]

    def _translation(self) -> Translation:
        return turn_of(self._turn).translation

    async def _events(self, turn: Turn, prompt: Prompt) -> Events:
        model, kwargs = turn.model, turn.openai_kwargs
        shown_tools = turn.tools if len(turn.tools) else None
        yield self.ResponseStartEvent(prompt, shown_tools, turn.model_name, turn.max_calls, kwargs)
        if prompt is not None:
            await turn.history.append(prompt if isinstance(prompt, Mapping) else msg(user=prompt))
        await asyncio.to_thread(_load)
        streaming = bool(kwargs.get("stream"))
        turn.response = Response(
            turn.history.history,
            GLOBAL_RECORDINGS.recorded(model) if streaming else model,
            turn.tools,
            {name: value for name, value in kwargs.items() if name != "stream"},
            max_calls=turn.max_calls,
            parallel=turn.parallel,
            streaming=streaming,
            attempts=self._attempts(turn),
            tracker=self.tracker,
            policy=self.policy,
        )
        turn.translation = Translation(self, turn.response, turn.max_calls)
        turn.response.start()
        for call_index in count():
            async with aclosing(self._one_reply(turn, call_index)) as events:
                async for event in events:
                    yield event
            await turn.record()
            if turn.translation.over:
                break
        yield self.ResponseEndEvent(turn.response.result().text or None)

    async def _one_reply(self, turn: Turn, call_index: int) -> Events:
        yield self.CompletionStartEvent(call_index)
        args = {"messages": turn.history.history, "tools": turn.tools.schema, "model": turn.model_name}
        completion = None
        reply = self.completion_events(call_index, turn.tools, turn.parallel, args | turn.openai_kwargs)
        async with aclosing(reply) as events:
            async for event in events:
                if isinstance(event, self.CompletionEvent):
                    completion = event.completion
                yield event
        if completion is None:
            raise EmptyResponse("completion_events() gave no CompletionEvent; an override passes on that of super().")
        message = completion.choices[0].message
        await turn.record()
        yield self.FullMessageEvent(message)
        if message.content:
            yield self.TextMessageEvent(message.content)
        if message.tool_calls:
            async with aclosing(self._tools(turn, message.tool_calls)) as events:
                async for event in events:
                    yield event
        async for event in turn.translation.until_next():
            yield event

    async def _tools(self, turn: Turn, calls: list[Any]) -> Events:
        async with aclosing(self.tool_events(calls, turn.tools, turn.parallel)) as events:
            async for event in events:
                if isinstance(event, self.ToolResultEvent):
                    turn.translation.answer(event)
                yield event
        turn.translation.refuse(calls)


class GPT(ChatGPT):
    """An assistant without memory: after each prompt its history is what it was in the beginning."""

    async def _after(self, history: MessageHistory) -> None:
        await history.reset()


def _load() -> None:
    """Import what the events are made of; it takes a while, and the loop has other things to do."""
    import openai.types.chat  # noqa: F401
