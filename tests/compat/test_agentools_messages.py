"""Messages, contents and histories, as programs of AgenTools write them."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget.compat.agentools import (
    ChatCompletionMessage,
    ChatGPT,
    MessageHistory,
    SimpleHistory,
    content,
    format_contents,
    msg,
)
from chatwidget.compat.agentools.errors import EmptyResponse
from chatwidget.messages import ImagePart
from chatwidget.models.scripted import ScriptedModel, ToolCall


@pytest.mark.parametrize("role", ["developer", "system", "user", "assistant"])
def test_a_message_has_the_role_of_its_keyword(role: str) -> None:
    fields: Any = {role: "Hi"}
    assert msg(**fields) == {"role": role, "content": "Hi"}


def test_a_message_of_a_named_role_takes_any_field() -> None:
    assert msg(role="user", content="Hi", name="Ada") == {"role": "user", "content": "Hi", "name": "Ada"}
    assert msg(tool="42", tool_call_id="c") == {"role": "tool", "content": "42", "tool_call_id": "c"}
    assert msg(role="tool", content="42", tool_call_id="c") == msg(tool="42", tool_call_id="c")


@pytest.mark.parametrize("fields", [{}, {"user": "a", "system": "b"}, {"user": "a", "role": "user"}, {"tool": "42"},
                                    {"user": "a", "tool_call_id": "c"}, {"user": "a", "name": "Ada"}])  # fmt: skip
def test_a_message_that_is_none_or_several_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"msg\(\) takes|tool_call_id"):
        msg(**fields)


def test_content_makes_parts_of_texts_images_and_sounds() -> None:
    assert content(text="") == {"type": "text", "text": ""}
    image = {"url": "https://example.org/a.png", "detail": "low"}
    assert content(image_url="https://example.org/a.png", detail="low") == content(image_url=image)
    assert content(image_url=image) == {"type": "image_url", "image_url": image}
    sound = {"data": base64.b64encode(b"RIFF").decode(), "format": "wav"}
    for made in (content(input_audio=b"RIFF", format="wav"), content(input_audio=sound)):
        assert made == {"type": "input_audio", "input_audio": sound}


@pytest.mark.parametrize("fields", [{}, {"text": "a", "image_url": "b"}, {"text": "a", "detail": "low"},
                                    {"input_audio": b"a"}, {"image_url": {"url": "a"}, "detail": "low"},
                                    {"text": "a", "format": "wav"}])  # fmt: skip
def test_content_that_is_none_or_several_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"takes exactly one|goes with|needs format"):
        content(**fields)


def test_a_template_is_filled_with_texts_and_parts_and_texts_that_meet_are_one() -> None:
    image = content(image_url="https://example.org/a.png")
    made = format_contents("Hi {name}, {{name}} is {name}: {picture}!", name="Ada", picture=[image])
    assert made == [content(text="Hi Ada, {name} is Ada: "), image, content(text="!")]
    assert format_contents("{a}{b}", a=[image], b=[image]) == [image, image]
    with pytest.raises(ValueError, match=r"\{name\}"):
        format_contents("Hi {name}")
    assert format_contents("Hi {name}{x}", _partial=True, x="!") == [content(text="Hi {name}!")]


@given(st.text())
def test_a_text_in_double_braces_or_given_for_a_place_is_never_read_as_a_template(text: str) -> None:
    assert "".join(part["text"] for part in format_contents("{x}", x=text)) == text


async def test_a_history_goes_back_to_what_it_began_with_and_owns_its_messages() -> None:
    initial = [msg(system="Be brief")]
    history = SimpleHistory(initial)
    await history.append(msg(user="Hi"))
    await history.append(ChatCompletionMessage(role="assistant", content="Ho"))
    assert history.history[1:] == [msg(user="Hi"), {"role": "assistant", "content": "Ho"}]
    history.history[0]["content"] = "changed"
    await history.reset()
    assert history.history == history.initial == initial == SimpleHistory.system("Be brief").history


async def test_a_prompt_may_be_a_text_parts_a_message_or_nothing() -> None:
    model = ScriptedModel("1", "2", "3", "4")
    gpt = ChatGPT(model=model)
    await gpt("Hi")
    await gpt([content(text="Look"), content(image_url="https://example.org/a.png")])
    await gpt(msg(role="user", content="I am", name="Ada"))
    await gpt.messages.append(msg(user="Appended"))
    await gpt(None)
    asked = [request.messages[-1] for request in model.requests]
    assert [message.text for message in asked] == ["Hi", "Look", "I am", "Appended"]
    assert isinstance(asked[1].parts[1], ImagePart)
    assert asked[2].name == "Ada"
    assert [item["content"] for item in gpt.messages.history[-2:]] == ["Appended", "4"]


async def test_another_history_tools_and_model_may_take_the_place_of_ones_own_for_a_prompt() -> None:
    def look() -> str:
        return "nothing"

    own, other = ScriptedModel("own"), ScriptedModel("other", "again")
    gpt = ChatGPT(tools=look, model=own)
    guest = SimpleHistory()
    assert await gpt("Hi", messages=guest, tools=[], model=other) == "other"
    assert gpt.messages.history == []
    assert len(guest.history) == 2
    assert not other.requests[0].tools
    await gpt("Hi", model=other)
    assert [tool.name for tool in other.requests[1].tools] == ["look"]


async def test_a_history_of_ones_own_decides_what_the_model_sees() -> None:
    class LastOnly(MessageHistory):
        def __init__(self) -> None:
            self.history = []
            self.all: list[dict[str, Any]] = []

        async def append(self, message: Any) -> None:
            self.all.append(self.ensure_dict(message))
            self.history = self.all[-1:]

        async def reset(self) -> None:
            self.all.clear()

    model = ScriptedModel("1", "2")
    gpt = ChatGPT(LastOnly(), model=model)
    await gpt("a")
    await gpt("b")
    assert [len(request.messages) for request in model.requests] == [1, 1]
    assert isinstance(gpt.messages, LastOnly)
    assert len(gpt.messages.all) == 4


async def test_the_adapter_gives_the_events_and_copies_replies_into_another_history() -> None:
    def look() -> str:
        return "nothing"

    gpt = ChatGPT(tools=look, model=ScriptedModel(ToolCall("look"), "Well"))
    copy = SimpleHistory()
    own = gpt.event_adapter(gpt.response_events("Look"), copy)
    assert isinstance([event async for event in own][-1], gpt.ResponseEndEvent)
    assert [item["role"] for item in copy.history] == ["assistant", "tool", "assistant"]
    assert copy.history[1:] == gpt.messages.history[2:]
    gpt = ChatGPT(model="mocked")
    assert [event async for event in gpt.event_adapter(gpt.response_events("Hi"), gpt.messages)]
    assert len(gpt.messages.history) == 2


async def test_an_empty_response_is_an_error_of_its_own() -> None:
    with pytest.raises(EmptyResponse, match="empty") as caught:
        await ChatGPT(model="mocked:")("Hi")
    assert isinstance(caught.value, ValueError)
