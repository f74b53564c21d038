"""The kernel's side of `peers.py`: what people use today to show an answer that grows, as its documentation says."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import Any

from bench.kernel import TURN_OF_LOOP, Job, Seen


class UpdateDisplay:
    """IPython's own: one Markdown display that is updated with the whole text so far, a token at a time."""

    def __init__(self) -> None:
        shown: Any = import_module("IPython.display")
        self._markdown = shown.Markdown
        self._handle = shown.display(shown.Markdown("…"), display_id=True)

    async def run(self, job: Job, seen: Seen) -> str:
        """Stream one reply."""
        text = ""
        loop = asyncio.get_running_loop()
        yielded = loop.time()
        async for token in seen.source(job):
            text += token
            self._handle.update(self._markdown(text))
            if loop.time() - yielded > TURN_OF_LOOP:
                await asyncio.sleep(0)
                yielded = loop.time()
        return text

    def close(self) -> None:
        """Nothing is held."""


class PanelFeed:
    """Panel's ChatFeed, its message streamed a token at a time."""

    def __init__(self) -> None:
        panel: Any = import_module("panel")
        panel.extension(inline=True)  # no network: its scripts come from the package
        self._feed = panel.chat.ChatFeed(height=560)

    def _repr_mimebundle_(self, *args: Any, **kwargs: Any) -> Any:
        return self._feed._repr_mimebundle_(*args, **kwargs)

    async def run(self, job: Job, seen: Seen) -> str:
        """Stream one reply."""
        text, message = "", None
        loop = asyncio.get_running_loop()
        yielded = loop.time()
        async for token in seen.source(job):
            text += token
            message = self._feed.stream(token, user="Assistant", message=message)
            if loop.time() - yielded > TURN_OF_LOOP:
                await asyncio.sleep(0)
                yielded = loop.time()
        return text

    def close(self) -> None:
        """Nothing is held."""
