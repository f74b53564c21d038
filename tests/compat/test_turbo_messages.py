"""turbo-chat's messages: what reaches a model, and in which order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget.compat.turbo_chat import (
    Assistant,
    BaseMessageCollection,
    Example,
    ExampleAssistant,
    ExampleUser,
    Generate,
    GetInput,
    GetUserInput,
    Message,
    System,
    User,
    run,
    turbo,
)
from chatwidget.compat.turbo_chat.messages import from_core, to_core
from chatwidget.errors import AppError, FormatError
from chatwidget.models.scripted import ScriptedModel
from tests.compat.test_turbo_document import Steps, answered, sent


async def prompt(*yields: Any) -> list[tuple[str, str]]:
    """What a model is sent by an app that yields these."""
    model = ScriptedModel("Reply")

    @turbo(model=model)
    async def app() -> Steps:
        for one in yields:
            yield one
        yield Generate()

    await answered(app())
    return sent(model)


async def test_of_several_system_messages_the_newest_is_sent_first_and_as_a_system_message() -> None:
    said = await prompt(System(content="Old"), User(content="Hi"), System(content="New"))
    assert said == [("system", "New"), ("user", "Hi")]


async def test_of_a_sticky_label_the_newest_is_sent_at_its_position() -> None:
    def state(text: str, position: Any) -> User:
        return User(content=text, sticky=True, label=f"state {position}", sticky_position=position)

    said = await prompt(
        state("T1", "top"), state("B1", "bottom"), User(content="Hi"), state("T2", "top"), state("B2", "bottom")
    )
    assert [text for _, text in said] == ["T2", "B2", "Hi"]


async def test_examples_are_turns_of_their_own() -> None:
    said = await prompt(Example(user="Nice!", assistant="positive"), ExampleUser("Bad!"), ExampleAssistant("negative"))
    assert said == [("user", "Nice!"), ("assistant", "positive"), ("user", "Bad!"), ("assistant", "negative")]


async def test_a_collection_of_ones_own_is_yielded_as_its_messages() -> None:
    class Pair(BaseMessageCollection):
        async def get(self) -> list[Message]:
            return [User("a"), Assistant("b", forward=False)]

    assert await prompt(Pair()) == [("user", "a"), ("assistant", "b")]
    assert await Pair().get_dicts() == [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]


async def test_a_template_gets_its_variables_and_others_do_no_harm() -> None:
    said = await prompt(User(template="Hi {{ name }}", variables={"name": "Ada", "age": 36}, check=True))
    assert said == [("user", "Hi Ada")]


def test_a_template_with_a_hole_is_told_where_it_is_made() -> None:
    with pytest.raises(AppError, match="'name'"):
        User(template="Hi {{ name }}", variables={"nome": "Ada"})


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, "one of them"),
        ({"content": "a", "template": "b"}, "one of them"),
        ({"content": "a", "sticky": True}, "needs a label"),
        ({"content": "a", "label": "x"}, "needs sticky=True"),
        ({"content": "a", "sticky": True, "label": "system"}, "System messages"),
        ({"content": "a", "colour": "red"}, "no field 'colour'"),
    ],
)
def test_what_a_message_cannot_be_is_told(fields: dict[str, Any], problem: str) -> None:
    with pytest.raises(FormatError, match=problem):
        User(**fields)


async def test_a_dict_is_sent_as_json_and_given_as_it_is() -> None:
    assert await prompt(User(content={"city": "Zürich"})) == [("user", '{"city": "Zürich"}')]

    @turbo
    async def app() -> Steps:
        yield Assistant(content={"response": "Yes"})

    assert (await run(app())).content == {"response": "Yes"}


async def test_what_is_not_forwarded_is_sent_and_given_back_but_not_given_to_the_caller() -> None:
    model = ScriptedModel("Thought", "Said")
    replies = []

    @turbo(model=model)
    async def app() -> Steps:
        yield User(content="Go")
        replies.append((yield Generate(forward=False)))
        replies.append((yield Generate(yield_downstream=False)))
        yield Assistant(content="Aside", forward=False)
        yield User(content="Shown", forward=True)

    result = await run(app())
    assert [(type(reply), reply.content) for reply in replies] == [(Assistant, "Thought"), (Assistant, "Said")]
    assert (result.content, result.done) == ("Shown", True)
    assert sent(model) == [("user", "Go"), ("assistant", "Thought")]


async def test_settings_and_keywords_of_generate_are_one_thing_and_override_the_decorators() -> None:
    model = ScriptedModel("A", "B", "C")

    @turbo(model=model, temperature=0.1, top_p=0.5, stream=True)
    async def app() -> Steps:
        yield User(content="Go")
        yield Generate()
        yield Generate(settings={"temperature": 0.2})
        yield Generate(temperature=0.3, stop=["x"], stream=False)

    await answered(app())
    assert [dict(request.options) for request in model.requests] == [
        {"temperature": 0.1, "top_p": 0.5},
        {"temperature": 0.2, "top_p": 0.5},
        {"temperature": 0.3, "top_p": 0.5, "stop": ["x"]},
    ]


@pytest.mark.parametrize("question", [GetInput(content="Name?"), GetUserInput(message="Name?")])
async def test_a_question_is_part_of_the_conversation_in_both_spellings(question: Any) -> None:
    assert (question.message, question.content) == ("Name?", "Name?")
    model = ScriptedModel("Hi")

    @turbo(model=model)
    async def app(question: Any) -> Steps:
        yield User(content=(yield question))
        yield Generate()

    await answered(app(question), "Ada")
    assert sent(model) == [("assistant", "Name?"), ("user", "Ada")]


async def test_a_question_off_the_record_and_one_without_a_text_are_not() -> None:
    model = ScriptedModel("Hi")

    @turbo(model=model)
    async def app() -> Steps:
        yield User(content=(yield GetInput(content="Name?", record=False)))
        yield User(content=(yield GetInput()))
        yield Generate()

    assert await answered(app(), "Ada", "36") == ["? Name?", "? User input needed", "Hi"]
    assert sent(model) == [("user", "Ada"), ("user", "36")]


MESSAGES = st.one_of(
    st.builds(
        lambda kind, text: kind(text),
        st.sampled_from([System, User, Assistant, ExampleUser, ExampleAssistant]),
        st.text(st.characters(exclude_categories=["Cs"])),
    ),
    st.builds(
        lambda text, label, position: User(text, sticky=True, label=label, sticky_position=position),
        st.text(st.characters(exclude_categories=["Cs"])),
        st.sampled_from(["state", "clock"]),
        st.sampled_from(["top", "bottom"]),
    ),
)


@given(MESSAGES)
def test_a_message_survives_the_way_into_this_library_and_back(message: Message) -> None:
    back = from_core(to_core(message))
    assert (type(back), back) == (type(message), message)
    assert (back.forward, back.sticky, back.sticky_position) == (
        message.forward,
        message.sticky,
        message.sticky_position,
    )
