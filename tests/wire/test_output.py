"""A reply of a given schema: asked for as a format, as a forced call where the endpoint has no formats."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chatwidget.errors import EndpointError, ModelUnavailable
from chatwidget.messages import User
from chatwidget.models._exchange import Exchange
from chatwidget.models.base import ModelRequest, OutputSpec
from chatwidget.models.openai import OpenAIModel
from chatwidget.tools import ToolSpec
from tests.wire.reading import ask
from tests.wire.server import DONE, GOOD, STOP, WireServer, call, delta, http, say

pytestmark = pytest.mark.wire

Make = Callable[..., OpenAIModel]
SONG = OutputSpec("song", "A song.", {"type": "object", "properties": {"title": {"type": "string"}},
                                      "required": ["title"]})  # fmt: skip
WEATHER = ToolSpec("weather", "Tell the weather.", {"type": "object", "properties": {"city": {"type": "string"}}})
SING = ModelRequest((User("Sing!"),), output=SONG)
JSON = '{"title": "Sun"}'

REFUSAL = {"error": {"message": "Unsupported parameter: 'response_format'", "param": "response_format"}}
CALL = (
    call(index=0, id="c", name="song", arguments="")
    + call(index=0, arguments='{"title":')
    + call(index=0, arguments=' "Sun"}')
    + delta("tool_calls")
    + DONE
)


async def test_a_schema_is_asked_for_as_a_format(wire: WireServer, make_model: Make) -> None:
    wire.script(say(JSON) + STOP + DONE)
    assert (await ask(make_model(), SING)).text == JSON
    form = wire.asked[0].body["response_format"]
    assert form["type"] == "json_schema"
    assert (form["json_schema"]["name"], form["json_schema"]["strict"]) == ("song", True)
    assert form["json_schema"]["schema"]["additionalProperties"] is False
    assert "tools" not in wire.asked[0].body


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("400 Bad Request", REFUSAL),
        ("422 Unprocessable", {"detail": [{"loc": ["body", "response_format"], "msg": "extra fields not permitted"}]}),
        ("501 Not Implemented", {"error": "json_schema is not implemented"}),
        ("404 Not Found", {"error": {"message": "No endpoints found that support response_format"}}),
    ],
)
async def test_an_endpoint_without_formats_is_asked_for_a_call_told_as_text(
    status: str, body: object, wire: WireServer, make_model: Make
) -> None:
    wire.script(http(status, body), CALL)
    model = make_model()
    answer = await ask(model, SING)
    assert (answer.text, answer.calls, answer.verdict) == (JSON, {}, "complete")
    second = wire.asked[1].body
    assert "response_format" not in second
    assert second["tool_choice"] == {"type": "function", "function": {"name": "song"}}
    assert [tool["function"]["name"] for tool in second["tools"]] == ["song"]

    wire.script(CALL)
    assert (await ask(model, SING)).text == JSON
    assert len(wire.asked) == 3, "the refusal is remembered"

    wire.script(GOOD)
    assert (await ask(model)).text == "Good."
    assert "tools" not in wire.asked[3].body, "other requests are what they were"


async def test_other_tools_can_be_called_before_the_answer(wire: WireServer, make_model: Make) -> None:
    weather = call(index=0, id="w", name="weather", arguments='{"city": "Bern"}') + delta("tool_calls")
    wire.script(http("400 Bad Request", REFUSAL), weather, CALL)
    model = make_model()
    request = ModelRequest((User("Sing!"),), (WEATHER,), output=SONG)
    assert (await ask(model, request)).calls == {0: ["w", "weather", '{"city": "Bern"}']}
    assert wire.asked[1].body["tool_choice"] == "required"
    assert (await ask(model, request)).text == JSON


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        (http("400 Bad Request", {"error": {"message": "temperature is too high"}}), EndpointError),
        (http("500 Oops", {"error": {"message": "response_format crashed"}}), EndpointError),
        (http("404 Not Found", {"error": {"message": "no model"}}), ModelUnavailable),
    ],
)
async def test_other_refusals_are_told(refusal: list[bytes], error: type, wire: WireServer, make_model: Make) -> None:
    wire.script(refusal, CALL)
    assert (await ask(make_model(), SING)).verdict is error
    assert len(wire.asked) == 1


async def test_a_refusal_of_the_call_too_is_told_and_not_repeated(wire: WireServer, make_model: Make) -> None:
    wire.script(http("400 Bad Request", REFUSAL))
    assert (await ask(make_model(max_retries=2), SING)).verdict is EndpointError
    assert len(wire.asked) == 2


async def test_token_counts_and_formats_may_both_be_unknown(wire: WireServer, make_model: Make) -> None:
    wire.script(http("400 Bad Request", {"error": "stream_options?"}), http("400 Bad Request", REFUSAL), CALL)
    assert (await ask(make_model(), SING)).text == JSON
    assert "stream_options" not in wire.asked[2].body


class Refused(Exception):
    status_code = 400
    body = REFUSAL


def test_requests_made_side_by_side_both_learn_it() -> None:
    """The second refusal is none the less one for what the first has taught meanwhile."""
    first, second = Exchange("chat", SING), Exchange("chat", SING)
    assert first.can_do_without(Refused()) == second.can_do_without(Refused()) == "response_format"
    assert Exchange("chat", SING, frozenset({"response_format"})).can_do_without(Refused()) is None
    assert Exchange("chat", ModelRequest((User("?"),))).can_do_without(Refused()) is None
