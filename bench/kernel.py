"""The kernel's side of `stream.py`: the chat and its floors, fed by one source of tokens.

A cell calls `show()`, which displays what `job.json` names, another `await run()`, which streams and writes what it saw
to the file `result-ID.json`.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from chatwidget import ChatWidget, Message, TextPart

INTERVAL = 0.02
PARAGRAPH = 90
TURN_OF_LOOP = 0.005
SETTLE = 0.3  # seconds in which the last message leaves

_shown: Any = None


def token(number: int) -> str:
    """Return 4 characters that tell their number; each 90th ends a paragraph instead."""
    return f"{_base36(number)} " if (number + 1) % PARAGRAPH else "OK\n\n"


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return digits[number // 1296] + digits[number // 36 % 36] + digits[number % 36]


@dataclass
class Job:
    """What to stream: `tokens` at `rate` a second, 0 as fast as possible; `subject` is what to show, see `_make`."""

    id: str
    subject: str
    tokens: int
    rate: float
    earlier: int = 0

    @classmethod
    def read(cls) -> Job:
        """Read what the driver asks for."""
        return cls(**json.loads(Path("job.json").read_text()))


@dataclass
class Seen:
    """When tokens were emitted (seconds since 1970), and when frames left (monotonic seconds)."""

    emitted: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)

    async def source(self, job: Job) -> AsyncIterator[str]:
        """Give the tokens of a job at its rate, noting the time of each."""
        began = time.monotonic()
        for number in range(job.tokens):
            wait = began + number / job.rate - time.monotonic() if job.rate else 0
            if wait > 0:
                await asyncio.sleep(wait)
            self.emitted.append(time.time())
            yield token(number)


class Floor(anywidget.AnyWidget):
    """Text as raw comm messages, at most one each 20 ms: the page keeps it, parses nothing and shows its end only."""

    _esm = """
    export default {
      render({ model, el }) {
        const shown = document.createTextNode("");
        el.classList.add("bench-floor");
        el.dataset.job = model.get("job");
        el.benchText = "";
        el.append(shown);
        const show = (message) => {
          el.benchText += message.text;
          shown.data = message.text.slice(-16);
        };
        model.on("msg:custom", show);
        return () => model.off("msg:custom", show);
      },
    };
    """
    job = traitlets.Unicode().tag(sync=True)

    async def run(self, job: Job, seen: Seen) -> str:
        """Send the tokens; with "leading" the first after a pause goes at once."""
        loop = asyncio.get_running_loop()
        waiting: list[str] = []
        texts: list[str] = []
        timer: asyncio.TimerHandle | None = None
        last = float("-inf")

        def flush() -> None:
            nonlocal timer, last
            timer, last = None, loop.time()
            seen.sent.append(last)
            self.send({"text": "".join(waiting)})
            waiting.clear()

        yielded = loop.time()
        async for text in seen.source(job):
            texts.append(text)
            waiting.append(text)
            if timer is None:
                leading = max(0.0, last + INTERVAL - loop.time())
                timer = loop.call_later(leading if job.subject == "leading" else INTERVAL, flush)
            if loop.time() - yielded > TURN_OF_LOOP:
                await asyncio.sleep(0)
                yielded = loop.time()
        if timer is not None:
            timer.cancel()
            flush()
        return "".join(texts)


class Chat(ChatWidget):
    """The chat as users have it; `source` is its handler's."""

    def __init__(self, job: Job) -> None:
        self.seen = Seen()

        async def handler(_: list[Message]) -> AsyncIterator[str]:
            async for text in self.seen.source(job):
                yield text

        super().__init__(handler, history=earlier(job.earlier), title=f"job {job.id}")
        self.session.screen.attach(lambda frame: self.seen.sent.append(time.monotonic()))

    async def run(self, job: Job, seen: Seen) -> str:
        """Stream one reply."""
        self.seen.sent = seen.sent
        self.seen.emitted = seen.emitted
        reply = await self.send("Go on")
        assert reply is not None and reply.status == "complete", reply
        return reply.text


def earlier(count: int) -> list[Message]:
    """Return a conversation of `count` messages, of a few lines each."""
    messages: list[Message] = []
    for number in range(count):
        text = f"Message {number} of earlier.\n\n- one **bold** thing\n- another `thing` OK"
        role = "assistant" if number % 2 else "user"
        parent = messages[-1].id if messages else None
        messages.append(Message(role=role, id=f"m{number}", parent_id=parent, parts=(TextPart(text),)))  # type: ignore[arg-type]
    return messages


def show() -> Any:
    """Display the widget of the job in place of the last one."""
    global _shown
    if _shown is not None:
        _shown.close()
    job = Job.read()
    _shown = _make(job)
    return _shown


def _make(job: Job) -> Any:
    if job.subject == "chat":
        return Chat(job)
    if job.subject in ("leading", "trailing"):
        return Floor(job=job.id)
    from bench import kernel_peers

    return {"update_display": kernel_peers.UpdateDisplay, "panel": kernel_peers.PanelFeed}[job.subject]()


async def run() -> None:
    """Stream, and write what was seen."""
    job, seen = Job.read(), Seen()
    assert _shown is not None, "show() comes first"
    await asyncio.sleep(SETTLE)
    began = time.process_time()
    text = await _shown.run(job, seen)
    await asyncio.sleep(SETTLE)
    result = {"cpu": time.process_time() - began, "text": text, "emitted": seen.emitted, "sent": seen.sent}
    _write(job, json.dumps(result))


def _write(job: Job, result: str) -> None:
    partial = Path("result.part")
    partial.write_text(result)
    partial.rename(f"result-{job.id}.json")
