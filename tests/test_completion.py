"""A documented function as a prompt: outside of any chat."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pydantic import BaseModel

from chatwidget.completions import Completion, completion
from chatwidget.errors import AppError, ModelError, OutputError
from chatwidget.messages import Message
from chatwidget.models.base import ModelRequest
from chatwidget.models.scripted import ScriptedModel
from chatwidget.scratchpad import Scratchpad


class Song(BaseModel):
    title: str
    year: int


def said(request: ModelRequest) -> list[tuple[str, str]]:
    return [(message.role, message.text) for message in request.messages]


async def test_the_docstring_is_the_prompt_and_the_reply_is_returned() -> None:
    model = ScriptedModel("Roses are red.")

    @completion(model=model, temperature=0.3)
    async def poem(topic: str, lines: int = 4) -> Any:
        """
        Write a poem about {{ topic }}
        in {{ lines }} lines.
        """

    assert await poem("roses") == "Roses are red."
    assert said(model.requests[0]) == [("user", "Write a poem about roses\nin 4 lines.")]
    assert model.requests[0].options == {"temperature": 0.3}
    assert model.requests[0].tools == ()


async def test_what_stands_before_three_dashes_is_the_system_message() -> None:
    model = ScriptedModel("Arr")

    @completion(model=model)
    async def speak(who: str, text: str) -> Any:
        """You are {{ who }}.
        ---
        Say: {{ text }}
        """

    assert await speak("a pirate", text="---\nhi") == "Arr"
    assert said(model.requests[0]) == [("system", "You are a pirate."), ("user", "Say: ---\nhi")]


async def test_bare_it_asks_the_model_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATWIDGET_MODEL", "echo")

    @completion
    async def same(text: str) -> str:
        """Repeat {{ text }}"""
        raise NotImplementedError

    result: str = await same("this")
    assert result == "Repeat this"


async def test_two_calls_know_nothing_of_each_other() -> None:
    model = ScriptedModel("1", "2")

    @completion(model=model)
    async def count(n: int) -> Any:
        """Say {{ n }}"""

    assert list(await asyncio.gather(count(1), count(2))) == ["1", "2"]
    assert sorted(said(request)[0][1] for request in model.requests) == ["Say 1", "Say 2"]
    assert all(len(request.messages) == 1 for request in model.requests)


async def test_a_return_hint_makes_an_object_of_it() -> None:
    model = ScriptedModel('{"title": "Blue Moon"}', '{"title": "Blue Moon", "year": 1934}')

    @completion(model=model)
    async def song(about: str) -> Song:
        """Name a song about {{ about }}."""
        raise NotImplementedError

    result: Song = await song("the moon")
    assert result == Song(title="Blue Moon", year=1934)
    assert model.requests[0].output is not None
    assert "year" in said(model.requests[1])[-1][1]


async def test_an_output_type_stands_in_place_of_the_hint() -> None:
    model = ScriptedModel('["a", "b"]')

    @completion(model=model, output_type=list[str])
    async def letters() -> str:
        """Two letters."""
        raise NotImplementedError

    assert await letters() == ["a", "b"]


async def test_a_value_error_of_parse_goes_back_to_the_model() -> None:
    model = ScriptedModel("many", "7")

    @completion(model=model, parse=int)
    async def count(things: str) -> Any:
        """How many {{ things }}?"""

    result: int = await count("dwarfs")
    assert result == 7
    conversation = said(model.requests[1])
    assert conversation[:2] == [("user", "How many dwarfs?"), ("assistant", "many")]
    assert "'many'" in conversation[2][1]


async def test_parse_may_be_async_and_a_scratchpad() -> None:
    async def shout(text: str) -> str:
        return text.upper()

    @completion(model=ScriptedModel("hi"), parse=shout)
    async def greet() -> Any:
        """Greet."""

    @completion(model=ScriptedModel("Score: high", "Score: 9"), parse=Scratchpad[dict[str, int]]("Score: {n:int}").read)
    async def score() -> Any:
        """Score it."""

    assert await greet() == "HI"
    assert await score() == {"n": 9}


async def test_a_result_of_none_is_a_result() -> None:
    @completion(model=ScriptedModel("nothing"), parse=lambda text: None)
    async def nothing() -> Any:
        """Say nothing."""

    assert await nothing() is None


async def test_when_no_reply_will_do_the_error_holds_the_last_one() -> None:
    model = ScriptedModel("a", "b", "c")

    @completion(model=model, parse=int, max_attempts=2)
    async def number() -> Any:
        """A number."""

    with pytest.raises(OutputError, match="No reply to number could be used") as caught:
        await number()
    assert caught.value.text == "b"
    assert model.remaining == 1


async def test_other_errors_of_parse_and_failures_of_the_model_are_raised() -> None:
    @completion(model=ScriptedModel("a"), parse=lambda text: {}[text])
    async def broken() -> Any:
        """Break."""

    @completion(model=ScriptedModel(ModelError("The model is away.")))
    async def away() -> Any:
        """Hello?"""

    with pytest.raises(KeyError):
        await broken()
    with pytest.raises(ModelError, match="away"):
        await away()


async def test_cancelling_the_call_ends_the_request() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    class Slow:
        name, note = "slow", ""

        async def stream(self, request: ModelRequest) -> Any:
            try:
                begun.set()
                await asyncio.Event().wait()
                yield
            finally:
                ended.set()

    @completion(model=Slow())
    async def wait() -> Any:
        """Wait."""

    task = asyncio.create_task(wait())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_arguments_that_do_not_fit_are_refused_before_anything_is_sent() -> None:
    model = ScriptedModel("x")

    @completion(model=model)
    async def greet(name: str) -> Any:
        """Greet {{ name }}."""

    with pytest.raises(TypeError, match="name"):
        await greet()  # type: ignore[call-arg]
    assert model.requests == []


async def greet(name: str) -> Any:
    """Greet {{ name }}."""


async def several(*names: str) -> Any:
    """Greet {{ names }}."""


async def any_(**names: str) -> Any:
    """Greet {{ names }}."""


async def silent(name: str) -> Any: ...


async def misspelt(name: str) -> Any:
    """Greet {{ nam }}."""


async def unused(name: str, age: int) -> Any:
    """Greet {{ name }}."""


async def torn(name: str) -> Any:
    """Greet {{ name"""


async def strange() -> Nonsense:  # type: ignore[name-defined]  # noqa: F821
    """Say {{ 1 }}."""


def sync(name: str) -> Any:
    """Greet {{ name }}."""


@pytest.mark.parametrize(
    ("function", "options", "told"),
    [
        (several, {}, "takes *names"),
        (any_, {}, "takes **names"),
        (silent, {}, "has no docstring"),
        (misspelt, {}, "names 'nam', which is none of its parameters"),
        (unused, {}, "does not use its parameter 'age'"),
        (torn, {}, "line 1"),
        (strange, {}, "'Nonsense' of strange cannot be read"),
        (sync, {}, "write `async def`"),
        (greet, {"parse": int, "output_type": int}, "one of them"),
        (greet, {"max_attempts": 0}, "allows no reply"),
    ],
)
def test_a_function_that_is_no_prompt_is_refused_when_it_is_made(function: Any, options: Any, told: str) -> None:
    with pytest.raises(AppError) as caught:
        Completion(function, **options)
    assert told in str(caught.value)


def test_it_keeps_the_name_and_the_words_of_the_function() -> None:
    made: Completion[..., Any] = completion(greet)
    assert (made.__name__, made.__doc__) == ("greet", "Greet {{ name }}.")
    assert "greet(name" in repr(made)
    messages: list[Message] = made.messages("Ada")
    assert [message.text for message in messages] == ["Greet Ada."]
