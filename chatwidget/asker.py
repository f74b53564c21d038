"""`ask(...)`: a question to the person, from the code of a tool, a handler or an app."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Generic, NoReturn, TypeVar

from chatwidget.asks import Ask, Kind, shown_answer
from chatwidget.context import RunContext
from chatwidget.errors import AskError
from chatwidget.events import AskWithdrawn, InputReceived, InputRequested
from chatwidget.messages import FilePart
from chatwidget.question_options import checked_choices, heed
from chatwidget.results import to_content

T = TypeVar("T")
Check = Callable[[Any], Any]

FILE_LIMIT = 7_000_000
"""Bytes of a file a person may answer with: in base64 just under the 10 MiB a Jupyter server lets through."""


@dataclass(frozen=True, slots=True)
class _Asker:
    context: RunContext
    loop: asyncio.AbstractEventLoop
    tool_call_id: str | None
    name: str
    note: Callable[[str], object]


_asker: ContextVar[_Asker | None] = ContextVar("chatwidget_asker", default=None)


@contextmanager
def asked_by(context: RunContext, tool_call_id: str | None, name: str, note: Callable[[str], object]) -> Iterator[None]:
    """Let code in this block ask; `note` is given a line of question and answer to keep."""
    token = _asker.set(_Asker(context, asyncio.get_running_loop(), tool_call_id, name, note))
    try:
        yield
    finally:
        _asker.reset(token)


def current_run() -> RunContext:
    """Return the run that the calling code belongs to; raises AskError outside of a tool or app."""
    run = current_run_or_none()
    if run is None:
        raise AskError("This tool works only while it runs for a chat.")
    return run


def current_run_or_none() -> RunContext | None:
    """Return the run that the calling code belongs to, if it is that of a tool, a handler or an app."""
    asker = _asker.get()
    return None if asker is None else asker.context


class Question(Generic[T]):
    """A question that was put: `await` it, or call `.result()` in code that may block, for the answer."""

    def __init__(self, asker: _Asker, work: Any) -> None:
        self._loop = asker.loop
        self._future = asyncio.run_coroutine_threadsafe(work, asker.loop)

    def __await__(self) -> Generator[Any, None, T]:
        return asyncio.wrap_future(self._future).__await__()

    def result(self) -> T:
        """Wait for the answer; RuntimeError on the chat's own loop, where that would wait for ever."""
        try:
            running = asyncio.get_running_loop()
        except RuntimeError:
            running = None
        if running is self._loop:
            self._future.cancel()
            raise RuntimeError("result() would wait for ever here; use `await ask(...)`.")
        answer: T = self._future.result()
        return answer

    def __str__(self) -> NoReturn:
        # Else a model would read the address of an object where the answer should be.
        raise AskError(
            "This question was not awaited: use `await ask(...)`, or `ask(...).result()` in code that blocks."
        )

    def __format__(self, spec: str) -> NoReturn:
        self.__str__()


def ask(
    message: str,
    *,
    type: Any = str,
    choices: Iterable[str] | Mapping[str, Any] | None = None,
    validate: Callable[[Any], Any] | None = None,
    timeout: float | None = None,
) -> Question[Any]:
    """Ask the person something, from inside a tool or an app, and wait for the answer.

        name = await ask("Your name?")                          # a str
        sure = ask("Delete all?", type=bool).result()           # in a sync tool
        size = await ask("Which?", choices=["S", "M", "L"])     # or a dict of label to value
        trip = await ask("Where to?", type=Trip)                # a form, for a pydantic model or dataclass
        file = await ask("Your data, please.", type=FilePart)

    `validate` is called with the answer; what it raises is shown and the question stays, as it does for False.
    `timeout` is in seconds. Raises `AskTimeout`, `NobodyThere` where no screen shows the chat and no policy answers,
    and `AskError` outside of a tool or app and for options that mean nothing. A stop cancels it.
    """
    asker = _asker.get()
    if asker is None:
        raise AskError("ask() works inside a tool, a handler or an app, while it runs for a chat.")
    kind, labels, schema, check = form_of(type, checked_choices(choices, validate, timeout, AskError))
    question = Ask(
        asker.context.ids(), kind, message, asker.tool_call_id, asker.name, choices=tuple(labels), schema=schema
    )

    def checked(value: Any) -> Any:
        answer = check(value)
        heed(validate, answer)
        return answer

    return Question(asker, _put(asker, question, checked, timeout))


async def _put(asker: _Asker, question: Ask, check: Check, timeout: float | None) -> Any:
    context = asker.context
    with context.spending.waiting(context.clock):
        answer, by_person = await context.asks.put(
            question,
            check,
            opened=lambda: context.emit(InputRequested(question.id, question.message, ask=question)),
            withdrawn=lambda: context.emit(AskWithdrawn(question.id, question.tool_call_id)),
            timeout=timeout,
        )
    told = answer.name if isinstance(answer, FilePart) else _in_words(answer)
    if by_person:
        context.emit(InputReceived(question.id, told))
    asker.note(f"{question.message} → {told}")
    return answer


def _in_words(answer: Any) -> str:
    if isinstance(answer, str | bool):
        return shown_answer(answer)
    content = to_content(answer)
    try:
        fields = json.loads(content)
    except ValueError:
        return content
    if not isinstance(fields, dict):
        return content
    return ", ".join(f"{name}: {shown_answer(value)}" for name, value in fields.items())


def form_of(type_: Any, choices: Any) -> tuple[Kind, Iterable[str], Mapping[str, Any] | None, Check]:
    """Return the kind of a question, its choices, its schema, and what checks an answer."""
    if choices is not None:
        values = dict(choices) if isinstance(choices, Mapping) else {str(choice): choice for choice in choices}
        return "choice", values, None, lambda value: _chosen(values, value)
    if type_ is str:
        return "text", (), None, _text
    if type_ is bool:
        return "confirm", (), None, _confirmed
    if type_ is FilePart:
        return "file", (), None, _file
    from pydantic import TypeAdapter

    adapter = TypeAdapter(type_)
    schema = adapter.json_schema()
    if schema.get("type") == "object" or "$ref" in schema:
        return "form", (), schema, lambda value: _validated(adapter, value)
    return "text", (), None, lambda value: _validated(adapter, value)


def _validated(adapter: Any, value: Any) -> Any:
    from pydantic import ValidationError

    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        problems = [(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors(include_url=False)[:5]]
        raise ValueError("; ".join(f"{where}: {what}" if where else what for where, what in problems)) from None


def _chosen(values: Mapping[str, Any], value: Any) -> Any:
    if isinstance(value, str) and value in values:
        return values[value]
    for choice in values.values():  # a policy may answer with the value itself
        if choice is value or (type(choice) is type(value) and choice == value):
            return choice
    raise ValueError(f"The answer must be one of: {', '.join(values)}.")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(f"The answer must be a text, not {type(value).__name__}.")


def _confirmed(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("The answer must be yes or no.")


def _file(value: Any) -> FilePart:
    if isinstance(value, FilePart):
        return value
    fields = [value.get(key) for key in ("name", "media_type", "data")] if isinstance(value, Mapping) else []
    if not fields or not all(isinstance(field, str) for field in fields):
        raise ValueError("The answer must be a file.")
    name, media_type, data = (str(field) for field in fields)
    if len(data) > FILE_LIMIT * 4 // 3 + 4:
        raise ValueError(f"The file is too large: at most {FILE_LIMIT // 1_000_000} MB.")
    try:
        base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("The file did not arrive whole. Try again, please.") from None
    return FilePart(name[:200], media_type[:100] or FilePart().media_type, data)
