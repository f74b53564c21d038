"""Options that mean nothing are refused where they are given, in a sentence that names the culprit and the cure."""

from __future__ import annotations

from typing import Any

import pytest

from chatwidget import Generate, GetUserInput, Return, Session, System, Toolkit, User, app, ask, function_tool
from chatwidget.app_options import AppOptions
from chatwidget.asking import Asks
from chatwidget.asks import Allow
from chatwidget.completions import Completion
from chatwidget.errors import AppError, AskError, FormatError, ToolDefinitionError
from chatwidget.events import Event, MessageEnded, TurnEnded
from chatwidget.listeners import Listeners
from chatwidget.spending import Spending
from chatwidget.testing import ScriptedModel, play
from chatwidget.tool_list import ToolList, sources_of


async def say(word: str) -> str:
    """Say {{ word }}."""
    return ""


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


class Notes(Toolkit):
    """Notes, kept."""

    @function_tool
    def write(self, text: str) -> None:
        """Keep a text."""


MISSPELT = [
    ("temprature", "temperature"),
    ("maxtokens", "max_tokens"),
    ("output_typ", "output_type"),
    ("Model", "model"),
    ("tool", "tools"),
]


@pytest.mark.parametrize(("wrong", "right"), MISSPELT)
def test_a_misspelt_option_is_refused_with_the_right_one(wrong: str, right: str) -> None:
    makers: tuple[Any, ...] = (Generate, lambda **options: Completion(say, **options))
    for make in makers:
        with pytest.raises(AppError, match=f"{wrong!r}; did you mean {right!r}"):
            make(**{wrong: 1})


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("max_tool_round", "did you mean 'max_tool_rounds'"),
        ("memry", "did you mean 'memory'"),
        ("retrie", "did you mean 'retries'"),
        ("output_type", "one of Generate"),
    ],
)
def test_an_app_refuses_what_is_no_option_of_it(wrong: str, told: str) -> None:
    with pytest.raises(AppError, match=told):
        app(**{wrong: 1})


def test_a_completion_takes_the_options_of_its_generate() -> None:
    assert Completion(say, n=2, choice=max, forward=False)._command.n == 2


def test_generate_refuses_an_option_of_an_app() -> None:
    with pytest.raises(AppError, match="one of @app"):
        Generate(memory=object())


@pytest.mark.parametrize(
    "name", ["top_k", "min_p", "min_tokens", "models", "parallel_tool_calls", "max_new_tokens", "mirostat"]
)
def test_a_parameter_that_a_model_may_well_have_goes_to_the_model(name: str) -> None:
    options: dict[str, Any] = {name: 1}
    assert Generate(**options).options == AppOptions().merged({name: 1}).parameters == {name: 1}


@pytest.mark.parametrize(
    "options",
    [
        *({"n": "2"}, {"n": 0}, {"n": True}, {"retries": -1}, {"retries": 1.5}, {"max_tool_rounds": -1}),
        *({"parallel_tools": "no"}, {"debug": True}, {"choice": 1}),
    ],
)
def test_an_option_of_the_wrong_type_is_refused_by_name(options: dict[str, Any]) -> None:
    with pytest.raises(AppError, match=f"@app: {next(iter(options))}="):
        app(**options)


@pytest.mark.parametrize("tools", ["add", [add, "add"], [None], 3, {"add": add}])
def test_tools_that_are_none_are_refused_wherever_they_are_given(tools: Any) -> None:
    for take in (sources_of, lambda given: Generate(tools=given), lambda given: app(tools=given), ToolList):
        with pytest.raises(ToolDefinitionError, match=r"no tool|no function"):
            take(tools)


def test_no_tools_one_tool_and_a_toolkit_may_stand_for_a_list() -> None:
    kit = Notes()
    assert (sources_of(None), sources_of(add), sources_of(kit)) == ((), (add,), (kit,))
    assert Generate(tools=add).tools == (add,)


def test_a_toolkits_class_and_an_app_as_a_tool_are_told_the_cure() -> None:
    @app
    async def helper() -> Any:
        yield Return(1)

    for wrong, cure in ((Notes, r"`Notes\(\)`"), (helper, r"as_tool\(")):
        for tools in (wrong, [wrong]):
            with pytest.raises(ToolDefinitionError, match=cure):
                ToolList(tools)
            with pytest.raises(ToolDefinitionError, match=cure):
                sources_of(tools)


def test_an_app_called_with_wrong_arguments_is_named() -> None:
    @app
    async def fortune(name: str) -> Any:
        yield Return(name)

    wrongly: Any = fortune
    with pytest.raises(TypeError, match=r"fortune\(\.\.\.\): missing a required argument: 'name'"):
        wrongly()
    with pytest.raises(TypeError, match=r"say\(\.\.\.\)"):
        Completion(say).app(wort="moon")  # type: ignore[call-arg]
    with pytest.raises(AppError, match=r"fortune needs arguments \(fortune\(\.\.\.\): missing"):
        Session(fortune, model="echo")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"choices": []}, "choices= is empty"),
        ({"choices": "SML"}, "choices='SML' is no list"),
        ({"choices": 3}, "choices=3 is no list"),
        ({"validate": "int"}, "validate='int' cannot check"),
        ({"validate": say}, "validate=.* cannot check"),
        ({"timeout": "10"}, "timeout='10' is no time limit"),
        ({"timeout": -1}, "timeout=-1 is no time limit"),
    ],
)
async def test_a_question_with_options_that_mean_nothing_is_refused_at_the_call(
    options: dict[str, Any], told: str
) -> None:
    with pytest.raises(AppError, match=told):
        GetUserInput("Which?", **options)

    @app
    async def asks() -> Any:
        with pytest.raises(AskError, match=told):
            ask("Which?", **options)
        yield Return("refused")

    assert (await play(asks, model="echo")).value == "refused"


def test_choices_that_can_be_read_once_are_kept() -> None:
    assert GetUserInput(choices=(size for size in "SML")).choices == ("S", "M", "L")


@pytest.mark.parametrize("wrong", [None, "print", say])
def test_a_listener_that_cannot_be_called_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError, match="Give a plain function"):
        Listeners().on(MessageEnded, wrong)


@pytest.mark.parametrize("wrong", [int, "MessageEnded", None, [MessageEnded], MessageEnded | int])
def test_a_type_that_is_no_event_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError, match="takes an event type"):
        Listeners().on(wrong, print)


def test_events_and_unions_of_them_can_be_listened_to() -> None:
    for kind in (Event, MessageEnded, MessageEnded | TurnEnded):
        Listeners().on(kind, print)()


@pytest.mark.parametrize(("live", "kind"), [(lambda: None, "NoneType"), (lambda: say("it"), "coroutine")])
async def test_a_system_message_whose_function_gives_no_text_fails_by_name(live: Any, kind: str) -> None:
    @app
    async def clock() -> Any:
        yield System(live)
        yield User("Hi")
        yield Generate()

    with pytest.raises(FormatError, match=rf"System\(.*<lambda>\) got {kind} .* returns a str"):
        await play(clock, model=ScriptedModel("Hello."))


def test_an_unknown_position_and_a_label_that_is_no_text_are_refused() -> None:
    for make in (System, User):
        with pytest.raises(FormatError, match="position='middle' is no place"):
            make("Hi", label="x", position="middle")  # type: ignore[arg-type]
        with pytest.raises(FormatError, match="label=3 is no label"):
            make("Hi", label=3)  # type: ignore[arg-type]


def test_a_policy_a_tracker_and_a_wish_to_remember_are_checked() -> None:
    with pytest.raises(AppError, match="policy='yes' cannot be called"):
        Asks("yes")  # type: ignore[arg-type]
    with pytest.raises(AppError, match="tracker='all' is no tracker"):
        Spending(tracker="all")  # type: ignore[arg-type]
    with pytest.raises(AppError, match=r"remember='always'.*'session'"):
        Allow(remember="always")  # type: ignore[arg-type]
