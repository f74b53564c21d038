"""How an app wants to be run: its model, its tools, the parameters of its requests."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from chatwidget.commands import Choice
from chatwidget.models.base import Model
from chatwidget.option_names import check_names, check_types
from chatwidget.tool_list import sources_of

log = logging.getLogger("chatwidget")

Debug = Callable[[Literal["input", "output"], Any], object]


@dataclass(frozen=True, slots=True)
class AppOptions:
    """The options of `@app`; None leaves it to the chat around. `parameters` go with every request to the model."""

    model: str | Model | None = None
    tools: tuple[Any, ...] | None = None
    memory: Any = None
    cache: Any = None
    n: int | None = None
    choice: Choice | None = None
    max_tool_rounds: int | None = None
    parallel_tools: bool | None = None
    retries: int | None = None
    debug: Debug | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def merged(self, changes: Mapping[str, Any]) -> AppOptions:
        """Return these options with some of them changed; keywords that are none are parameters of the model."""
        known = {name: changes[name] for name in _NAMES & changes.keys()}
        if known.get("tools") is not None:
            known["tools"] = sources_of(known["tools"])
        parameters = {name: value for name, value in changes.items() if name not in known}
        check_types("@app", known)
        check_names("@app", parameters, _NAMES)
        return replace(self, **known, parameters={**self.parameters, **parameters})

    def note(self, direction: Literal["input", "output"], value: Any) -> None:
        """Show the debug hook what an app yielded, or what it was given; what the hook raises is logged."""
        if self.debug is not None:
            try:
                self.debug(direction, value)
            except Exception:
                log.warning("the debug hook failed", exc_info=True)


_NAMES = {field.name for field in fields(AppOptions)} - {"parameters"}


def memory_of(options: AppOptions) -> Any:
    """Return the memory an app wants: the very one it names, which others may share, or a fresh one of a function."""
    made = options.memory
    return made() if callable(made) else made
