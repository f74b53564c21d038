"""The JSON that kernel and page agree on: written here, read by the front end's tests.

`CHATWIDGET_GOLDEN=write python -m pytest tests/test_golden.py` writes the files anew; look at the difference before
you keep it. A state is `{name, state}`; frames are `{name, seq, before, frames, after}`; requests.json is a list of
`{data, ok}`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

import tests.golden_composer
import tests.golden_displays  # noqa: F401 - they add their scenes
from chatwidget.errors import RequestError
from chatwidget.requests import parse_request
from tests.core_strategies import stop_time
from tests.golden_frames import FRAMES, frames_of
from tests.golden_states import STATES, canonical, state_of

FOLDER = Path(__file__).parent / "golden"
WRITE = os.environ.get("CHATWIDGET_GOLDEN") == "write"

FILE = {"id": "0000000000000001", "name": "notes.md", "media_type": "text/markdown", "size": 2}
REQUESTS: list[tuple[Any, bool]] = [
    ({"type": "send", "text": "Hi"}, True),
    ({"type": "send", "text": "Hi", "mode": "interrupt"}, True),
    ({"type": "send", "text": "Hi", "mode": "queue"}, True),
    ({"type": "stop"}, True),
    ({"type": "retry", "message_id": "0000000000000001"}, True),
    ({"type": "edit", "message_id": "0000000000000001", "text": "Hello"}, True),
    ({"type": "select", "message_id": "0000000000000001", "index": 1}, True),
    ({"type": "clear"}, True),
    ({"type": "unqueue", "id": "0000000000000001"}, True),
    ({"type": "dismiss"}, True),
    ({"type": "hello", "seq": -1}, True),
    ({"type": "hello", "seq": 7}, True),
    ({"type": "asset", "name": "plotly"}, True),
    ({"type": "asset", "name": "../plotly"}, False),
    ({"type": "send", "text": ""}, False),
    ({"type": "send", "text": " \n\t"}, False),
    ({"type": "send"}, False),
    ({"type": "send", "text": 1}, False),
    ({"type": "send", "text": "Hi", "mode": "refuse"}, False),
    ({"type": "send", "text": "Hi", "more": 1}, False),
    ({"type": "edit", "message_id": "0000000000000001", "text": ""}, False),
    ({"type": "select", "message_id": "0000000000000001", "index": -1}, False),
    ({"type": "select", "message_id": "0000000000000001", "index": 0.5}, False),
    ({"type": "retry", "message_id": ""}, False),
    ({"type": "retry", "message_id": "x" * 501}, False),
    ({"type": "hello", "seq": -2}, False),
    ({"type": "hello"}, False),
    ({"type": "explode"}, False),
    ({}, False),
    ({"type": "continue", "message_id": "0000000000000001"}, True),
    ({"type": "delete", "message_id": "0000000000000001"}, True),
    ({"type": "undo"}, True),
    ({"type": "feedback", "message_id": "0000000000000001", "value": "up"}, True),
    ({"type": "feedback", "message_id": "0000000000000001", "value": "down", "comment": "Too long."}, True),
    ({"type": "feedback", "message_id": "0000000000000001", "value": None}, True),
    ({"type": "feedback", "message_id": "0000000000000001", "value": "sideways"}, False),
    ({"type": "feedback", "message_id": "0000000000000001"}, False),
    ({"type": "diff", "message_id": "0000000000000001", "other": 0}, True),
    ({"type": "diff", "message_id": "0000000000000001", "other": -1}, False),
    ({"type": "chats"}, True),
    ({"type": "open", "id": "0000000000000001"}, True),
    ({"type": "open"}, False),
    ({"type": "export", "format": "ipynb"}, True),
    ({"type": "export", "format": "docx"}, False),
    ({"type": "file", "message_id": "0000000000000001", "index": 0}, True),
    ({"type": "file", "message_id": "0000000000000001", "index": 0, "offset": 6000000}, True),
    ({"type": "file", "index": 0}, False),
    ({"type": "file", "tool_call_id": "call_1", "index": 0}, True),
    ({"type": "file", "tool_call_id": "call_1", "message_id": "0000000000000001", "index": 0}, False),
    ({"type": "asset", "name": "interface"}, True),
    ({"type": "asset", "name": "mermaid"}, True),
    ({"type": "asset", "name": "renderer", "mime": "application/x-point+json"}, True),
    ({"type": "asset", "name": "renderer"}, False),
    ({"type": "rows", "table": "0000000000000001", "start": 0, "count": 200}, True),
    ({"type": "rows", "table": "0000000000000001", "start": 50, "count": 50, "find": "oslo"}, True),
    (
        {
            "type": "rows",
            "table": "0000000000000001",
            "start": 0,
            "count": 50,
            "sort": {"column": 1, "descending": True},
        },
        True,
    ),
    ({"type": "rows", "table": "0000000000000001", "start": 0, "count": 201}, False),
    ({"type": "rows", "table": "0000000000000001", "start": 0, "count": 1, "sort": {"column": 1}}, False),
    ({"type": "send", "text": "Hi", "mode": "steer"}, True),
    ({"type": "send", "text": "", "attachments": ["0000000000000001"], "variables": ["prices"]}, True),
    ({"type": "send", "text": "", "attachments": [], "variables": []}, False),
    ({"type": "send", "text": "Hi", "attachments": "0000000000000001"}, False),
    ({"type": "send", "text": "Hi", "variables": [1]}, False),
    ({"type": "upload", **FILE, "offset": 0, "data": "SGk="}, True),
    ({"type": "upload", **FILE, "offset": -1, "data": "SGk="}, False),
    ({"type": "upload", **FILE, "offset": 0, "data": "A" * 700_001}, False),
    ({"type": "upload", **FILE, "offset": 0}, False),
    ({"type": "forget", "id": "0000000000000001"}, True),
    ({"type": "complete", "text": "/ne", "cursor": 3}, True),
    ({"type": "complete", "text": "/ne", "cursor": -1}, False),
    ({"type": "complete", "text": "/ne"}, False),
    ({"type": "peek", "name": "prices"}, True),
    ({"type": "peek", "name": ""}, False),
]


@pytest.fixture(autouse=True)
def _no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_time(monkeypatch)


def check(name: str, data: Any) -> None:
    path = FOLDER / f"{name}.json"
    if WRITE:
        path.write_text(json.dumps(canonical(data), indent=1, ensure_ascii=True) + "\n", encoding="utf-8")
    assert canonical(data) == json.loads(path.read_text(encoding="utf-8")), (
        f"{path.name} is not what the kernel sends; if that is meant, write it anew with CHATWIDGET_GOLDEN=write"
    )


@pytest.mark.parametrize("name", STATES)
async def test_a_state_is_what_the_golden_file_says(name: str) -> None:
    check(f"state-{name}", await state_of(name))


@pytest.mark.parametrize("name", FRAMES)
async def test_frames_are_what_the_golden_file_says(name: str) -> None:
    check(f"frames-{name}", await frames_of(name))


def test_requests_are_taken_and_refused_as_the_golden_file_says() -> None:
    data = [({"kind": "request", "request": f"{n:016x}", **fields}, ok) for n, (fields, ok) in enumerate(REQUESTS, 1)]
    for request, ok in data:
        try:
            parse_request(request)
        except RequestError:
            assert not ok, request
        else:
            assert ok, request
    check("requests", [{"data": request, "ok": ok} for request, ok in data])


def test_no_golden_file_is_left_over() -> None:
    names = {f"state-{name}" for name in STATES} | {f"frames-{name}" for name in FRAMES} | {"requests"}
    assert {path.stem for path in FOLDER.glob("*.json")} == names
