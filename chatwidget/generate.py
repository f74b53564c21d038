"""One reply: ask the model, run the tools it calls, send their results, ask again, until it answers in words.

Rules:

1. Every message that started ends, whatever happens: model failure, cancellation, a tool that exits.
2. Every tool call of a settled message gets exactly one result message, in the order of the calls, so that the next
   request is always valid.
3. A tool runs at most once for a call. Arguments that did not arrive whole, or do not fit, are never run with.
4. After `max_tool_rounds` rounds the model is asked once more without tools, so that a loop ends in words. Tools it
   calls even then are not run.
5. A stop ends the reply at its next delta at the latest, even if the model's code swallows the cancellation.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any, cast

from chatwidget.context import RunContext
from chatwidget.errors import ChatWidgetError, EndpointError, ModelError, ModelTimeout, ReplyInterrupted
from chatwidget.events import GenerateEnded, GenerateStarted, LimitReached
from chatwidget.history import history
from chatwidget.messages import Message
from chatwidget.models.base import Finish, Model, ModelDelta, ModelRequest
from chatwidget.reply import Reply
from chatwidget.threads import Exited, guarded, heed_stop, text_of
from chatwidget.tool_runs import TOO_MANY, refuse_calls, run_tools

log = logging.getLogger("chatwidget")

# A model that streams faster than this much work at a time lets other tasks (Stop, frames) run in between.
TURN_OF_LOOP = 0.005


async def generate(context: RunContext, model: Model, options: Mapping[str, Any]) -> Message:
    """Perform one `Generate`: return the final assistant message.

    Raises ModelError (or a subclass) when the model failed; the message is settled with its verdict before. When
    cancelled, the message is settled as `stopped`, every call has a result, and CancelledError goes on.
    """
    round_number = 0
    while True:
        tools = context.tools.specs() if round_number < context.max_tool_rounds else ()
        request = ModelRequest(history(context.transcript.path, context.scope), tools, options)
        message = await _reply(context, model, request, round_number)
        if message.status == "length":
            context.emit(LimitReached("tokens", f"The reply of {model.name} was cut at its limit of tokens."))
        if message.status != "complete" or not message.tool_calls:
            refuse_calls(context, message)
            return message
        if round_number >= context.max_tool_rounds:
            refuse_calls(context, message, TOO_MANY)
            return message
        await run_tools(context, message)
        round_number += 1
        if round_number == context.max_tool_rounds:
            text = f"{round_number} rounds of tool calls gave no answer: the model is asked once more, without tools."
            context.emit(LimitReached("calls", text))


async def _reply(context: RunContext, model: Model, request: ModelRequest, round_number: int) -> Message:
    head = Message(role="assistant", id=context.ids(), model=model.name, status="arriving")
    tools = tuple(tool.name for tool in request.tools)
    context.emit(GenerateStarted(head.id, model.name, round_number, tools))
    try:
        return await _written(context, model, request, head)
    finally:
        ended = context.transcript.get(head.id)
        context.emit(GenerateEnded(head.id, model.name, round_number, ended.status, ended.usage))


async def _written(context: RunContext, model: Model, request: ModelRequest, head: Message) -> Message:
    reply = Reply(context, context.head(head))
    try:
        finish = await guarded(_stream(context, model, request, reply))
    except (asyncio.CancelledError, Exited):
        refuse_calls(context, reply.settle("stopped"))
        raise
    except ModelError as error:
        raise _settle_failed(context, reply, error) from error
    except ChatWidgetError as error:
        raise _settle_failed(context, reply, ModelError(str(error))) from error
    except Exception as error:
        log.exception("model %s failed", model.name)
        sentence = f"{model.name} failed: {type(error).__name__}: {text_of(error)}"
        raise _settle_failed(context, reply, ModelError(sentence[:500])) from error
    if finish is None:
        broken = EndpointError(f"{model.name} ended its reply without saying that it was done. Retry, please.")
        raise _settle_failed(context, reply, broken)
    return reply.settle(finish.reason, finish.note, finish.usage)


async def _stream(context: RunContext, model: Model, request: ModelRequest, reply: Reply) -> Finish | None:
    stream = cast("AsyncGenerator[ModelDelta, None]", model.stream(request))
    yielded = context.clock()
    async with aclosing(stream):
        async for delta in stream:
            if isinstance(delta, Finish):
                return delta
            heed_stop()
            reply.feed(delta)
            if context.clock() - yielded > TURN_OF_LOOP:
                await asyncio.sleep(0)
                yielded = context.clock()
    return None


def _settle_failed(context: RunContext, reply: Reply, error: ModelError) -> ModelError:
    if isinstance(error, ModelTimeout):
        context.emit(LimitReached("time", str(error)))
    if not reply.visible:
        reply.settle("error", str(error))
        return error
    refuse_calls(context, reply.settle("interrupted", str(error)))
    return error if isinstance(error, ReplyInterrupted) else ReplyInterrupted(str(error))
