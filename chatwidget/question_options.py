"""The options of a question to a person: checked where it is asked, and what a `validate=` says."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from typing import Any

from chatwidget.errors import ChatWidgetError
from chatwidget.threads import text_of

NOT_VALID = "This answer is not valid. Give another one, please."


def checked_choices(choices: Any, validate: Any, timeout: Any, error: type[ChatWidgetError]) -> Any:
    """Return the choices, to be read as often as needed; raises `error` for options that mean nothing."""
    if validate is not None and (not callable(validate) or inspect.iscoroutinefunction(validate)):
        cure = "Give a plain function of the answer that raises ValueError, or returns False, for one that is not."
        raise error(f"validate={validate!r:.80} cannot check an answer. {cure}")
    number = isinstance(timeout, int | float) and not isinstance(timeout, bool)
    if timeout is not None and not (number and isfinite(timeout) and timeout > 0):
        raise error(f"timeout={timeout!r:.40} is no time limit. Give seconds above 0, or None for no limit.")
    if choices is None:
        return None
    if isinstance(choices, str | bytes) or not isinstance(choices, Iterable):
        raise error(f"choices={choices!r:.80} is no list. Give texts to choose from, or a dict of text to value.")
    listed = dict(choices) if isinstance(choices, Mapping) else tuple(choices)
    if not listed:
        raise error("choices= is empty, so that no answer would do. Give one or more, or leave it out for a free text.")
    return listed


def heed(validate: Callable[[Any], Any] | None, answer: Any) -> None:
    """Raise ValueError, with a text for the person, when `validate` refuses: it raises anything, or returns False."""
    if validate is None:
        return
    try:
        verdict = validate(answer)
    except Exception as error:
        raise ValueError(text_of(error) or NOT_VALID) from error
    if verdict is False:
        raise ValueError(NOT_VALID)
