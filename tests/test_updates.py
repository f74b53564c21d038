"""Messages that code writes: they grow, are set, settle, and are on screen as they are in the transcript."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.chat import ChatCompletionMessage
from openai.types.chat.chat_completion_chunk import ChoiceDelta

from chatwidget import Assistant, Session, ToolCallPart, User
from chatwidget.errors import FormatError
from chatwidget.events import MessageEnded, MessageStarted, PartDelta, ToolPreviewed
from chatwidget.messages import ReasoningPart, TextPart
from chatwidget.updates import Updates
from tests.core_strategies import Mirror, assert_valid, record


@dataclass
class Board:
    """A chat that is written to, what its screen shows, and what happened."""

    session: Session
    mirror: Mirror
    events: list[Any]

    @property
    def updates(self) -> Updates:
        return self.session.updates

    @property
    def shown(self) -> list[dict[str, Any]]:
        self.session.screen.flush()
        assert self.mirror.state == self.session.screen.state()
        messages: list[dict[str, Any]] = self.mirror.state["messages"]
        return messages

    @property
    def texts(self) -> list[str]:
        return ["".join(part.get("text", "") for part in message["parts"]) for message in self.shown]


def board(**options: Any) -> Board:
    session = Session(**{"model": "echo", **options})
    return Board(session, Mirror(session), record(session))


def call(name: str | None = None, arguments: str = "", **fields: Any) -> dict[str, Any]:
    return {"tool_calls": [{**fields, "function": {"name": name, "arguments": arguments}}]}


async def test_deltas_of_one_id_are_one_message_that_grows() -> None:
    chat = board()
    message_id = chat.updates.update({"role": "assistant", "content": ""}, id=chat.updates.new_id())
    for text in ("Hel", "lo"):
        assert chat.updates.update(ChoiceDelta(content=text), id=message_id) == message_id
    assert chat.texts == ["Hello"]
    assert chat.shown[0]["status"] == "arriving"
    assert [event.text for event in chat.events if isinstance(event, PartDelta)] == ["Hel", "lo"]


async def test_an_update_without_an_id_is_a_whole_message_and_one_of_its_own_is_honoured() -> None:
    chat = board()
    first = chat.updates.update(ChatCompletionMessage(role="assistant", content="One"))
    assert chat.updates.update({"id": "mine", "content": "Two"}) == "mine"
    assert chat.session.transcript.ids == (first, "mine")
    assert [message["status"] for message in chat.shown] == ["complete", "arriving"]


async def test_reasoning_and_refusal_are_shown_as_what_they_are() -> None:
    chat = board()
    for delta in ({"reasoning_content": "Hm"}, {"reasoning": "m."}, {"refusal": "I will "}, {"refusal": "not."}):
        chat.updates.update(delta, id="a")
    assert chat.session.messages[0].parts == (ReasoningPart("Hmm."), TextPart("I will not."))
    assert [part["type"] for part in chat.shown[0]["parts"]] == ["reasoning", "text"]


async def test_every_call_of_a_delta_grows_a_card_of_its_own() -> None:
    chat = board()
    both = [{"index": place, "id": f"c{place}", "function": {"name": "f", "arguments": '{"x": '}} for place in (0, 3)]
    chat.updates.update({"tool_calls": both}, id="a")
    chat.updates.update(call(None, '"on', index=3), id="a")
    assert [part["input"] for part in chat.shown[0]["parts"]] == [{}, {"x": "on"}]
    chat.updates.update(call(None, "1}", index=0), id="a")
    assert chat.shown[0]["parts"][0]["input"] == {"x": 1}
    assert chat.shown[0]["parts"][0]["state"] == "input-streaming"
    assert [event.arguments for event in chat.events if isinstance(event, ToolPreviewed)][-1] == {"x": 1}


async def test_arguments_before_their_name_wait_and_are_not_lost() -> None:
    chat = board()
    chat.updates.update(call(None, '{"a"', index=0), id="a")
    chat.updates.update(call("f", ": 1", index=0), id="a")
    chat.updates.update(call(None, "}", index=0, id="late"), id="a")
    chat.updates.update({"role": "tool", "tool_call_id": "late", "content": "done"})
    part = chat.shown[0]["parts"][0]
    assert (part["name"], part["input"], part["state"], part["result"]) == ("f", {"a": 1}, "output-available", "done")


@pytest.mark.parametrize(
    ("result", "state"),
    [
        ({"content": "42"}, "output-available"),
        ({"content": "ValueError: no"}, "output-error"),
        ({"content": "ValueError: no", "is_error": False}, "output-available"),
        ({"content": "no", "is_error": True}, "output-error"),
    ],
)
async def test_a_tool_message_is_the_result_of_its_call(result: dict[str, Any], state: str) -> None:
    chat = board()
    chat.updates.update(call("f", "{}", id="c", index=0), id="a")
    chat.updates.set({"role": "tool", "tool_call_id": "c", **result})
    chat.updates.update({"content": "So."}, id="b")
    assert chat.shown[0]["parts"][0]["state"] == state
    assert [message["role"] for message in chat.session.history] == ["assistant", "tool", "assistant"]
    assert_valid(chat.session.history)


async def test_the_older_function_call_and_its_result_are_paired_by_name() -> None:
    chat = board()
    chat.updates.update({"function_call": {"name": "f", "arguments": "{"}}, id="a")
    chat.updates.update({"function_call": {"arguments": "}"}}, id="a")
    chat.updates.update({"role": "function", "name": "f", "content": "done"})
    assert chat.shown[0]["parts"][0]["result"] == "done"
    assert_valid(chat.session.history)


async def test_ids_of_calls_that_come_again_in_each_reply_are_told_apart() -> None:
    chat = board()
    for message_id in ("a", "b"):
        chat.updates.update(call("f", "{}", id="same", index=0), id=message_id)
        chat.updates.update({"role": "tool", "tool_call_id": "same", "content": f"for {message_id}"})
    assert [message["parts"][0]["result"] for message in chat.shown] == ["for a", "for b"]
    assert_valid(chat.session.history)


async def test_a_result_for_no_call_is_said_in_the_log_and_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    chat = board()
    chat.updates.set({"role": "tool", "tool_call_id": "none", "content": "?"})
    assert chat.session.messages == ()
    assert "'none' was ignored: there is no such call" in caplog.text


async def test_a_finish_reason_settles_with_its_verdict() -> None:
    chat = board()
    for message_id, reason in (("a", "stop"), ("b", "length"), ("c", "content_filter")):
        chat.updates.update({"choices": [{"delta": {"content": "x"}, "finish_reason": None}]}, id=message_id)
        chat.updates.update({"delta": {}, "finish_reason": reason}, id=message_id)
    assert [message["status"] for message in chat.shown] == ["complete", "length", "filtered"]


async def test_set_puts_a_whole_message_in_place_again_and_again() -> None:
    chat = board()
    chat.updates.update({"content": "gone"}, id="a")
    chat.updates.set({"role": "assistant", "content": "One", "tool_calls": []}, id="a")
    chat.updates.set({"id": "b", "role": "user", "content": "Two"})
    chat.updates.set({"role": "assistant", "content": "One and a half"}, id="a")
    chat.updates.set(call("f", "{}", id="c"), id="a")
    chat.updates.set(Assistant("Whole"), id="a")
    assert chat.texts == ["Whole", "Two"]
    assert [message["role"] for message in chat.shown] == ["assistant", "user"]
    assert chat.session.transcript.ids == ("a", "b")


async def test_a_settled_message_still_grows() -> None:
    chat = board()
    chat.updates.set({"role": "assistant", "content": "Thin"}, id="a")
    chat.updates.update({"content": "king"}, id="a")
    chat.updates.update(call("f", '{"a"', id="c", index=0), id="a")
    chat.updates.update(call(None, ": 1}", index=0), id="a")
    assert chat.session.messages[0].parts == (TextPart("Thinking"), ToolCallPart("c", "f", '{"a": 1}'))
    assert chat.shown[0]["parts"][1]["input"] == {"a": 1}
    sizes = [len(frame["patches"]) for frame in chat.mirror.sent if "patches" in frame]
    assert max(sizes) < 20, "what has changed is sent, not the message"


async def test_all_is_set_at_once_and_what_was_said_stays_as_a_branch() -> None:
    chat = board()
    chat.updates.update({"content": "Before"}, id="a")
    ids = chat.updates.set_all(
        [
            {"role": "system", "content": "S"},
            {"role": "user", "content": "Q"},
            {"id": "a", "role": "assistant", "content": "A"},
        ]
    )
    assert ids[2] == "a"
    assert chat.texts == ["Q", "A"]
    chat.updates.update({"content": "!"}, id="a")
    assert chat.texts == ["Q", "A!"], "an id means the newest message that was given it"
    assert {message.text for message in chat.session.transcript.all_messages()} == {"Before", "S", "Q", "A!"}
    assert [item["role"] for item in chat.session.history] == ["system", "user", "assistant"]


async def test_what_was_written_outside_of_turns_settles_when_the_next_one_begins() -> None:
    chat = board()
    chat.updates.update(call("f", "{", id="c", index=0), id="a")
    assert chat.shown[0]["status"] == "arriving"
    await chat.session.send("Hi")
    assert chat.shown[0]["status"] == "complete"
    assert chat.session.transcript.calls["c"].result is not None
    assert chat.texts[1:] == ["Hi", "Hi"]
    assert_valid(chat.session.history)


async def test_a_sync_stream_is_written_and_its_sum_returned() -> None:
    chat = board()
    choice = chat.updates.stream(
        [{"delta": {"content": "a"}}, {"content": "b"}, "c", {"delta": None, "finish_reason": "stop"}], id="a"
    )
    assert (choice.message.content, choice.finish_reason) == ("abc", "stop")
    assert (chat.texts, chat.shown[0]["status"]) == (["abc"], "complete")


async def test_an_async_stream_that_breaks_off_keeps_what_had_come_and_says_why() -> None:
    chat = board()

    async def stream() -> AsyncIterator[Any]:
        yield {"choices": [{"delta": {"content": "Half "}}]}
        raise OSError("the line is cut")

    with pytest.raises(OSError, match="the line is cut"):
        await chat.updates.stream(stream(), id="a")
    message = chat.session.messages[0]
    assert (message.text, message.status) == ("Half ", "interrupted")
    assert message.error == "The stream broke off: OSError: the line is cut"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (42, "42 is not an update"),
        ({"role": "tool", "content": "x"}, "tool_call_id"),
        ({"role": "function", "content": "x"}, "`name`"),
        ({"role": "user", "content": 5}, "content"),
        ({"role": "king"}, "role"),
    ],
)
async def test_what_is_no_update_is_refused_at_once_and_nothing_changes(wrong: Any, says: str) -> None:
    chat = board()
    with pytest.raises(FormatError, match=says):
        chat.updates.update(wrong)
    assert chat.session.messages == ()


ids = st.sampled_from(["a", "b", "c"])
texts = st.text(max_size=4) | st.sampled_from(["\ud83d", "\ude00", "😀"])
deltas = st.one_of(
    texts.map(lambda text: {"content": text}),
    texts.map(lambda text: {"reasoning_content": text}),
    st.builds(
        lambda index, call_id, name, arguments: {
            "tool_calls": [{"index": index, "id": call_id, "function": {"name": name, "arguments": arguments}}]
        },
        st.none() | st.integers(0, 2),
        st.none() | ids,
        st.none() | st.just("f"),
        st.sampled_from(['{"x": ', "1", "}", ""]),
    ),
    st.just({"finish_reason": "stop", "delta": {}}),
    st.builds(lambda call_id: {"role": "tool", "tool_call_id": call_id, "content": "done"}, ids),
    st.just({"role": "user", "content": "Hi"}),
)
writes = st.lists(st.tuples(st.sampled_from(["update", "set", "send"]), deltas, ids), max_size=12)


@given(writes)
async def test_whatever_is_written_screen_transcript_and_history_agree(script: list[Any]) -> None:
    chat = board()
    for kind, delta, message_id in script:
        if kind == "send":
            await chat.session.send("Hi")
        elif kind == "set" and "delta" not in delta:
            chat.updates.set({"content": "", **delta}, id=message_id)
        else:
            chat.updates.update(delta, id=message_id)
        assert len(chat.shown) == sum(message.role in ("user", "assistant") for message in chat.session.messages)
    await chat.session.send("End")
    assert not chat.session.transcript.drafts
    assert_valid(chat.session.history)
    started = [event.message.id for event in chat.events if isinstance(event, MessageStarted)]
    assert len(set(started)) == len(started)
    assert set(started) <= {event.message.id for event in chat.events if isinstance(event, MessageEnded)}


async def test_a_message_of_the_person_can_be_written_too() -> None:
    chat = board()
    chat.updates.update(User("What is this?"))
    assert (chat.texts, chat.shown[0]["role"]) == (["What is this?"], "user")
