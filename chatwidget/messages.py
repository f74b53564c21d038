"""Messages and their parts: immutable values, and nothing but values.

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
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Role = Literal["system", "user", "assistant", "tool"]
Status = Literal["arriving", "complete", "stopped", "length", "filtered", "error", "interrupted"]
ToolState = Literal[
    "input-streaming",
    "input-available",
    "approval-requested",
    "approval-responded",
    "output-available",
    "output-error",
    "output-denied",
]
Outcome = Literal["output-available", "output-error", "output-denied"]


def new_id() -> str:
    """Make an id: 16 hex digits of randomness, unique enough for any one transcript."""
    return uuid.uuid4().hex[:16]


def clean_text(text: str) -> str:
    """Replace lone surrogates by U+FFFD; any other text is returned as it is.

    A lone surrogate cannot be encoded as UTF-8, so it would break a comm, a file or a request far from its origin.
    """
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        # A high and a low half that met (two deltas, a JSON escape each) are one character again.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


@dataclass(frozen=True, slots=True)
class TextPart:
    """Markdown text, for the person and for the model."""

    text: str = ""
    type: Literal["text"] = "text"

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean_text(self.text))


@dataclass(frozen=True, slots=True)
class ReasoningPart:
    """What a model thought aloud; shown folded, not sent back."""

    text: str = ""
    type: Literal["reasoning"] = "reasoning"

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean_text(self.text))


@dataclass(frozen=True, slots=True)
class ToolCallPart:
    """A model's request to run a tool. `arguments` is the JSON text exactly as the model wrote it."""

    id: str = ""
    name: str = ""
    arguments: str = ""
    type: Literal["tool_call"] = "tool_call"

    def __post_init__(self) -> None:
        object.__setattr__(self, "arguments", clean_text(self.arguments))


@dataclass(frozen=True, slots=True)
class DisplayPart:
    """Something to show to the person only: a MIME bundle as Jupyter's display system makes it."""

    bundle: Mapping[str, Any] = field(default_factory=dict)
    type: Literal["display"] = "display"


@dataclass(frozen=True, slots=True)
class StepPart:
    """Something the provider did by itself, such as a search: its name, what it was about, how it ended."""

    id: str = ""
    name: str = ""
    text: str = ""
    state: Literal["running", "done", "failed"] = "running"
    type: Literal["step"] = "step"

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean_text(self.text))


@dataclass(frozen=True, slots=True)
class Approval:
    """Who decided on a tool call, and how.

    `by` is person, policy (code that was asked) or rule (an "always allow" from before). `reason` is what was said
    with a denial. `arguments` is the JSON text the tool ran with, where that is not what the model had written.
    """

    allowed: bool
    by: Literal["person", "policy", "rule"] = "person"
    reason: str = ""
    arguments: str | None = None


@dataclass(frozen=True, slots=True)
class ToolResultPart:
    """The answer to the tool call with the same `tool_call_id`.

    `content` is what the model reads; `output`, what the tool printed while it ran, and `displays`, what it displayed
    and returned, are for the person only. `outcome` is one of the last three tool states, `seconds` how long the tool
    ran (None: it never ran), `approval` the decision on the call, if one was asked for.
    """

    tool_call_id: str = ""
    name: str = ""
    content: str = ""
    outcome: Outcome = "output-available"
    output: str = ""
    seconds: float | None = None
    displays: tuple[DisplayPart, ...] = ()
    approval: Approval | None = None
    type: Literal["tool_result"] = "tool_result"

    def __post_init__(self) -> None:
        object.__setattr__(self, "content", clean_text(self.content))
        object.__setattr__(self, "output", clean_text(self.output))


@dataclass(frozen=True, slots=True)
class ImagePart:
    """An image by URL; `data:` URLs hold it in place. `detail` is OpenAI's hint: auto, low or high."""

    url: str = ""
    detail: str | None = None
    alt: str = ""
    type: Literal["image"] = "image"


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file: its name, media type, and its bytes in base64 (`data`) or a provider's id for it (`file_id`)."""

    name: str = ""
    media_type: str = "application/octet-stream"
    data: str | None = None
    file_id: str | None = None
    type: Literal["file"] = "file"


Part = TextPart | ReasoningPart | ToolCallPart | ToolResultPart | ImagePart | FilePart | DisplayPart | StepPart
Content = str | Part | Iterable[str | Part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One entry of a conversation.

    `parent_id` names the message before it (None for the first); messages with one parent are siblings, made by
    editing or retrying. `off_record` messages are shown but never sent to a model. A message with a `label` is
    sticky: of all with that label only the newest is sent, at the place where the first stood. `scope` separates the
    conversations of nested apps ("" is the session's own). `error` is the sentence shown when the status is `error`
    or `interrupted`. `output` names the type whose JSON the text is (`Generate(output_type=...)`). `live` computes the
    text anew for each request (see `System`); it is not stored.
    """

    role: Role
    parts: tuple[Part, ...] = ()
    id: str = field(default_factory=new_id)
    parent_id: str | None = None
    name: str | None = None
    status: Status = "complete"
    off_record: bool = False
    label: str | None = None
    scope: str = ""
    model: str | None = None
    error: str | None = None
    usage: Mapping[str, Any] | None = None
    created: float | None = None
    output: str | None = None
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


def as_parts(content: Content) -> tuple[Part, ...]:
    """Turn a text, a part, or a sequence of both into parts; an empty text makes no part."""
    if isinstance(content, str):
        return (TextPart(content),) if content else ()
    if isinstance(content, Part):
        return (content,)
    if not isinstance(content, Iterable):
        raise TypeError(f"a message holds text or parts, not {type(content).__name__} ({content!r:.80})")
    return tuple(part for item in content for part in as_parts(item))


class UserText(str):
    """The text a person sent: a plain `str` that remembers the message it came from.

    An app gets it from `yield GetUserInput()`. Passing it on unchanged with `yield User(text)` keeps the attachments
    and lands on the very message the screen sent, so that a retry does not double it.
    """

    message: Message | None = None

    @classmethod
    def of(cls, message: Message) -> UserText:
        """Wrap the text of a user message."""
        text = cls(message.text)
        text.message = message
        return text


def System(  # noqa: N802 - reads as the noun it makes, as Field and Depends do
    content: str | Callable[[], str], *, label: str | None = None, name: str | None = None
) -> Message:
    """Make a system message: instructions for the model, not shown on screen.

    With a callable the text is computed anew for each request to a model. With a `label` a newer message of the same
    label takes its place.

        yield System(lambda: f"It is {datetime.now():%H:%M}.", label="clock")
    """
    live = content if callable(content) else None
    text = "" if callable(content) else content
    return Message(role="system", parts=as_parts(text), label=label, name=name, live=live)


def User(content: Content, *, name: str | None = None, off_record: bool = False) -> Message:  # noqa: N802
    """Make a user message from text, parts, or what `GetUserInput` returned.

    yield User(["What is this?", ImagePart("https://example.org/cat.png")])
    """
    origin = content.message if isinstance(content, UserText) else None
    if origin is not None:
        return replace(origin, name=name or origin.name, off_record=off_record or origin.off_record)
    return Message(role="user", parts=as_parts(content), name=name, off_record=off_record)


def Assistant(content: Content, *, name: str | None = None, off_record: bool = False) -> Message:  # noqa: N802
    """Make an assistant message: shown to the person, and sent to the model as its own words.

    yield Assistant("Hello, what can I do for you?")
    """
    return Message(role="assistant", parts=as_parts(content), name=name, off_record=off_record)
