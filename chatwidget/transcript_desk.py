"""The desk for what was said: each request of `transcript_requests.py` and what is done for it."""

from __future__ import annotations

import re
from typing import Any

from chatwidget.chats import title_of
from chatwidget.desk_handlers import Handlers
from chatwidget.differences import compare
from chatwidget.errors import RequestError
from chatwidget.export.formats import FORMATS, write
from chatwidget.session import Session
from chatwidget.threads import call_in_thread
from chatwidget.transcript_requests import (
    ClearRequest,
    ContinueRequest,
    DeleteRequest,
    DiffRequest,
    EditRequest,
    ExportRequest,
    FeedbackRequest,
    OpenRequest,
    RetryRequest,
    SelectRequest,
    StopRequest,
    UndoRequest,
)
from chatwidget.views import clip

# Bytes of a file that one answer carries: a Jupyter server cuts messages above 10 MiB, and JSON escapes a little.
EXPORT_LIMIT = 8_000_000

# Characters of a text that is compared.
DIFF_LIMIT = 256_000


async def _stop(session: Session, request: StopRequest) -> None:
    await session.stop()


async def _retry(session: Session, request: RetryRequest) -> None:
    await session.retry(request.message_id)


async def _edit(session: Session, request: EditRequest) -> None:
    await session.edit(request.message_id, request.text)


async def _select(session: Session, request: SelectRequest) -> None:
    await session.select(request.message_id, request.index)


async def _clear(session: Session, request: ClearRequest) -> None:
    await session.clear()


async def _continue(session: Session, request: ContinueRequest) -> None:
    await session.go_on(request.message_id)


async def _delete(session: Session, request: DeleteRequest) -> None:
    await session.delete(request.message_id)


async def _undo(session: Session, request: UndoRequest) -> None:
    await session.undo()


async def _feedback(session: Session, request: FeedbackRequest) -> None:
    session.feedback(request.value, request.message_id, comment=request.comment)


async def _open(session: Session, request: OpenRequest) -> None:
    await session.open_chat(request.id)


async def _diff(session: Session, request: DiffRequest) -> dict[str, Any]:
    transcript = session.transcript
    if request.message_id not in transcript:
        raise RequestError("That message is not in this conversation any more.")
    siblings = transcript.siblings(request.message_id)
    if request.other >= len(siblings):
        raise RequestError(
            f"There are {len(siblings)} versions of this message; there is no number {request.other + 1}."
        )
    texts = [clip(transcript.get(one).text, DIFF_LIMIT) for one in (siblings[request.other], request.message_id)]
    return await call_in_thread(compare, *texts)


async def _export(session: Session, request: ExportRequest) -> dict[str, str]:
    transcript = session.transcript
    nodes, leaf = tuple(transcript.all_messages()), transcript.leaf
    text = await call_in_thread(write, request.format, nodes, leaf)
    name = f"{_file_name(title_of(transcript.path))}.{request.format}"
    if (size := len(text.encode())) > EXPORT_LIMIT:
        raise RequestError(
            f"The file would have {size / 1e6:.1f} MB, and a page is sent at most {EXPORT_LIMIT / 1e6:.0f} MB at once. "
            f'Write it from a cell: chat.export("{name}").'
        )
    return {"name": name, "media_type": FORMATS[request.format].media_type, "text": text}


def _file_name(title: str) -> str:
    """Make a name that every file system takes."""
    words = re.sub(r"[\W_]+", "-", title).strip("-")[:40].rstrip("-")
    return words or "conversation"


TRANSCRIPT: Handlers = {
    StopRequest: _stop,
    RetryRequest: _retry,
    EditRequest: _edit,
    SelectRequest: _select,
    ClearRequest: _clear,
    ContinueRequest: _continue,
    DeleteRequest: _delete,
    UndoRequest: _undo,
    FeedbackRequest: _feedback,
    OpenRequest: _open,
    DiffRequest: _diff,
    ExportRequest: _export,
}
