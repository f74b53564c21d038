"""Taking away, going on and undoing: only the leaf moves, and nothing that was said is lost."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget import GetUserInput, Session, User, app
from chatwidget.errors import ModelError, RequestError
from chatwidget.going_on import GO_ON
from chatwidget.models.base import Finish
from chatwidget.models.scripted import BreakOff, Delay, ScriptedModel, ToolCall
from tests.core_strategies import act, assert_valid, make_session, quiet, ticks

FOREVER = Delay(3600)


async def talk(session: Session, *texts: str) -> Session:
    for text in texts:
        await session.send(text)
    return session


def texts(session: Session) -> list[str]:
    return [message.text for message in session.messages]


def shown(session: Session) -> list[str]:
    return ["".join(part["text"] for part in message["parts"]) for message in session.screen.field("messages")]


async def test_a_deleted_message_goes_with_all_that_follows_and_undo_brings_them_back() -> None:
    session = await talk(make_session(["a", "b"]), "1", "2")
    await session.delete(session.transcript.ids[1])
    assert (texts(session), session.screen.field("undo")) == (["1"], "delete")
    assert [item["content"] for item in session.history] == ["1"]
    assert await session.undo() == "delete"
    assert (texts(session), session.screen.field("undo")) == (["1", "a", "2", "b"], None)


async def test_the_first_message_can_be_deleted_too() -> None:
    session = await talk(make_session(["a"]), "1")
    await session.delete(session.transcript.ids[0])
    assert texts(session) == []


async def test_deleting_what_is_being_written_stops_it() -> None:
    session = make_session([["Half", FOREVER]])
    session.submit("1")
    await ticks(20)
    await session.delete(session.transcript.ids[0])
    assert (texts(session), session.status) == ([], "idle")


@pytest.mark.parametrize("elsewhere", ["nothing", "another branch"])
async def test_only_what_is_shown_can_be_deleted(elsewhere: str) -> None:
    session = await talk(make_session(["a", "b"]), "1")
    old = session.transcript.ids[1]
    await (await session.retry()).done
    with pytest.raises(RequestError):
        await session.delete(old if elsewhere == "another branch" else "nothing")
    assert texts(session) == ["1", "b"]


@pytest.mark.parametrize("kind", ["retry", "edit", "clear", "select"])
async def test_each_way_back_can_be_undone(kind: str) -> None:
    session = await talk(make_session(["a", "b", "c"]), "1")
    await (await session.retry()).done
    await session.send("2")
    first, reply = session.transcript.ids[:2]
    before = texts(session)
    match kind:
        case "retry":
            await session.retry(reply)
        case "edit":
            await session.edit(first, "one")
        case "clear":
            await session.clear()
        case "select":
            await session.select(reply, 0)
    await quiet(session)
    assert texts(session) != before
    assert session.screen.field("undo") == kind
    assert await session.undo() == kind
    await quiet(session)
    assert texts(session) == before


async def test_undo_of_a_retry_that_still_runs_stops_it() -> None:
    session = await talk(make_session(["a", ["Half", FOREVER]]), "1")
    await session.retry()
    await ticks(20)
    assert texts(session) == ["1", "Half"]
    await session.undo()
    assert (texts(session), session.status) == (["1", "a"], "idle")


async def test_undo_in_the_same_moment_as_the_retry_leaves_no_turn_behind() -> None:
    session = await talk(make_session(["a", "b"]), "1")
    turn = await session.retry()
    await session.undo()
    await quiet(session)
    assert turn.done.done()
    assert texts(session) == ["1", "a"]


async def test_undo_goes_back_step_by_step() -> None:
    session = await talk(make_session(["a", "b"]), "1", "2")
    ids = session.transcript.ids
    await session.delete(ids[3])
    await session.delete(ids[1])
    assert texts(session) == ["1"]
    await session.undo()
    assert (texts(session), session.screen.field("undo")) == (["1", "a", "2"], "delete")
    await session.undo()
    assert texts(session) == ["1", "a", "2", "b"]
    with pytest.raises(RequestError, match="nothing to undo"):
        await session.undo()


async def test_a_new_turn_ends_what_can_be_undone_and_a_retry_does_not() -> None:
    session = await talk(make_session(["a", "b", "c"]), "1")
    await (await session.retry()).done
    assert session.screen.field("undo") == "retry"
    await session.send("2")
    assert session.screen.field("undo") is None


async def test_choosing_what_is_shown_already_is_nothing_to_undo() -> None:
    session = await talk(make_session(["a"]), "1")
    await session.select(session.transcript.ids[0], 0)
    assert session.screen.field("undo") is None


actions = st.lists(st.tuples(st.sampled_from(["delete", "select", "retry", "edit", "clear"]), st.integers(0, 9)))


@given(actions)
def test_as_many_undos_as_steps_lead_back_to_where_they_began(steps: list[tuple[str, int]]) -> None:
    async def play() -> None:
        session = await talk(make_session([*"abcd", *("more",) * 20]), "1", "2")
        before = session.transcript.ids
        for kind, number in steps:
            await act(session, (kind, "text"), number)
            await quiet(session)
        while session.screen.field("undo"):
            await session.undo()
            assert_valid(session.history)
        assert session.transcript.ids == before
        await session.close()

    asyncio.run(play())


@pytest.mark.parametrize("ending", [Finish("length"), BreakOff(), ModelError("The line is cut.")])
async def test_a_reply_that_broke_off_is_gone_on_with_behind_it(ending: Any) -> None:
    model = ScriptedModel(["The first", ending], " and the rest.")
    session = Session(model=model)
    await asyncio.wait({session.submit("1").done})
    reply = await (await session.go_on()).done
    assert reply is not None and reply.text == " and the rest."
    assert shown(session) == ["1", "The first", " and the rest."]
    assert [message.text for message in model.requests[-1].messages] == ["1", "The first", GO_ON]


async def test_a_stopped_reply_with_tool_calls_is_gone_on_with_behind_their_results() -> None:
    session = make_session([["Adding. ", ToolCall("add", {"a": 1})], ["Half", FOREVER], " whole."])
    session.submit("1")
    await ticks(60)
    await session.stop()
    await (await session.go_on()).done
    assert_valid(session.history)
    assert [message.role for message in session.messages] == [
        "user",
        "assistant",
        "tool",
        *["assistant", "user"],
        "assistant",
    ]


async def test_a_reply_in_the_middle_is_gone_on_with_as_another_branch() -> None:
    session = await talk(make_session([["Half", Finish("length")], "b", " whole."]), "1", "2")
    await (await session.go_on(session.transcript.ids[1])).done
    assert shown(session) == ["1", "Half", " whole."]


async def test_a_reply_of_which_nothing_came_is_asked_for_again() -> None:
    session = make_session([[ModelError("Away.")], "Here."])
    await asyncio.wait({session.submit("1").done})
    await (await session.go_on()).done
    assert texts(session) == ["1", "Here."]


async def test_the_rest_of_a_reply_can_be_asked_for_again() -> None:
    session = await talk(make_session([["Half", Finish("length")], " one.", " two."]), "1")
    await (await session.go_on()).done
    await (await session.retry()).done
    assert shown(session) == ["1", "Half", " two."]


async def test_among_several_people_a_request_to_go_on_needs_no_mention() -> None:
    session = make_session([["Half", Finish("length")], " whole."])
    await session.send("@ai, hello", name="Ada")
    await session.send("Hello all", name="Bob")
    await (await session.go_on(session.transcript.ids[1])).done
    assert shown(session)[-1] == " whole."


async def test_a_whole_reply_cannot_be_gone_on_with() -> None:
    session = await talk(make_session(["a"]), "1")
    for message_id in (None, *session.transcript.ids):
        with pytest.raises(RequestError, match="did not break off"):
            await session.go_on(message_id)
    with pytest.raises(RequestError, match="not in this conversation"):
        await session.go_on("nothing")


async def test_an_app_that_waits_for_a_choice_is_not_answered_by_going_on() -> None:
    @app
    async def quiz() -> Any:
        yield User((yield GetUserInput()))
        yield GetUserInput("Which?", choices=["a", "b"])

    history = [User("Hi"), {"role": "assistant", "content": "Half"}]
    session = make_session([], quiz, history=history)
    session.submit("go")
    await ticks(20)
    cut = session.transcript.get(session.transcript.ids[1]).with_status("length")
    session.updates.set({"role": "assistant", "content": "Half"}, cut.id)
    session.transcript.messages[cut.id] = cut
    with pytest.raises(RequestError, match="waits for an answer"):
        await session.go_on(cut.id)
