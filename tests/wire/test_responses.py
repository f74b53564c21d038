"""The Responses API over the wire: the same clocks, tries and errors as with Chat Completions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chatwidget.errors import (
    AuthenticationFailed,
    ContextTooLong,
    EndpointError,
    ModelError,
    ModelTimeout,
    ModelUnavailable,
    RateLimited,
    ReplyInterrupted,
)
from chatwidget.messages import System, User
from chatwidget.models.base import ModelRequest, OutputSpec, TextDelta
from chatwidget.models.openai import OpenAIModel
from chatwidget.tools import ToolSpec
from tests.wire.reading import ask, deltas
from tests.wire.responses import CREATED, GOOD, arguments, begin_call, end, event, say
from tests.wire.server import HOLD, RESET, SSE, Drip, Reply, WireServer, data, http

pytestmark = pytest.mark.wire

Make = Callable[..., OpenAIModel]
HI = CREATED + say("Hi")
SHORT = 0.2


@pytest.fixture
def make(make_model: Make) -> Make:
    def make(**arguments: Any) -> OpenAIModel:
        return make_model(**({"api": "responses"} | arguments))

    return make


async def test_the_request_goes_to_responses_and_keeps_nothing_there(wire: WireServer, make: Make) -> None:
    wire.script(GOOD)
    answer = await ask(make(max_tokens=9), ModelRequest((System("Be kind."), User("Hello?")), (), {"temperature": 0.5}))
    assert wire.asked[0].target == "/v1/responses"
    assert wire.asked[0].body == {
        "model": "test-model",
        "instructions": "Be kind.",
        "input": [{"role": "user", "content": "Hello?"}],
        "max_output_tokens": 9,
        "temperature": 0.5,
        "store": False,
        "stream": True,
    }
    assert (answer.text, answer.verdict) == ("Good.", "complete")
    assert answer.finish is not None
    assert answer.finish.usage == {"input_tokens": 3, "output_tokens": 2}


async def test_a_call_arrives_with_its_arguments(wire: WireServer, make: Make) -> None:
    wire.script(CREATED + begin_call("add") + arguments('{"a":') + arguments(" 1}") + end())
    tool = ToolSpec("add", "Add.", {"type": "object", "properties": {"a": {"type": "integer"}}})
    answer = await ask(make(), ModelRequest((User("?"),), (tool,)))
    assert answer.calls == {0: ["call_0", "add", '{"a": 1}']}


@pytest.mark.parametrize(
    ("reply", "verdict", "text"),
    [
        ([SSE + HI + end()], "complete", "Hi"),
        ([SSE + HI + end("incomplete", incomplete_details={"reason": "max_output_tokens"})], "length", "Hi"),
        ([SSE + HI + end("incomplete", incomplete_details={"reason": "content_filter"})], "filtered", "Hi"),
        ([SSE + HI + end().rstrip()], "complete", "Hi"),
        ([SSE + HI + end(), HOLD], "complete", "Hi"),
        ([SSE + HI + end(), RESET], "complete", "Hi"),
        ([SSE + HI], ReplyInterrupted, "Hi"),
        ([SSE + HI + b"data: [DONE]\n\n"], ReplyInterrupted, "Hi"),
        ([SSE + HI + event("output_text.done", output_index=0, text="Hi")], ReplyInterrupted, "Hi"),
        ([SSE + HI, RESET], ReplyInterrupted, "Hi"),
        ([SSE + HI + end("failed", error={"code": "server_error", "message": "x"})], ReplyInterrupted, "Hi"),
        ([SSE + HI + data({"type": "error", "code": "server_error", "message": "x"})], ReplyInterrupted, "Hi"),
        ([SSE + CREATED], EndpointError, ""),
        ([SSE], EndpointError, ""),
        ([SSE + CREATED + end("failed", error={"code": "server_error", "message": "x"})], EndpointError, ""),
        ([SSE + CREATED + end("failed", error={"code": "rate_limit_exceeded", "message": "x"})], RateLimited, ""),
        ([SSE + data({"type": "error", "error": {"code": "context_length_exceeded"}})], ContextTooLong, ""),
        (http("200 OK", {"object": "response", "output": []}), EndpointError, ""),
        (http("200 OK", b"<html>Welcome</html>", kind="text/html"), EndpointError, ""),
        (http("401 Unauthorized", {"error": {"message": "no"}}), AuthenticationFailed, ""),
    ],
    ids=["good", "length", "filtered", "no blank line", "stays open", "reset after the end", "cut", "done is no end",
         "the text's end is none", "reset", "failed", "error", "begun and cut", "empty", "failed at once", "rate limit",
         "too long", "json", "page", "401"],
)  # fmt: skip
async def test_how_a_reply_ends_is_seen_not_guessed(
    reply: Reply, verdict: object, text: str, wire: WireServer, make: Make
) -> None:
    wire.script(reply)
    answer = await ask(make())
    assert (answer.verdict, answer.text) == (verdict, text)


async def test_tries_are_repeated_before_the_first_delta_only(wire: WireServer, make: Make) -> None:
    wire.script(http("500 Oops"), CREATED, CREATED + b"data: {broken\n\n" + say("Hi") + end(), GOOD)
    assert (await ask(make(max_retries=3))).text == "Good."
    assert len(wire.asked) == 4
    wire.asked.clear()
    wire.script(HI, GOOD)
    assert (await ask(make(max_retries=3))).verdict is ReplyInterrupted
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    ("reply", "limits"),
    [
        ([SSE, Drip(CREATED)], {"first_token_timeout": SHORT}),
        ([SSE + HI, Drip(b": ping\n\n")], {"stall_timeout": SHORT}),
        ([SSE + HI, Drip(CREATED)], {"stall_timeout": SHORT}),
        ([SSE, Drip(say("."))], {"turn_timeout": SHORT}),
    ],
    ids=["created for ever", "pings for ever", "events for ever", "turn"],
)
async def test_the_clocks_run_here_as_well(
    reply: Reply, limits: dict[str, float], wire: WireServer, make: Make
) -> None:
    model = make()
    wire.script(GOOD)
    await ask(model)  # the first request of all takes its time
    wire.script(reply)
    vars(model).update(limits)
    assert (await ask(model)).verdict is ModelTimeout
    await wire.gone.wait()


async def test_a_step_that_goes_on_is_a_sign_of_life(wire: WireServer, make: Make) -> None:
    """A search may take longer than the pause between two tokens; its events wind the clock up."""
    search = event("output_item.added", output_index=0, item={"type": "web_search_call", "id": "ws_1"})
    wire.script([SSE + search, Drip(event("web_search_call.searching", output_index=0, item_id="ws_1"))])
    stream = deltas(make(stall_timeout=30.0))
    kinds = [type(await anext(stream)).__name__ for _ in range(3)]
    await stream.aclose()
    assert kinds == ["StepDelta"] * 3


async def test_closing_the_stream_closes_the_connection(wire: WireServer, make: Make) -> None:
    wire.script([SSE + HI, HOLD])
    stream = deltas(make())
    assert await anext(stream) == TextDelta("Hi")
    await stream.aclose()
    await wire.gone.wait()


async def test_an_endpoint_without_the_api_is_told_so(wire: WireServer, make: Make) -> None:
    wire.script(http("404 Not Found", {"detail": "Not Found"}))
    answer = await ask(make())
    assert answer.verdict is ModelUnavailable
    assert "no Responses API" in str(answer.error)
    assert "api='responses'" in str(answer.error)
    wire.script(
        http("404 Not Found", {"error": {"message": "The model `x` does not exist", "code": "model_not_found"}})
    )
    assert "knows no model" in str((await ask(make())).error)


async def test_a_server_that_knows_no_schemas_is_asked_for_a_call(wire: WireServer, make: Make) -> None:
    output = OutputSpec("song", "A song.", {"type": "object", "properties": {"title": {"type": "string"}}})
    refusal = http("400 Bad Request", {"error": {"message": "unknown format json_schema", "param": "text.format"}})
    wire.script(refusal, begin_call("song") + arguments('{"title"') + arguments(': "Sun"}') + end())
    answer = await ask(make(), ModelRequest((User("?"),), output=output))
    assert (answer.text, answer.calls, answer.verdict) == ('{"title": "Sun"}', {}, "complete")
    assert wire.asked[1].body["tool_choice"] == {"type": "function", "name": "song"}


def test_there_are_two_apis() -> None:
    with pytest.raises(ModelError, match=r"'chat' .* or 'responses'"):
        OpenAIModel("m", base_url="http://127.0.0.1:9/v1", api="assistants")  # type: ignore[arg-type]
