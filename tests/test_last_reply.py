"""Without an id the last reply is meant: what the assistant said, not what code printed or a command answered."""

from __future__ import annotations

from typing import Any

import pytest

from chatwidget import Assistant, Feedback, Generate, GetUserInput, Session, User, app
from chatwidget.errors import RequestError
from chatwidget.models.base import Finish
from chatwidget.models.scripted import ScriptedModel
from tests.composing import Page
from tests.core_strategies import Mirror, quiet, ticks


@app
async def chatty() -> Any:
    yield User((yield GetUserInput()))
    yield Generate()
    print("Noted.")


async def talk(*replies: Any) -> Session:
    session = Session(chatty, model=ScriptedModel(*replies))
    await session.send("1")
    await quiet(session)
    assert session.messages[-1].off_record and session.messages[-1].name == "output"
    return session


async def test_feedback_is_about_what_the_assistant_said_not_about_what_code_printed() -> None:
    session = await talk("a")
    session.feedback("up")
    assert [message.feedback for message in session.messages] == [None, Feedback("up"), None]


async def test_feedback_is_not_about_the_answer_of_a_command() -> None:
    page = Page("a")
    await page.ask("send", text="1")
    await quiet(page.session)
    await page.ask("send", text="/help")
    assert page.session.messages[-1].name == "/help"
    page.session.feedback("down")
    assert [message.feedback for message in page.session.messages] == [None, Feedback("down"), None]


async def test_where_nobody_has_replied_there_is_nothing_to_judge() -> None:
    page = Page()
    with pytest.raises(RequestError, match="There is no reply to judge yet"):
        page.session.feedback("up")
    await page.ask("send", text="/help")
    with pytest.raises(RequestError, match="There is no reply to judge yet"):
        page.session.feedback("up")


async def test_a_reply_that_broke_off_is_gone_on_with_though_a_command_was_answered_since() -> None:
    page = Page(["Half", Finish("length")], " whole.")
    await page.ask("send", text="1")
    await quiet(page.session)
    page.session._turns._context.add(Assistant("Some help.", off_record=True))
    await (await page.session.go_on()).done
    assert [message.text for message in page.session.messages if not message.hidden] == ["1", "Half", " whole."]


async def test_what_going_on_in_the_middle_has_hidden_can_be_brought_back() -> None:
    session = Session(model=ScriptedModel(["Half", Finish("length")], "b", " whole."))
    for text in "12":
        await session.send(text)
    shown = session.messages
    await (await session.go_on(session.messages[1].id)).done
    assert session.messages[-1].text == " whole." and len(session.messages) == 4
    assert await session.undo() == "retry"
    assert session.messages == shown


async def test_going_on_at_the_end_hides_nothing_and_is_not_undone() -> None:
    session = Session(model=ScriptedModel(["Half", Finish("length")], " whole."))
    await session.send("1")
    await (await session.go_on()).done
    with pytest.raises(RequestError, match="nothing to undo"):
        await session.undo()


async def test_feedback_on_a_message_of_the_person_stays_when_the_app_passes_it_on() -> None:
    @app
    async def slow() -> Any:
        text = yield GetUserInput()
        asked = session.messages[0]
        session.feedback("up", asked.id)
        yield User(text)
        yield Assistant("a")

    session = Session(slow)
    mirror = Mirror(session)
    await session.send("1")
    await ticks(5)
    assert session.messages[0].feedback == Feedback("up")
    session.screen.flush()
    assert mirror.state["messages"] == session.screen.state()["messages"]
    assert mirror.state["messages"][0]["feedback"] == "up"
