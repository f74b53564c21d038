"""Our JSON of messages keeps everything, and refuses everything else by name."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given

from chatwidget.errors import FormatError
from chatwidget.messages import DisplayPart, Message, System, TextPart, ToolCallPart, User
from chatwidget.serialize import MAX_DEPTH, message_from_json, message_to_json, parse_json
from tests.strategies import messages


@given(messages())
def test_any_message_survives_the_way_through_json_text(message: Message) -> None:
    text = json.dumps(message_to_json(message), ensure_ascii=False, allow_nan=False)
    assert message_from_json(parse_json(text.encode())) == message


def test_defaults_are_left_out() -> None:
    message = Message(role="user", id="1", parts=(TextPart("Hi"), ToolCallPart(id="c")))
    assert message_to_json(message) == {
        "role": "user",
        "id": "1",
        "parts": [{"type": "text", "text": "Hi"}, {"type": "tool_call", "id": "c"}],
    }


def test_a_computed_text_is_not_stored() -> None:
    assert "live" not in message_to_json(System(lambda: "now"))


GOOD: dict[str, Any] = {"role": "user", "id": "1"}
REFUSED: list[tuple[Any, str]] = [
    (None, "messages[3]: must be an object, not null"),
    ([GOOD], "messages[3]: must be an object, not list"),
    ({"id": "1"}, "messages[3].role: is missing"),
    ({"role": "user"}, "messages[3].id: is missing"),
    ({"role": "robot", "id": "1"}, "messages[3].role: must be 'system', 'user', 'assistant' or 'tool', not 'robot'"),
    (GOOD | {"id": 7}, "messages[3].id: must be a string, not int"),
    (GOOD | {"off_record": 1}, "messages[3].off_record: must be true or false, not int"),
    (GOOD | {"created": "now"}, "messages[3].created: must be a number, not str"),
    (GOOD | {"created": True}, "messages[3].created: must be a number, not bool"),
    (GOOD | {"created": float("nan")}, "messages[3].created: nan is not a JSON number"),
    (GOOD | {"created": 10**400}, "messages[3].created: the number is too large"),
    (GOOD | {"usage": []}, "messages[3].usage: must be an object, not list"),
    (GOOD | {"parts": "Hi"}, "messages[3].parts: must be a list, not str"),
    (GOOD | {"parts": ["Hi"]}, "messages[3].parts[0]: must be an object, not str"),
    (GOOD | {"parts": [{"text": "Hi"}]}, "messages[3].parts[0].type: must be one of text, reasoning, "),
    (GOOD | {"parts": [{"type": ["text"]}]}, "messages[3].parts[0].type: must be one of text, reasoning, "),
    (GOOD | {"parts": [{"type": "text", "text": 1}]}, "messages[3].parts[0].text: must be a string, not int"),
    (GOOD | {"parts": [{"type": "text", "html": ""}]}, "messages[3].parts[0].html: is not a key this version knows"),
    (GOOD | {"__proto__": {"admin": True}}, "messages[3].__proto__: is not a key this version knows"),
    (GOOD | {"live": "os.system"}, "messages[3].live: is not a key this version knows"),
    (GOOD | {"usage": {1: 2}}, "messages[3].usage: the key 1 must be a string"),
]


@pytest.mark.parametrize(("data", "sentence"), REFUSED)
def test_wrong_data_is_refused_by_the_name_of_its_field(data: Any, sentence: str) -> None:
    with pytest.raises(FormatError) as caught:
        message_from_json(data, "messages[3]")
    assert str(caught.value).startswith(sentence)


def test_a_message_of_its_own_is_named_by_field_only() -> None:
    with pytest.raises(FormatError, match=r"^role: is missing$"):
        message_from_json({"id": "1"})


def test_what_json_cannot_say_is_refused_when_writing() -> None:
    with pytest.raises(FormatError, match=r"^parts\[0\]\.bundle\.image/png: bytes is not JSON$"):
        message_to_json(Message(role="user", parts=(DisplayPart({"image/png": b"\x89PNG"}),)))


def nested(depth: int) -> Any:
    value: Any = "core"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 10_000])
def test_bottomless_nesting_is_refused_not_followed(depth: int) -> None:
    with pytest.raises(FormatError, match="nested deeper than 64"):
        message_from_json(GOOD | {"usage": {"x": nested(depth)}})
    with pytest.raises(FormatError, match="nested"):
        message_from_json(parse_json('{"a":' * depth + "1" + "}" * depth))


def test_what_can_be_written_can_be_read_at_any_depth() -> None:
    for depth in range(MAX_DEPTH + 4):
        message = Message(role="user", id="1", usage={"x": nested(depth)})
        try:
            data = message_to_json(message)
        except FormatError:
            continue
        assert message_from_json(data) == message


def test_a_prototype_key_inside_a_bundle_stays_plain_data() -> None:
    data = GOOD | {"parts": [{"type": "display", "bundle": {"application/json": {"__proto__": {"admin": True}}}}]}
    assert message_to_json(message_from_json(data)) == data


def test_half_characters_are_replaced() -> None:
    message = message_from_json(GOOD | {"name": "a\ud83d", "parts": [{"type": "image", "alt": "\udc00"}]})
    json.dumps(message_to_json(message), ensure_ascii=False).encode()
    assert message.name == "a\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "is not JSON"),
        ("", "is not JSON"),
        ('{"a": NaN}', "NaN is not allowed"),
        ("[Infinity]", "Infinity is not allowed"),
        ('{"a": 1, "a": 2}', "one key twice"),
        (b'"\xff"', "is not UTF-8"),
        ("1" * 5000, "is not JSON"),
    ],
)
def test_text_that_is_not_quite_json_is_refused(text: str | bytes, sentence: str) -> None:
    with pytest.raises(FormatError, match=sentence):
        parse_json(text)


def test_importing_the_module_does_not_import_pydantic() -> None:
    code = "import sys, chatwidget as _; before = set(sys.modules); import chatwidget.serialize; "
    code += "sys.exit('pydantic' in set(sys.modules) - before)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_message_is_not_changed_by_reading_it() -> None:
    data = message_to_json(User("Hi"))
    before = json.dumps(data)
    message_from_json(data)
    assert json.dumps(data) == before
