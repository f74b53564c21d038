"""Driving an app by hand."""

from __future__ import annotations

from typing import Any

from chatwidget.compat.turbo_chat.app_run import run_of
from chatwidget.compat.turbo_chat.result import Result

__all__ = ["run"]


async def run(app: Any, input: Any = None) -> Result:
    """Go on with a called app to the next thing that it says or asks; see `TurboGenWrapper.run`.

    The result may be taken apart, as in turbo-chat's first releases: `output, done = await run(app, answer)` gives an
    `Assistant` or a `GetUserInput`; or be looked at, as in its last: `result.content`, `result.needs_input`.
    """
    return await run_of(app).run(input)
