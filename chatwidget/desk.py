"""The desk of a session: a screen's requests come in, each is checked, done once, and answered."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from chatwidget.composer_desk import COMPOSER
from chatwidget.desk_handlers import Handlers
from chatwidget.display_desk import DISPLAYS
from chatwidget.errors import ChatWidgetError
from chatwidget.page_request import PageRequest
from chatwidget.requests import (
    DismissRequest,
    HelloRequest,
    RespondRequest,
    ToolRequest,
    answer,
    parse_request,
)
from chatwidget.session import Session
from chatwidget.threads import text_of
from chatwidget.transcript_desk import TRANSCRIPT
from chatwidget.transcript_requests import ChatsRequest

log = logging.getLogger("chatwidget")

# How many answers are kept to recognise a request that comes twice.
REMEMBERED = 256


class Desk:
    """Answers the requests of all screens of one session.

    `snapshot` is called when a screen has missed something; it sends a snapshot. `others` lists the other chats of the
    kernel, where the host knows of any.
    """

    def __init__(
        self,
        session: Session,
        snapshot: Callable[[], None],
        others: Callable[[Session], list[dict[str, Any]]] = lambda _: [],
    ) -> None:
        self._session = session
        self._snapshot = snapshot
        self._others = others
        self._answers: OrderedDict[str, asyncio.Future[Mapping[str, Any]]] = OrderedDict()
        self._handlers: Handlers = {
            **TRANSCRIPT,
            **COMPOSER,
            **DISPLAYS,
            **HERE,
            HelloRequest: self._hello,
            ChatsRequest: self._chats,
        }

    async def handle(self, data: Any) -> Mapping[str, Any]:
        """Do what a screen asks and return the `answer` frame; never raises but when cancelled.

        A request id that was seen before is answered again without being done again, unless it only reads; one that is
        being done is answered when that is done.
        """
        try:
            request = parse_request(data)
        except ChatWidgetError as error:
            return answer(data, str(error))
        if request.reads:  # its answer may be too large to keep, and to read again is harmless
            return await self._answered(request)
        known = self._answers.get(request.request)
        if known is not None:
            return await asyncio.shield(known)
        done = self._remember(request)
        try:
            done.set_result(await self._answered(request))
        finally:
            if not done.done():
                done.set_result(answer(request, "It was called off."))
        return done.result()

    async def _answered(self, request: PageRequest) -> Mapping[str, Any]:
        """Do it, and return its answer."""
        try:
            value = await self._handlers[type(request)](self._session, request)
        except ChatWidgetError as error:
            return answer(request, str(error))
        except Exception as error:
            log.exception("the %s failed", type(request).__name__)
            sentence = f"That did not work: {type(error).__name__}: {text_of(error)}"
            return answer(request, sentence[:300])
        return answer(request) if value is None else answer(request, value=value)

    def _remember(self, request: PageRequest) -> asyncio.Future[Mapping[str, Any]]:
        done = self._answers[request.request] = asyncio.get_running_loop().create_future()
        while len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)
        return done

    async def _hello(self, session: Session, request: HelloRequest) -> None:
        session.asks.attended = True
        session.screen.flush()
        if request.seq != session.screen.seq:
            self._snapshot()

    async def _chats(self, session: Session, request: ChatsRequest) -> dict[str, Any]:
        return {"chats": [asdict(chat) for chat in session.chats], "widgets": self._others(session)}


async def _dismiss(session: Session, request: DismissRequest) -> None:
    session.screen.set("notice", None)


async def _tool(session: Session, request: ToolRequest) -> None:
    session.tools.enable(request.name, enabled=request.enabled)
    session.tools_changed()


async def _respond(session: Session, request: RespondRequest) -> None:
    session.respond(request.ask, request.value)


HERE: Handlers = {DismissRequest: _dismiss, ToolRequest: _tool, RespondRequest: _respond}
