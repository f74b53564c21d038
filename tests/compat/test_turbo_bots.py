"""turbo-chat's bots and helpers."""

from __future__ import annotations

import asyncio
from typing import Any, TypedDict

import pytest

from chatwidget.compat.turbo_chat import (
    Example,
    Scratchpad,
    System,
    User,
    count_tokens,
    create_retry_decorator,
    get_max_tokens_length,
    qa_bot,
    render_template,
    run,
    self_ask_bot,
    subqueries_bot,
    summarize_bot,
    tool_bot,
    with_retries,
)
from chatwidget.compat.turbo_chat.utils.pprint import pprint_color
from chatwidget.errors import AppError, AuthenticationFailed, EndpointError, RateLimited
from chatwidget.models.scripted import ScriptedModel


async def test_question_answering_and_summaries_are_awaited() -> None:
    model = ScriptedModel("Paris", "Short")
    answer = await qa_bot.configure(model=model)(question="Capital?", context="France: Paris").run()
    summary = await summarize_bot.configure(model=model)("A long story", text_type="novel").run()
    assert (answer.content, answer.done, summary.content) == ("Paris", True, "Short")
    assert [dict(request.options) for request in model.requests] == [{"temperature": 0.1}, {"temperature": 0.5}]
    assert "France: Paris" in model.requests[0].messages[0].text


async def test_subqueries_are_a_list() -> None:
    model = ScriptedModel('{"value": ["Which are healthy?", "Which is cheap?"]}')
    bot = subqueries_bot.configure(model=model)(request="Which is best?", context="A shop", max_queries=3)
    assert (await bot.run()).content == ["Which are healthy?", "Which is cheap?"]


async def test_asking_oneself_answers_each_question_with_what_was_found_before() -> None:
    model = ScriptedModel('{"value": ["Who?"]}', "Ada", "1815")
    bot = self_ask_bot.configure(model=model)
    result = await bot(question="When was she born?", context="A book").run()
    assert result.content == "1815"
    assert "Answer: Ada" in model.requests[-1].messages[0].text
    assert model.requests[-1].messages[-1].text == "When was she born?"


async def price(thing: str) -> str:
    """Look up what something costs."""
    if thing == "moon":
        raise LookupError("not for sale")
    return f"{thing} costs 3"


def call(tool: str, thing: str) -> str:
    return f'Thought: I look it up\nTool: {tool}\nInput: {{"thing": "{thing}"}}\n'


async def test_the_tool_bot_answers_turn_after_turn_and_tells_which_tools_it_used() -> None:
    model = ScriptedModel(call("price", "tea"), "Answer: Three.", "Answer: You are welcome.")
    bot = tool_bot([price], prologue="You sell tea.", user_type="customer", instruction="Be brief.")
    bot = configured(bot, model)
    assert (await bot.run()).content == "How can I help you?"
    assert (await bot.run("How much?")).content == {"response": "Three.", "tools_used": ["price"]}
    assert (await bot.run()).needs_input
    assert (await bot.run({"input": "Thanks", "state": "paid"})).content["tools_used"] == []
    assert "You sell tea." in model.requests[0].messages[0].text
    assert "tea costs 3" in model.requests[1].messages[-1].text
    assert "paid" in [message.text for message in model.requests[2].messages]
    await bot.aclose()


async def test_a_tool_that_fails_and_one_that_is_not_there_are_told_to_the_model() -> None:
    model = ScriptedModel(call("price", "moon"), call("steal", "moon"), "Answer: I cannot.")
    bot = configured(tool_bot([price], initial_state="angry"), model)
    assert (await bot.run("The moon?")).content == {"response": "I cannot.", "tools_used": ["price", "steal"]}
    assert "not for sale" in model.requests[1].messages[-1].text
    assert "steal" in model.requests[2].messages[-1].text
    assert "angry" in [message.text for message in model.requests[0].messages]
    await bot.aclose()


async def test_a_tool_loop_ends_in_words() -> None:
    model = ScriptedModel(call("price", "a"), call("price", "b"), "Answer: Enough.")
    bot = configured(tool_bot([price], max_iterations=2), model)
    assert (await bot.run("Go on")).content["response"] == "Enough."
    assert len(model.requests) == 3
    await bot.aclose()


def configured(bot: Any, model: ScriptedModel) -> Any:
    from dataclasses import replace

    return replace(bot, options=bot.options.merged({"model": model}))


class Reply(TypedDict, total=False):
    use: bool
    tool: str
    input: Any
    answer: str


def test_a_scratchpad_reads_turbo_chats_patterns() -> None:
    pad = Scratchpad[Reply]("Use a tool? {use:bool}\nTool: {tool:S}\nTool Input: {input:json}\nSay: {answer:multiline}")
    found = pad.parse('Use a tool? yes\nTool: price\nTool Input: {"thing": "tea"}\nnoise')
    assert found["use"] is True
    assert found["tool"] == "price"
    assert "answer" not in found
    assert pad.parse("Say: one\ntwo") == {"answer": "one\ntwo"}


@pytest.mark.parametrize(
    ("model", "tokens"),
    [
        ("gpt-4", 8_192),
        ("gpt-4-0613", 8_192),
        ("gpt-4-32k-0314", 32_768),
        ("gpt-3.5-turbo-0301", 4_096),
        ("gpt-4o-mini", 128_000),
        ("o1", 200_000),
    ],
)
def test_the_longest_name_that_fits_tells_the_window(model: str, tokens: int) -> None:
    assert get_max_tokens_length(model) == tokens


def test_an_unknown_window_is_an_error_that_names_the_model() -> None:
    with pytest.raises(ValueError, match="'gpt-40'"):
        get_max_tokens_length("gpt-40")


def test_tokens_are_counted_of_messages_and_dicts_alike() -> None:
    given = [{"role": "system", "content": "Be kind"}, {"role": "user", "content": "Hello there"}]
    count = count_tokens(given, "gpt-4")
    assert count == count_tokens([System("Be kind"), User("Hello there")], "gpt-4") > 8


def test_templates_are_checked() -> None:
    assert render_template("Hi {{ name }}", {"name": "Ada", "other": 1}) == "Hi Ada"
    with pytest.raises(AppError, match="'name'"):
        render_template("Hi {{ name }}", {}, check=False)


async def test_retries_wait_longer_each_time_and_as_long_as_a_server_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    failures = [EndpointError("a"), EndpointError("b"), RateLimited("c", 7), EndpointError("d"), EndpointError("last")]

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)

    @with_retries
    async def fetch() -> str:
        raise failures[len(waits)]

    with pytest.raises(EndpointError, match="last"):
        await fetch()
    assert waits == [4, 8, 7, 10]


async def test_what_will_not_pass_is_not_tried_again_and_what_passes_is_returned() -> None:
    tries: list[int] = []

    @create_retry_decorator(min_seconds=0, max_seconds=0, max_retries=3)
    async def fetch(refused: bool) -> str:
        tries.append(1)
        if refused:
            raise AuthenticationFailed("No.")
        if len(tries) < 3:
            raise EndpointError("Later.")
        return "done"

    with pytest.raises(AuthenticationFailed):
        await fetch(True)
    assert len(tries) == 1
    assert await fetch(False) == "done"


def test_values_are_printed_and_returned(capsys: pytest.CaptureFixture[str]) -> None:
    example = Example("a", "b")
    assert pprint_color({"a": 1}) == {"a": 1}
    assert capsys.readouterr().out == "{'a': 1}\n"
    assert example.user == "a"


async def test_a_bot_is_an_app_for_run() -> None:
    result, done = await run(qa_bot.configure(model="mocked:Yes")("Q?", "C"))
    assert (result.content, done) == ("Yes", True)
