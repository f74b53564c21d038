"""A request as the Responses API and Chat Completions want it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from chatwidget.messages import (
    Assistant,
    FilePart,
    ImagePart,
    Message,
    ReasoningPart,
    System,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    User,
)
from chatwidget.models._openai_body import completion_body
from chatwidget.models._responses_body import responses_body
from chatwidget.models.base import ModelRequest, OutputSpec
from chatwidget.tools import ToolSpec

HELLO = (User("Hello?"),)
CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
CLOSED = {**CITY, "additionalProperties": False}
WEATHER = ToolSpec("weather", "Tell the weather.", CITY)
SONG = OutputSpec("song", "A song.", CITY)
LOOSE = OutputSpec("loose", "", {"type": "object", "additionalProperties": {"type": "string"}})


def written(*messages: Message, **options: Any) -> dict[str, Any]:
    return responses_body(ModelRequest(messages), options)


def test_a_plain_request_keeps_nothing_at_the_endpoint() -> None:
    assert written(*HELLO) == {"store": False, "input": [{"role": "user", "content": "Hello?"}]}
    assert written(*HELLO, store=True)["store"] is True


def test_system_messages_that_come_first_are_instructions_and_later_ones_stay_in_place() -> None:
    body = written(System("Be kind."), System("Be short."), User("Hi"), System("Now rhyme."))
    assert body["instructions"] == "Be kind.\n\nBe short."
    assert body["input"] == [{"role": "user", "content": "Hi"}, {"role": "system", "content": "Now rhyme."}]


def test_instructions_among_the_options_stand_before_those_of_the_app() -> None:
    assert written(System("Be short."), *HELLO, instructions="Be kind.")["instructions"] == "Be kind.\n\nBe short."


def test_nothing_but_system_messages_is_the_input() -> None:
    body = written(System("Greet the person."))
    assert body["input"] == [{"role": "system", "content": "Greet the person."}]
    assert "instructions" not in body


def test_images_files_and_sound_are_parts_of_the_input() -> None:
    body = written(
        User(
            [
                "Look:",
                ImagePart("https://example.org/cat.png"),
                ImagePart("data:image/png;base64,aGk=", detail="low"),
                FilePart("a.pdf", "application/pdf", data="aGk="),
                FilePart("b.pdf", file_id="file-1"),
                FilePart("c.wav", "audio/wav", data="aGk="),
            ]
        )
    )
    assert body["input"][0]["content"] == [
        {"type": "input_text", "text": "Look:"},
        {"type": "input_image", "image_url": "https://example.org/cat.png", "detail": "auto"},
        {"type": "input_image", "image_url": "data:image/png;base64,aGk=", "detail": "low"},
        {"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,aGk="},
        {"type": "input_file", "file_id": "file-1"},
        {"type": "input_audio", "input_audio": {"data": "aGk=", "format": "wav"}},
    ]


def test_calls_and_their_results_are_items_of_their_own() -> None:
    calls = (ToolCallPart("c1", "weather", '{"city": "Bern"}'), ToolCallPart("c2", "weather", '{"city": "Ro'))
    results = (ToolResultPart("c1", "weather", "Sunny."), ToolResultPart("c2", "weather", "Cut off."))
    said = Message(role="assistant", parts=(ReasoningPart("Hm."), TextPart("I look."), *calls))
    body = written(*HELLO, said, Message(role="tool", parts=results), Assistant("It is sunny."))
    assert body["input"][1:] == [
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "I look."}]},
        {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": '{"city": "Bern"}'},
        # What was broken would break each later turn.
        {"type": "function_call", "call_id": "c2", "name": "weather", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c1", "output": "Sunny."},
        {"type": "function_call_output", "call_id": "c2", "output": "Cut off."},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "It is sunny."}]},
    ]


def test_tools_are_flat_not_strict_unless_they_are_and_stand_behind_the_built_in_ones() -> None:
    search = {"type": "web_search"}
    body = responses_body(ModelRequest(HELLO, (WEATHER,)), {"tools": [search], "parallel_tool_calls": False})
    function = {"type": "function", "strict": False, "name": "weather"}
    assert body["tools"] == [search, function | {"description": "Tell the weather.", "parameters": CITY}]
    assert body["parallel_tool_calls"] is False


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"max_tokens": 9}, {"max_output_tokens": 9}),
        ({"max_completion_tokens": 9}, {"max_output_tokens": 9}),
        ({"max_tokens": 9, "max_output_tokens": 8}, {"max_output_tokens": 8}),
        ({"reasoning_effort": "low", "reasoning": {"summary": "auto"}},
         {"reasoning": {"effort": "low", "summary": "auto"}}),
        ({"verbosity": "low"}, {"text": {"verbosity": "low"}}),
        ({"response_format": {"type": "json_object"}}, {"text": {"format": {"type": "json_object"}}}),
        ({"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}}},
         {"text": {"format": {"type": "json_schema", "name": "a", "schema": {}}}}),
        ({"temperature": None, "max_tokens": None}, {}),
        ({"tool_choice": "required", "parallel_tool_calls": True}, {}),
    ],
)  # fmt: skip
def test_options_of_chat_completions_are_said_in_the_other_apis_words(
    given: dict[str, Any], sent: dict[str, Any]
) -> None:
    assert written(*HELLO, **given) == {**written(*HELLO), **sent}


def test_a_tool_that_is_forced_is_named_flat() -> None:
    choice = {"type": "function", "function": {"name": "weather"}}
    body = responses_body(ModelRequest(HELLO, (WEATHER,)), {"tool_choice": choice})
    assert body["tool_choice"] == {"type": "function", "name": "weather"}


def test_an_output_is_a_format_strict_where_it_can_be() -> None:
    body = responses_body(ModelRequest(HELLO, output=SONG), {"verbosity": "low"})
    schema = {"type": "json_schema", "name": "song", "description": "A song.", "schema": CLOSED, "strict": True}
    assert body["text"] == {"verbosity": "low", "format": schema}
    loose = completion_body(ModelRequest(HELLO, output=LOOSE), {}, usage=False)["response_format"]
    assert loose == {
        "type": "json_schema",
        "json_schema": {"name": "loose", "schema": LOOSE.schema, "strict": False},
    }


def test_an_output_goes_before_a_format_among_the_options() -> None:
    request = ModelRequest(HELLO, output=SONG)
    given = {"response_format": {"type": "json_object"}}
    assert completion_body(request, given, usage=False)["response_format"]["type"] == "json_schema"
    assert responses_body(request, given)["text"]["format"]["type"] == "json_schema"
    assert "response_format" not in completion_body(request, given, usage=False, output_as_call=True)
    assert "text" not in responses_body(request, given, output_as_call=True)


@pytest.mark.parametrize("tools", [(), (WEATHER,)])
def test_an_output_as_a_call_is_forced(tools: tuple[ToolSpec, ...]) -> None:
    request = ModelRequest(HELLO, tools, output=SONG)
    chat = completion_body(request, {}, usage=False, output_as_call=True)
    flat = responses_body(request, {}, output_as_call=True)
    assert [tool["function"]["name"] for tool in chat["tools"]] == [*(tool.name for tool in tools), "song"]
    assert [tool["name"] for tool in flat["tools"]] == [*(tool.name for tool in tools), "song"]
    forced = {"type": "function", "function": {"name": "song"}}
    assert chat["tool_choice"] == ("required" if tools else forced)
    assert flat["tool_choice"] == ("required" if tools else {"type": "function", "name": "song"})


@dataclass(frozen=True)
class StrictTool:
    name: str = "weather"
    description: str = "Tell the weather."
    parameters: Any = None
    strict: bool = True


def test_a_strict_tool_is_strict_in_both_apis() -> None:
    tool: Any = StrictTool(parameters=CLOSED)
    request = ModelRequest(HELLO, (tool, WEATHER))
    functions = [each["function"] for each in completion_body(request, {}, usage=False)["tools"]]
    assert functions[0] == {
        "name": "weather", "description": "Tell the weather.", "parameters": CLOSED, "strict": True
    }  # fmt: skip
    assert "strict" not in functions[1]
    assert [each["strict"] for each in responses_body(request, {})["tools"]] == [True, False]


def test_the_openai_package_knows_each_field_by_its_own_types() -> None:
    from openai.types.responses import (
        FunctionToolParam,
        ResponseFormatTextJSONSchemaConfigParam,
        ResponseInputItemParam,
    )
    from pydantic import TypeAdapter

    files: list[ImagePart | FilePart] = [
        ImagePart("https://example.org/cat.png"),
        FilePart("a.pdf", "application/pdf", data="aGk="),
    ]
    called = Message(role="assistant", parts=(ToolCallPart("c1", "weather", "{}"),))
    result = Message(role="tool", parts=(ToolResultPart("c1", "weather", "Sunny."),))
    request = ModelRequest((System("Hi."), User(["Look", *files]), called, result, *HELLO), (WEATHER,), output=SONG)
    body = responses_body(request, {})
    item: TypeAdapter[Any] = TypeAdapter(ResponseInputItemParam)
    for each in body["input"]:
        item.validate_python(each)
    TypeAdapter(FunctionToolParam).validate_python(body["tools"][0])
    TypeAdapter(ResponseFormatTextJSONSchemaConfigParam).validate_python(body["text"]["format"])
