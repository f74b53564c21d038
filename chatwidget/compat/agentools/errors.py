"""What an assistant raises besides the exceptions of `chatwidget.errors`."""

from __future__ import annotations

from chatwidget.errors import ModelError


class EmptyResponse(ModelError, ValueError):
    """The model said nothing."""
