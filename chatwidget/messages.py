"""Messages: immutable values, and nothing but values; their parts are in `parts.py`.

A message is one entry of a conversation. Its parts say what it holds. Both are frozen dataclasses; "changing" one
is `dataclasses.replace`. How they become dicts is in `serialize.py` (our JSON) and `openai_format.py` (OpenAI's).

The verdict of a reply is its `status`:

    arriving     still being written
    complete     the model said it was done
    stopped      a person or a program stopped it
    length       cut by the token limit
    filtered     withheld by the provider's filter
    error        failed before anything arrived
    interrupted  broke off after something had arrived; the text so far is kept
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from chatwidget.errors import FormatError
from chatwidget.parts import (
    Approval,
    Content,
    DisplayPart,
    FilePart,
    ImagePart,
    Outcome,
    Part,
    ReasoningPart,
    SourcePart,
    StepPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    ToolState,
    as_parts,
    clean_text,
)

__all__ = [
    "Approval",
    "Assistant",
    "Content",
    "DisplayPart",
    "ExampleAssistant",
    "ExampleUser",
    "Feedback",
    "FilePart",
    "ImagePart",
    "Message",
    "Outcome",
    "Part",
    "Position",
    "ReasoningPart",
    "Role",
    "SourcePart",
    "Status",
    "StepPart",
    "System",
    "TextPart",
    "ToolCallPart",
    "ToolResultPart",
    "ToolState",
    "User",
    "UserText",
    "as_parts",
    "clean_text",
    "new_id",
]

Position = Literal["place", "top", "bottom"]
Role = Literal["system", "user", "assistant", "tool"]
Status = Literal["arriving", "complete", "stopped", "length", "filtered", "error", "interrupted"]


def new_id() -> str:
    """Make an id: 16 hex digits of randomness, unique enough for any one transcript."""
    return uuid.uuid4().hex[:16]


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a person thinks of a message: whether it was good, and why."""

    value: Literal["up", "down"]
    comment: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "comment", clean_text(self.comment))


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One entry of a conversation.

    `parent_id` names the message before it (None for the first); messages with one parent are siblings, made by
    editing or retrying. `off_record` messages are shown but never sent to a model, `hidden` ones are sent, not shown.
    A message with a `label` is sticky: of all with that label only the newest is sent, at the place where the first
    stood, or, by its `position`, at the top or right before what the person said last. `scope` separates the
    conversations of nested apps ("" is the session's own). `error` is the sentence shown when the status is `error`
    or `interrupted`, or what is wrong with a reply that is not of its type. `output` names the type whose JSON the
    text is (`Generate(output_type=...)`). `feedback` is what a person thought of it. `live` computes the text anew for
    each request (see `System`); it is not stored.
    """

    role: Role
    parts: tuple[Part, ...] = ()
    id: str = field(default_factory=new_id)
    parent_id: str | None = None
    name: str | None = None
    status: Status = "complete"
    off_record: bool = False
    hidden: bool = False
    label: str | None = None
    position: Position = "place"
    scope: str = ""
    model: str | None = None
    error: str | None = None
    usage: Mapping[str, Any] | None = None
    created: float | None = None
    output: str | None = None
    feedback: Feedback | None = None
    live: Callable[[], str] | None = field(default=None, compare=False, repr=False)

    @property
    def text(self) -> str:
        """All text parts joined; reasoning, tool calls and results are left out."""
        return "".join(part.text for part in self.parts if isinstance(part, TextPart))

    @property
    def tool_calls(self) -> tuple[ToolCallPart, ...]:
        """The tool calls this message asks for, in the model's order."""
        return tuple(part for part in self.parts if isinstance(part, ToolCallPart))

    def with_status(self, status: Status, error: str | None = None) -> Message:
        """Return this message with another verdict."""
        return replace(self, status=status, error=error)


class UserText(str):
    """The text a person sent: a plain `str` that remembers the message it came from.

    An app gets it from `yield GetUserInput()`. Passing it on unchanged with `yield User(text)` keeps the attachments
    and lands on the very message the screen sent, so that a retry does not double it.
    """

    message: Message | None = None
    value: Any = None

    @classmethod
    def of(cls, message: Message, value: Any = None) -> UserText:
        """Wrap the text of a user message; `value` is what it stands for, where that is no text."""
        text = cls(message.text)
        text.message, text.value = message, value
        return text


def System(  # noqa: N802 - reads as the noun it makes, as Field and Depends do
    content: str | Callable[[], str],
    *,
    label: str | None = None,
    position: Position = "place",
    name: str | None = None,
) -> Message:
    """Make a system message: instructions for the model, not shown on screen.

    With a callable the text is computed anew for each request to a model. With a `label` a newer message of the same
    label takes its place; `position` is then "place", "top", or "bottom": right before what the person said last.

        yield System(lambda: f"It is {datetime.now():%H:%M}.", label="clock")
    """
    _check_place(label, position)
    live = content if callable(content) else None
    text = "" if callable(content) else content
    return Message(role="system", parts=as_parts(text), label=label, position=position, name=name, live=live)


def User(  # noqa: N802
    content: Content,
    *,
    name: str | None = None,
    off_record: bool = False,
    label: str | None = None,
    position: Position = "place",
) -> Message:
    """Make a user message from text, parts, or what `GetUserInput` returned; `label` and `position` as in `System`.

    yield User(["What is this?", ImagePart("https://example.org/cat.png")])
    """
    _check_place(label, position)
    origin = content.message if isinstance(content, UserText) else None
    if origin is not None:
        return replace(origin, name=name or origin.name, off_record=off_record or origin.off_record)
    parts = as_parts(content)
    return Message(role="user", parts=parts, name=name, off_record=off_record, label=label, position=position)


def _check_place(label: Any, position: Any) -> None:
    if label is not None and not isinstance(label, str):
        raise FormatError(f"label={label!r:.40} is no label. Give a text, or leave it out.")
    if position not in get_args(Position):
        raise FormatError(f"position={position!r:.40} is no place. Give 'place', 'top' or 'bottom'.")


def Assistant(content: Content, *, name: str | None = None, off_record: bool = False) -> Message:  # noqa: N802
    """Make an assistant message: shown to the person, and sent to the model as its own words.

    yield Assistant("Hello, what can I do for you?")
    """
    return Message(role="assistant", parts=as_parts(content), name=name, off_record=off_record)


def ExampleUser(content: Content) -> Message:  # noqa: N802
    """Make one half of an example: what a person might say. It is sent to models as a turn of its own, and not shown.

    yield ExampleUser("Great service!"); yield ExampleAssistant("positive")
    """
    return Message(role="user", parts=as_parts(content), name="example_user", hidden=True)


def ExampleAssistant(content: Content) -> Message:  # noqa: N802
    """Make the other half of an example: what the model should answer then."""
    return Message(role="assistant", parts=as_parts(content), name="example_assistant", hidden=True)
