"""What is asked, of whom, with which key: arguments first, then the environment, read once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from chatwidget.errors import AuthenticationFailed, ModelUnavailable
from chatwidget.messages import User
from chatwidget.models.base import Model, ModelRequest
from chatwidget.models.openai import OpenAIModel
from tests.wire.reading import ask
from tests.wire.server import WireServer

pytestmark = pytest.mark.wire


async def test_the_request_is_a_streaming_chat_completion_with_usage(
    wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    model = make_model(temperature=0.2, seed=None)
    await ask(model, ModelRequest((User("Hello?"),), (), {"temperature": 0.9, "top_k": 3}))
    assert wire.asked[0].target == "/v1/chat/completions"
    assert wire.asked[0].body == {
        "model": "test-model",
        "messages": [{"role": "user", "content": "Hello?"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.9,
        "top_k": 3,
    }


async def test_the_spellings_of_the_openai_package_go_where_they_belong(
    wire: WireServer, make_model: Callable[..., OpenAIModel]
) -> None:
    await ask(make_model(extra_body={"min_p": 0.1}, extra_headers={"X-Team": "blue"}, extra_query={"v": "2"}))
    asked = wire.asked[0]
    assert asked.body["min_p"] == 0.1
    assert asked.headers["x-team"] == "blue"
    assert asked.target.endswith("?v=2")
    assert "extra_body" not in asked.body


async def test_one_request_may_name_another_model(wire: WireServer, make_model: Callable[..., OpenAIModel]) -> None:
    await ask(make_model(), ModelRequest((User("?"),), (), {"model": "other"}))
    assert wire.asked[0].body["model"] == "other"


async def test_the_environment_is_read_when_the_model_is_made(
    wire: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_URL", wire.url)
    monkeypatch.setenv("OPENAI_API_KEY", " key-one\n")
    model = OpenAIModel("m")
    monkeypatch.setenv("OPENAI_API_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "key-two")
    assert (await ask(model)).text == "Good."
    assert wire.asked[0].headers["authorization"] == "Bearer key-one"


def test_the_address_comes_from_the_argument_then_base_url_then_api_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_URL", "http://third:1/v1")
    assert OpenAIModel("m").note == "at third:1"
    monkeypatch.setenv("OPENAI_BASE_URL", "http://second:1/v1")
    assert OpenAIModel("m").note == "at second:1"
    assert OpenAIModel("m", base_url="http://first:1/v1").note == "at first:1"


def test_a_model_says_its_name_and_where_it_is() -> None:
    model = OpenAIModel("gpt-x", api_key="a-key")
    assert isinstance(model, Model)
    assert (model.name, model.note) == ("gpt-x", "OpenAI")
    assert OpenAIModel("m", base_url="http://u:secret@127.0.0.1:18/v1?t=1").note == "at 127.0.0.1:18"


def test_openai_itself_needs_a_key() -> None:
    with pytest.raises(AuthenticationFailed, match="OPENAI_API_KEY"):
        OpenAIModel()


@pytest.mark.parametrize("key", ["abc…", "a\x00b", "a\nb"])
def test_a_key_that_is_no_key_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(AuthenticationFailed) as refusal:
        OpenAIModel(api_key=key)
    assert key not in str(refusal.value)


@pytest.mark.parametrize("url", ["localhost:11434", "ftp://x/v1", "http://", "http://h:port/v1", "http://[x/v1"])
def test_an_address_that_is_none_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    with pytest.raises(ModelUnavailable, match="OPENAI_BASE_URL is "):
        OpenAIModel()


async def test_a_client_of_ones_own_is_used_with_its_address_key_and_headers(wire: WireServer) -> None:
    from openai import AsyncOpenAI

    async with AsyncOpenAI(base_url=wire.url, api_key="own-key", default_headers={"X-Mine": "1"}) as client:
        model = OpenAIModel("m", client=client)
        assert (await ask(model)).text == "Good."
    asked = wire.asked[0]
    assert (asked.headers["authorization"], asked.headers["x-mine"]) == ("Bearer own-key", "1")
    assert model.note == f"at {wire.url.split('/')[2]}"


def test_the_openai_package_is_imported_only_when_it_is_needed() -> None:
    code = "import sys, chatwidget.models.openai as m; m.OpenAIModel(api_key='k'); print('openai' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
