"""What a tool shows in a chat, and what a page asks for of it: rows of tables, sound, files."""

from __future__ import annotations

import io
import json
import wave
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from typing import Any

import IPython.display as ipython
import pandas
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from chatwidget import DisplayPart, FilePart, Session
from chatwidget.bundles import FILE, SOUND_LIMIT, TABLE, clean_bundle
from chatwidget.desk import Desk
from chatwidget.displays import display_of
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.results import to_content
from chatwidget.tools import function_tool

REPORT = FilePart("report.pdf", "application/pdf", b64encode(b"%PDF-1.7").decode())
display: Callable[..., Any] = ipython.display


def sound(seconds: float = 0.1) -> bytes:
    """A sound, as a WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(int(seconds * 16000)))
    return buffer.getvalue()


class Shown:
    """A chat whose one tool does something, and the page that shows its call."""

    def __init__(self, work: Callable[[], Any]) -> None:
        def tool() -> Any:
            """Work."""
            return work()

        self.session = Session(model=ScriptedModel(ToolCall("tool", {}), "Done."), tools=[tool])
        self.desk = Desk(self.session, lambda: None)

    async def run(self) -> Shown:
        await self.session.send("Go.")
        return self

    @property
    def call(self) -> Any:
        (call,) = [
            part
            for message in self.session.screen.state()["messages"]
            for part in message["parts"]
            if part["type"] == "tool_call"
        ]
        return call

    @property
    def displays(self) -> list[dict[str, Any]]:
        displays: list[dict[str, Any]] = self.call["displays"]
        return displays

    async def ask(self, kind: str, **fields: Any) -> dict[str, Any]:
        answer = dict(await self.desk.handle({"kind": "request", "request": "r", "type": kind, **fields}))
        json.dumps(answer, allow_nan=False).encode()
        return answer


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    made = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    before = set(vars(made.display_formatter))
    yield made
    assert set(vars(made.display_formatter)) == before
    InteractiveShell.clear_instance()


def frame() -> pandas.DataFrame:
    return pandas.DataFrame({"n": range(300), "city": ["Oslo", "Rome", "Bern"] * 100})


async def test_the_table_a_tool_returns_is_read_page_by_page() -> None:
    shown = await Shown(frame).run()
    (bundle,) = shown.displays
    head = bundle[TABLE]
    assert bundle.keys() == {TABLE, "text/html", "text/plain"}
    assert (head["rows"], len(head["page"])) == (300, 50)
    sort = {"column": 2, "descending": False}
    answer = await shown.ask("rows", table=head["id"], start=99, count=2, sort=sort, find="o")
    assert answer["value"] == {"rows": [["297", "297", "Oslo"], ["1", "1", "Rome"]], "total": 200}
    assert shown.call["result"].startswith("300 rows × 2 columns")


@pytest.mark.usefixtures("shell")
async def test_a_table_that_a_tool_displays_is_read_in_the_same_way() -> None:
    shown = await Shown(lambda: display(frame(), frame().head(3), display_id="mine")).run()
    tables = [bundle[TABLE] for bundle in shown.displays]
    assert tables[-1]["rows"] == 3
    answer = await shown.ask("rows", table=tables[-1]["id"], start=1, count=5)
    assert answer["value"]["rows"] == [["1", "1", "Rome"], ["2", "2", "Bern"]]


async def test_a_preview_may_be_a_table() -> None:
    @function_tool
    def load(rows: int) -> str:
        """Load."""
        return "done"

    @load.preview
    def show(rows: int = 0) -> Any:
        return frame().head(rows)

    session = Session(model=ScriptedModel(ToolCall("load", {"rows": 2}), "Done."), tools=[load])
    await session.send("Go.")
    (call,) = [part for message in session.screen.state()["messages"] for part in message["parts"] if "preview" in part]
    head = call["preview"]["bundle"][TABLE]
    assert session.calls.tables.rows(head["id"], 1, 1)["rows"] == [["1", "1", "Rome"]]


async def test_the_tables_of_one_chat_are_not_those_of_another() -> None:
    mine, yours = await Shown(frame).run(), await Shown(frame).run()
    answer = await yours.ask("rows", table=mine.displays[0][TABLE]["id"], start=0, count=1)
    assert not answer["ok"] and "not kept any more" in answer["error"]


async def test_a_table_without_a_chat_is_its_first_page() -> None:
    part = display_of(frame())
    assert part is not None and part.bundle[TABLE]["id"] is None


async def test_a_table_that_gave_way_to_newer_results_is_refused() -> None:
    shown = await Shown(frame).run()
    name = shown.displays[0][TABLE]["id"]
    assert (await shown.ask("rows", table=name, start=0, count=1))["ok"]
    shown.session.calls.limit = 3000
    shown.session.calls.shown.add("x" * 2000)
    answer = await shown.ask("rows", table=name, start=0, count=1)
    assert "Run again what made it" in answer["error"]


def test_a_table_whose_html_fails_is_shown_as_a_table() -> None:
    class Odd(pandas.DataFrame):  # type: ignore[misc]
        def _repr_html_(self) -> str:
            raise ValueError("no")

    part = display_of(Odd({"a": [1]}))
    assert part is not None and part.bundle[TABLE]["page"] == [["0", "1"]]


@pytest.mark.parametrize("library", ["polars", "pyarrow"])
def test_a_model_reads_the_shape_and_the_ends_of_a_table(library: str) -> None:
    columns = {"a": list(range(1000)), "b": ["x"] * 1000}
    module = pytest.importorskip(library)
    text = to_content(module.table(columns) if library == "pyarrow" else module.DataFrame(columns))
    lines = text.splitlines()
    assert lines[0] == "1,000 rows × 2 columns" and lines[-1] == "999 | x" and len(lines) < 70
    assert lines[1].startswith("a (") and "int64" in lines[1].lower()


# Sound.


async def test_a_sound_is_there_to_be_played_and_the_model_is_told() -> None:
    data = sound()
    shown = await Shown(lambda: ipython.Audio(data)).run()  # type: ignore[no-untyped-call]
    (bundle,) = shown.displays
    assert bundle == {
        "audio/wav": b64encode(data).decode(), "text/plain": f"Sound (audio/wav, {len(data):,} bytes)"
    }  # fmt: skip
    assert shown.call["result"] == f"A sound (audio/wav, {len(data):,} bytes) is there for the user to play."


@pytest.mark.usefixtures("shell")
async def test_a_sound_that_is_displayed_comes_without_the_html_around_it() -> None:
    shown = await Shown(lambda: display(ipython.Audio([0.0, 1.0, 0.0], rate=8000))).run()  # type: ignore[no-untyped-call]
    (bundle,) = shown.displays
    assert bundle.keys() == {"audio/wav", "text/plain"}
    assert b64decode(bundle["audio/wav"]).startswith(b"RIFF")


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"ID3\x04", "audio/mpeg"),
        (b"OggS\0", "audio/ogg"),
        (b"fLaC\0", "audio/flac"),
        (b"\0\0\0\x20ftypM4A ", "audio/mp4"),
    ],
)
def test_the_bytes_of_a_sound_are_known_by_their_beginning(head: bytes, kind: str) -> None:
    for data in (head + b"\0" * 50, bytearray(head + b"\0" * 50)):
        part = display_of(data)
        assert part is not None and kind in part.bundle


def test_a_sound_that_is_only_an_address_stays_what_it_was() -> None:
    part = display_of(ipython.Audio(url="https://example.org/a.wav"))  # type: ignore[no-untyped-call]
    assert part is not None and part.bundle.keys() == {"text/html", "text/plain"}


def test_a_sound_may_have_ten_megabytes_beside_the_rest_of_its_bundle() -> None:
    part = display_of(b"fLaC" + bytes(SOUND_LIMIT - 4))
    assert part is not None and len(part.bundle["audio/flac"]) > SOUND_LIMIT
    part = display_of(b"fLaC" + bytes(SOUND_LIMIT - 3))
    assert part is not None
    assert part.bundle["text/plain"].endswith("[audio/flac is left out: its 10.0 MB are too much to show here]")
    assert clean_bundle({"audio/wav": "A" * 2_000_000, "x/y": "B" * 900_000}).keys() == {"audio/wav", "x/y"}
    assert clean_bundle({"audio/x-wav": b"RIFF"}) == {"audio/wav": "UklGRg=="}, "by the name that pages know"


# Files.


async def test_a_file_that_a_tool_returns_stays_in_the_kernel_until_it_is_asked_for() -> None:
    shown = await Shown(lambda: REPORT).run()
    (bundle,) = shown.displays
    head = bundle[FILE]
    assert (head["name"], head["media_type"], head["size"]) == ("report.pdf", "application/pdf", 8)
    assert bundle["text/plain"] == "'report.pdf' (application/pdf, 8 bytes)"
    assert str(REPORT.data) not in json.dumps(shown.session.screen.state())
    assert shown.call["result"] == "The user can download the file 'report.pdf' (application/pdf, 8 bytes)."
    answer = await shown.ask("file", tool_call_id=shown.call["id"], index=0)
    assert (answer["value"]["name"], b64decode(answer["value"]["data"])) == ("report.pdf", b"%PDF-1.7")


@pytest.mark.usefixtures("shell")
async def test_files_that_are_displayed_can_be_downloaded_each() -> None:
    other = FilePart("notes.txt", "text/plain", b64encode(b"notes").decode())
    shown = await Shown(lambda: display(REPORT, other)).run()
    assert [bundle.keys() for bundle in shown.displays] == [{FILE, "text/plain"}] * 2
    answer = await shown.ask("file", tool_call_id=shown.call["id"], index=1)
    assert b64decode(answer["value"]["data"]) == b"notes"


async def test_where_there_is_no_file_a_page_is_told() -> None:
    shown = await Shown(lambda: REPORT).run()
    call = shown.call["id"]
    for fields, words in [
        ({"tool_call_id": "nothing", "index": 0}, "no file at this place"),
        ({"tool_call_id": call, "index": 1}, "no file at this place"),
        ({"tool_call_id": call}, "index"),
        ({"index": 0}, "one of them"),
        ({"tool_call_id": call, "message_id": "m", "index": 0}, "one of them"),
        ({"message_id": shown.session.messages[0].id, "index": 0}, "no file at this place"),
    ]:
        answer = await shown.ask("file", **fields)
        assert not answer["ok"] and words in answer["error"]
    shown.session.calls.limit = 2000
    shown.session.calls.shown.add("x" * 1900)
    assert "not kept any more" in (await shown.ask("file", tool_call_id=call, index=0))["error"]


async def test_a_file_of_the_provider_is_a_name_without_a_size() -> None:
    shown = await Shown(lambda: FilePart("far.bin", file_id="f")).run()
    assert shown.displays[0][FILE]["size"] is None
    answer = await shown.ask("file", tool_call_id=shown.call["id"], index=0)
    assert "kept by the model's provider" in answer["error"]


async def test_a_bundle_that_claims_to_be_a_file_leads_nowhere() -> None:
    forged = {"id": "0123456789abcdef", "name": "passwd", "media_type": "text/plain", "size": 1}
    for head in (forged, {**forged, "id": ["x"]}, "no head", None):
        shown = await Shown(lambda head=head: DisplayPart({FILE: head})).run()  # type: ignore[misc]
        assert not (await shown.ask("file", tool_call_id=shown.call["id"], index=0))["ok"]


@pytest.mark.parametrize(
    "fields",
    [
        {"start": -1},
        {"start": 2**60},
        {"count": 201},
        {"count": -1},
        {"count": 1.5},
        {"table": ""},
        {"table": 3},
        {"sort": {"column": -1, "descending": True}},
        {"sort": {"column": 1}},
        {"sort": {"column": 1, "descending": "yes"}},
        {"sort": [1, True]},
        {"find": "x" * 201},
        {"find": 1},
        {"more": 1},
    ],
    ids=str,
)
async def test_a_malformed_wish_for_rows_is_refused(fields: dict[str, Any]) -> None:
    shown = await Shown(frame).run()
    name = shown.displays[0][TABLE]["id"]
    answer = await shown.ask("rows", **{"table": name, "start": 0, "count": 1, **fields})
    assert not answer["ok"] and "not valid" in answer["error"]
