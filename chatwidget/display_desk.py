"""The desk for displays: each request of `display_requests.py` and what is done for it."""

from __future__ import annotations

from typing import Any

from chatwidget.assets import packed, read_asset, read_chunk
from chatwidget.desk_handlers import Handlers
from chatwidget.display_requests import AssetRequest, FileRequest, RowsRequest
from chatwidget.errors import RequestError
from chatwidget.files import file_of_call, file_of_message
from chatwidget.session import Session
from chatwidget.threads import call_in_thread


async def _asset(session: Session, request: AssetRequest) -> str:
    if request.name == "plotly":
        return await call_in_thread(read_asset, request.name)
    if request.name != "renderer":
        return await call_in_thread(read_chunk, request.name)
    text = session.renderers.get(request.mime or "")
    if text is None:
        raise RequestError(f"This chat has no renderer of {request.mime!r} any more.")
    return await call_in_thread(packed, text.encode())


async def _file(session: Session, request: FileRequest) -> dict[str, Any]:
    if request.tool_call_id is not None:
        shown = session.calls.shown
        return file_of_call(session.transcript, shown, request.tool_call_id, request.index, request.offset)
    return file_of_message(session.transcript, request.message_id or "", request.index, request.offset)


async def _rows(session: Session, request: RowsRequest) -> dict[str, Any]:
    order = None if request.sort is None else (request.sort.column, request.sort.descending)
    tables = session.calls.tables
    return await call_in_thread(tables.rows, request.table, request.start, request.count, order, request.find)


DISPLAYS: Handlers = {AssetRequest: _asset, FileRequest: _file, RowsRequest: _rows}
"""What is done for each kind of request."""
