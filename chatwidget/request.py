"""One request to a model: its stream becomes a message, whatever happens on the way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import cast

from chatwidget.context import RunContext
from chatwidget.errors import ChatWidgetError, EndpointError, ModelError, ModelTimeout, ReplyInterrupted
from chatwidget.events import GenerateEnded, GenerateStarted, LimitReached, Noticed
from chatwidget.messages import Message
from chatwidget.models.base import Finish, Model, ModelDelta, ModelRequest
from chatwidget.output_attempts import OutputAttempts
from chatwidget.preview_runs import Previews
from chatwidget.reply import Reply
from chatwidget.threads import Exited, guarded, heed_stop, text_of
from chatwidget.tool_runs import refuse_calls

log = logging.getLogger("chatwidget")

# A model that streams faster than this much work at a time lets other tasks (Stop, frames) run in between.
TURN_OF_LOOP = 0.005


async def ask_model(
    context: RunContext,
    model: Model,
    request: ModelRequest,
    head: Message,
    round_number: int,
    previews: Previews,
    attempts: OutputAttempts | None,
) -> Message:
    """Send a request and return the reply as settled; its calls are not run yet. For what it raises, see `generate`."""
    tools = tuple(tool.name for tool in request.tools)
    context.emit(GenerateStarted(head.id, model.name, round_number, tools))
    context.spending.warm(model)
    began = context.clock()
    try:
        with context.spending.working(context.clock):
            return await _written(context, model, request, Reply(context, head, previews, attempts), previews)
    finally:
        ended = context.transcript.get(head.id)
        if ended.parts or ended.usage:
            context.spending.add(model, request, ended, context.clock() - began)
            if unkept := context.spending.unkept():
                context.emit(Noticed("warning", unkept))
        context.emit(GenerateEnded(head.id, model.name, round_number, ended.status, ended.usage))


async def _written(
    context: RunContext, model: Model, request: ModelRequest, reply: Reply, previews: Previews
) -> Message:
    try:
        finish = await guarded(_stream(context, model, request, reply))
    except (asyncio.CancelledError, Exited):
        refuse_calls(context, reply.settle("stopped"), begun=previews.begun)
        raise
    except ModelError as error:
        raise _settle_failed(context, reply, previews, error) from error
    except ChatWidgetError as error:
        raise _settle_failed(context, reply, previews, ModelError(str(error))) from error
    except Exception as error:
        log.exception("model %s failed", model.name)
        sentence = f"{model.name} failed: {type(error).__name__}: {text_of(error)}"
        raise _settle_failed(context, reply, previews, ModelError(sentence[:500])) from error
    if finish is None:
        broken = EndpointError(f"{model.name} ended its reply without saying that it was done. Retry, please.")
        raise _settle_failed(context, reply, previews, broken)
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


def _settle_failed(context: RunContext, reply: Reply, previews: Previews, error: ModelError) -> ModelError:
    if isinstance(error, ModelTimeout):
        context.emit(LimitReached("time", str(error)))
    if not reply.visible:
        reply.settle("error", str(error))
        return error
    refuse_calls(context, reply.settle("interrupted", str(error)), begun=previews.begun)
    return error if isinstance(error, ReplyInterrupted) else ReplyInterrupted(str(error))
