"""Among several people the model answers when it is mentioned."""

from __future__ import annotations

import pytest

from chatwidget import Session
from chatwidget.mentions import is_addressed
from chatwidget.messages import ExampleUser, User
from chatwidget.models.scripted import ScriptedModel


async def test_with_two_people_the_model_answers_only_when_it_is_mentioned() -> None:
    model = ScriptedModel("Hello, Ada.", "It is four.", name="gpt-5-mini")
    session = Session(model=model)
    assert await session.send("Hi", name="Ada") is not None
    assert await session.send("Hi, Ada!", name="Bob") is None
    reply = await session.send("@gpt-5-mini, what is 2 + 2?", name="Bob")
    assert reply is not None and reply.text == "It is four."
    assert [(message.name, message.text) for message in model.requests[1].messages] == [
        ("Ada", "Hi"),
        (None, "Hello, Ada."),
        ("Bob", "Hi, Ada!"),
        ("Bob", "@gpt-5-mini, what is 2 + 2?"),
    ]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@assistant help", True),
        ("help, @AI!", True),
        ("(@bot)", True),
        ("@gpt-5-mini: help", True),
        ("mail me at ada@assistant.org", False),
        ("@ada, look", False),
        ("assistant, help", False),
        ("@@assistant", False),
    ],
)
def test_a_mention_is_an_at_and_a_name(text: str, meant: bool) -> None:
    path = [User("Hi", name="Ada"), message := User(text, name="Bob")]
    assert is_addressed(path, message, "gpt-5-mini") is meant


def test_one_person_need_not_mention_anybody_and_examples_are_nobody() -> None:
    path = [ExampleUser("Hi"), User("Hi", name="Ada"), message := User("And?", name="Ada")]
    assert is_addressed(path, message, "echo")
