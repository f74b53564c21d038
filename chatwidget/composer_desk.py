"""The desk for the composer: each request of `composer_requests.py` and what is done for it."""

from __future__ import annotations

from typing import Any

from chatwidget.composer_requests import (
    CompleteRequest,
    ForgetRequest,
    PeekRequest,
    SendRequest,
    UnqueueRequest,
    UploadRequest,
)
from chatwidget.desk_handlers import Handlers
from chatwidget.errors import RequestError
from chatwidget.session import Session


async def _send(session: Session, request: SendRequest) -> None:
    await session.composer.send(request.text, request.mode, request.attachments, request.variables)


async def _unqueue(session: Session, request: UnqueueRequest) -> dict[str, Any]:
    message = session.unqueue(request.id)
    if message is None:
        raise RequestError("This message does not wait any more: it was sent, or taken back.")
    return session.composer.restore(message)


async def _upload(session: Session, request: UploadRequest) -> dict[str, int]:
    file = (request.id, request.name, request.media_type, request.size)
    return {"received": session.composer.uploads.add(*file, request.offset, request.data)}


async def _forget(session: Session, request: ForgetRequest) -> None:
    session.composer.uploads.forget(request.id)


async def _complete(session: Session, request: CompleteRequest) -> dict[str, Any]:
    return await session.composer.complete(request.text, request.cursor)


async def _peek(session: Session, request: PeekRequest) -> dict[str, Any]:
    return await session.composer.peek(request.name)


COMPOSER: Handlers = {
    SendRequest: _send,
    UnqueueRequest: _unqueue,
    UploadRequest: _upload,
    ForgetRequest: _forget,
    CompleteRequest: _complete,
    PeekRequest: _peek,
}
