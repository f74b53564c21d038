"""turbo-chat's messages: values with `role` and `content`, made of a text, a dict or a template."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal, TypedDict, cast

from chatwidget import messages as core
from chatwidget.compat.turbo_chat.template import render_template
from chatwidget.errors import FormatError

MessageRole = Literal["user", "system", "assistant", "example_user", "example_assistant", "tool"]
StickyPosition = Literal["top", "bottom"]


class MessageDict(TypedDict):
    """A message as `get_dicts` gives it."""

    role: str
    content: str


class Message:
    """One entry of a conversation: `content`, a text or what JSON can say, or a `template` and its `variables`.

    With `sticky` and a `label` only the newest message of that label is sent, at the `sticky_position`. With `forward`
    whoever runs the app is given it. Raises FormatError for both or neither of content and template, AppError for a
    template that does not get its variables.
    """

    role: MessageRole = "user"
    sticky: bool = False
    label: str = ""
    sticky_position: StickyPosition = "bottom"
    forward: bool = False
    _given: ClassVar[tuple[str, ...]] = ("role", "sticky", "label", "sticky_position", "forward")

    def __init__(
        self,
        content: Any = None,
        *,
        template: str | None = None,
        variables: Mapping[str, Any] | None = None,
        check: bool = False,
        timestamp: datetime | None = None,
        **options: Any,
    ) -> None:
        if unknown := options.keys() - set(self._given):
            raise FormatError(f"{type(self).__name__} has no field {min(unknown)!r}.")
        for name, value in options.items():
            setattr(self, name, value)
        if (content is None) == (template is None):
            raise FormatError(f"{type(self).__name__} takes content=, or template= with variables=: one of them.")
        if self.sticky != bool(self.label):
            raise FormatError("A sticky message needs a label, and a label needs sticky=True.")
        if self.label == "system" and self.role != "system":
            raise FormatError("The label 'system' is that of System messages. Take another one.")
        self.template, self.variables, self.check = template, variables, check
        self.content = content if template is None else render_template(template, variables or {}, check)
        self.timestamp = timestamp or datetime.now(UTC)
        self.message: core.Message | None = None

    @property
    def text(self) -> str:
        """The content as it is sent: a dict is JSON."""
        if isinstance(self.content, str):
            return self.content
        return json.dumps(self.content, ensure_ascii=False, default=str)

    def dict(self, **_: Any) -> MessageDict:
        """Return role and content."""
        return {"role": self.role, "content": self.text}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Message):
            return NotImplemented
        return (self.role, self.content, self.label) == (other.role, other.content, other.label)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.content!r})"


class System(Message):
    """What the model shall do; of several the newest counts, and it is sent first."""

    role: MessageRole = "system"
    sticky = True
    label = "system"
    sticky_position: StickyPosition = "top"


class User(Message):
    """What a person said; `content` may be what `yield GetUserInput()` gave."""

    role: MessageRole = "user"


class Assistant(Message):
    """What the assistant said: shown, and given to whoever runs the app; with `forward=False` only sent."""

    role: MessageRole = "assistant"
    forward = True


class ExampleUser(Message):
    """One half of an example."""

    role: MessageRole = "example_user"


class ExampleAssistant(Message):
    """The other half of an example."""

    role: MessageRole = "example_assistant"


class BaseMessageCollection:
    """Several messages to be yielded as one; a subclass has `async def get(self)`, which returns them."""

    async def get(self) -> list[Message]:
        """Return the messages."""
        raise NotImplementedError(f"{type(self).__name__} has no `async def get(self)` that returns its messages.")

    async def get_dicts(self) -> list[MessageDict]:
        """Return the messages as dicts of role and content."""
        return [message.dict() for message in await self.get()]


class Example(BaseMessageCollection):
    """An example: what a person might say, and what the model should answer then."""

    def __init__(self, user: str, assistant: str) -> None:
        self.user, self.assistant = user, assistant

    async def get(self) -> list[Message]:
        """Return both halves."""
        return [ExampleUser(self.user), ExampleAssistant(self.assistant)]


class Messages(BaseMessageCollection):
    """What an app has put into its conversation, to be yielded on by another one."""

    def __init__(self, messages: Iterable[Message] = ()) -> None:
        self.messages = list(messages)

    async def get(self) -> list[Message]:
        """Return the messages."""
        return self.messages

    @property
    def content(self) -> str | None:
        """Their texts; None where there is no message."""
        return "\n\n".join(message.text for message in self.messages) or None


class Said(Assistant):
    """Several things that an app said, as one: `content` has the texts of all, `messages` each by itself."""

    def __init__(self, messages: Iterable[Assistant]) -> None:
        self.messages = list(messages)
        super().__init__("\n\n".join(message.text for message in self.messages))


_PLAIN = (core.TextPart, core.ImagePart, core.FilePart)


def to_core(message: Message) -> core.Message:
    """Return a message in this library's own terms, as a new one."""
    content = message.content if isinstance(message.content, core.UserText | list) else message.text
    if message.message is not None and message.text == message.message.text:
        content = [part for part in message.message.parts if isinstance(part, _PLAIN)]
    label: str | None = message.label or None
    position: core.Position = message.sticky_position if label else "place"
    if label and isinstance(content, core.UserText):
        content = str(content)
    match message.role:
        case "system":
            return core.System(message.text, label=label, position=position)
        case "user":
            return core.User(content, label=label, position=position)
        case "example_user":
            return core.ExampleUser(content)
        case "example_assistant":
            return core.ExampleAssistant(content)
    said = core.Assistant(content)
    return replace(said, hidden=not message.forward, label=label, position=position)


_CLASSES = {"system": System, "user": User, "assistant": Assistant}


def from_core(message: core.Message) -> Message:
    """Return a message of this library in turbo-chat's terms; its `message` is the one it was made from."""
    options: dict[str, Any] = {}
    made: type[Message] = _CLASSES.get(message.role, Message)
    if message.hidden and (message.name or "").startswith("example_"):
        made = ExampleUser if message.role == "user" else ExampleAssistant
    elif message.role == "tool":
        options["role"] = "tool"
    elif message.role == "system" or message.label is not None:
        sticky_position = message.position if message.position != "place" else "bottom"
        label = message.label or ""
        options |= {"sticky": bool(label), "label": label, "sticky_position": sticky_position}
    if made is Assistant:
        options["forward"] = not message.hidden
    text = message.text
    if message.role == "tool":
        text = "\n".join(part.content for part in message.parts if isinstance(part, core.ToolResultPart))
    old = made(text, **options)
    old.message = message
    if message.created is not None:
        old.timestamp = datetime.fromtimestamp(message.created, UTC)
    return old


def from_dict(item: Mapping[str, Any]) -> Message:
    """Return a message that was kept as a dict of role and content."""
    role = str(item.get("role", "user"))
    known = {"example_user": ExampleUser, "example_assistant": ExampleAssistant, **_CLASSES}
    return known[role](item.get("content")) if role in known else Message(item.get("content"), role=cast("Any", role))
