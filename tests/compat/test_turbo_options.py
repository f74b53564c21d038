"""The options of @turbo: configure, debug, choices, caches, completions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from chatwidget import ChatWidget
from chatwidget.cache import MemoryCache
from chatwidget.compat.turbo_chat import (
    Assistant,
    BaseCache,
    Generate,
    GetInput,
    RedisCache,
    SimpleCache,
    System,
    User,
    available_models,
    completion,
    run,
    turbo,
)
from chatwidget.compat.turbo_chat.utils.debug import debug
from chatwidget.errors import AppError, OutputError
from chatwidget.models.scripted import ScriptedModel
from tests.compat.test_turbo_document import Steps, answered


async def greeting(text: str = "Hi") -> Steps:
    yield User(content=text)
    yield Generate()


async def test_the_decorator_works_bare_with_parentheses_and_with_options() -> None:
    model = ScriptedModel("One", "Two", "Three")
    for app in (turbo(greeting).configure(model=model), turbo()(greeting).configure(model=model)):
        assert len(await answered(app())) == 1
    assert await answered(turbo(model=model)(greeting)()) == ["Three"]


async def test_configure_keeps_what_it_does_not_name_and_leaves_the_old_app_alone() -> None:
    old, new = ScriptedModel("Old"), ScriptedModel(*"abcd")
    app = turbo(model=old, temperature=0.3, n=2, select_choice=lambda choices: choices[1])(greeting)
    other = app.configure(model=new)
    assert other.fn is app.fn is greeting
    assert (app.settings["model"], other.settings["model"], other.settings["temperature"]) == (old, new, 0.3)
    assert await answered(other()) == ["b"]
    assert await answered(app.configure({"n": 1, "select_choice": None})()) == ["Old"]
    assert old.requests[0].options == {"temperature": 0.3}


async def test_a_choice_is_read_by_names_or_keys_and_given_back() -> None:
    def longest(choices: Any) -> Any:
        assert choices[0]["message"]["content"] == choices[0].message.content
        return max(choices, key=lambda choice: len(choice.message.content))

    app = turbo(model=ScriptedModel("a", "ccc", "bb"), n=3, select_choice=longest)(greeting)
    assert await answered(app()) == ["ccc"]


async def test_a_choice_that_is_none_of_them_is_told() -> None:
    app = turbo(model=ScriptedModel("a", "b"), n=2, select_choice=lambda _: "b")(greeting)
    with pytest.raises(AppError, match="none of the choices"):
        await run(app())


@pytest.mark.parametrize("name", ["debug", "log"])
async def test_the_debug_hook_sees_every_input_and_output(name: str) -> None:
    seen: list[dict[str, Any]] = []

    @turbo(model=ScriptedModel("Hello"), **{name: seen.append})
    async def app() -> Steps:
        yield User(content=(yield GetInput()))
        yield Generate()

    instance = app()
    await run(instance)
    await run(instance, "")
    kinds = [(one["type"], type(one["payload"]).__name__) for one in seen]
    assert kinds == [
        ("output", "GetUserInput"),
        ("input", "UserText"),
        ("output", "User"),
        ("output", "Generate"),
        ("input", "Assistant"),
    ]
    assert all(one["app"] == "app" and isinstance(one["timestamp"], datetime) for one in seen)


async def test_the_ready_made_hook_prints_what_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    payloads = [Assistant("Hello\nAda"), System("Be kind"), "Well", Assistant({"response": "x" * 200})]
    for payload in payloads:
        debug({"app": "app", "timestamp": datetime(2023, 5, 1, 12, 30), "type": "input", "payload": payload}, False, 60)  # noqa: DTZ001
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["12:30:00 app <- Assistant: Hello Ada", "12:30:00 app <- str: Well"]
    assert len(lines) == 3
    assert len(lines[2]) == 60


async def test_a_hook_that_fails_harms_nothing() -> None:
    assert await answered(turbo(model=ScriptedModel("Hi"), debug=lambda _: 1 / 0)(greeting)()) == ["Hi"]


CACHES: list[dict[str, Any]] = [{"cache_class": SimpleCache}, {"cache": SimpleCache()}, {"cache": MemoryCache()}]


@pytest.mark.parametrize("options", CACHES)
async def test_a_cache_answers_across_runs(options: dict[str, Any]) -> None:
    model = ScriptedModel("One", "Two")
    app = turbo(model=model, **options)(greeting)
    assert [await answered(app("a")), await answered(app("a")), await answered(app("b"))] == [["One"], ["One"], ["Two"]]


async def test_another_parameter_is_another_request_to_a_cache() -> None:
    model = ScriptedModel("One", "Two")
    app = turbo(model=model, cache=SimpleCache())(greeting)
    assert await answered(app()) == ["One"]
    assert await answered(app.configure(temperature=1)()) == ["Two"]


async def test_a_cache_of_ones_own_is_set_up_and_may_be_injected() -> None:
    class Shelf(BaseCache):
        async def setup(self, shelf: dict[str, Any]) -> None:
            self.shelf = shelf

        async def has(self, key: Any) -> bool:
            return key in self.shelf

        async def get(self, key: Any) -> Any:
            return self.deserialize(self.shelf[key])

        async def set(self, key: Any, value: Any) -> None:
            self.shelf[key] = self.serialize(value)

    found = []

    @turbo(model=ScriptedModel("One"), cache_class=Shelf)
    async def app(cache: Shelf) -> Steps:
        found.append(cache)
        yield User(content="a")
        yield Generate()

    shelf: dict[str, Any] = {}
    for _ in range(2):
        assert await answered(app(cache_args={"shelf": shelf})) == ["One"]
    assert len(shelf) == 1
    assert isinstance(found[0], Shelf)
    with pytest.raises(AppError, match=r"Shelf.setup\(\) cannot be called: missing a required argument: 'shelf'"):
        app()


async def test_the_redis_cache_keeps_under_its_prefix_for_its_ttl_and_clears() -> None:
    class Client:
        def __init__(self) -> None:
            self.kept: dict[str, str] = {}
            self.px: list[Any] = []

        async def get(self, key: str) -> str | None:
            return self.kept.get(key)

        async def set(self, key: str, value: str, px: int | None) -> None:
            self.kept[key] = value
            self.px.append(px)

    class Short(RedisCache):
        ttl = 1500

    client = Client()
    app = turbo(model=ScriptedModel("One"), cache_class=Short)(greeting)
    for _ in range(2):
        assert await answered(app(cache_args={"client": client, "prefix": "mine"})) == ["One"]
    assert [key.split(":")[0] for key in client.kept] == ["mine"]
    assert client.px == [1500]


async def test_a_simple_cache_is_cleared() -> None:
    cache = SimpleCache()
    await cache.set("a", "1")
    assert (await cache.has("a"), await cache.get("a")) == (True, "1")
    await cache.clear()
    assert not await cache.has("a")


async def test_a_completion_is_its_docstring_sent_and_its_reply_parsed() -> None:
    model = ScriptedModel("five", "5", "7")

    @completion(parse=int, model=model, temperature=0)
    async def length(word: str) -> int:  # type: ignore[empty-body]
        """How many letters has {{ word }}?"""

    assert await length("hello", memory_args={}) == 5
    assert [message.text for message in model.requests[0].messages] == ["How many letters has hello?"]
    assert model.requests[0].options == {"temperature": 0}
    assert "Correct this" in model.requests[1].messages[-1].text
    with pytest.raises(TypeError, match="word"):
        await length()


async def test_a_completion_that_never_parses_says_so_with_the_last_text() -> None:
    @completion(parse=int, model="mocked:five")
    async def length(word: str) -> int:  # type: ignore[empty-body]
        """How many letters has {{ word }}?"""

    with pytest.raises(OutputError) as caught:
        await length("hello")
    assert caught.value.text == "five"


async def test_a_completion_without_parse_gives_the_text_and_may_be_cached() -> None:
    model = ScriptedModel("An ode")

    @completion(model=model, cache_class=SimpleCache)
    async def ode(thing: str) -> list[str]:  # type: ignore[empty-body]
        """Write an ode to {{ thing }}."""

    assert [await ode("tea"), await ode("tea")] == ["An ode", "An ode"]


async def test_an_app_is_shown_by_a_widget() -> None:
    chat = ChatWidget(turbo(greeting).configure(model=ScriptedModel("Hi")))
    assert "greeting" in repr(chat.session.name)
    chat.close()


def test_the_known_models_are_names() -> None:
    assert "gpt-3.5-turbo-0301" in available_models
