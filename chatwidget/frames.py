"""Frames: patches gathered between two moments, and the clock that sends them.

Rules:

1. The first change after a pause leaves in the next turn of the loop, then at most one frame leaves each `INTERVAL`:
   JupyterLab and ZeroMQ drop messages, without an error, from about 1,000 in a burst.
2. Growth of one text between two frames is one patch.
3. What leaves is plain JSON and a copy: nobody can change the session by changing what was sent.
4. One screen that fails takes nothing from the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Protocol

from chatwidget import patches
from chatwidget.patches import JSON, Patch, Path
from chatwidget.plain import plain

log = logging.getLogger("chatwidget")

INTERVAL = 0.02
Frame = dict[str, Any]


class Clock(Protocol):
    """The part of an event loop a screen needs: monotonic seconds, and a call at a later time."""

    def time(self) -> float:
        """Return monotonic seconds."""
        ...

    def call_later(self, delay: float, callback: Callable[[], None], /) -> Any:
        """Call back after `delay` seconds, from the loop."""
        ...


class Frames:
    """The frames of one screen; see the rules at the head of this module.

    `due` is called by the clock when a frame should leave. Without a clock, frames leave by `flush` only.
    """

    def __init__(self, due: Callable[[], None], clock: Clock | None) -> None:
        self.seq = 0
        self.clock = clock
        self.shows: list[Callable[[Frame], None]] = []
        self._due = due
        self._pending: list[Patch] = []
        self._growing: dict[Path, Patch] = {}
        self._lengths: list[JSON] = []
        self._timer_runs = False
        self._last = float("-inf")

    def push(self, *changes: Patch) -> None:
        """Note changes for the next frame."""
        if not changes or not self.shows:  # who comes later begins with a snapshot
            return
        for patch in changes:
            if "value" in patch:
                patch["value"] = plain(patch["value"])
        self._pending.extend(changes)
        if self.clock is not None and not self._timer_runs:
            self._timer_runs = True
            self.clock.call_later(max(0.0, self._last + INTERVAL - self.clock.time()), self._tick)

    def grow(self, path: Path, offset: int, text: str) -> None:
        """Note that the text at `path`, `offset` UTF-16 units long, has grown."""
        growing = self._growing.get(path)
        if growing is None:
            growing = self._growing[path] = patches.append(path, offset, "")
            growing["text"] = []
            self.push(growing)
        growing["text"].append(text)

    def length(self, path: Path, units: int) -> None:
        """Let the next frame say how long a finished text is."""
        self._lengths.append([list(path), units])

    def cut(self, place: int) -> None:
        """Treat the messages from `place` on as others from now on."""
        for path in [path for path in self._growing if int(path[1]) >= place]:
            self._close(path)
        self._lengths = [length for length in self._lengths if length[0][1] < place]

    def flush(self) -> None:
        """Send what has changed now, as one frame; nothing when nothing has."""
        if not self._pending:
            return
        for path in list(self._growing):
            self._close(path)
        self.seq += 1
        frame: Frame = {"kind": "frame", "seq": self.seq, "patches": _effective(self._pending)}
        if self._lengths:
            frame["lengths"] = self._lengths
        self._pending, self._lengths = [], []
        self._last = self.clock.time() if self.clock is not None else 0.0
        for show in tuple(self.shows):
            try:
                show(frame)
            except Exception:
                log.exception("a screen failed to show frame %s", self.seq)

    def _close(self, path: Path) -> None:
        patch = self._growing.pop(path)
        patch["text"] = "".join(patch["text"])

    def _tick(self) -> None:
        self._timer_runs = False
        self._due()


def _effective(changes: list[Patch]) -> list[Patch]:
    """Leave out what was put into a field of the state and replaced before anybody could see it."""
    kept: list[Patch] = []
    replaced: set[str | int] = set()
    for patch in reversed(changes):
        if patch["op"] == "set" and len(patch["path"]) == 1:
            if patch["path"][0] in replaced:
                continue
            replaced.add(patch["path"][0])
        kept.append(patch)
    return kept[::-1]
