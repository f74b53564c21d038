"""What counts as an answer to a question: one of some choices, a form, a text; and what it means."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chatwidget.asker import form_of
from chatwidget.messages import UserText
from chatwidget.question_options import heed

_YES = {"yes": True, "no": False}


class Answers:
    """The answers to one `GetUserInput`; `kind`, `labels` and `schema` are what a screen shows.

    Raises AppError when `schema` is no type that a form can ask for.
    """

    def __init__(
        self,
        choices: Iterable[str] | Mapping[str, Any] | None = None,
        schema: Any = None,
        validate: Callable[[Any], Any] | None = None,
    ) -> None:
        self._validate = validate
        self._open = choices is None and schema is None
        self.kind, labels, self.schema, self._read = form_of(str if schema is None else schema, choices)
        self.labels = tuple(labels)

    def check(self, value: Any) -> Any:
        """Return what a raw answer means: a label's value, an object of the schema, a text. ValueError when nothing."""
        if self.kind == "confirm" and isinstance(value, str):
            value = _YES.get(value.strip().casefold(), value)
        if self.kind == "form" and isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise ValueError("The answer must be the form's fields, as JSON.") from None
        meant = self._read(value)
        heed(self._validate, meant)
        return meant

    def of(self, text: UserText) -> Any:
        """Return what a person's text means; a text stays the `UserText` it is."""
        meant = self.check(str(text) if text.value is None else text.value)
        if self._open or (isinstance(meant, str) and meant == str(text)):
            return text
        return meant
