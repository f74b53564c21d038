"""When the endpoint refuses: who is to blame, what to do, what is tried again, and that no key gets out."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest

from chatwidget.errors import (
    AuthenticationFailed,
    ContextTooLong,
    EndpointError,
    ModelError,
    ModelUnavailable,
    RateLimited,
)
from chatwidget.models import openai as module
from chatwidget.models.openai import OpenAIModel
from tests.wire.reading import ask
from tests.wire.server import RESET, SSE, STOP, Reply, WireServer, data, delta, http, say

pytestmark = pytest.mark.wire

HI: Reply = [SSE + say("Hi") + STOP]
KEY = "not-a-real-key-0123456789-WXYZ"


def error(message: str = "", **fields: Any) -> dict[str, Any]:
    return {"error": {"message": message, "type": None, "code": None, "param": None} | fields}


REFUSALS: list[tuple[str, Reply, type[ModelError], list[str], int]] = [
    ("401", http("401 X", error("No.")), AuthenticationFailed, ["the key ending in …WXYZ", "OPENAI_API_KEY"], 1),
    ("403", http("403 X", error("Not in your land.")), AuthenticationFailed, ["…WXYZ", "Not in your land."], 1),
    ("404 model", http("404 X", error("?", code="model_not_found")), ModelUnavailable, ['no model "test-model"'], 1),
    ("404 path", http("404 X", b"nope", kind="text/plain"), ModelUnavailable, ["no chat completions at", "/v1"], 1),
    ("400", http("400 X", error("Bad option.")), EndpointError, ["refused the request (status 400): Bad option."], 1),
    ("400 length", http("400 X", error("x", code="context_length_exceeded")), ContextTooLong, ["too long"], 1),
    ("400 llama.cpp", http("400 X", error("x", type="exceed_context_size_error")), ContextTooLong, ["too long"], 1),
    ("413", http("413 X", b""), ContextTooLong, ["too long"], 1),
    ("422", http("422 X", {"detail": [{"loc": ["body"], "msg": "odd"}]}), EndpointError, ["422", "odd"], 1),
    ("429", http("429 X", error("Slow down.")), RateLimited, ["429, tried 3 times", "Slow down.", "Wait a little"], 3),
    ("429 quota", http("429 X", error("Pay.", code="insufficient_quota")), RateLimited, ["quota", "billing"], 1),
    ("429 for hours", http("429 X", error(), "Retry-After: 7200"), RateLimited, ["Try again in 120 minutes."], 1),
    ("408", http("408 X", b""), EndpointError, ["408, tried 3 times"], 3),
    ("409", http("409 X", error("Locked")), EndpointError, ["Locked."], 3),
    ("500", http("500 X", error("Ouch")), EndpointError, ["status 500, tried 3 times", "Ouch."], 3),
    ("502 HTML", http("502 X", b"<html><h1>Bad", kind="text/html"), EndpointError, ["502, tried 3 times"], 3),
    ("503 empty", http("503 X"), EndpointError, ["503"], 3),
    ("529", http("529 X", error("Overloaded")), EndpointError, ["Overloaded"], 3),
    ("500, told not to retry", http("500 X", b"", "x-should-retry: false"), EndpointError, ["status 500)"], 1),
    ("400, told to retry", http("400 X", b"", "x-should-retry: true"), EndpointError, ["400"], 3),
    ("error that is a text", http("500 X", {"error": "Plain."}), EndpointError, ["Plain."], 3),
    ("error that is a list", http("500 X", ["x"]), EndpointError, ["500"], 3),
    ("closed at once", [b""], EndpointError, ["without an answer, tried 3 times"], 3),
    ("reset before a token", [SSE, RESET], EndpointError, ["broke while the answer was read, tried 3 times"], 3),
    ("empty stream", [SSE], EndpointError, ["empty answer"], 3),
    ("role and the end", [SSE + delta(role="assistant")], EndpointError, ["before it had begun"], 3),
]  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "kind", "words", "requests"), [case[1:] for case in REFUSALS], ids=[case[0] for case in REFUSALS]
)
async def test_a_refusal_names_culprit_and_cure_and_is_tried_again_only_where_that_helps(
    reply: Reply,
    kind: type[ModelError],
    words: list[str],
    requests: int,
    wire: WireServer,
    make_model: Callable[..., OpenAIModel],
) -> None:
    wire.script(reply)
    model = make_model(api_key=KEY, max_retries=2)
    answer = await ask(model)
    assert answer.verdict is kind
    for word in words:
        assert word in str(answer.error)
    assert len(wire.asked) == requests

    wire.script(HI)
    assert (await ask(model)).text == "Hi"


@pytest.mark.parametrize(
    "fault",
    [http("500 X"), http("429 X", b"", "Retry-After: 0"), [b""], [SSE, RESET], [SSE]],
    ids=["500", "429", "closed", "reset", "empty"],
)
async def test_a_passing_fault_before_the_first_token_is_not_seen(
    fault: Reply, wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    wire.script(fault, fault, HI)
    answer = await ask(make_model(max_retries=2))
    assert (answer.verdict, answer.text, len(wire.asked)) == ("complete", "Hi", 3)


async def test_nothing_is_tried_again_after_the_first_token(
    wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    faults: list[Reply] = [[SSE + say("Hel"), RESET], [SSE + say("Hel")], [SSE + delta(reasoning="H"), RESET]]
    for fault in faults:
        wire.script(fault, HI)
        before = len(wire.asked)
        assert (await ask(make_model(max_retries=2))).error is not None
        assert len(wire.asked) == before + 1


async def test_a_reply_that_begins_garbled_is_asked_for_once_more_and_then_taken_as_it_is(
    wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    garbled: Reply = [SSE + b"data: {\n\n" + say("Hi") + STOP]
    wire.script(garbled, HI)
    model = make_model(max_retries=2)
    answer = await ask(model)
    assert (answer.text, answer.note, len(wire.asked)) == ("Hi", "", 2)
    wire.script(garbled)
    for requests in (2, 1):  # where it is a habit of the endpoint, it costs no further requests
        wire.asked.clear()
        wire.script(garbled)
        assert (await ask(model)).note == "1 unreadable event was skipped"
        assert len(wire.asked) == requests


async def test_the_wait_a_server_asks_for_is_kept_and_told(
    wire: WireServer, make_model: Callable[..., OpenAIModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[Any] = []

    def delay(attempt: int, asked: float | None) -> float:
        waits.append((attempt, asked))
        return 0.0

    monkeypatch.setattr(module, "delay_before", delay)
    wire.script(http("429 X", b"", "Retry-After: 7"), http("503 X", b"", "retry-after-ms: 1500"), http("429 X", b"",
                "Retry-After: 40"))  # fmt: skip
    answer = await ask(make_model(max_retries=2))
    assert waits == [(2, 7.0), (3, 1.5)]
    assert isinstance(answer.error, RateLimited)
    assert answer.error.retry_after == 40
    assert "in 40 seconds" in str(answer.error)


async def test_a_server_that_refuses_stream_options_is_asked_without_from_then_on(
    wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    wire.script(http("400 X", error("Unknown field stream_options")), HI)
    model = make_model()
    assert (await ask(model)).text == "Hi"
    assert (await ask(model)).text == "Hi"
    assert ["stream_options" in asked.body for asked in wire.asked] == [True, False, False]


@pytest.mark.parametrize("status", ["301 X", "302 X", "307 X", "308 X"])
async def test_a_redirect_is_not_followed(
    status: str, wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    async with WireServer() as other:
        wire.script(http(status, b"", f"Location: {other.url}/chat/completions"))
        answer = await ask(make_model(api_key=KEY, max_retries=2))
        assert answer.verdict is EndpointError
        assert "OPENAI_BASE_URL" in str(answer.error)
        assert (len(wire.asked), other.asked) == (1, [])


@pytest.mark.parametrize(
    "reply",
    [
        http("401 X", error(f"Incorrect key: {KEY}")),
        http("400 X", error(f"Header was Bearer {KEY}")),
        http("500 X", f"Authorization: Bearer {KEY}".encode(), kind="text/plain"),
        http("200 OK", f"key={KEY}".encode(), kind="text/plain"),
        [SSE + data(error(f"key {KEY} is over its limit"))],
        [SSE + say("Hi") + data({"error": f"key {KEY}"})],
        [b""],
    ],
    ids=["401", "400", "500", "200", "stream", "late", "closed"],
)
async def test_a_key_never_gets_out_even_when_the_server_sends_it_back(
    reply: Reply, wire: WireServer, make_model: Callable[..., OpenAIModel], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wire.script(reply)
    model = make_model(api_key=KEY)
    answer = await ask(model)
    assert wire.asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in repr((answer.error, model, vars(model)["_endpoint"]))
    assert answer.error is not None
    assert answer.error.__cause__ is None
    assert answer.error.__suppress_context__
    formatted = "".join(logging.Formatter().format(record) for record in caplog.records)
    assert KEY not in formatted
    assert "Traceback" in formatted, "the log has what the person is spared"


async def test_a_short_key_is_not_shown_at_all(wire: WireServer, make_model: Callable[..., OpenAIModel]) -> None:
    wire.script(http("401 X", error()))
    assert "refused the key. " in str((await ask(make_model(api_key="hunter2-abc"))).error)


async def test_nothing_listens() -> None:
    async with WireServer() as server:
        url = server.url
    answer = await ask(OpenAIModel("m", base_url=url))
    assert answer.verdict is ModelUnavailable
    assert str(answer.error) == (
        f"The endpoint at {url} does not answer (connection refused, tried 3 times). "
        "Is the server running? Set OPENAI_BASE_URL to its address."
    )


async def test_a_server_without_tls_asked_with_https(wire: WireServer) -> None:
    answer = await ask(OpenAIModel("m", base_url=wire.url.replace("http:", "https:"), max_retries=0))
    assert answer.verdict is EndpointError
    assert "No secure connection" in str(answer.error)


async def test_an_option_json_cannot_say_is_a_sentence_too(
    wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    answer = await ask(make_model(stop=object()))
    assert answer.verdict is ModelError
    assert "options" in str(answer.error)
    assert wire.asked == []
