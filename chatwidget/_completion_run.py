"""Where an app runs that is awaited like a function: within the run that the caller belongs to, or by itself."""

from __future__ import annotations

import asyncio
from typing import Any

from chatwidget.apps import AppInstance
from chatwidget.asker import _asker
from chatwidget.context import RunContext
from chatwidget.errors import AppError
from chatwidget.events import RunEnded


async def run_anywhere(instance: AppInstance, model: Any) -> None:
    """Run an app to its end; raises what it failed with."""
    asker = _asker.get()
    nested = None if asker is None else asker.context.run_nested
    if asker is None or nested is None:
        await _run_alone(instance, model)
    elif asyncio.get_running_loop() is asker.loop:
        await nested(instance, asker.context, None)
    else:  # a sync tool with a loop of its own: its run lives on the chat's
        await asyncio.wrap_future(
            asyncio.run_coroutine_threadsafe(_on_loop(nested, instance, asker.context), asker.loop)
        )


async def _on_loop(nested: Any, instance: AppInstance, context: RunContext) -> None:
    await nested(instance, context, None)


async def _run_alone(instance: AppInstance, model: Any) -> None:
    # Here, not above: inside a chat there is one already.
    from chatwidget.session import Session

    session = Session(instance, model=model)
    ended: asyncio.Future[RunEnded] = asyncio.get_running_loop().create_future()

    def end(event: RunEnded) -> None:
        if not event.scope and not ended.done():
            ended.set_result(event)

    session.on(RunEnded, end)
    session.start()
    try:
        event = await ended
    finally:
        await session.close()
    if event.verdict != "complete":
        raise event.exception or AppError(f"{instance.name} was stopped.")
