"""The desk of a session: a screen's requests come in, each is checked, done once, and answered."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from chatwidget.assets import read_asset
from chatwidget.errors import ChatWidgetError
from chatwidget.requests import (
    AssetRequest,
    ClearRequest,
    DismissRequest,
    EditRequest,
    HelloRequest,
    Request,
    RespondRequest,
    RetryRequest,
    SelectRequest,
    SendRequest,
    StopRequest,
    ToolRequest,
    UnqueueRequest,
    answer,
    parse_request,
)
from chatwidget.session import Session
from chatwidget.threads import call_in_thread, text_of

log = logging.getLogger("chatwidget")

# How many answers are kept to recognise a request that comes twice.
REMEMBERED = 256


class Desk:
    """Answers the requests of all screens of one session.

    `snapshot` is called when a screen has missed something; it sends a snapshot.
    """

    def __init__(self, session: Session, snapshot: Callable[[], None]) -> None:
        self._session = session
        self._snapshot = snapshot
        self._answers: OrderedDict[str, Mapping[str, Any]] = OrderedDict()

    async def handle(self, data: Any) -> Mapping[str, Any]:
        """Do what a screen asks and return the `answer` frame; never raises but when cancelled.

        A request id that was seen before is answered again without being done again.
        """
        try:
            request = parse_request(data)
        except ChatWidgetError as error:
            return answer(data, str(error))
        known = self._answers.get(request.request)
        if known is not None and not isinstance(request, AssetRequest):  # too large to keep, and harmless to read again
            return known
        self._remember(request, answer(request))
        try:
            value = await self._do(request)
        except ChatWidgetError as error:
            return self._remember(request, answer(request, str(error)))
        except Exception as error:
            log.exception("the request %s failed", request.type)
            sentence = f"That did not work: {type(error).__name__}: {text_of(error)}"
            return self._remember(request, answer(request, sentence[:300]))
        return answer(request, **value)

    def _remember(self, request: Request, frame: Mapping[str, Any]) -> Mapping[str, Any]:
        self._answers[request.request] = frame
        while len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)
        return frame

    async def _do(self, request: Request) -> Mapping[str, Any]:
        """Do it, and return what the answer carries besides."""
        session = self._session
        match request:
            case SendRequest():
                session.submit(request.text, when_busy=request.mode)
            case StopRequest():
                await session.stop()
            case RetryRequest():
                await session.retry(request.message_id)
            case EditRequest():
                await session.edit(request.message_id, request.text)
            case SelectRequest():
                await session.select(request.message_id, request.index)
            case ClearRequest():
                await session.clear()
            case UnqueueRequest():
                session.unqueue(request.id)
            case DismissRequest():
                session.screen.set("notice", None)
            case ToolRequest():
                session.tools.enable(request.name, enabled=request.enabled)
                session.tools_changed()
            case RespondRequest():
                session.respond(request.ask, request.value)
            case AssetRequest():
                return {"value": await call_in_thread(read_asset, request.name)}
            case HelloRequest():
                session.asks.attended = True
                session.screen.flush()
                if request.seq != session.screen.seq:
                    self._snapshot()
        return {}
