"""llmock breaks streams on demand and judges how its client took it: no failure, no warning.

What the judge calls the client is here the model and a person who presses Retry when a reply was interrupted, since
after the first token that is the person's to decide.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
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
from chatwidget.messages import User
from chatwidget.models import _retry
from chatwidget.models.base import ModelRequest
from chatwidget.models.openai import OpenAIModel
from chatwidget.tools import ToolSpec
from tests.wire.processes import http_json, llmock
from tests.wire.reading import Answer, ask

pytestmark = pytest.mark.wire

TOOL = ToolSpec("get_weather", "Tell the weather.", {"type": "object", "properties": {"city": {"type": "string"}}})


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with llmock() as address:
        yield address


@pytest.fixture
async def mock(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    # The judge takes waits under 50 ms for none.
    monkeypatch.setattr(_retry, "FIRST_DELAY", 0.2)
    await call(server, "POST", "reset")
    return server


async def call(server: str, method: str, what: str, body: Any = None) -> Any:
    return await asyncio.to_thread(http_json, method, f"{server}/_llmock/{what}", body)


def fail(status: int, **fields: Any) -> dict[str, Any]:
    return {"type": "fail", "status": status, **fields}


def fault(kind: str, after: int, **fields: Any) -> dict[str, Any]:
    return {"type": "stream_fault", "kind": kind, "after_chunks": after, **fields}


# What llmock does, then what each ask of the person comes to.
SCENARIOS: dict[str, tuple[list[dict[str, Any]], list[Any]]] = {
    "nothing": ([], ["complete"]),
    "500 twice": ([fail(500, times=2)], ["complete"]),
    "503 for ever": ([fail(503, times=3)], [EndpointError]),
    "429 with a wait": ([fail(429, retry_after=0.5)], ["complete"]),
    "429 without": ([fail(429, times=3)], [RateLimited]),
    "503 with a wait": ([fail(503, retry_after=0.3)], ["complete"]),
    "529, 502, then well": ([fail(529), fail(502)], ["complete"]),
    "400": ([fail(400)], [EndpointError]),
    "401": ([fail(401)], [AuthenticationFailed]),
    "403": ([fail(403)], [AuthenticationFailed]),
    "404": ([fail(404)], [ModelUnavailable]),
    "422": ([fail(422)], [EndpointError]),
    "400 length": ([fail(400, code="context_length_exceeded")], [ContextTooLong]),
    "slow first token": ([{"type": "slow_first_token", "seconds": 0.1}], ["complete"]),
    "no first token": ([{"type": "slow_first_token", "seconds": 30}], [ModelTimeout]),
    "disconnect before a byte": ([fault("disconnect", 0)], ["complete"]),
    "disconnect before a token": ([fault("disconnect", 1)], ["complete"]),
    "disconnect in the middle": ([fault("disconnect", 3)], [ReplyInterrupted, "complete"]),
    "truncated to nothing": ([fault("truncate", 0)], ["complete"]),
    "truncated before a token": ([fault("truncate", 1)], ["complete"]),
    "truncated in the middle": ([fault("truncate", 3)], [ReplyInterrupted, "complete"]),
    "stall before a token": ([fault("stall", 1, stall_seconds=30)], [ModelTimeout]),
    "stall in the middle": ([fault("stall", 3, stall_seconds=30)], [ModelTimeout, "complete"]),
    "malformed first": ([fault("malformed", 0)], ["complete"]),
    "malformed before a token": ([fault("malformed", 1)], ["complete"]),
    "tool call": (
        [{"type": "reply", "tool_calls": [{"name": "get_weather", "arguments": {"city": "Bern"}}]}],
        ["complete"],
    ),
    "tool call cut off": (
        [{"type": "reply", "times": 2, "tool_calls": [{"name": "get_weather", "arguments": {"city": "Bern" * 9}}]},
         fault("truncate", 3)],
        [ReplyInterrupted, "complete"],
    ),
    "cut by length": ([{"type": "reply", "text": "One two", "finish_reason": "length"}], ["length"]),
    "filtered": ([{"type": "reply", "text": "One", "finish_reason": "content_filter"}], ["filtered"]),
}  # fmt: skip


@pytest.mark.parametrize("name", SCENARIOS)
async def test_the_judge_has_nothing_to_say(name: str, mock: str) -> None:
    behaviors, expected = SCENARIOS[name]
    # A reply the scenario scripts itself is queued before this one.
    always = {"type": "reply", "text": "One two three four five.", "times": None}
    await call(mock, "POST", "scenario", {"behaviors": [*behaviors, always]})
    model = OpenAIModel("gpt-4o-mini", base_url=f"{mock}/v1", api_key="mock", stall_timeout=0.4)
    if "no first token" in name or "stall before" in name:
        model.first_token_timeout = 0.4
    answers = [await ask(model, ModelRequest((User(name),), (TOOL,))) for _ in expected]
    assert [answer.verdict for answer in answers] == expected
    assert whole(answers[-1]) or issubclass(answers[-1].verdict, ModelError)

    verdict = await call(mock, "GET", "verdict")
    assert (verdict["errors"], verdict["warnings"]) == (0, 0), verdict["findings"]

    await call(mock, "POST", "reset")
    assert (await ask(model, "Again.")).verdict == "complete"


def whole(answer: Answer) -> bool:
    if answer.calls:
        return answer.calls[0][2].endswith('"}')
    return answer.finish is not None and answer.text in ("One two three four five.", "One two", "One")


async def test_a_malformed_event_in_the_middle_is_skipped_and_said_so(mock: str) -> None:
    """The judge warns of this one: it cannot see the note. A retry would show and bill the reply twice."""
    reply = {"type": "reply", "text": "One two three four five."}
    await call(mock, "POST", "scenario", {"behaviors": [reply, fault("malformed", 3)]})
    answer = await ask(OpenAIModel("gpt-4o-mini", base_url=f"{mock}/v1", api_key="mock"))
    assert (answer.verdict, answer.text) == ("complete", "One two four five.")
    assert answer.note == "1 unreadable event was skipped"
    assert (await call(mock, "GET", "verdict"))["errors"] == 0
