"""The messages of a conversation, as dicts of the Chat Completions API, and where an assistant keeps them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

MessageDict = dict[str, Any]

_ROLES = ("developer", "system", "user", "assistant", "tool")


def msg(*, role: str | None = None, tool_call_id: str | None = None, **fields: Any) -> MessageDict:
    """Make a message: `msg(user="Hello")`, `msg(tool="42", tool_call_id="call_1")`, `msg(role="user", content=...)`.

    The form with `role=` takes any other fields (`name=`, `tool_calls=`). Raises ValueError where there is not exactly
    one role, or no `tool_call_id` for a tool's result.
    """
    named = {name: value for name, value in fields.items() if name in _ROLES and value is not None}
    if len(named) + (role is not None) != 1:
        raise ValueError(f"msg() takes exactly one of {', '.join(_ROLES)} and role=, not {', '.join(named) or 'none'}.")
    call = {} if tool_call_id is None else {"tool_call_id": tool_call_id}
    if role is not None:
        return {"role": role, **fields, **call}
    if unknown := sorted(fields.keys() - set(_ROLES)):
        raise ValueError(f"msg() takes {unknown[0]}= together with role= only.")
    ((name, content),) = named.items()
    if (name == "tool") != bool(call):
        raise ValueError("The result of a tool, and nothing else, needs tool_call_id=: the id of the call it answers.")
    return {"role": name, "content": content, **call}


class MessageHistory(ABC):
    """Where the messages of an assistant are kept; subclass it for a history of your own.

    `history` is read once for each prompt, after the prompt was appended.
    """

    history: list[MessageDict]

    @abstractmethod
    async def append(self, message: Any) -> None:
        """Add a message, a dict or a `ChatCompletionMessage`, at the end."""

    @abstractmethod
    async def reset(self) -> None:
        """Go back to what it was in the beginning."""

    @staticmethod
    def ensure_dict(message: Any) -> MessageDict:
        """Return a message as a dict, without the fields that are None."""
        if hasattr(message, "model_dump"):
            return dict(message.model_dump(exclude_none=True))
        return dict(message)


class SimpleHistory(MessageHistory):
    """All messages in a list; `initial` is what it begins with, and goes back to when it is reset."""

    def __init__(self, initial: Iterable[Mapping[str, Any]] = ()) -> None:
        self.initial: list[MessageDict] = [dict(message) for message in initial]
        self.history = deepcopy(self.initial)

    @classmethod
    def system(cls, system: str) -> SimpleHistory:
        """Begin with a system message."""
        return cls([msg(system=system)])

    async def append(self, message: Any) -> None:
        """Add a message at the end."""
        self.history.append(self.ensure_dict(message))

    async def reset(self) -> None:
        """Forget all but the initial messages."""
        self.history = deepcopy(self.initial)
