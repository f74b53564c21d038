"""A value in foreign data that knows its path, so that a refusal can name it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, overload

from chatwidget.errors import FormatError

T = TypeVar("T")
_REQUIRED: Any = object()


class Field:
    """One value and where it stands, such as `messages[2].content[0]`."""

    def __init__(self, path: str, value: Any) -> None:
        self.path = path
        self.value = value

    def wrong(self, expected: str) -> FormatError:
        """Make the error that says what should stand here."""
        shown = "nothing" if self.value is None else f"{type(self.value).__name__} {self.value!r:.60}"
        return FormatError(f"{self.path}: expected {expected}, found {shown}")

    def mapping(self) -> Field:
        """Insist on a dict."""
        if not isinstance(self.value, Mapping):
            hint = " (use its .model_dump())" if hasattr(self.value, "model_dump") else ""
            raise self.wrong(f"a dict{hint}")
        return self

    def get(self, key: str) -> Field:
        """Go to a key; a missing one is None."""
        return Field(f"{self.path}.{key}", self.value.get(key))

    def items(self, *, optional: bool = False) -> list[Field]:
        """Go through a list; with `optional`, None is an empty one."""
        if optional and self.value is None:
            return []
        if not isinstance(self.value, (list, tuple)):
            raise self.wrong("a list")
        return [Field(f"{self.path}[{index}]", value) for index, value in enumerate(self.value)]

    @overload
    def text(self, key: str) -> str: ...
    @overload
    def text(self, key: str, default: T) -> str | T: ...
    def text(self, key: str, default: Any = _REQUIRED) -> Any:
        """Return the text of a key; without a default there must be one."""
        field = self.get(key)
        if field.value is None and default is not _REQUIRED:
            return default
        if not isinstance(field.value, str):
            raise field.wrong("a text")
        return field.value

    def one_of(self, key: str, known: Mapping[str, T]) -> T:
        """Return what a key's word stands for."""
        field = self.get(key)
        if not isinstance(field.value, str) or field.value not in known:
            raise field.wrong(f"one of {', '.join(known)}")
        return known[field.value]
