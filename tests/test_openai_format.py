"""Messages to and from the dicts of Chat Completions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget.errors import FormatError
from chatwidget.messages import (
    Assistant,
    DisplayPart,
    FilePart,
    ImagePart,
    Message,
    Part,
    ReasoningPart,
    System,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    User,
)
from chatwidget.openai_format import from_openai, to_openai
from tests.strategies import messages

CALL = ToolCallPart("c1", "add", '{"a": 2}')
CALL_DICT = {"id": "c1", "type": "function", "function": {"name": "add", "arguments": '{"a": 2}'}}
PDF = FilePart("a.pdf", "application/pdf", "QUJD")


def user(*parts: Part) -> Message:
    return User(parts)


# Each line holds in both directions.
BOTH_WAYS: list[tuple[Message, dict[str, Any]]] = [
    (System("Be kind."), {"role": "system", "content": "Be kind."}),
    (User("Hello"), {"role": "user", "content": "Hello"}),
    (User(""), {"role": "user", "content": ""}),
    (User("Hello", name="Ada"), {"role": "user", "content": "Hello", "name": "Ada"}),
    (Assistant("Hi"), {"role": "assistant", "content": "Hi"}),
    (
        user(TextPart("See"), ImagePart("data:image/png;base64,QQ==", "low")),
        {"role": "user", "content": [
            {"type": "text", "text": "See"},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,QQ==", "detail": "low"}},
        ]},
    ),
    (
        user(PDF),
        {"role": "user", "content": [
            {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,QUJD"}},
        ]},
    ),
    (
        user(FilePart("", file_id="file-7")),
        {"role": "user", "content": [{"type": "file", "file": {"file_id": "file-7"}}]},
    ),
    (
        user(FilePart("audio.wav", "audio/wav", "QUJD")),
        {"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "QUJD", "format": "wav"}}]},
    ),
    (
        user(TextPart("a"), TextPart("b")),
        {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
    ),
    (
        Message(role="assistant", parts=(CALL,)),
        {"role": "assistant", "content": None, "tool_calls": [CALL_DICT]},
    ),
    (
        Message(role="assistant", parts=(TextPart("Let me see."), CALL, replace(CALL, id="c2"))),
        {"role": "assistant", "content": "Let me see.", "tool_calls": [CALL_DICT, CALL_DICT | {"id": "c2"}]},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("message", "written"), BOTH_WAYS)
def test_a_message_has_one_form_and_comes_back_from_it(message: Message, written: dict[str, Any]) -> None:
    assert to_openai([message]) == [written]
    assert said(from_openai([written])) == said([message])


def said(of: list[Message]) -> list[Any]:
    return [(message.role, message.parts, message.name) for message in of]


def test_a_tool_result_finds_the_name_of_its_call() -> None:
    result = Message(role="tool", parts=(ToolResultPart("c1", "add", "42"),))
    conversation = [User("2 + 40?"), Message(role="assistant", parts=(CALL,)), result]
    written = to_openai(conversation)
    assert written[2] == {"role": "tool", "tool_call_id": "c1", "content": "42"}
    assert said(from_openai(written)) == said(conversation)


def test_several_results_in_one_message_become_several_messages() -> None:
    both = Message(role="tool", parts=(ToolResultPart("a", "x", "1"), ToolResultPart("b", "x", "2")))
    assert [item["tool_call_id"] for item in to_openai([both])] == ["a", "b"]


def test_what_is_for_the_person_only_is_not_sent() -> None:
    shown = (ReasoningPart("Hm."), TextPart("Yes."), DisplayPart({"text/html": "<b>"}))
    assert to_openai([Message(role="assistant", parts=shown)]) == [{"role": "assistant", "content": "Yes."}]
    assert to_openai([user(TextPart("Yes."), DisplayPart({}))]) == [{"role": "user", "content": "Yes."}]


def test_an_image_the_assistant_showed_is_a_word_of_text() -> None:
    shown = Assistant(["Look: ", ImagePart("data:image/png;base64,QQ==", alt="a cat"), PDF])
    assert to_openai([shown]) == [{"role": "assistant", "content": "Look: [image: a cat][file: a.pdf]"}]


def test_a_file_without_bytes_is_a_word_of_text() -> None:
    assert to_openai([user(FilePart("a.csv"))])[0]["content"] == "[file: a.csv]"


def test_a_name_is_cut_to_what_the_api_allows() -> None:
    assert to_openai([User("x", name="Ada <ada@example.org>\n")])[0]["name"] == "Ada_ada@example.org_"
    assert len(to_openai([User("x", name="n" * 100)])[0]["name"]) == 64


@pytest.mark.parametrize(
    ("written", "role", "parts"),
    [
        ({"role": "developer", "content": "Be kind."}, "system", (TextPart("Be kind."),)),
        ({"role": "assistant", "content": None, "refusal": "No."}, "assistant", (TextPart("No."),)),
        (
            {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}, {"type": "text", "text": "!"}]},
            "assistant",
            (TextPart("No."), TextPart("!")),
        ),
        (
            {"role": "assistant", "content": "A", "reasoning_content": "R"},
            "assistant",
            (ReasoningPart("R"), TextPart("A")),
        ),
        ({"role": "assistant", "content": "A", "audio": None, "annotations": []}, "assistant", (TextPart("A"),)),
        (
            {"role": "user", "content": [{"type": "image_url", "image_url": "http://x/"}]},
            "user",
            (ImagePart("http://x/"),),
        ),
        (
            {"role": "user", "content": [{"type": "file", "file": {"filename": "x", "file_data": "QUJD"}}]},
            "user",
            (FilePart("x", data="QUJD"),),
        ),
        (
            {"role": "assistant", "content": None, "function_call": {"name": "add", "arguments": "{}"}},
            "assistant",
            (ToolCallPart("function_call_0", "add", "{}"),),
        ),
    ],
)
def test_older_and_looser_forms_are_read(written: dict[str, Any], role: str, parts: tuple[Part, ...]) -> None:
    (message,) = from_openai([written])
    assert (message.role, message.parts) == (role, parts)


def test_the_older_function_messages_become_a_call_and_its_result() -> None:
    old: list[dict[str, Any]] = [
        {"role": "user", "content": "1?"},
        {"role": "assistant", "content": None, "function_call": {"name": "add", "arguments": "{}"}},
        {"role": "function", "name": "add", "content": "42"},
    ]
    _, asked, answered = from_openai(old)
    assert answered.role == "tool"
    assert answered.parts == (ToolResultPart(asked.tool_calls[0].id, "add", "42"),)


GARBAGE: list[tuple[Any, str]] = [
    ("hello", "messages: expected a list"),
    ({"role": "user"}, "messages: expected a list"),
    (["hello"], "messages[0]: expected a dict"),
    ([{}], "messages[0].role: expected one of"),
    ([{"role": "pope", "content": ""}], "messages[0].role: expected one of"),
    ([{"role": ["user"], "content": ""}], "messages[0].role: expected one of"),
    ([{"role": "user"}], "messages[0].content: expected a text or a list of parts, found nothing"),
    ([{"role": "user", "content": 3}], "messages[0].content: expected a text or a list of parts, found int 3"),
    ([{"role": "user", "content": "x", "name": 3}], "messages[0].name: expected a text"),
    ([{"role": "user", "content": ["x"]}], "messages[0].content[0]: expected a dict"),
    ([{"role": "user", "content": ""}, {"role": "user", "content": [{"type": "text", "text": ""}, {"type": "holo"}]}],
     "messages[1].content[1].type: expected text, refusal, image_url, input_audio or file, found str 'holo'"),
    ([{"role": "user", "content": [{"type": "text", "text": None}]}], "messages[0].content[0].text: expected a text"),
    ([{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}], "content[0].image_url.url: expected"),
    ([{"role": "user", "content": [{"type": "file", "file": {}}]}], "content[0].file: expected file_data or file_id"),
    ([{"role": "user", "content": [{"type": "input_audio", "input_audio": {"format": "ogg", "data": ""}}]}],
     "content[0].input_audio.format: expected one of wav, mp3"),
    ([{"role": "assistant", "tool_calls": {}}], "messages[0].tool_calls: expected a list"),
    ([{"role": "assistant", "tool_calls": [{"id": "x", "type": "custom"}]}], "tool_calls[0].type: expected function"),
    ([{"role": "assistant", "tool_calls": [{"id": "x"}]}], "messages[0].tool_calls[0].function: expected a dict"),
    ([{"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": ""}}]}], "calls[0].id: expected"),
    ([{"role": "assistant", "tool_calls": [{"id": "x", "function": {"name": "f", "arguments": {}}}]}],
     "messages[0].tool_calls[0].function.arguments: expected a text, found dict {}"),
    ([{"role": "assistant", "function_call": "add"}], "messages[0].function_call: expected a dict"),
    ([{"role": "tool", "content": "x"}], "messages[0].tool_call_id: expected a text, found nothing"),
    ([{"role": "function", "name": "add", "content": "x"}], "messages[0].name: expected the name of a function called"),
]  # fmt: skip


@pytest.mark.parametrize(("garbage", "words"), GARBAGE)
def test_garbage_is_refused_with_the_path_of_its_field(garbage: Any, words: str) -> None:
    with pytest.raises(FormatError) as refusal:
        from_openai(garbage)
    assert words in str(refusal.value)
    assert len(str(refusal.value)) < 300


def test_an_object_of_the_openai_package_is_refused_with_the_cure() -> None:
    class Reply:
        def model_dump(self) -> dict[str, str]:
            return {}

    with pytest.raises(FormatError, match="model_dump"):
        from_openai([Reply()])  # type: ignore[list-item]


json_like: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["text", "file", "image_url", "user", "tool", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["role", "content", "type", "text", "tool_calls", "function", "id", "file", "image_url", "name"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.lists(json_like, max_size=3))
def test_any_data_is_read_or_refused_and_nothing_else(data: Any) -> None:
    try:
        read = from_openai(data)
    except FormatError:
        return
    assert len(read) == len(data)


texts = st.text(st.characters(codec="utf-8"), max_size=30)
some_text = texts.filter(bool)
names = st.none() | st.from_regex(r"\A[A-Za-z0-9_.-]{1,64}\Z")
# An audio file's name, a file without bytes and that a text is a file have no place in the format.
files = st.builds(
    FilePart,
    some_text.filter(lambda name: "." not in name),
    st.sampled_from(["application/pdf", "application/zip"]),
    st.from_regex(r"\A[A-Za-z0-9+/]*\Z"),
)
user_parts = st.builds(TextPart, some_text) | st.builds(ImagePart, texts, st.sampled_from([None, "low"])) | files
calls = st.builds(ToolCallPart, some_text, texts, texts)
sendable = st.one_of(
    st.builds(Message, role=st.just("user"), parts=st.lists(user_parts, max_size=4).map(tuple), name=names),
    st.builds(
        Message,
        role=st.just("system"),
        parts=st.lists(st.builds(TextPart, some_text), max_size=1).map(tuple),
        name=names,
    ),
    st.builds(
        lambda text, made, name: Message(role="assistant", parts=(*text, *made), name=name),
        st.lists(st.builds(TextPart, some_text), max_size=1),
        st.lists(calls, max_size=3),
        names,
    ),
)


@given(st.lists(sendable, max_size=5))
def test_what_the_format_can_say_survives_the_way_there_and_back(conversation: list[Message]) -> None:
    assert said(from_openai(to_openai(conversation))) == said(conversation)


@given(st.lists(messages(), max_size=4))
def test_any_message_can_be_written_and_what_is_written_can_be_read(conversation: list[Message]) -> None:
    written = to_openai(conversation)
    assert to_openai(from_openai(written)) == written
