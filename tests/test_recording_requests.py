"""A recording knows requests by what a model is sent, keeps no keys, and is read strictly."""

from __future__ import annotations

import asyncio
import json
import logging
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatwidget.errors import FormatError, ModelError, ModelUnavailable
from chatwidget.messages import (
    Assistant,
    DisplayPart,
    ImagePart,
    Message,
    ReasoningPart,
    System,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    User,
)
from chatwidget.models import get_model
from chatwidget.models.base import ModelRequest, OutputSpec, TextDelta
from chatwidget.models.recording import record, replay
from chatwidget.models.scripted import MockedModel, ScriptedModel
from chatwidget.tools import ToolSpec
from tests.test_recording import HI, ask, say

ADD = ToolSpec("add", "Add.", {"type": "object", "properties": {"a": {"type": "integer"}}})
SONG = OutputSpec("song", "A song.", {"type": "object"})


def talk(call_id: str = "call_1", shown: str = "plot", **result: Any) -> tuple[Message, ...]:
    """Make a conversation with a tool call in it, the rest of which is new each time."""
    parts = (ReasoningPart(shown), ToolCallPart(call_id, "add", '{"a": 2}'))
    answer = ToolResultPart(call_id, "add", "42", **result)
    return (
        User("What?"),
        Message(role="assistant", parts=parts, created=None if shown == "plot" else 9.5),
        Message(role="tool", parts=(answer, DisplayPart({"text/plain": shown}))),
    )


def write(path: Path, request: ModelRequest = HI, text: str = "There.") -> None:
    asyncio.run(ask(record(path, MockedModel(text)), request))


def answer(path: Path, request: ModelRequest = HI) -> str:
    return asyncio.run(say(replay(path, math.inf), request))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "talk.jsonl"


@pytest.mark.parametrize(
    ("recorded", "asked"),
    [
        (ModelRequest(talk()), ModelRequest(talk("other_id"))),
        (ModelRequest(talk()), ModelRequest(talk(shown="other", output="printed", seconds=1.5))),
        (ModelRequest(talk(), options={"a": 1, "b": 2}), ModelRequest(talk(), options={"b": 2.0, "a": 1, "c": None})),
        (ModelRequest(talk(), (ADD, ToolSpec("b", "B.", {}))), ModelRequest(talk(), (ToolSpec("b", "B.", {}), ADD))),
        (ModelRequest(talk()), ModelRequest(talk(), options={"api_key": "x", "extra_headers": {"a": "b"}})),
    ],
    ids=["call ids", "what is not sent", "order of options", "order of tools", "keys"],
)
def test_requests_that_ask_a_model_the_same_are_the_same(
    path: Path, recorded: ModelRequest, asked: ModelRequest
) -> None:
    write(path, recorded)
    assert answer(path, asked) == "There."


@pytest.mark.parametrize(
    ("asked", "differs"),
    [
        (ModelRequest((User("What!"), *talk()[1:]), (ADD,)), "other messages (number 1)."),
        (ModelRequest((*talk(), User("And?")), (ADD,)), "other messages (4 of them, 3 in the recording)."),
        (ModelRequest((Assistant("What?"), *talk()[1:]), (ADD,)), "other messages (number 1)."),
        (ModelRequest((User(ImagePart("https://e.org")), *talk()[1:]), (ADD,)), "other messages (number 1)."),
        (ModelRequest(talk()), "other tools (add)."),
        (ModelRequest(talk(), (ToolSpec("add", "Sum.", ADD.parameters),)), "other tools (add)."),
        (ModelRequest(talk(), (ADD,), {"temperature": 0}), "other options (temperature)."),
        (ModelRequest(talk(), (ADD,), {"n": 1}, SONG), "other options (n) and output type."),
        (ModelRequest(talk()[:1], (), {"n": 1}), "(1 of them, 3 in the recording), tools (add) and options (n)."),
    ],
)
def test_another_request_is_refused_with_what_differs_from_the_nearest(
    path: Path, asked: ModelRequest, differs: str
) -> None:
    write(path, ModelRequest((User("Far"), User("away"))))
    write(path, ModelRequest(talk(), (ADD,)))
    with pytest.raises(ModelError) as failed:
        answer(path, asked)
    sentence = str(failed.value)
    assert f"'What?', has {differs}" in sentence or (sentence.count("'What?'") and differs in sentence)
    assert "The recording 'talk.jsonl' has no reply to" in sentence
    assert "replay(path, otherwise=...)" in sentence


def test_crossed_call_ids_are_another_request(path: Path) -> None:
    def crossed(first: str, second: str) -> ModelRequest:
        calls = (ToolCallPart("a", "f", "{}"), ToolCallPart("b", "f", "{}"))
        results = [Message(role="tool", parts=(ToolResultPart(name, "f", name),)) for name in (first, second)]
        return ModelRequest((Message(role="assistant", parts=calls), *results))

    write(path, crossed("a", "b"))
    assert answer(path, crossed("a", "b")) == "There."
    with pytest.raises(ModelError, match="number 2"):
        answer(path, crossed("b", "a"))


def test_an_empty_recording_says_that_it_is_empty(path: Path) -> None:
    record(path, "echo")
    with pytest.raises(ModelError, match="has no reply to 'Hi'; it is empty"):
        answer(path)


def test_a_line_can_be_read_by_a_person(path: Path) -> None:
    write(path, ModelRequest((System("Be brief."), User("Why?")), (ADD,), {"temperature": 0.5}))
    line = json.loads(path.read_text())
    expected = {"text": "Why?", "model": "mocked", "tools": ["add"], "options": {"temperature": 0.5}}
    assert line["request"] == expected
    assert [delta for _, delta in line["deltas"]][-1] == {"type": "finish"}
    assert line["end"]["type"] == "finished" and line["version"] == 1


CANARY = "canary0123456789"


@pytest.mark.parametrize(
    "options",
    [
        {"api_key": CANARY},
        {"extra_headers": {"X-Anything": CANARY}},
        {"default_headers": [("Authorization", CANARY)]},
        {"extra_body": {"provider": {"apiKey": CANARY, "list": [{"Authorization": f"Bearer {CANARY}"}]}}},
        {"extra_query": {"token": CANARY}, "access_token": CANARY, "OPENAI_API_KEY": CANARY},
        {"user": f"Bearer {CANARY}", "metadata": {"note": f"my key is sk-{CANARY}"}},
        {"base_url": f"https://ada:{CANARY}@example.org/v1?api_key={CANARY}"},
        {"pairs": [["x-api-key", CANARY]], "client": type("Client", (), {"__repr__": lambda self: CANARY})()},
        {f"sk-{CANARY}": 1},
    ],
    ids=str,
)
def test_no_key_is_written_wherever_it_stands(path: Path, options: dict[str, Any]) -> None:
    write(path, ModelRequest((User(f"Use Authorization: Bearer {CANARY}, please"),), options=options))
    assert "Ther" in path.read_text()
    assert CANARY not in path.read_text()


def test_an_error_is_written_without_a_key(path: Path) -> None:
    with pytest.raises(ModelError):
        asyncio.run(ask(record(path, ScriptedModel(ModelError(f"Refused: api_key={CANARY}")))))
    assert CANARY not in path.read_text() and "Refused" in path.read_text()


def edited(change: Callable[[dict[str, Any]], Any]) -> Callable[[str], str]:
    def edit(line: str) -> str:
        data = json.loads(line)
        change(data)
        return json.dumps(data)

    return edit


def of_first_delta(*timed: Any) -> Callable[[str], str]:
    return edited(lambda data: data["deltas"].__setitem__(0, list(timed)))


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (lambda line: line[:40], "is not JSON"),
        (lambda line: "[" * 100_000, "nested too deeply"),
        (lambda line: '{"a": 1, "a": 2}', "one key twice"),
        (lambda line: "[]", "must be an object"),
        (lambda line: line.replace('"version": 1', '"version": 2'), "version must be 1, not 2"),
        (lambda line: line.replace("Ther", "\x00"), "is not JSON"),
        (edited(lambda data: data.pop("hashes")), "hashes is missing"),
        (edited(lambda data: data["hashes"].update(messages=[1])), "hashes.messages: must be a text"),
        (edited(lambda data: data["hashes"].update(options={"a": "b"})), "key does not fit hashes"),
        (edited(lambda data: data.update(key="x")), "key does not fit hashes"),
        (edited(lambda data: data.update(deltas={})), "deltas: must be a list"),
        (of_first_delta(0.1), r"deltas\[0\]: must be a time and a delta"),
        (of_first_delta(-1, {}), "must be a time in seconds, not -1"),
        (of_first_delta(True, {}), "must be a time in seconds, not True"),
        (
            of_first_delta(0, {"type": "html"}),
            "type: must be one of text, reasoning, tool_call, step",
        ),
        (of_first_delta(0, {"type": ["text"]}), "type: must be one of"),
        (of_first_delta(0, {"type": "text"}), r"deltas\[0\].text: is missing"),
        (of_first_delta(0, {"type": "text", "text": 5}), r"deltas\[0\].text: cannot be 5"),
        (of_first_delta(0, {"type": "text", "text": "a", "__proto__": 1}), "__proto__: is not a key"),
        (of_first_delta(0, {"type": "tool_call", "index": True}), "index: cannot be True"),
        (of_first_delta(0, {"type": "finish", "reason": "bored"}), "reason: cannot be 'bored'"),
        (of_first_delta(0, {"type": "finish", "usage": [1]}), r"usage: cannot be \[1\]"),
        (of_first_delta(0, {"type": "step", "id": "s", "state": None}), "state: cannot be None"),
        (edited(lambda data: data.update(end={"type": "exploded", "at": 0})), "end.type: must be one of finished"),
        (edited(lambda data: data.update(end={"type": "failed", "at": 0})), "end.error: must be a text"),
        (
            edited(lambda data: data.update(end={"type": "failed", "at": 0, "error": "SystemExit", "text": ""})),
            "end.error: must be one of ModelError",
        ),
    ],
)
def test_a_file_that_is_no_recording_is_refused_with_the_line(
    path: Path, edit: Callable[[str], str], complaint: str
) -> None:
    write(path)
    line = path.read_text()
    path.write_text(f"{line}\n{edit(line)}\n")
    for make in (replay, record):
        with pytest.raises(FormatError, match=rf"^talk\.jsonl, line 3: .*{complaint}"):
            make(path)


def test_times_beyond_all_numbers_and_bytes_that_are_no_text_are_refused(path: Path) -> None:
    write(path)
    line = path.read_bytes()
    path.write_bytes(line.replace(b'"deltas": [[', b'"deltas": [[1e999, {"type": "finish"}], ['))
    with pytest.raises(FormatError, match="a time in seconds, not inf"):
        replay(path)
    path.write_bytes(line + b"\xff\n")
    with pytest.raises(FormatError, match=r"line 2: is not UTF-8"):
        replay(path)


def test_a_last_line_that_was_cut_off_is_passed_over_and_replaced(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write(path)
    line = path.read_text()
    path.write_text(line + line[:-9])
    assert answer(path) == "There."
    assert "talk.jsonl, line 2 is cut off" in caplog.text
    write(path, ModelRequest((User("Next"),)), "Here.")
    assert [answer(path), answer(path, ModelRequest((User("Next"),)))] == ["There.", "Here."]
    assert path.read_text().startswith(line) and path.read_text().count("\n") == 2
    path.write_text(line[:-9] + "\n" + line)
    with pytest.raises(FormatError, match="line 1"):
        replay(path)


def test_a_recording_goes_on_after_a_last_line_without_an_end(path: Path) -> None:
    write(path)
    path.write_text(path.read_text().rstrip())
    write(path, ModelRequest((User("Next"),)), "Here.")
    assert [answer(path), answer(path, ModelRequest((User("Next"),)))] == ["There.", "Here."]


def test_a_file_that_is_not_there_or_cannot_be_made_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="Make a recording first"):
        replay(tmp_path / "no.jsonl")
    with pytest.raises(ModelUnavailable, match="cannot be opened"):
        record(tmp_path, "echo")
    write(tmp_path / "new" / "folder" / "talk.jsonl")


def test_a_reply_that_cannot_be_written_arrives_all_the_same(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    model = record(path, MockedModel("Here."))
    path.unlink()
    path.mkdir()
    with caplog.at_level(logging.WARNING, "chatwidget"):
        assert asyncio.run(say(model)) == "Here."
    assert "was not recorded" in caplog.text


def test_a_recording_is_a_model_by_name(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(path)
    assert asyncio.run(say(get_model(f"replay:{path}"))) == "There."
    monkeypatch.setenv("CHATWIDGET_MODEL", f"replay:{path}")
    assert asyncio.run(ask(get_model()))[0] == TextDelta("Ther")
    with pytest.raises(ModelUnavailable, match="Make a recording first"):
        get_model("replay:nowhere.jsonl")


def test_a_text_part_more_is_not_another_request_when_the_text_is_the_same(path: Path) -> None:
    whole, halves = (
        Message(role="system", parts=parts) for parts in ((TextPart("ab"),), (TextPart("a"), TextPart("b")))
    )
    write(path, ModelRequest((whole,)))
    assert answer(path, ModelRequest((halves,))) == "There."
