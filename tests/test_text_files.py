"""Files that are text are told to models as text."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget import FilePart, Session, User
from chatwidget.models._responses_body import responses_body
from chatwidget.models.base import ModelRequest
from chatwidget.models.scripted import ScriptedModel
from chatwidget.openai_format import to_openai
from chatwidget.text_files import text_of_file
from chatwidget.tokens import estimate


def file(name: str, media_type: str, data: bytes) -> FilePart:
    return FilePart(name, media_type, base64.b64encode(data).decode())


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("notes.txt", "text/plain"),
        ("notes.md", ""),
        ("table.csv", "application/vnd.ms-excel"),
        ("data", "application/json; charset=utf-8"),
        ("book.ipynb", "application/octet-stream"),
        ("code.ts", "video/mp2t"),
        ("drawing.svg", "image/svg+xml"),
        ("feed", "application/atom+xml"),
        ("run.SH", "application/x-sh"),
    ],
)
def test_a_text_is_known_by_its_type_or_its_ending(name: str, media_type: str) -> None:
    assert text_of_file(file(name, media_type, b"a,b\n1,2")) == "a,b\n1,2"


@pytest.mark.parametrize(
    ("name", "media_type", "data"),
    [
        ("paper.pdf", "application/pdf", b"%PDF-1.7"),
        ("photo.png", "image/png", b"PNG"),
        ("sound.txt", "audio/wav", b"RIFF"),
        ("book.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        ("no.txt", "text/plain", b"a\0b"),
        ("film.ts", "video/mp2t", b"G\0\0\0"),
        ("half.txt", "text/plain", b"\xff\xfea"),
        ("m", "application/octet-stream", b"no ending"),
    ],
)
def test_what_is_no_text_is_none(name: str, media_type: str, data: bytes) -> None:
    assert text_of_file(file(name, media_type, data)) is None


def test_a_file_that_is_not_here_is_none() -> None:
    assert text_of_file(FilePart("a.txt", "text/plain")) is None
    assert text_of_file(FilePart("a.txt", "text/plain", data="QUJD", file_id="file-1")) is None
    assert text_of_file(FilePart("a.txt", "text/plain", data="Q")) is None


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("utf-8", "né 😀"), ("utf-8-sig", "né"), ("utf-16", "né 😀"), ("cp1252", "né “so”")],
)
def test_a_text_is_read_in_the_encoding_it_was_written_in(encoding: str, text: str) -> None:
    assert text_of_file(file("a.csv", "text/csv", text.encode(encoding))) == text


@given(st.text(max_size=40).filter(lambda text: "\0" not in text and not text.startswith("\ufeff")))
def test_any_text_arrives_as_it_is(text: str) -> None:
    assert text_of_file(file("a.txt", "text/plain", text.encode("utf-8", "replace"))) == text.encode(
        "utf-8", "replace"
    ).decode("utf-8")


@given(st.text(max_size=12), st.text(max_size=20), st.binary(max_size=40))
def test_any_file_is_a_text_or_none(name: str, media_type: str, data: bytes) -> None:
    text = text_of_file(file(name, media_type, data))
    assert text is None or isinstance(text, str)


async def test_a_model_reads_the_text_with_the_name_of_its_file() -> None:
    model = ScriptedModel("Two rows.")
    table = file("a\nb.csv", "text/csv", b"x\n1\n2")
    await Session(model=model).send(["How many rows?", table])
    sent = to_openai(model.requests[0].messages)[0]["content"]
    assert sent == [
        {"type": "text", "text": "How many rows?"},
        {"type": "text", "text": "[file: a b.csv]\nx\n1\n2\n[end of file: a b.csv]"},
    ]


def test_the_responses_api_is_told_it_as_text_too() -> None:
    request = ModelRequest((User(["Read:", file("a.txt", "text/plain", b"Hi")]),))
    body: Any = responses_body(request, {"model": "m"})
    assert [part["type"] for part in body["input"][0]["content"]] == ["input_text", "input_text"]
    assert "Hi" in body["input"][0]["content"][1]["text"]


def test_a_text_file_costs_what_its_text_costs_and_another_one_its_name() -> None:
    short, long = (estimate([User(file("a.txt", "text/plain", b"word " * n))], model="x") for n in (10, 1000))
    assert 900 < long - short < 1500
    assert estimate([User(file("a.pdf", "application/pdf", b"word " * 1000))]) < 20


def test_a_large_text_is_not_held_when_its_message_is_gone() -> None:
    small, large = file("a.txt", "text/plain", b"small"), file("b.txt", "text/plain", b"x" * 1_000_000)
    assert text_of_file(small) is text_of_file(small), "it is asked for with each request"
    first = text_of_file(large)
    assert first == text_of_file(large) and first is not text_of_file(large)
