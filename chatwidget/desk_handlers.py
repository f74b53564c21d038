"""What a desk knows of one kind of request: the function that does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from chatwidget.page_request import PageRequest
from chatwidget.session import Session

# Does what is asked and returns the `value` of the answer, JSON data; None: the answer has none. A ChatWidgetError
# refuses, with its sentence.
RequestHandler = Callable[[Session, Any], Awaitable[Any]]
Handlers = Mapping[type[PageRequest], RequestHandler]
