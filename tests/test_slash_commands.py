"""Commands: a function of nothing, or of the rest of the line, that a person runs by `/name`."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest

from chatwidget import AppError, RequestError, Session
from chatwidget.slash_commands import SlashCommand, SlashCommands, usage


def commands(*functions: Any) -> SlashCommands:
    made = SlashCommands()
    for function in functions:
        made.add(SlashCommand.of(function))
    return made


def weather(city: str) -> str:
    """Say how the weather is.

    Args:
        city: Where.
    """
    return f"It rains in {city}."


def now() -> str:
    """Say what time it is,
    more or less."""
    return "Late."


def shorter(words: str = "10") -> str:
    return f"At most {words} words."


def test_name_and_description_are_those_of_the_function() -> None:
    made = [SlashCommand.of(one) for one in (weather, now, shorter)]
    assert [usage(one) for one in made] == ["/weather city", "/now", "/shorter [words]"]
    assert [one.description for one in made] == ["Say how the weather is.", "Say what time it is, more or less.", ""]
    assert usage(SlashCommand.of(now, "what-time", "Tell.")) == "/what-time"


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("/now", "now", ""),
        ("  /now \n", "now", ""),
        ("/weather Oslo and\nRome ", "weather", "Oslo and\nRome"),
        ("/weather\tOslo", "weather", "Oslo"),
    ],
)
def test_a_text_that_begins_with_a_known_name_calls_it(text: str, name: str, rest: str) -> None:
    found = commands(weather, now).find(text)
    assert found is not None
    assert (found[0].name, found[1]) == (name, rest)


@pytest.mark.parametrize(
    "text", ["/etc/passwd", "/unknown", "/ now", "//now", "now", "/now?", "/Now", "Say /now", "/", ""]
)
def test_any_other_text_is_to_be_sent(text: str) -> None:
    assert commands(weather, now).find(text) is None


@pytest.mark.parametrize(("line", "said"), [("/weather Oslo", "It rains in Oslo."), ("/now", "Late.")])
async def test_it_is_called_with_the_rest_of_the_line_where_it_takes_it(line: str, said: str) -> None:
    found = commands(weather, now).find(line)
    assert found is not None
    assert await found[0].run(found[1]) == said


async def test_a_default_stands_where_nothing_was_said() -> None:
    command = SlashCommand.of(shorter)
    assert [await command.run(""), await command.run("3")] == ["At most 10 words.", "At most 3 words."]


async def test_a_line_that_does_not_fit_is_refused_with_the_cure() -> None:
    with pytest.raises(RequestError, match=r"/now takes nothing after it\. Leave out the rest, or the slash"):
        await SlashCommand.of(now).run("and then")
    with pytest.raises(RequestError, match="/weather needs something after it: /weather city"):
        await SlashCommand.of(weather).run("")


async def test_a_sync_function_runs_on_a_thread_an_async_one_on_the_loop() -> None:
    async def here() -> str:
        return threading.current_thread().name

    def there() -> str:
        return threading.current_thread().name

    assert await SlashCommand.of(here).run("") == threading.current_thread().name
    assert await SlashCommand.of(there).run("") != threading.current_thread().name


async def test_a_failure_is_one_sentence() -> None:
    def fail() -> None:
        raise ValueError("no such city")

    def refuse() -> None:
        raise RequestError("Not now.")

    with pytest.raises(RequestError, match=r"^/fail failed: ValueError: no such city$"):
        await SlashCommand.of(fail).run("")
    with pytest.raises(RequestError, match=r"^Not now\.$"):
        await SlashCommand.of(refuse).run("")


def two(a: str, b: str) -> None: ...
def named(*, a: str) -> None: ...


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((two,), "/two cannot be called: it needs a, b. A command takes nothing, or one argument"),
        ((named,), "/named cannot be called: it needs a"),
        ((7,), "A command is a function, not 7"),
        ((lambda: None,), "'<lambda>' is no name for a command"),
        ((now, "what time"), "'what time' is no name"),
        ((now, "/now"), "'/now' is no name"),
        ((now, "x" * 41), "is no name"),
        ((now, ""), "'' is no name"),
    ],
)
def test_what_cannot_be_a_command_is_refused_when_it_is_registered(arguments: Any, says: str) -> None:
    with pytest.raises(AppError, match=says):
        SlashCommand.of(*arguments)


async def test_what_may_take_more_is_called_with_the_line_at_most() -> None:
    assert await SlashCommand.of(lambda *words: len(words), "count").run("a b") == 1
    assert await SlashCommand.of(partial(weather, "Oslo"), "oslo").run("") == "It rains in Oslo."


async def test_a_session_has_its_own_and_one_registered_again_takes_the_place_of_the_one_before() -> None:
    session = Session(model="echo")
    assert session.command(now) is now

    @session.command(name="now", description="Tell the time.")
    def other() -> str:
        return "Early."

    found = session.composer.commands.find("/now")
    assert found is not None
    assert await found[0].run("") == "Early."
    assert [one.name for one in session.composer.commands] == ["new", "retry", "undo", "help", "now"]
    assert "- `/now` Tell the time." in session.composer.commands.help().splitlines()
