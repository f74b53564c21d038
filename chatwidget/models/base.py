"""The protocol every model follows: a request in, a stream of deltas out.

Rules for whoever writes a model:

1. `stream` is an async generator. It yields deltas and, last, exactly one `Finish`. Ending without `Finish` means
   that the stream broke off: the reply is then settled as `interrupted`, never as complete.
2. It raises `ModelError` (or a subclass) with a sentence for the person, and nothing else: no provider's exception,
   no JSON error, leaves a model.
3. It holds no lock and leaves nothing running when it is closed (`aclose`) or cancelled at any point.
4. It may have a method `prepare()`, called when a chat is first shown; it returns at once. One that is paid for has
   `provider`, a provider's name or the endpoint's address, by which its price is found. One that answers otherwise
   than another of its class and name has an `identity`, a text that a cache tells it by.
5. It retries only before its first delta. After that a retry would bill and show twice. It says so by a `RetryDelta`,
   and keeps to the request's `max_retries`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

from chatwidget.messages import Message
from chatwidget.tools import ToolSpec


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """The JSON that a reply shall be: a name of letters, digits, `_` and `-`, what it is, and its schema.

    The schema's root is an object.
    """

    name: str
    description: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """All a model needs for one reply.

    `messages` is the history, oldest first, already valid (every tool call has its result). `options` are the
    provider's own parameters, such as `temperature` or `max_tokens`. With `output` the reply shall be JSON of that
    schema, as text; a model that cannot be held to it may ignore it, what it says is checked in any case. With
    `max_retries` None the model has its own. `version` counts the replies to the same messages, from 0: of `n`, or of a
    retry, another one is wanted.
    """

    messages: tuple[Message, ...]
    tools: tuple[ToolSpec, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    output: OutputSpec | None = None
    max_retries: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More text of the reply."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """More of what the model thinks aloud."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """More of a tool call. `index` tells calls of one reply apart; `id` and `name` are None when already known."""

    index: int
    id: str | None = None
    name: str | None = None
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class StepDelta:
    """News of something the provider does by itself, such as a search: it began, wrote `text`, or ended.

    The first delta with an `id` begins the step and has its `name`; `text` is added to what the step shows (a query,
    code that runs, what it printed).
    """

    id: str
    name: str = ""
    text: str = ""
    state: Literal["running", "done", "failed"] = "running"


@dataclass(frozen=True, slots=True)
class ImageDelta:
    """A whole image of the reply: its URL, mostly a `data:` one, and what it shows."""

    url: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class SourceDelta:
    """Something the reply cites: its address, its title, and the words that are cited."""

    url: str
    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class RetryDelta:
    """The model waits and then asks its endpoint again: in `seconds`, because of `reason`; only before other deltas.

    `attempt` counts the retries from 1, `of` is how many there are at most.
    """

    reason: str
    seconds: float
    attempt: int = 1
    of: int = 1


@dataclass(frozen=True, slots=True)
class Finish:
    """The model ended its reply in order.

    `reason` is complete, length or filtered; `note` says in a few words what was odd about it, if anything;
    `usage` holds the provider's counts, or None where it told none: `input_tokens` and `output_tokens`, and where it
    tells them `cached_tokens` (of the input) and `reasoning_tokens` (of the output).
    """

    reason: Literal["complete", "length", "filtered"] = "complete"
    note: str | None = None
    usage: Mapping[str, Any] | None = None


ModelDelta = TextDelta | ReasoningDelta | ToolCallDelta | StepDelta | ImageDelta | SourceDelta | RetryDelta | Finish


@runtime_checkable
class Model(Protocol):
    """A language model: anything with these three members.

    `name` is shown on screen; `note` is a short sentence about where it runs.
    """

    name: str
    note: str

    def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        """Answer a request as a stream of deltas; see the rules at the head of this module."""
        ...
