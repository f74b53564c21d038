"""Every way a stream can be odd or broken has the verdict it should have, and the next request works.

The table is of what servers were seen to send, and of what openai-python was seen to take for a complete reply.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from chatwidget.errors import ContextTooLong, EndpointError, RateLimited, ReplyInterrupted
from chatwidget.models.openai import OpenAIModel
from tests.wire.reading import ask
from tests.wire.server import CHUNKED, DONE, RESET, SSE, STOP, Reply, WireServer, data, delta, http, piece, say

pytestmark = pytest.mark.wire

HI = say("Hi")
HTML = (
    b"<!doctype html><html><head><title>Sign in</title></head><body onload=alert(1)>" + b"x" * 500 + b"</body></html>"
)
BAD = b'data: {"choices": [{"delta"\n\n'


@dataclass
class Case:
    name: str
    reply: Reply | bytes
    verdict: Any = "complete"
    text: str = "Hi"
    note: str = ""  # part of Finish.note, or of the error's text


CASES = [
    # How a stream ends
    Case("good", delta(role="assistant", content="") + HI + STOP + DONE),
    Case("no [DONE] but a finish reason", HI + STOP),
    Case("no finish reason", HI + DONE, ReplyInterrupted),
    Case("neither finish reason nor [DONE]", HI, ReplyInterrupted),
    Case("ends in the middle of the event that finishes", HI + STOP[:-2]),
    Case("ends in the middle of a line", HI + b'data: {"choi', ReplyInterrupted),
    Case("text after [DONE]", HI + STOP + DONE + say("!!")),
    Case("text after the finish reason", HI + STOP + say("!") + DONE, text="Hi!"),
    Case("whole chunked body", [CHUNKED + piece(HI + STOP + DONE) + b"0\r\n\r\n"]),
    Case("closed in the middle of a chunked body", [CHUNKED + piece(HI)], ReplyInterrupted),
    Case("reset in the middle", [SSE + HI, RESET], ReplyInterrupted),
    Case("reset before a token", [SSE, RESET], EndpointError, ""),
    Case("reset after the finish reason", [CHUNKED + piece(HI + STOP), RESET]),
    Case("closed without an answer", [b""], EndpointError, "", "without an answer"),
    Case("not HTTP", [b"SSH-2.0-OpenSSH_9.2\r\n\r\n"], EndpointError, ""),
    Case("role only, then the end", delta(role="assistant"), EndpointError, "", "before it had begun"),
    Case("empty", b"", EndpointError, "", "empty answer"),
    Case("only keep-alives", b": ping\n\n: ping\n\n", EndpointError, ""),
    # What is no stream
    Case("HTML with status 200", http("200 OK", HTML, kind="text/html"), EndpointError, "", "text/html"),
    Case("JSON with status 200", http("200 OK", {"choices": [{"message": {}}]}), EndpointError, "", "does not stream"),
    Case("error JSON with status 200", http("200 OK", {"error": {"message": "Oh."}}), EndpointError, "", "Oh."),
    Case("text with status 200", http("200 OK", b"hello", kind="text/plain"), EndpointError, "", "text/plain: hello"),
    Case("a stream of another content type", http("200 OK", HI + STOP, kind="text/plain")),
    # Broken events
    Case("one bad event", HI + BAD + STOP, note="1 unreadable event was skipped"),
    Case("three bad events in a row", HI + BAD * 3 + STOP, note="3 unreadable events"),
    Case("four bad events in a row", HI + BAD * 4 + STOP, ReplyInterrupted, note="4 broken events"),
    Case("four bad events first", BAD * 4 + HI + STOP, EndpointError, "", "4 broken events"),
    Case("bad events with good ones between", HI + (BAD + say(".")) * 5 + STOP, text="Hi.....", note="5 unreadable"),
    Case("one bad event first", BAD + HI + STOP, note="1 unreadable"),
    Case("null, a list and a number", HI + b"data: null\n\ndata: []\n\ndata: 3\n\n" + STOP, note="3 unreadable"),
    Case("very deep JSON", HI + b"data: " + b"[" * 100_000 + b"\n\n" + STOP, note="1 unreadable"),
    Case("empty data, id only, event only", b"data:\n\nid: 7\n\nevent: x\n\nretry: 5\n\n" + HI + b"data: \n\n" + STOP),
    Case("invalid UTF-8", HI.replace(b"Hi", b"H\xff\xc3i") + STOP, text="H\ufffd\ufffdi"),
    Case("byte order mark", b"\xef\xbb\xbf" + HI + STOP),
    Case("carriage returns", (HI + STOP).replace(b"\n", b"\r")),
    Case("carriage return and line feed", (HI + STOP).replace(b"\n", b"\r\n")),
    Case("comments, ids and no space", b": x\nid: 1\n" + (HI + STOP).replace(b"data: ", b"data:")),
    Case("data on several lines", b"data: " + HI[6:-2].replace(b", ", b",\ndata: ") + b"\n\n" + STOP),
    Case("line separators inside the data", data({"choices": [{"delta": {"content": "a\u2028b\x85c"}}]}).replace(
        b"\\u2028", "\u2028".encode()).replace(b"\\u0085", "\x85".encode()) + STOP, text="a\u2028b\x85c"),
    Case("one byte a packet", [SSE, *(bytes([byte]) for byte in say("Grüße 🎈") + STOP)], text="Grüße 🎈"),
    Case("a character cut into two escapes", say("\ud83c") + say("\udf88") + STOP, text="🎈"),
    Case("half a character", say("Hi\ud83c") + say("!") + STOP, text="Hi\ufffd!"),
    Case("half a character last", say("Hi\ud83c") + STOP, text="Hi\ufffd"),
    Case("control characters", say("a\x00\x1b[0m") + STOP, text="a\x00\x1b[0m"),
    Case("a delta of 5 MB", say("x" * 5_000_000) + STOP, text="x" * 5_000_000),
    # Errors inside the stream
    Case("error after text", HI + data({"error": {"message": "No memory."}}), ReplyInterrupted, note="No memory."),
    Case("error before text", data({"error": {"message": "Out.", "code": 500}}), EndpointError, "", "Out."),
    Case("error as a text", data({"error": "No more."}), EndpointError, "", "No more."),
    Case("empty error", data({"error": {}}), EndpointError, ""),
    Case("null error", data({"error": None}) + HI + STOP),
    Case("event: error, flat", b"event: error\n" + data({"message": "Flat.", "code": 1}), EndpointError, "", "Flat."),
    Case("event: error after text", HI + b"event: error\n" + data({"message": "F."}), ReplyInterrupted, note="F."),
    Case("event: error, no JSON", b"event: error\ndata: broken pipe\n\n", EndpointError, "", "broken pipe"),
    Case("context error inside", data({"error": {"code": "context_length_exceeded"}}), ContextTooLong, ""),
    Case("rate limit inside", data({"error": {"code": 429, "message": "Slow."}}), RateLimited, "", "Slow."),
    Case("finish reason error", HI + delta("error"), ReplyInterrupted),
    # Shapes
    Case("role missing", HI + STOP),
    Case("role late, repeated, tool", HI + delta(role="tool") + delta(role="tool", content="!") + STOP, text="Hi!"),
    Case("content null", delta(content=None) + HI + STOP),
    Case("content a number", delta(content=3) + HI + STOP),
    Case("content a list", delta(content=[{"type": "text", "text": "H"}, "i", {"type": "x"}]) + STOP, note="'x'"),
    Case("delta null, choices null, choices missing", data({"choices": [{"delta": None}]}) + data({"choices": None})
         + data({}) + HI + STOP),
    Case("message for delta, no index", data({"choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}]})),
    Case("choice 1 ignored", delta(index=1, content="No") + HI + delta("length", index=1) + STOP),
    Case("finish reason length", HI + delta("length"), "length"),
    Case("finish reason content_filter", HI + delta("content_filter"), "filtered"),
    Case("unknown finish reason", HI + delta("tired"), note="'tired'"),
    Case("finish reason a number", HI + delta(7), note="'7'"),
    Case("finish reason empty, then stop", HI + delta("", content="!") + STOP, text="Hi!"),
    Case("finished without a word", STOP, text=""),
    Case("refusal", delta(refusal="No.") + STOP, text="No.", note="refused"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_a_stream_has_its_verdict_and_the_next_request_works(
    case: Case, wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    wire.script(case.reply)
    model = make_model()
    answer = await ask(model)
    assert answer.verdict == case.verdict, answer
    assert answer.text == case.text
    assert case.note in (str(answer.error) if answer.error else answer.note)
    assert case.note or not answer.note, "nothing was odd"
    assert len(wire.asked) == 1, "without retries there is one request"

    wire.script(HI + STOP)
    assert (await ask(model)).text == "Hi"


@pytest.mark.parametrize("case", [case for case in CASES if isinstance(case.reply, bytes)], ids=lambda case: case.name)
async def test_the_verdict_does_not_hang_on_how_packets_are_cut(
    case: Case, wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    body = case.reply
    assert isinstance(body, bytes)
    size = max(len(body) // 40, 1)
    wire.script([CHUNKED, *(piece(body[at : at + size]) for at in range(0, len(body), size)), b"0\r\n\r\n"])
    answer = await ask(make_model())
    assert (answer.verdict, answer.text) == (case.verdict, case.text)


USAGE = {"prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8}
COUNTED = {"input_tokens": 3, "output_tokens": 5}


@pytest.mark.parametrize(
    ("tail", "usage"),
    [
        (STOP + data({"choices": [], "usage": USAGE}) + DONE, COUNTED),
        (STOP + data({"choices": [{"index": 0, "delta": {}}], "usage": USAGE}) + DONE, COUNTED),
        (data({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": USAGE}), COUNTED),
        (data({"choices": [], "usage": {"prompt_tokens": 1}}) + STOP + data({"choices": [], "usage": USAGE}), COUNTED),
        (STOP + data({"choices": [], "usage": USAGE}) + data({"choices": [], "usage": None}), COUNTED),
        (STOP + data({"choices": [], "usage": {"prompt_tokens": -1}}), {"input_tokens": None, "output_tokens": None}),
        (STOP + data({"choices": [], "usage": {"prompt_tokens": "3", "completion_tokens": True}}),
         {"input_tokens": None, "output_tokens": None}),
        (STOP + DONE, None),
    ],
    ids=["own chunk", "choices not empty", "in the finish chunk", "last wins", "null after", "negative", "odd", "none"],
)  # fmt: skip
async def test_token_counts_are_what_the_server_said_last_and_never_zero_for_unknown(
    tail: bytes, usage: Any, wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    wire.script(HI + tail)
    answer = await ask(make_model())
    assert answer.finish is not None
    assert answer.finish.usage == usage


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
async def test_reasoning_is_kept_apart_even_before_the_role(
    name: Any, wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    thoughts: list[dict[str, Any]] = [{name: "Hm"}, {name: "m."}]
    wire.script(b"".join(delta(**thought) for thought in thoughts) + delta(role="assistant", content="Hi") + STOP)
    answer = await ask(make_model())
    assert (answer.reasoning, answer.text) == ("Hmm.", "Hi")


async def test_a_compressed_stream_is_read(wire: WireServer, make_model: Callable[..., OpenAIModel]) -> None:
    import gzip

    wire.script([SSE.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + gzip.compress(HI + STOP)])
    assert (await ask(make_model())).text == "Hi"


async def test_a_broken_compression_is_an_endpoint_error(
    wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    wire.script([SSE.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + b"not gzip at all"])
    assert (await ask(make_model())).verdict is EndpointError


async def test_no_web_page_comes_through_raw(wire: WireServer, make_model: Callable[..., OpenAIModel]) -> None:
    for reply in (http("200 OK", HTML, kind="text/html"), http("502 Bad Gateway", HTML, kind="text/html")):
        wire.script(reply)
        answer = await ask(make_model())
        assert "<" not in str(answer.error)
        assert len(str(answer.error)) < 600
