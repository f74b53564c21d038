"""turbo-chat's bots, over this library's recipes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Literal, TypedDict

from chatwidget import commands
from chatwidget.apps import App
from chatwidget.compat.turbo_chat.app_run import TurboGenWrapper
from chatwidget.compat.turbo_chat.messages import Assistant, System, User
from chatwidget.compat.turbo_chat.result import Result
from chatwidget.compat.turbo_chat.signals import GetInput
from chatwidget.compat.turbo_chat.turbo import turbo
from chatwidget.context import RunContext
from chatwidget.tools import Tool as CoreTool

__all__ = ["Tool", "ToolBotInput", "qa_bot", "self_ask_bot", "subqueries_bot", "summarize_bot", "tool_bot"]

Tool = Callable[..., Awaitable[str]]


class ToolBotInput(TypedDict, total=False):
    """What `tool_bot` may be answered with in place of a text; a newer `state` takes the place of the older."""

    state: str | None
    input: str


_INSTRUCTIONS = """
    {% if prologue %}
    {{ prologue }}

    {% endif %}
    You talk with a {{ user_type }}.
    {% if instruction %}
    {{ instruction }}
    {% endif %}
"""
_ANSWERED = """
    {{ context }}
    {% for question, answer in answers %}
    Question: {{ question }}
    Answer: {{ answer }}
    {% endfor %}
"""


def _as(recipe: App[...], run: RunContext) -> App[...]:
    """Return a recipe with the bot's own parameters of the model."""
    return recipe.configure(**run.options.parameters)


@turbo(temperature=0.1)
async def qa_bot(question: str, context: str, run: RunContext) -> Any:
    """Answer a question from a text."""
    from chatwidget.recipes.qa import qa

    yield Assistant(content=(yield _as(qa, run)(context, question)))


@turbo(temperature=0.5)
async def summarize_bot(text: str, text_type: str = "text", *, run: RunContext) -> Any:
    """Summarize a text; one that is long is summarized in parts."""
    from chatwidget.recipes.summarize import summarize

    material = text if text_type == "text" else f"{text_type.capitalize()}:\n{text}"
    yield Assistant(content=(yield _as(summarize, run)(material)))


@turbo(temperature=0)
async def subqueries_bot(
    request: str,
    context: str,
    example: str = "",
    max_queries: int = 6,
    request_type: str = "question",
    solve_act: str = "answer",
    *,
    run: RunContext,
) -> Any:
    """Break a request into simpler ones, a list of texts."""
    from chatwidget.recipes.subqueries import subqueries

    told = [f"You are sent a {request_type}. Do not {solve_act} it, break it up.", context]
    told += [f"An example:\n{example}"] if example else []
    yield Result(content=(yield _as(subqueries, run)(request, "\n\n".join(told), max_queries)))


@turbo(temperature=0.7)
async def self_ask_bot(
    question: str,
    context: str,
    qa_bot: Callable[..., Any] = qa_bot,
    subquery_instructions: str = "A person asks an assistant.",
) -> Any:
    """Answer a question by way of simpler ones, each with what the earlier ones have shown."""
    from chatwidget.templates import template

    simpler = yield subqueries_bot(request=question, context=subquery_instructions)
    answers: list[tuple[str, Any]] = []
    for query in [*simpler.content, question]:
        known = template(_ANSWERED, context=context, answers=answers)
        answer = yield qa_bot(question=query, context=known)
        answers.append((query, getattr(answer, "content", answer)))
    yield Result(content=answers[-1][1])


def tool_bot(
    tools: Iterable[Any],
    prologue: str | None = None,
    user_type: str = "user",
    instruction: str | None = None,
    initial_state: str | None = None,
    example: str = "",
    max_iterations: int = 6,
    state_message_position: Literal["top", "bottom"] = "top",
    message: str = "How can I help you?",
    **run_options: Any,
) -> TurboGenWrapper:
    """Answer with the help of tools, by a model that cannot call any: a loop of question and answer.

    It is answered with a text, or with a dict of `input` and `state`. Each turn comes to a `Result` of `response` and
    `tools_used`. A tool that fails is told to the model. `example` is taken for turbo-chat's sake: how a tool is asked
    for is told the model in this library's own way.
    """
    known = [tool if isinstance(tool, CoreTool) else CoreTool(tool, require_doc=False) for tool in tools]
    told = System(
        template=_INSTRUCTIONS, variables={"prologue": prologue, "user_type": user_type, "instruction": instruction}
    )

    def state_of(text: str) -> User:
        return User(content=text, sticky=True, label="state", sticky_position=state_message_position)

    bot = _tool_bot.configure(max_tool_rounds=max_iterations)
    return bot(known, told, state_of, initial_state, message, **run_options)


@turbo(temperature=0)
async def _tool_bot(
    tools: list[CoreTool[..., Any]],
    told: System,
    state_of: Callable[[str], User],
    state: str | None,
    message: str,
    run: RunContext,
) -> Any:
    from chatwidget.recipes.prompt_tools import PromptTools

    yield told
    while True:
        if state:
            yield state_of(state)
        given = yield GetInput(content=message)
        state = given.get("state") if isinstance(given, Mapping) else None
        if state:
            yield state_of(state)
            state = None
        yield User(content=given["input"] if isinstance(given, Mapping) else given)
        before = set(run.transcript.ids)
        model = PromptTools(run.resolve_model(None))
        reply = yield commands.Generate(model=model, tools=tools, forward=False)
        said = [one for one in run.transcript.path if one.id not in before and one.scope == run.scope]
        used = [call.name for one in said for call in one.tool_calls]
        yield Result(content={"response": reply.text, "tools_used": used})
