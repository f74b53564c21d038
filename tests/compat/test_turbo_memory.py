"""turbo-chat's memories: of one's own in both shapes, shared and fresh, cut and summarised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from chatwidget.compat.turbo_chat import (
    Assistant,
    BaseMemory,
    Generate,
    GetInput,
    LocalMemory,
    LocalSummarizeMemory,
    LocalTruncatedMemory,
    MemoryTruncation,
    Message,
    Return,
    System,
    User,
    turbo,
)
from chatwidget.driving import Driver
from chatwidget.errors import AppError
from chatwidget.events import Noticed
from chatwidget.memory import ListMemory
from chatwidget.models.scripted import ScriptedModel
from tests.compat.test_turbo_document import Steps, answered, sent


def greeting(model: Any, **options: Any) -> Any:
    @turbo(model=model, **options)
    async def greeting(text: str) -> Steps:
        yield System(content="Be kind")
        yield User(content=text)
        yield Generate()

    return greeting


class Notes(BaseMemory):
    """The document's sketch, filled in: role and text only, as a store elsewhere has it."""

    def __init__(self) -> None:
        self.rows: list[dict[str, str]] = []
        self.contexts: list[Any] = []

    async def init(self, context: Any) -> None:
        self.contexts.append(context)

    async def append(self, item: Message) -> None:
        self.rows.append(dict(item.dict()))  # type: ignore[arg-type]

    async def get(self) -> Any:
        return self.rows

    async def clear(self) -> None:
        self.rows.clear()


async def test_a_memory_object_is_shared_by_all_runs_and_nothing_in_it_is_doubled() -> None:
    model, notes = ScriptedModel("One", "Two"), Notes()
    app = greeting(model, memory=notes)
    await answered(app("a"))
    await answered(app("b"))
    assert sent(model) == [("system", "Be kind"), ("user", "a"), ("assistant", "One"), ("user", "b")]
    assert [row["content"] for row in notes.rows if row["role"] != "system"] == ["a", "One", "b", "Two"]
    assert notes.contexts == ["a", "b"]


async def test_a_memory_class_is_fresh_for_each_run() -> None:
    model = ScriptedModel("One", "Two")
    app = greeting(model, memory_class=LocalMemory)
    await answered(app("a"))
    await answered(app("b"))
    assert sent(model) == [("system", "Be kind"), ("user", "b")]


async def test_without_a_memory_a_run_knows_nothing_of_the_last_one() -> None:
    model = ScriptedModel("One", "Two")
    app = greeting(model)
    await answered(app("a"))
    await answered(app("b"))
    assert len(sent(model)) == 2


class Rows(BaseMemory):
    """A memory in the shape of the last release."""

    table: list[Message] = []  # noqa: RUF012 - as programs for turbo-chat have it
    name: str

    async def setup(self, name: str) -> None:
        self.name = name

    async def get(self) -> list[Message]:
        return self.table

    async def extend(self, items: Sequence[Message]) -> None:
        self.table.extend(items)


async def test_a_memory_is_set_up_with_the_calls_memory_args_and_injected_by_its_name() -> None:
    @turbo(memory_class=Rows, model="mocked:One")
    async def app(memory: Rows) -> Steps:
        yield User(content="a")
        yield Generate(forward=False)
        await memory.set_state({"a": 1})
        await memory.set_state({"b": 2}, merge=True)
        said = [item["content"] for item in await memory.get_dicts()]
        yield Return((memory.name, said, await memory.get_state()))

    for name in ("ada", "bob"):  # a list in the class is not shared either
        result = await app(memory_args={"name": name}).run()
        assert result.content == (name, ["a", "One"], {"a": 1, "b": 2})


def test_arguments_that_setup_misses_are_named_where_the_app_is_called() -> None:
    @turbo(memory_class=Rows)
    async def app() -> Steps:
        yield User(content="a")

    with pytest.raises(AppError, match=r"Rows.setup\(\) cannot be called: missing a required argument: 'name'"):
        app()


async def test_a_parameter_called_memory_has_one_also_where_none_was_asked_for() -> None:
    @turbo
    async def app(text: str, memory: LocalMemory) -> Steps:
        yield User(content=text)
        yield Return([item.content for item in await memory.get()])

    assert (await app("a").run()).content == ["a"]


async def test_a_memory_that_fails_costs_nothing_that_was_said_and_the_person_is_told() -> None:
    class Broken(BaseMemory):
        async def append(self, item: Message) -> None:
            raise OSError("disk full")

    driver = Driver(greeting(ScriptedModel("One"), memory=Broken())("a"))
    notices: list[Noticed] = []
    driver.session.on(Noticed, notices.append)
    assert (await driver.step()).text == "One"
    await driver.aclose()
    assert any("not saved" in notice.text and "disk full" in notice.text for notice in notices)


async def test_a_memory_of_this_library_may_be_given() -> None:
    model, memory = ScriptedModel("One", "Two"), ListMemory()
    app = greeting(model, memory=memory)
    await answered(app("a"))
    await answered(app("b"))
    assert [text for _, text in sent(model)] == ["Be kind", "a", "One", "b"]


async def test_what_is_no_memory_is_told_at_the_decorator() -> None:
    with pytest.raises(AppError, match="memory_class="):
        turbo(memory=LocalMemory)


def counting(model: Any, **options: Any) -> Any:
    @turbo(model=model, **options)
    async def counting() -> Steps:
        yield System(content="Count")
        for _ in range(6):
            yield User(content=(yield GetInput()))
            yield Generate()

    return counting


async def test_a_truncated_memory_sends_the_first_and_the_newest_message() -> None:
    model = ScriptedModel(*(f"reply {number}" for number in range(6)))
    app = counting(model, memory_class=LocalTruncatedMemory)(memory_args={"tokens": 40})
    await answered(app, *(f"question {number}" for number in range(6)))
    said = [text for _, text in sent(model)]
    assert said[:2] == ["Count", "question 0"]
    assert said[-1] == "question 5"
    assert "reply 1" not in said


async def test_the_window_of_a_known_model_is_its_room_and_an_unknown_one_is_sent_everything() -> None:
    assert LocalTruncatedMemory().room("gpt-4-32k", 768) == 32_000
    assert LocalTruncatedMemory().window("my-own", 0, None) is None


async def test_truncation_may_be_mixed_into_a_memory_of_ones_own() -> None:
    class Short(MemoryTruncation, Notes):
        tokens = 30

    model = ScriptedModel(*"abcdef")
    await answered(counting(model, memory=Short())(), *"123456")
    assert len(sent(model)) < 7


async def test_a_summarising_memory_sends_a_summary_of_what_is_long_past_and_a_short_chat_as_it_is() -> None:
    class Counting:
        name, note = "counting", ""

        def __init__(self) -> None:
            self.inner = ScriptedModel(*["word " * 20] * 20)
            self.requests = self.inner.requests
            self.stream = self.inner.stream

    model = Counting()
    app = counting(model, memory_class=LocalSummarizeMemory)(memory_args={"tokens": 100})
    await answered(app, *(f"question {number}" for number in range(6)))
    asked = [request for request in model.requests if request.messages[0].text == "Count"]
    assert len(asked) == 6
    assert len(asked[1].messages) == 4
    assert len(asked[-1].messages) < 12
    assert "question 0" not in [message.text for message in asked[-1].messages]
    assert asked[-1].messages[-1].text == "question 5"


async def test_a_prompt_that_a_memory_prepares_is_what_is_sent() -> None:
    class Last(LocalMemory):
        async def prepare_prompt(self, max_tokens: int = 0) -> Any:
            return [{"role": "system", "content": f"{max_tokens}"}, (await self.get_dicts())[-1]]

    model = ScriptedModel("One")
    await answered(greeting(model, memory_class=Last, max_tokens=50)("a"))
    assert sent(model) == [("system", "50"), ("user", "a")]


async def test_the_base_prepares_what_would_be_sent() -> None:
    memory = LocalTruncatedMemory(tokens=1)
    await memory.extend([System("Count"), User("a"), Assistant("b"), User("c")])
    assert [item["content"] for item in await memory.prepare_prompt()] == ["Count", "a", "c"]
    await memory.clear()
    assert await memory.prepare_prompt() == []
