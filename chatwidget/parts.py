"""The parts of a message: immutable values that say what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from os import PathLike
from typing import Any, Literal

from chatwidget.attachments import data_url, file_fields

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

    @classmethod
    def of(cls, source: Any, *, alt: str = "", detail: str | None = None) -> ImagePart:
        """Make one of a file's path, an http(s) or data URL, bytes, a matplotlib figure or a Pillow image.

        All but a URL are read now and held in place. Raises FormatError for what is no image, OSError for a file that
        cannot be read.
        """
        return cls(data_url(source), detail, alt)


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file: its name, media type, and its bytes in base64 (`data`) or a provider's id for it (`file_id`)."""

    name: str = ""
    media_type: str = "application/octet-stream"
    data: str | None = None
    file_id: str | None = None
    type: Literal["file"] = "file"

    @classmethod
    def of(cls, source: str | PathLike[str] | bytes, *, name: str = "", media_type: str | None = None) -> FilePart:
        """Make one of a file's path, or of bytes (then say their `media_type`); it is read now and held in place.

        Sound goes to models that hear it as audio. Raises OSError for a file that cannot be read.
        """
        return cls(*file_fields(source, name, media_type))


@dataclass(frozen=True, slots=True)
class SourcePart:
    """What an answer cites: an address, its title, and the words that are cited; shown, not sent to models."""

    url: str = ""
    title: str = ""
    text: str = ""
    type: Literal["source"] = "source"

    def __post_init__(self) -> None:
        for name in ("url", "title", "text"):
            object.__setattr__(self, name, clean_text(getattr(self, name)))


Part = (
    TextPart
    | ReasoningPart
    | ToolCallPart
    | ToolResultPart
    | ImagePart
    | FilePart
    | DisplayPart
    | StepPart
    | SourcePart
)
Content = str | Part | Iterable[str | Part]


def as_parts(content: Content) -> tuple[Part, ...]:
    """Turn a text, a part, or a sequence of both into parts; an empty text makes no part."""
    if isinstance(content, str):
        return (TextPart(content),) if content else ()
    if isinstance(content, Part):
        return (content,)
    if not isinstance(content, Iterable):
        raise TypeError(f"a message holds text or parts, not {type(content).__name__} ({content!r:.80})")
    return tuple(part for item in content for part in as_parts(item))
