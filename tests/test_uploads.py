"""Files a page sends in pieces: whole or not at all, bounded, and gone once they are sent."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from chatwidget import FilePart, ImagePart
from chatwidget.errors import RequestError
from chatwidget.uploads import ABANDONED_SECONDS, MOST_FILES, PIECE_LIMIT, UPLOAD_LIMIT, WAITING_LIMIT, Uploads


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def put(uploads: Uploads, name: str, data: bytes, media_type: str = "", piece: int = 5, upload_id: str = "") -> None:
    for offset in range(0, max(len(data), 1), piece):
        chunk = data[offset : offset + piece]
        received = uploads.add(upload_id or name, name, media_type, len(data), offset, b64(chunk))
        assert received == offset + len(chunk)


def picture(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (2, 2)).save(buffer, format=kind)
    return buffer.getvalue()


@given(st.binary(max_size=60), st.integers(1, 20))
def test_what_arrives_in_pieces_is_the_file_that_was_sent(data: bytes, piece: int) -> None:
    uploads = Uploads()
    put(uploads, "a.bin", data, "application/x-own", piece)
    assert uploads.parts(["a.bin"]) == (FilePart("a.bin", "application/x-own", b64(data)),)


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "webp"])
def test_a_picture_is_an_image_by_what_is_in_it(kind: str) -> None:
    uploads = Uploads()
    put(uploads, "cat.png", picture(kind), "image/png", 1000)
    [part] = uploads.parts(["cat.png"])
    assert isinstance(part, ImagePart)
    assert part.url == f"data:image/{kind};base64,{b64(picture(kind))}"
    assert part.alt == "cat.png"


@pytest.mark.parametrize(
    ("name", "media_type", "data", "kind"),
    [
        ("a.svg", "image/svg+xml", b"<svg/>", "image/svg+xml"),
        ("a.heic", "image/heic", b"ftyp", "image/heic"),
        ("a.csv", "", b"1,2", "text/csv"),
        ("a.json", "application/octet-stream", b"{}", "application/json"),
        ("bmw", "", b"BM", "application/octet-stream"),
        ("a.txt", "text/plain", b"", "text/plain"),
    ],
)
def test_anything_else_is_a_file(name: str, media_type: str, data: bytes, kind: str) -> None:
    uploads = Uploads()
    put(uploads, name, data, media_type)
    assert uploads.parts([name]) == (FilePart(name, kind, b64(data)),)


def refused(uploads: Uploads, words: str, *piece: Any) -> None:
    with pytest.raises(RequestError, match=words):
        uploads.add(*piece)


def test_pieces_that_do_not_fit_are_refused_and_the_file_stays() -> None:
    uploads = Uploads()
    refused(uploads, "not arrive from its beginning", "1", "a", "", 4, 2, b64(b"cd"))
    uploads.add("1", "a", "", 4, 0, b64(b"ab"))
    refused(uploads, "was lost or came twice", "1", "a", "", 4, 3, b64(b"d"))
    refused(uploads, "was lost or came twice", "1", "a", "", 4, 1, b64(b"b"))
    refused(uploads, "larger than it was said to be: 4 bytes", "1", "a", "", 4, 2, b64(b"cde"))
    refused(uploads, "did not arrive whole", "1", "a", "", 4, 2, "?")
    with pytest.raises(RequestError, match="a has not arrived yet"):
        uploads.parts(["1"])
    uploads.add("1", "a", "", 4, 2, b64(b"cd"))
    assert uploads.parts(["1"]) == (FilePart("a", data=b64(b"abcd")),)


def test_a_file_that_begins_anew_replaces_what_was_there() -> None:
    uploads = Uploads()
    uploads.add("1", "a", "", 4, 0, b64(b"ab"))
    put(uploads, "b.txt", b"new", upload_id="1")
    assert uploads.parts(["1"]) == (FilePart("b.txt", "text/plain", b64(b"new")),)


def test_a_file_is_refused_at_its_first_piece_when_it_is_too_large_and_told_the_cap() -> None:
    uploads = Uploads()
    refused(uploads, r"film\.mp4 has 25\.1 MB; at most 25 MB can be attached", "1", "film.mp4", "", 25_100_000, 0, "")
    refused(uploads, "at most 512,000", "1", "a", "", PIECE_LIMIT + 1, 0, b64(b"x" * (PIECE_LIMIT + 1)))
    assert uploads.add("1", "a", "", UPLOAD_LIMIT, 0, b64(b"x")) == 1


def test_all_that_wait_have_a_cap_too_and_taking_one_away_makes_room() -> None:
    uploads = Uploads()
    for number in range(WAITING_LIMIT // UPLOAD_LIMIT):
        uploads.add(str(number), "a", "", UPLOAD_LIMIT, 0, "")
    refused(uploads, "b does not fit: at most 100 files and 100 MB", "x", "b", "", 1, 0, "")
    uploads.add("0", "a", "", UPLOAD_LIMIT, 0, "")  # the same again takes no more
    uploads.forget("1")
    uploads.forget("never there")
    uploads.add("x", "b", "", 1, 0, b64(b"x"))


def test_many_small_files_have_a_cap() -> None:
    uploads = Uploads()
    for number in range(MOST_FILES):
        uploads.add(str(number), "a", "", 0, 0, "")
    refused(uploads, "at most 100 files", "x", "b", "", 0, 0, "")


def test_files_of_a_page_that_is_gone_make_room_and_only_then() -> None:
    now = 0.0
    uploads = Uploads(lambda: now)
    uploads.add("old", "a", "", UPLOAD_LIMIT, 0, "")
    now = ABANDONED_SECONDS + 1
    for number in range(3):
        uploads.add(str(number), "a", "", UPLOAD_LIMIT, 0, "")
    uploads.add("old", "a", "", UPLOAD_LIMIT, 0, "")  # touched
    refused(uploads, "does not fit", "x", "b", "", 1, 0, "")
    now = 3 * ABANDONED_SECONDS
    uploads.add("x", "b", "", 1, 0, b64(b"x"))
    with pytest.raises(RequestError, match="not here any more"):
        uploads.parts(["old"])


def test_files_come_in_the_order_asked_for_each_once_and_stay_until_they_are_forgotten() -> None:
    uploads = Uploads()
    put(uploads, "a.txt", b"a")
    put(uploads, "b.txt", b"b")
    names = [part.name for part in uploads.parts(["b.txt", "a.txt", "b.txt"]) if isinstance(part, FilePart)]
    assert names == ["b.txt", "a.txt"]
    with pytest.raises(RequestError, match="not here any more"):
        uploads.parts(["a.txt", "c.txt"])
    assert uploads.parts(["a.txt"])


def test_a_name_is_cut_mended_and_never_empty() -> None:
    uploads = Uploads()
    for name, kept in (("x" * 300, "x" * 200), (" \n", "file"), ("a\ud800", "a\ufffd")):
        uploads.add("1", name, "", 0, 0, "")
        [part] = uploads.parts(["1"])
        assert isinstance(part, FilePart)
        assert part.name == kept
