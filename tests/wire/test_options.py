"""Options are checked by the openai package's own types, before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chatwidget.errors import ModelError
from chatwidget.messages import User
from chatwidget.models._openai_errors import Endpoint
from chatwidget.models._openai_options import Api, check_options
from chatwidget.models.base import ModelRequest
from chatwidget.models.openai import OpenAIModel
from tests.wire.reading import ask
from tests.wire.server import WireServer

pytestmark = pytest.mark.wire

OPENAI = Endpoint.of("https://api.openai.com/v1", "")
OTHER = Endpoint.of("http://localhost:11434/v1", "")


@pytest.mark.parametrize("name", ["model", "options"])
async def test_a_misspelt_option_is_refused_before_it_is_sent(
    name: str, wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    option = {"temprature": 0.5}
    model = make_model(**(option if name == "model" else {}))
    answer = await ask(model, ModelRequest((User("?"),), (), option if name == "options" else {}))
    assert type(answer.error) is ModelError
    assert "'temprature'" in str(answer.error)
    assert "did you mean temperature?" in str(answer.error)
    assert not wire.asked


@pytest.mark.parametrize(
    ("api", "name", "meant"),
    [
        ("chat", "max_token", "max_tokens"),
        ("chat", "Temperature", "temperature"),
        ("chat", "responce_format", "response_format"),
        ("chat", "frequency_penality", "frequency_penalty"),
        ("responses", "max_token", "max_tokens"),
        ("responses", "max_output_token", "max_output_tokens"),
        ("responses", "instruction", "instructions"),
    ],
)
@pytest.mark.parametrize("endpoint", [OPENAI, OTHER])
def test_what_was_meant_is_told(api: Api, name: str, meant: str, endpoint: Endpoint) -> None:
    with pytest.raises(ModelError, match=rf"did you mean {meant}\?"):
        check_options([name], api, endpoint)


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_options_of_other_servers_pass_there(api: Api) -> None:
    names = "top_k min_p top_a models min_tokens max_new_tokens repetition_penalty reasoning_format parse_tool_calls "
    names += "chat_template_kwargs cache_prompt thinking reasoning stop_token_ids search_options num_ctx keep_alive"
    check_options(names.split(), api, OTHER)


def test_at_openai_an_unknown_option_needs_extra_body() -> None:
    with pytest.raises(ModelError, match=r"Chat Completions have no option 'top_k'.*extra_body=\{'top_k': \.\.\.\}"):
        check_options(["top_k"], "chat", OPENAI)
    check_options(["extra_body", "extra_headers", "extra_query", "model", "stream"], "chat", OPENAI)


def test_an_option_of_the_other_api_says_which() -> None:
    with pytest.raises(ModelError, match="Chat Completions have it: pass api='chat'"):
        check_options(["seed"], "responses", OPENAI)
    with pytest.raises(ModelError, match="the Responses API has it: pass api='responses'"):
        check_options(["instructions"], "chat", OPENAI)


@pytest.mark.parametrize(
    "name", ["max_tokens", "max_completion_tokens", "reasoning_effort", "verbosity", "response_format"]
)
def test_an_option_that_is_translated_passes_in_both_apis(name: str) -> None:
    check_options([name], "chat", OPENAI)
    check_options([name], "responses", OPENAI)


async def test_extra_body_is_never_checked(wire: WireServer, make_model: Callable[..., Any]) -> None:
    await ask(make_model(extra_body={"temprature": 0.5}))
    assert wire.asked[0].body["temprature"] == 0.5
