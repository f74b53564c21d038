"""Three clocks, and closing: nothing waits for ever, and nothing is read that nobody wants."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from chatwidget.errors import EndpointError, ModelTimeout
from chatwidget.models import openai as module
from chatwidget.models.base import TextDelta
from chatwidget.models.openai import OpenAIModel
from tests.wire.reading import ask, deltas
from tests.wire.server import CHUNKED, HOLD, SSE, STOP, Drip, Reply, WireServer, delta, piece, say

pytestmark = pytest.mark.wire

PINGS = Drip(b": ping\n\n")
HI = say("Hi")
SHORT = 0.2
LONG = 300.0


@pytest.mark.parametrize(
    ("reply", "text", "limits"),
    [
        ([HOLD], "", {"first_token_timeout": SHORT}),
        ([b"HTTP/1.1 200 OK\r\nX: ", Drip(b"y")], "", {"first_token_timeout": SHORT}),
        ([SSE, PINGS], "", {"first_token_timeout": SHORT}),
        ([SSE + delta(role="assistant"), HOLD], "", {"first_token_timeout": SHORT}),
        ([SSE, Drip(delta(role="assistant"))], "", {"first_token_timeout": SHORT}),
        ([SSE + HI, HOLD], "Hi", {"stall_timeout": SHORT}),
        ([SSE + HI, PINGS], "Hi", {"stall_timeout": SHORT}),
        ([SSE + HI + b'data: {"a": "', Drip(b"x")], "Hi", {"stall_timeout": SHORT}),
        ([SSE + HI, Drip(delta(content=""))], "Hi", {"stall_timeout": SHORT}),
        ([SSE, Drip(b"<p>" * 9)], "", {"turn_timeout": SHORT}),
        ([HOLD], "", {"turn_timeout": SHORT}),
    ],
    ids=["silent", "slow headers", "pings first", "role, then silent", "roles for ever", "stall", "stall with pings",
         "one byte at a time", "empty deltas for ever", "endless page", "turn"],
)  # fmt: skip
async def test_a_limit_that_is_reached_ends_the_reply_and_closes_the_connection(
    reply: Reply, text: str, limits: dict[str, float], wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    model = make_model(first_token_timeout=LONG, stall_timeout=LONG, max_retries=2)
    await ask(model)  # the first request of all takes its time
    wire.asked.clear()
    wire.script(reply)
    vars(model).update(limits)
    answer = await ask(model)
    assert answer.verdict is ModelTimeout
    assert answer.text == text
    await wire.gone.wait()
    assert len(wire.asked) == 1, "who waited long does not wait again"

    wire.script(HI + STOP)
    model.turn_timeout = model.first_token_timeout = model.stall_timeout = LONG
    assert (await ask(model)).text == "Hi"


async def test_a_turn_without_end_is_ended(wire: WireServer, make_model: Callable[..., OpenAIModel]) -> None:
    wire.script([SSE, Drip(say("."))])
    answer = await ask(make_model(turn_timeout=0.2))
    assert answer.verdict is ModelTimeout
    assert set(answer.text) == {"."}
    await wire.gone.wait()


async def test_a_finished_reply_does_not_wait_for_a_server_that_stays(
    wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    wire.script([SSE + HI + STOP, PINGS])
    answer = await ask(make_model(stall_timeout=SHORT))
    assert (answer.verdict, answer.text) == ("complete", "Hi")
    wire.script([CHUNKED + piece(HI + STOP + b"data: [DONE]\n\n"), HOLD])
    assert (await ask(make_model(stall_timeout=LONG))).verdict == "complete"


async def test_deltas_come_as_they_arrive(wire: WireServer, make_model: Callable[..., OpenAIModel]) -> None:
    wire.script([SSE + HI, HOLD])
    stream = deltas(make_model())
    assert await anext(stream) == TextDelta("Hi")
    await stream.aclose()


async def test_closing_the_stream_closes_the_connection_at_once(
    wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    wire.script([SSE + HI, HOLD])
    model = make_model()
    stream = deltas(model)
    await anext(stream)
    await stream.aclose()
    await wire.gone.wait()
    wire.script(HI + STOP)
    assert (await ask(model)).verdict == "complete"


@pytest.mark.parametrize("reply", [[HOLD], [SSE, HOLD], [SSE + HI, HOLD], [SSE + HI, PINGS]])
async def test_cancelling_closes_the_connection_and_is_not_turned_into_an_error(
    reply: Reply, wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    wire.script(reply)
    model = make_model(max_retries=2)
    task = asyncio.create_task(ask(model))
    await wire.held.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await wire.gone.wait()
    assert len(wire.asked) == 1
    wire.script(HI + STOP)
    assert (await ask(model)).verdict == "complete"


async def test_cancelling_during_the_wait_before_a_retry_asks_no_more(
    wire: WireServer, make_model: Callable[..., OpenAIModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = asyncio.Event()

    def delay(*_: object) -> float:
        waiting.set()
        return LONG

    monkeypatch.setattr(module, "delay_before", delay)
    wire.script([b""])
    task = asyncio.create_task(ask(make_model(max_retries=2)))
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(wire.asked) == 1


async def test_a_wait_that_would_outlast_the_turn_is_not_begun(
    wire: WireServer, make_model: Callable[..., OpenAIModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "delay_before", lambda *_: LONG)
    wire.script([b""])
    assert (await ask(make_model(max_retries=2, turn_timeout=LONG / 2))).verdict is EndpointError


async def test_streams_of_one_model_run_side_by_side(wire: WireServer, make_model: Callable[..., OpenAIModel]) -> None:
    wire.script([SSE + HI, HOLD], HI + STOP)
    model = make_model()
    first = deltas(model)
    await anext(first)
    assert (await ask(model)).verdict == "complete"
    await first.aclose()


async def test_nothing_is_left_running(wire: WireServer, make_model: Callable[..., OpenAIModel]) -> None:
    before = asyncio.all_tasks()
    model = make_model(stall_timeout=SHORT)
    replies: list[Reply] = [[SSE + HI + STOP], [SSE + HI, HOLD], [b""]]
    for reply in replies:
        wire.script(reply)
        await ask(model)
    await wire.gone.wait()
    ours = {task for task in asyncio.all_tasks() - before if "_connected" not in repr(task)}
    assert not ours


def test_a_model_works_on_one_loop_after_another() -> None:
    model = OpenAIModel("m", base_url="http://127.0.0.1:9/v1", max_retries=0)

    async def once() -> None:
        async with WireServer() as server:
            model._base_url = server.url  # the port is another one on each loop
            server.script(HI + STOP)
            assert (await ask(model)).verdict == "complete"

    for _ in range(3):
        asyncio.run(once())
