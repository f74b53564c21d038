"""The scenes of tests/golden/ of what a person types: files, variables, commands, steering, and what is completed."""

from __future__ import annotations

import asyncio
from base64 import b64decode, b64encode
from typing import Any

from chatwidget import Session
from chatwidget.desk import Desk
from chatwidget.models.scripted import ToolCall
from tests.core_strategies import make_session, turn_clock
from tests.gated import until
from tests.golden_displays import answered, answers
from tests.golden_frames import Watch, frames
from tests.golden_states import FOREVER, PIXEL, begin, play, state

NAMES = {"prices": [1, 2], "note": "Dear 😀", "<b>bold</b>": 1, "כותרת": None}


async def ask(session: Session, kind: str, **fields: Any) -> None:
    """Ask as a page does."""
    answer = await Desk(session, lambda: None).handle({"kind": "request", "request": "r", "type": kind, **fields})
    assert answer["ok"], answer
    turn_clock(session)


async def upload(session: Session, id: str, name: str, media_type: str, data: bytes) -> None:
    """Send a file in one piece."""
    file = {"id": id, "name": name, "media_type": media_type, "size": len(data)}
    await ask(session, "upload", **file, offset=0, data=b64encode(data).decode())


async def waits(session: Session, text: str) -> asyncio.Event:
    """Send a text to a model that calls the tool `wait`, and return what lets that go on."""
    go = asyncio.Event()

    async def wait() -> str:
        """Wait."""
        await go.wait()
        return "waited"

    session.tools.add(wait)
    session.tools_changed()
    await begin(session, text)
    return go


@state
async def sent_with_files_and_variables() -> Session:
    session = make_session(["Two prices."], namespace=NAMES)
    await upload(session, "f1", "dot.gif", "image/gif", b64decode(PIXEL.url.partition(",")[2]))
    await upload(session, "f2", "a table.csv", "text/csv", b"a,b\n1,2\n")
    await ask(session, "send", text="Look at @prices", attachments=["f1", "f2"], variables=["prices"])
    return await play(session)


@answered("sent-with-files-and-variables")
async def _completed(session: Session) -> list[dict[str, Any]]:
    asks: list[dict[str, Any]] = [
        {"type": "complete", "text": "/", "cursor": 1},
        {"type": "complete", "text": "😀 @", "cursor": 4},
        {"type": "complete", "text": "nothing", "cursor": 3},
        {"type": "peek", "name": "note"},
    ]
    return await answers(session, asks)


@state
async def commands() -> Session:
    session = await play(make_session(["Hello."]), "Hi")

    @session.command
    async def weather(city: str) -> str:
        """Say how the weather is."""
        return f"It rains in **{city}**."

    await ask(session, "send", text="/weather Oslo")
    return session


@state
async def steering() -> Session:
    session = make_session([ToolCall("wait"), ["In French", FOREVER]])
    go = await waits(session, "Look it up")
    session.submit("In French, please", when_busy="steer")
    go.set()
    await until(lambda: session.messages[-1].text == "In French")
    session.submit("And briefly", when_busy="steer")
    session.submit("Then this")
    turn_clock(session)
    return session


@frames
async def steered(watch: Watch) -> None:
    session = make_session([ToolCall("wait"), "In French."])
    go = await waits(session, "Look it up")
    watch(session)
    session.submit("In French, please", when_busy="steer")
    turn_clock(session)
    go.set()
    await play(session)
