"""The page's side of `stream.py`: what came over the websocket, and when which token stood in the page."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from playwright.sync_api import CDPSession, Page, WebSocket

# Notes with each change of the page the number of the last token that stands in it, and when.
WATCH = r"""
([root, target, tokens]) => {
  const seen = (window.benchSeen = []);
  window.benchObserver?.disconnect();
  const look = () => {
    const found = document.querySelectorAll(target);
    const end = (found[found.length - 1]?.textContent ?? "").slice(-16).trimEnd();
    const word = end.replace(/OK$/, "").trimEnd().slice(-3);
    const number = /^[0-9a-z]{3}$/.test(word) ? parseInt(word, 36) : -1;
    if (number >= tokens || number <= (seen.at(-1)?.[1] ?? -1)) return;
    seen.push([(performance.timeOrigin + performance.now()) / 1000, number]);
  };
  window.benchObserver = new MutationObserver(look);
  window.benchObserver.observe(document.querySelector(root), { childList: true, subtree: true, characterData: true });
}
"""


@dataclass
class Traffic:
    """Sizes of the websocket messages a page received, the widget's own apart from the rest."""

    frames: int = 0
    frame_bytes: int = 0
    all_bytes: int = 0

    def listen(self, page: Page) -> None:
        """Count on every websocket the page opens from now on."""
        page.on("websocket", self._socket)

    def reset(self) -> None:
        """Count from nothing again."""
        self.frames = self.frame_bytes = self.all_bytes = 0

    def _socket(self, socket: WebSocket) -> None:
        if "/channels" in socket.url:  # a kernel's, not the server's own events
            socket.on("framereceived", self._received)

    def _received(self, payload: str | bytes) -> None:
        data = payload.encode() if isinstance(payload, str) else payload
        self.all_bytes += len(data)
        if is_widget_message(data):
            self.frames += 1
            self.frame_bytes += len(data)


def is_widget_message(data: bytes) -> bool:
    """Whether this is a custom message that carries a chat's frame or a floor's text."""
    content = _content(data)
    held = content.get("data") if content is not None else None
    if not isinstance(held, dict) or held.get("method") != "custom":
        return False
    custom = held.get("content", {})
    return custom.get("kind") == "frame" or "text" in custom


def _content(data: bytes) -> dict[str, Any] | None:
    """Return the content of a comm message in Jupyter's binary websocket format v1, where offsets come first."""
    if data[:1] == b"{":
        message = json.loads(data)
        return message["content"] if message["header"]["msg_type"] == "comm_msg" else None
    (count,) = struct.unpack_from("<Q", data)
    offsets = struct.unpack_from(f"<{count}Q", data, 8)
    _, header, _, _, content = (data[low:high] for low, high in pairwise(offsets[:6]))
    return json.loads(content) if json.loads(header)["msg_type"] == "comm_msg" else None


def busy_seconds(devtools: CDPSession) -> float:
    """Return how long the page's main thread has worked so far."""
    metrics = {metric["name"]: metric["value"] for metric in devtools.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"])
