"""What need not be asked again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

log = logging.getLogger("chatwidget")


class Rules:
    """What need not be asked again in a session: tools by name, each always or with the same arguments."""

    def __init__(self) -> None:
        self._rules: dict[str, list[Callable[[Any], bool]]] = {}

    def add(self, tool: str, when: Callable[[Any], bool] | None = None) -> None:
        """Always allow a tool, or where `when(arguments)` is true; the arguments are the call's JSON object."""
        self._rules.setdefault(tool, []).append(when or (lambda _: True))

    def forget(self, tool: str | None = None) -> None:
        """Ask again: for a tool, or for all."""
        if tool is None:
            self._rules.clear()
        else:
            self._rules.pop(tool, None)

    def allow(self, tool: str, arguments: Any) -> bool:
        """Whether a rule allows this call; a rule that raises does not."""
        for rule in self._rules.get(tool, ()):
            try:
                if rule(arguments):
                    return True
            except Exception:
                log.warning("a rule for %s failed; the person is asked", tool, exc_info=True)
        return False
