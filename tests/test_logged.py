"""Requests and replies are logged, and no key with them."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import aclosing
from typing import Any, cast

import pytest

from chatwidget.errors import ModelError
from chatwidget.messages import ImagePart, Message, System, ToolCallPart, User
from chatwidget.models._secrets import BLOT, blotted_text, is_secret_name, without_secrets
from chatwidget.models.base import Finish, Model, ModelDelta, ModelRequest, OutputSpec, TextDelta
from chatwidget.models.logged import MAX_BODY, logged
from chatwidget.models.scripted import BreakOff, Delay, MockedModel, ScriptedModel, Step, ToolCall
from chatwidget.tools import ToolSpec

CANARY = "canary0123456789"
ADD = ToolSpec("add", "Add.", {"type": "object"})


async def ask(model: Model, request: ModelRequest | None = None) -> list[ModelDelta]:
    return [delta async for delta in model.stream(request or ModelRequest((User("Hi"),)))]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    caplog.set_level(logging.INFO, "chatwidget.requests")
    return _Lines(caplog)


class _Lines(list[str]):
    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        super().__init__()
        self.caplog = caplog

    def __getitem__(self, index: Any) -> Any:
        return [record.getMessage() for record in self.caplog.records][index]


async def test_the_reply_passes_unchanged_and_is_logged_in_one_line_each(lines: list[str]) -> None:
    script: list[Step] = ["Well: ", ToolCall("add", {"a": 2}), Finish(usage={"input_tokens": 31, "output_tokens": 12})]
    request = ModelRequest((System("Be brief."), User("Why?")), (ADD,), {"temperature": 0}, OutputSpec("song", "", {}))
    assert await ask(logged(ScriptedModel(script)), request) == await ask(ScriptedModel(script), request)
    asked, replied = lines[:]
    assert asked == "scripted #1 asked: 2 messages, tools add, options temperature, output song"
    assert replied.startswith("scripted #1 complete in 0.")
    assert replied.endswith(" s: 6 characters, 1 tool call (add), 31 + 12 tokens")


async def test_requests_of_one_model_are_numbered(lines: list[str]) -> None:
    model = logged("mocked:x")
    await ask(model)
    await ask(model)
    assert [line.split()[1] for line in lines[:]] == ["#1", "#1", "#2", "#2"]


async def test_bodies_are_logged_for_debugging_only(caplog: pytest.LogCaptureFixture, lines: list[str]) -> None:
    await ask(logged(MockedModel("Secretly")), ModelRequest((User("Murmur"),)))
    assert not any("Murmur" in line or "Secretly" in line for line in lines[:])
    caplog.set_level(logging.DEBUG, "chatwidget.requests")
    await ask(logged(MockedModel("Secretly")), ModelRequest((User("Murmur"),), (ADD,), {"n": 1}))
    _, sent, _, said = lines[2:]
    body = json.loads(sent.partition("sent: ")[2])
    assert body["messages"] == [{"role": "user", "content": "Murmur"}]
    assert body["tools"][0]["name"] == "add" and body["options"] == {"n": 1}
    assert json.loads(said.partition("said: ")[2])["text"] == "Secretly"


async def test_a_logger_can_be_chosen_by_name_or_given(caplog: pytest.LogCaptureFixture) -> None:
    for name, logger in (("mine", "mine"), ("yours", logging.getLogger("yours"))):
        caplog.set_level(logging.INFO, name)
        await ask(logged("mocked", logger))
        assert {record.name for record in caplog.records} == {name}
        caplog.clear()


async def test_every_end_is_told(lines: list[str]) -> None:
    await ask(logged(ScriptedModel(["Hal", BreakOff()])))
    with pytest.raises(ModelError):
        await ask(logged(ScriptedModel(["Hal", ModelError("It is\naway.")])))
    async with aclosing(cast(Any, logged(ScriptedModel(["Hal", Delay(3600)])).stream(ModelRequest(())))) as stream:
        await anext(stream)
    async with aclosing(cast(Any, logged(ScriptedModel([Finish("length")])).stream(ModelRequest(())))) as stream:
        await anext(stream)
    ends = [line.split(" in 0.")[0].removeprefix("scripted #1 ") for line in lines[1::2]]
    assert ends == ["broke off", r"failed (ModelError: 'It is\naway.')", "was stopped", "length"]


def test_a_model_that_is_cancelled_is_cancelled_at_once(lines: list[str]) -> None:
    async def stop() -> None:
        task = asyncio.ensure_future(ask(logged(ScriptedModel([Delay(3600)]))))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stop())
    assert "was stopped" in lines[-1]


async def test_what_is_said_forges_no_line_of_the_log(caplog: pytest.LogCaptureFixture, lines: list[str]) -> None:
    caplog.set_level(logging.DEBUG, "chatwidget.requests")
    tool = ToolSpec("add\nERROR root:forged", "x\ny", {})
    model = MockedModel("a\nERROR\u2028b\x1b[31m")
    model.name = "mo\ndel"
    await ask(logged(model), ModelRequest((User("a\nb"),), (tool,), {"x\ny": 1}))
    assert all(line.isprintable() for line in lines[:])


async def test_a_long_body_is_cut_after_it_was_blotted_out(caplog: pytest.LogCaptureFixture, lines: list[str]) -> None:
    caplog.set_level(logging.DEBUG, "chatwidget.requests")
    for offset in range(-30, 31, 3):
        caplog.clear()
        padding = "." * (MAX_BODY - len('{"text": "') + offset)
        await ask(logged(MockedModel(f"{padding} sk-{CANARY} {padding}")))
        assert "cana" not in lines[-1] and len(lines[-1]) < MAX_BODY + 100


HOSTILE: list[dict[str, Any]] = [
    {"options": {"api_key": CANARY, "authorization": CANARY, "extra_headers": {"a": CANARY}}},
    {"options": {"extra_body": {"deep": [{"er": ({"Api-Key": CANARY},)}], "X-API-Key": CANARY, "apiKey": CANARY}}},
    {"options": {"proxy": f"https://ada:{CANARY}@example.org", "url": f"https://e.org/?a=1&key={CANARY}"}},
    {"options": {f"sk-{CANARY}": 1}},
    {"options": {"http_client": type("Client", (), {"__repr__": lambda self: CANARY})()}},
    {"options": {"raw": f"x-api-key: {CANARY}\r\nAuthorization: Basic {CANARY}="}},
    {"options": {"set": {f"sk-{CANARY}"}, "bytes": CANARY.encode(), "pair": ("Authorization", CANARY)}},
    {"messages": (User(f"curl -H 'Authorization: Bearer {CANARY}' -H \"api-key: {CANARY}\""),)},
    {"messages": (User(f"my key:sk-{CANARY}, OPENAI_API_KEY={CANARY} and export TOKEN='{CANARY}'"),)},
    {"messages": (User(ImagePart(f"https://e.org/a.png?sig={CANARY}")),)},
    {"messages": (User("Hi", name=f"sk-{CANARY}"), System(f"gsk_{CANARY} ghp_{CANARY} xoxb-{CANARY}-1"))},
    {
        "messages": (
            Message(role="assistant", parts=(ToolCallPart("1", "f", json.dumps({"password": f"a b {CANARY}"})),)),
            Message(
                role="assistant", parts=(ToolCallPart("2", "f", json.dumps({"a": json.dumps({"token": CANARY})})),)
            ),
        )
    },
    {"tools": (ToolSpec(f"sk-{CANARY}", f"Bearer {CANARY}", {"default": {"secret": CANARY}}),)},
    {"output": OutputSpec(f"sk-{CANARY}", f"Bearer {CANARY}", {})},
]


@pytest.mark.parametrize("request_", HOSTILE, ids=lambda given: next(iter(given)))
async def test_no_key_of_a_request_is_logged_wherever_it_stands(
    caplog: pytest.LogCaptureFixture, lines: list[str], request_: dict[str, Any]
) -> None:
    caplog.set_level(logging.DEBUG, "chatwidget.requests")
    await ask(logged("mocked"), ModelRequest(**({"messages": ()} | request_)))
    assert len(lines[:]) == 4
    assert CANARY not in "\n".join(lines[:])


async def test_no_key_of_a_reply_is_logged_even_in_pieces(caplog: pytest.LogCaptureFixture, lines: list[str]) -> None:
    caplog.set_level(logging.DEBUG, "chatwidget.requests")
    usage = {"api_key": CANARY, "input_tokens": CANARY}
    call = ToolCall(f"sk-{CANARY}", {"api_key": CANARY})
    pieces = [TextDelta(piece) for piece in ("Bea", "rer can", "ary0123456789")]
    model = ScriptedModel([*pieces, call, Finish(note=f"sk-{CANARY}", usage=usage)], ModelError(f"token: {CANARY}"))
    model.name = f"sk-{CANARY}"
    watched = logged(model)
    await ask(watched)
    with pytest.raises(ModelError):
        await ask(watched)
    said = "\n".join(lines[:])
    assert f"Bearer {BLOT}" in said
    assert CANARY not in said.replace(f'"input_tokens": "{CANARY}"', "")


@pytest.mark.parametrize(
    "text",
    [
        "The key to success is max_tokens=1000, a sk-learn pipeline and a basic understanding of the bearer.",
        "Tokens: 12. The author has authored authentic headers.",
        "See https://example.org/a?page=2#key and mail ada@example.org",
        "risk-averse task-management",
    ],
)
def test_what_is_no_key_is_left_as_it_is(text: str) -> None:
    assert blotted_text(text) == text


def test_names_of_keys_are_known_in_any_spelling_and_others_are_not() -> None:
    secret = "api_key apiKey API-KEY OPENAI_API_KEY authorization Proxy-Authorization extra_headers cookie token secret"
    plain = "max_tokens max_completion_tokens prompt_cache_key temperature author user stop logit_bias tool_choice"
    assert all(map(is_secret_name, secret.split()))
    assert not any(map(is_secret_name, plain.split()))


def test_endless_values_end() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert "…" in json.dumps(without_secrets({"loop": loop}), ensure_ascii=False)


@pytest.mark.parametrize(
    "unit", ["a", "a-", "token=", 'token="', "eyJ", "sk-", "://", "a:/", "bearer ", "https://a", "?key="]
)
def test_blotting_out_takes_linear_time(unit: str) -> None:
    """Ten times the text takes about ten times the steps; a quadratic search would not end within the test run."""
    text = unit * (1_000_000 // len(unit))
    assert isinstance(blotted_text(text), str)
