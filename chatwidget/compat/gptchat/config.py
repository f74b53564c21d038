"""What gptchat's `set_config` knows, in the spellings of its document and of its last releases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from chatwidget.errors import FormatError
from chatwidget.tool_display import ToolDisplays
from chatwidget.update import read_message

if TYPE_CHECKING:
    from chatwidget.widget import ChatWidget

# With what each is by default; the two names for the first messages mean the same.
DEFAULTS: Mapping[str, Any] = {
    "default_messages": [],
    "functions": {},
    "agent_name": "Assistant",
    "prompt": {"allow_upload": True, "placeholder": "Send a message..."},
    "logo_small": None,
    "favicon": None,
    "title": "",
}
_OTHER_NAMES = {"messages": "default_messages"}
# The document shows the call with these; they have never meant anything.
_PLACEHOLDERS = ("some_option", "some_option2")


class Config:
    """The options as they are; those that only a web page has are kept for it."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {**DEFAULTS, "prompt": dict(DEFAULTS["prompt"]), "functions": {}}
        self._given: set[str] = set()
        self._first: set[str] = set()

    def merge(self, config: Mapping[str, Any]) -> None:
        """Take options; raises FormatError for one that is unknown or wrong, changing nothing."""
        if not isinstance(config, Mapping):
            raise FormatError(f"config: expected a dict, not {type(config).__name__}.")
        read = {_OTHER_NAMES.get(key, key): value for key, value in config.items() if key not in _PLACEHOLDERS}
        _check(read, DEFAULTS, "config")
        merged = dict(self.values)
        for key, value in read.items():
            if key == "default_messages":
                for message in value:
                    read_message(message)
                merged[key] = list(value)
            elif key == "functions":
                ToolDisplays().merge(value)
                merged[key] = {**merged[key], **value}
            elif key == "prompt":
                if not isinstance(value, Mapping):
                    raise FormatError(f"config.prompt: expected a dict, not {value!r:.60}.")
                _check(value, DEFAULTS["prompt"], "config.prompt")
                merged[key] = {**merged[key], **value}
            else:
                if not isinstance(value, str):
                    raise FormatError(f"config.{key}: expected a text, not {value!r:.60}.")
                merged[key] = value
        self.values = merged
        self._given |= read.keys()

    def apply(self, chat: ChatWidget, keys: Iterable[str] | None = None) -> None:
        """Let a chat have these options, all that were given if none is named; its open views follow at once."""
        wanted = self._given if keys is None else {_OTHER_NAMES.get(key, key) for key in keys}
        values = self.values
        if "title" in wanted:
            chat.title = values["title"]
        chat.placeholder = values["prompt"]["placeholder"]
        if "functions" in wanted:
            chat.display_tools(values["functions"])
        if "default_messages" in wanted:
            chat.session.updates.soon(lambda: self._begin(chat, values["default_messages"]))

    def _begin(self, chat: ChatWidget, messages: list[Any]) -> None:
        """Let a chat begin with these messages, unless something else was said in it."""
        if self._first.issuperset(message.id for message in chat.messages):
            self._first = set(chat.set_messages(messages))


def _check(given: Mapping[str, Any], known: Mapping[str, Any], path: str) -> None:
    for key in given:
        if key not in known:
            raise FormatError(f"{path}: there is no option {key!r}. There are: {', '.join(known)}.")
