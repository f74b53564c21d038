"""Structured output: a Python type that a reply shall be.

    song_type = OutputType(Song)
    song_type.spec                            # what the model is told
    song_type.partial({"title": "Blue M"})    # Song(title="Blue M", year=None), while it is being written
    song_type.parse(reply)                    # Song(title="Blue Moon", year=1934), or WrongOutput

What is rejected goes back to the model as the text of `WrongOutput`.
"""

from __future__ import annotations

import json
import re
from typing import Any, Generic, TypeVar, cast

from chatwidget._problems import MAX_MESSAGE, clip, listing, problem, shown
from chatwidget._reply_json import NoJSON, json_in
from chatwidget._strict_schema import strict_schema
from chatwidget.errors import AppError
from chatwidget.models.base import OutputSpec

__all__ = ["OutputType", "WrongOutput", "strict_schema"]

T = TypeVar("T")

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_MODULE = re.compile(r"\b[A-Za-z_]\w*\.(?=\w|<)|<locals>\.")
_SURROGATE = re.compile(r"[\ud800-\udfff]|\\u[dD][89a-fA-F]")
AGAIN = "Correct this and answer again, with the JSON only."


class WrongOutput(ValueError):
    """A reply is not what it shall be; the text, of at most 1,000 characters, tells the model what to correct."""


class OutputType(Generic[T]):
    """What a reply shall be, made of a Python type.

    `type_` is a pydantic model, dataclass, TypedDict, NamedTuple, primitive, Literal, Enum, a list, dict or tuple of
    these, a union, or one of them `Annotated` with a `Field`. A type that is no JSON object is asked for as
    `{"value": ...}`. `name` (letters, digits, `_` and `-`, at most 64) and `description` are those of the type and
    its docstring when not given. Keys that no type knows are refused; when any of the types has an `extra=` of its
    own that lets them pass, each type decides for itself. Fields with a default may be left out.

    Raises `AppError` that names the type and the cure when JSON cannot say it.
    """

    def __init__(self, type_: Any, *, name: str | None = None, description: str | None = None) -> None:
        # Here, not above: a chat without structured output does not pay for pydantic.
        from chatwidget._output_schema import reply_of
        from chatwidget._partial_value import PartialValue

        label = _label(type_)
        self.name = _legal(label) if name is None else name
        if not _NAME.fullmatch(str(self.name)):
            cure = "Pass `name=` with 1 to 64 letters a-z, digits, `_` or `-`."
            raise AppError(f"The reply type {label} cannot be called {name!r:.80}. {cure}")
        self.type = type_
        self._reply = reply_of(type_, label)
        self._partial = PartialValue(type_)
        if description is None:
            description = str(self._reply.schema.get("description", ""))
        self.spec = OutputSpec(self.name, description, self._reply.schema)

    def __repr__(self) -> str:
        return f"<OutputType {self.name}>"

    def parse(self, text: str) -> T:
        """Return the value that a whole reply stands for; a fence or prose around one JSON object is passed over.

        Of a Literal or an Enum of texts, the choice alone will do: `red`, without quotes.

        Raises `WrongOutput`; whatever a validator raises, even SystemExit, becomes one.
        """
        if (choice := self._choice(text)) is not None:
            return self._validated(json.dumps({"value": choice}))
        try:
            found, value = json_in(text)
        except NoJSON:
            raise WrongOutput(self._in_words(text)) from None
        except ValueError as error:
            raise WrongOutput(f"{clip(str(error), 600)} {AGAIN}") from None
        bare = not isinstance(value, dict)
        if bare and not self._reply.wrapped:
            raise WrongOutput(f"Your reply must be a JSON object, not {shown(value)}. {AGAIN}")
        if _SURROGATE.search(found):
            found = json.dumps(value)  # without them: partial_json has mended it
        if not self._reply.wrapped or bare or "value" not in value:
            found = f'{{"value": {found}}}'
        return self._validated(found)

    def partial(self, value: Any) -> Any:
        """Return what the reply is so far, from the best value so far of its JSON (`PartialJSON.value`).

        Models, dataclasses and NamedTuples are made without validation, a field that is not there yet is None, also
        one with a default; private attributes are not set. Enum, Literal, dates and other types made of a text are
        there when the text is complete and valid, until then None. All else is plain data. Never raises.
        """
        if self._reply.wrapped and isinstance(value, dict) and (not value or "value" in value):
            value = value.get("value")
        return self._partial.of(value)

    def _choice(self, text: str) -> str | None:
        """Return the choice that a reply is, without JSON around it."""
        if not self._reply.wrapped:
            return None
        schema = self._reply.schema["properties"]["value"]
        if "$ref" in schema:
            schema = self._reply.schema["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        choices = schema.get("enum", [schema.get("const")])
        words = text.strip().strip("*`\"'.").strip()
        if not all(isinstance(choice, str) for choice in choices):
            return None
        near = [choice for choice in choices if choice.casefold() == words.casefold()]
        return words if words in choices else near[0] if len(near) == 1 else None

    def _validated(self, text: str) -> T:
        from pydantic import ValidationError

        try:
            made = self._reply.model.model_validate_json(text, extra="forbid" if self._reply.closed else None)
        except ValidationError as error:
            raise WrongOutput(self._explained(error.errors(include_url=False, include_context=False))) from None
        except BaseException as error:  # a validator is anybody's code; nothing waits or is cancelled in here
            said = clip(f"Your reply could not be checked: {type(error).__name__}: {error}", MAX_MESSAGE - 60)
            raise WrongOutput(f"{said} {AGAIN}") from error
        return cast("T", made.value)  # type: ignore[attr-defined]

    def _explained(self, problems: list[Any]) -> str:
        skip = 0 if self._reply.wrapped else 1
        lines = [problem(found, found["loc"][skip:], "the reply") for found in problems]
        return listing(f"Your reply is not a {self.name}:", lines, AGAIN)

    def _in_words(self, text: str) -> str:
        schema = json.dumps(self._reply.schema, ensure_ascii=False)
        end = f" It must fit this schema: {schema}" if len(schema) <= 700 else ""
        said = f"You answered in words; answer with JSON only, no word before or after it.{end}"
        return said if text.strip() else said.replace("You answered in words", "Your reply is empty")


def _label(type_: Any) -> str:
    """Return what a person calls a type: `Song`, `list[Song]`."""
    while hasattr(type_, "__metadata__"):
        type_ = type_.__origin__
    if isinstance(type_, type) and not hasattr(type_, "__origin__"):
        return clip(type_.__name__, 100)
    return clip(_MODULE.sub("", repr(type_)), 100)


def _legal(label: str) -> str:
    return re.sub(r"[^a-zA-Z0-9_-]+", "_", label).strip("_")[:64] or "reply"
