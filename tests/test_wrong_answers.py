"""Functions that decide, of a tool's call or of an answer, are never taken for a yes that they did not give."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from chatwidget import GetUserInput, Return, Session, app, ask, function_tool
from chatwidget.asking import script
from chatwidget.errors import AppError, RequestError, ToolDefinitionError
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.question_options import NOT_VALID
from chatwidget.testing import play
from tests.asking import result


def delete(path: str, force: bool = False) -> str:
    """Delete a file."""
    return "deleted"


async def outcome(approve: Any, **arguments: Any) -> str:
    """How a call of `delete` ends that nobody is there to agree to."""
    model = ScriptedModel(ToolCall("delete", arguments), "Done.")
    session = Session(model=model, tools=[function_tool(approve=approve)(delete)])
    await session.send("Delete it.")
    return str(result(session).outcome)


async def careful(path: str) -> bool:
    return path.startswith("/etc")


@pytest.mark.parametrize(
    "approve",
    [
        lambda path: path.startswith("/etc"),
        lambda *, path: path.startswith("/etc"),
        lambda force, path: not force and path.startswith("/etc"),
        lambda path, root="/etc": path.startswith(root),
        lambda arguments: arguments["path"].startswith("/etc"),
        lambda arguments, /, root="/etc": arguments["path"].startswith(root),
        functools.partial(lambda root, path: path.startswith(root), "/etc"),
        careful,
    ],
)
async def test_approve_takes_arguments_by_name_or_the_dict_of_all(approve: Any) -> None:
    assert await outcome(approve, path="/etc/passwd") == "output-denied"
    assert await outcome(approve, path="/tmp/a") == "output-available"


@pytest.mark.parametrize(
    "approve",
    [
        lambda: False,
        lambda path, other: False,
        lambda arguments, path=None: False,
        lambda one, two: False,
        lambda *arguments: False,
        lambda **arguments: False,
        lambda *, arguments: False,
        lambda pth: False,
        lambda path, /: False,
    ],
)
def test_an_approve_that_could_mean_anything_is_refused_when_the_tool_is_made(approve: Any) -> None:
    with pytest.raises(ToolDefinitionError, match=r"`delete` .* its approve= takes .*path, force"):
        function_tool(approve=approve)(delete)


async def test_an_approve_that_says_nothing_lets_nothing_run() -> None:
    assert await outcome(lambda path: None, path="a") == "output-denied"
    assert await outcome(lambda path: False, path="a") == "output-available"


# Answers.


def refuses(value: Any) -> Any:
    return value != "no"


def breaks(value: Any) -> None:
    if value == "no":
        raise KeyError("no such thing")


@pytest.mark.parametrize(("validate", "told"), [(refuses, NOT_VALID), (breaks, "no such thing")])
async def test_an_answer_that_validate_refuses_in_any_way_is_asked_for_again(validate: Any, told: str) -> None:
    @app
    async def asks() -> Any:
        yield Return(str((yield GetUserInput("Well?", validate=validate))))

    session = Session(asks, model="echo")
    turn = session.submit("no")  # sent before it was asked, so that it is read only now
    await turn.done
    asked = session.screen.state()["input_request"]
    assert told in asked["error"]
    with pytest.raises(RequestError, match=told):
        session.respond(asked["id"], "no")
    session.respond(asked["id"], "yes")

    @app
    async def asks_in_code() -> Any:
        yield Return(await ask("Well?", validate=validate))

    with pytest.raises(AppError, match=told):
        await play(asks_in_code, model="echo", policy=script("no"))


async def test_validate_may_return_anything_else() -> None:
    for verdict in (None, True, 0, ""):

        @app
        async def asks(said: Any = verdict) -> Any:
            yield Return(str((yield GetUserInput(validate=lambda value: said))))

        assert (await play(asks, ["a"], model="echo")).value == "a"


async def test_a_policy_that_fails_is_named() -> None:
    def judge(question: Any) -> Any:
        raise KeyError("oops")

    @app
    async def asks() -> Any:
        yield Return(await ask("Well?"))

    with pytest.raises(AppError, match="The policy judge failed: KeyError: 'oops'"):
        await play(asks, model="echo", policy=judge)
