"""One run of one app: what comes back at each yield, and what is thrown in."""

from __future__ import annotations

from typing import Any

import pytest

from chatwidget import AppError, Assistant, Generate, GetUserInput, Return, Session, System, User, app
from chatwidget.events import RunEnded
from chatwidget.models.scripted import Delay, MockedModel, ScriptedModel
from tests.core_strategies import record, ticks

FOREVER = Delay(3600)


def texts(session: Session) -> list[str]:
    return [message.text for message in session.messages]


def sent(model: ScriptedModel, number: int = -1) -> list[str]:
    return [message.text for message in model.requests[number].messages]


# What comes back.


async def test_every_yield_is_answered_with_what_it_resulted_in() -> None:
    answers: list[Any] = []

    @app
    async def curious() -> Any:
        answers.append((yield System("Be brief.")))
        answers.append((yield GetUserInput()))
        answers.append((yield User(answers[1])))
        answers.append((yield Generate()))
        answers.append((yield Generate("mocked:Other words.", temperature=0)))

    model = ScriptedModel("Yes.")
    await Session(curious, model=model).send("Hi")
    assert [answer if isinstance(answer, str) else answer.text for answer in answers] == [
        "Be brief.",
        "Hi",
        "Hi",
        "Yes.",
        "Other words.",
    ]
    assert isinstance(answers[1], str)


async def test_generate_passes_its_keywords_to_the_model() -> None:
    @app
    async def warm() -> Any:
        yield User((yield GetUserInput()))
        yield Generate(temperature=0.9, max_tokens=7)

    model = ScriptedModel("Yes.")
    await Session(warm, model=model).send("Hi")
    assert model.requests[0].options == {"temperature": 0.9, "max_tokens": 7}


# A person's input.


async def test_passing_the_input_on_keeps_the_message_and_its_id() -> None:
    @app
    async def repeat() -> Any:
        while True:
            yield User((yield GetUserInput()))

    session = Session(repeat, model="echo")
    turn = session.submit("Hi")
    await turn.done
    assert [message.id for message in session.messages] == [turn.id]


async def test_input_that_is_not_passed_on_is_shown_but_off_the_record() -> None:
    @app
    async def secretive() -> Any:
        name = yield GetUserInput("Who are you?")
        yield System(f"You talk with {name.title()}.")
        yield User("Say hello.")
        yield Generate()

    model = ScriptedModel("Hello!")
    session = Session(secretive, model=model)
    await session.send("ada")
    assert sent(model) == ["Who are you?", "You talk with Ada.", "Say hello."]
    assert [(message.text, message.off_record) for message in session.messages][1] == ("ada", True)


@pytest.mark.parametrize("between", ["system", "assistant", "app"])
async def test_what_an_app_does_before_it_passes_the_input_on_does_not_lose_it(between: str) -> None:
    @app
    async def look_up() -> Any:
        yield Return("a fact")

    @app
    async def careful() -> Any:
        question = yield GetUserInput()
        if between == "system":
            yield System("A fact.", label="facts")
        elif between == "assistant":
            yield Assistant("Let me look that up.", off_record=True)
        else:
            yield look_up()
        yield User(question)
        yield Generate()

    model = ScriptedModel("42.")
    session = Session(careful, model=model)
    await session.send("What is it?")
    assert "What is it?" in sent(model)
    assert texts(session).count("What is it?") == 1


async def test_input_passed_on_after_a_reply_comes_after_it() -> None:
    @app
    async def late() -> Any:
        question = yield GetUserInput()
        yield Generate()
        yield User(question)
        yield Generate()

    model = ScriptedModel("Hello.", "42.")
    session = Session(late, model=model)
    await session.send("What is it?")
    assert sent(model) == ["Hello.", "What is it?"]


async def test_a_message_yielded_twice_stands_twice() -> None:
    hello = Assistant("Hello.")

    @app
    async def polite() -> Any:
        yield hello
        yield User((yield GetUserInput()))
        reply = yield Generate()
        yield hello
        yield reply

    session = Session(polite, model=ScriptedModel("Yes."))
    await session.send("Hi")
    assert texts(session) == ["Hello.", "Hi", "Yes.", "Hello.", "Yes."]


async def test_of_a_label_the_last_said_counts_even_when_it_was_said_before() -> None:
    @app
    async def moody() -> Any:
        for mood in ("calm", "hasty", "calm"):
            yield System(f"Be {mood}.", label="mood")
        yield User((yield GetUserInput()))
        yield Generate()

    model = ScriptedModel("Yes.")
    await Session(moody, model=model).send("Hi")
    assert sent(model) == ["Be calm.", "Hi"]


# Failures.


async def test_a_failure_of_the_apps_own_keeps_what_was_said_before_and_after() -> None:
    @app
    async def clumsy() -> Any:
        yield User((yield GetUserInput()))
        yield Assistant("Before.")
        raise OSError("disk full")

    session = Session(clumsy, model="echo")
    events = record(session)
    with pytest.raises(OSError, match="disk full"):
        await session.send("Hi")
    assert texts(session) == ["Hi", "Before."]
    ended = next(event for event in events if isinstance(event, RunEnded))
    assert (ended.verdict, ended.error) == ("error", "The app clumsy failed: OSError: disk full")


async def test_an_exception_whose_text_cannot_be_read_ends_a_run_like_any_other() -> None:
    class UnreadableError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no text")

    @app
    async def broken() -> Any:
        yield GetUserInput()
        raise UnreadableError

    session = Session(broken, model="echo")
    with pytest.raises(UnreadableError):
        await session.send("Hi")
    assert session.screen.field("status") == "idle"
    assert "its text cannot be read" in session.screen.field("notice")["text"]


@pytest.mark.parametrize("exit_with", [KeyboardInterrupt, SystemExit])
async def test_an_exit_in_app_code_stops_the_turn_and_not_the_loop(exit_with: type[BaseException]) -> None:
    @app
    async def leaving() -> Any:
        yield User((yield GetUserInput()))
        raise exit_with

    session = Session(leaving, model="echo")
    events = record(session)
    await session.send("Hi")
    assert [event.verdict for event in events if isinstance(event, RunEnded)] == ["stopped"]
    assert session.screen.field("notice") is None


async def test_an_exit_in_a_live_system_message_stops_the_turn_and_not_the_loop() -> None:
    def leave() -> str:
        raise SystemExit

    @app
    async def leaving() -> Any:
        yield System(leave)
        yield User((yield GetUserInput()))
        try:
            yield Generate()
        except Exception:
            yield Assistant("Caught.")

    session = Session(leaving, model="echo")
    await session.send("Hi")
    assert "Caught." not in texts(session)
    assert session.status == "idle"


async def test_an_exhausted_generator_says_to_pass_the_function() -> None:
    async def once() -> Any:
        yield User((yield GetUserInput()))
        yield Generate()

    session = Session(once(), model=MockedModel("Yes."))
    assert (await session.send("1")) is not None
    with pytest.raises(AppError, match="Pass the function"):
        await session.send("2")
    assert ("2", True) in [(message.text, message.off_record) for message in session.messages]


async def test_a_program_that_stops_its_own_session_is_stopped() -> None:
    sessions: list[Session] = []

    @app
    async def quitter() -> Any:
        yield User((yield GetUserInput()))
        await sessions[0].stop()
        yield Assistant("Unreachable.")

    session = Session(quitter, model="echo")
    sessions.append(session)
    turn = session.submit("Hi")
    await ticks(20)
    assert turn.done.done()
    assert texts(session) == ["Hi"]
