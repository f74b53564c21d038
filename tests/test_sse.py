"""Server-sent events are read as their standard says, however the bytes are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget.models import _sse
from chatwidget.models._sse import Event, EventDecoder, EventTooLong


def decode(*chunks: bytes) -> list[Event]:
    decoder = EventDecoder()
    return [event for chunk in chunks for event in decoder.feed(chunk)] + decoder.end()


def message(data: str) -> list[Event]:
    return [Event("message", data)]


# The first block is from the examples of the standard (HTML, section 9.2.6).
@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b"data: YHOO\ndata: +2\ndata: 10\n\n", message("YHOO\n+2\n10")),
        (b": test stream\n\ndata: first event\nid: 1\n\n", message("first event")),
        (b"data\n\ndata\ndata\n\ndata:", [*message(""), *message("\n"), *message("")]),
        (b"data:test\n\ndata: test\n\n", message("test") * 2),
        (b"", []),
        (b"\n\n\n", []),
        (b"data: a\r\rdata: b\r\n\r\ndata: c\n\n", [*message("a"), *message("b"), *message("c")]),
        (b"event: error\ndata: x\n\ndata: y\n\n", [Event("error", "x"), *message("y")]),
        (b"event: x\n\ndata: y\n\n", message("y")),
        (b"data:  two spaces\n\n", message(" two spaces")),
        (b"data : no field\n\n", []),
        (b"Data: no field\n\n", []),
        (b"id: 1\nretry: 10\nunknown: x\n\n", []),
        (b"data: a: b\n\n", message("a: b")),
        (b"\xef\xbb\xbfdata: a\n\n", message("a")),
        (b"data: \xef\xbb\xbfa\n\n", message("\ufeffa")),
        (b"\xef\xbb\xbf\xef\xbb\xbfdata: a\n\n", []),
        ("data: \u2028\u2029\x85\x0b\x0c\x1c\n\n".encode(), message("\u2028\u2029\x85\x0b\x0c\x1c")),
        (b"data: \xff\n\n", message("\ufffd")),
        (b"data: \xe2\x82\n\n", message("\ufffd")),
        (b"data: \xed\xa0\xbd\n\n", message("\ufffd" * 3)),
        (b"data: a\x00b\n\n", message("a\x00b")),
        (b"data: last", message("last")),
        (b"data: last\n", message("last")),
        (b"data: last\r", message("last")),
        (b"data: cut \xe2\x82", message("cut \ufffd")),
    ],
)  # fmt: skip
def test_a_stream_has_these_events_at_once_and_byte_by_byte(stream: bytes, events: list[Event]) -> None:
    assert decode(stream) == events
    assert decode(*(bytes([byte]) for byte in stream)) == events


PIECES = st.sampled_from(
    [b"data", b":", b" ", b"\n", b"\r", b"\r\n", b"event", b"\xef\xbb\xbf", b"\xf0\x9f", b"\x8e\x88", b"x"]
)


@given(st.lists(PIECES | st.binary(max_size=4), max_size=40), st.randoms())
def test_where_the_bytes_are_cut_makes_no_difference(pieces: list[bytes], random: object) -> None:
    stream = b"".join(pieces)
    assert decode(*pieces) == decode(stream)


lines = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=20)
datas = st.lists(lines, min_size=1, max_size=3).map("\n".join)


@given(st.lists(datas, max_size=4), st.sampled_from(["\n", "\r", "\r\n"]), st.integers(1, 7))
def test_what_is_written_as_events_is_read_back(texts: list[str], newline: str, size: int) -> None:
    written = "".join(
        "".join(f"data: {line}{newline}" for line in text.split("\n")) + f": comment{newline}{newline}"
        for text in texts
    ).encode()
    chunks = [written[at : at + size] for at in range(0, len(written), size)]
    assert decode(*chunks) == [Event("message", text) for text in texts]


def test_an_event_without_end_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_sse, "MAX_EVENT_CHARACTERS", 1000)
    for endless in (b"data: " + b"x" * 50, b"x" * 100, b"data: x\n" * 10):
        decoder = EventDecoder()
        with pytest.raises(EventTooLong):
            for _ in range(100):
                decoder.feed(endless)


def test_comments_and_ended_events_do_not_count_towards_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_sse, "MAX_EVENT_CHARACTERS", 1000)
    decoder = EventDecoder()
    for _ in range(1000):
        decoder.feed(b": keep-alive\n")
        assert decoder.feed(b"data: x\n\n") == message("x")
