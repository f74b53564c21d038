"""The traits of a chat's state: read from the session at that moment, observed, never written by a page."""

from __future__ import annotations

import traitlets

from chatwidget.comm import state_trait

STATE = (
    "messages",
    "scopes",
    "status",
    "input_request",
    "queued",
    "model",
    "tools",
    "tool_displays",
    "asks",
    "usage",
    "retrying",
    "notice",
    "undo",
    "renderers",
)


class WidgetState(traitlets.HasTraits):
    """What a screen shows, as `docs/sync.md` describes it; `_seq` is the number of the last frame."""

    messages = state_trait("messages")
    scopes = state_trait("scopes")
    status = state_trait("status")
    input_request = state_trait("input_request")
    queued = state_trait("queued")
    model = state_trait("model")
    tools = state_trait("tools")
    tool_displays = state_trait("tool_displays")
    asks = state_trait("asks")
    usage = state_trait("usage")
    retrying = state_trait("retrying")
    notice = state_trait("notice")
    undo = state_trait("undo")
    renderers = state_trait("renderers")
    _seq = traitlets.Int(0).tag(sync=True, to_json=lambda _, widget: widget.session.screen.seq)
