"""How the calls of a tool look in a chat: the text above a call, an argument drawn as code, what its result is.

    @function_tool(display=Display("Fetching **stock price**...", result="markdown"))
    def get_stock_price(symbol: str) -> str: ...

It changes what a person sees, never what a model reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chatwidget.bundles import PLOTLY, clean_bundle
from chatwidget.errors import FormatError
from chatwidget.messages import DisplayPart, ToolResultPart

STATES = ("progress", "complete", "error")
_NESTED = {
    "header": {"text", "show"},
    "arguments": {"title", "show_key_as_code"},
    "result": {"title", "type"},
}


@dataclass(frozen=True, slots=True)
class Display:
    """How the calls of one tool look. All texts are markdown.

    - `header`: the text above a call, in place of the tool's name; `headers`: one for each of progress, complete, error
    - `show_header`: with False there is none, and the call cannot be folded
    - `argument`: the name of an argument and the language to draw it in, as code, while it is still being written
    - `title`, `result_title`: headings of arguments and result
    - `result`: what a result is: text, markdown, html (in a sandbox), json, plotly, or the language of code
    """

    header: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    show_header: bool = True
    argument: tuple[str, str] | None = None
    title: str | None = None
    result: str | None = None
    result_title: str | None = None

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.headers) - set(STATES)):
            raise FormatError(f"headers: {unknown[0]!r} is no state of a call. The states are: {', '.join(STATES)}.")

    @classmethod
    def of(cls, value: Any, path: str = "display") -> Display:
        """Read a display, a header's text, a dict of headers by state, or gptchat's header, arguments and result.

        Raises FormatError with the path of what is none of these.
        """
        if isinstance(value, Display):
            return value
        if isinstance(value, str):
            return cls(value)
        if not isinstance(value, Mapping):
            raise FormatError(f"{path}: expected a text or a dict, not {type(value).__name__} {value!r:.60}.")
        if value and set(value) <= set(STATES):
            return cls(headers={state: _text(value, state, path) for state in value})
        return _nested(value, path)

    def view(self) -> dict[str, Any]:
        """Return it as plain JSON for a screen (`docs/sync.md`)."""
        argument = self.argument
        return {
            "headers": {state: self.headers.get(state, self.header) for state in STATES},
            "show_header": self.show_header,
            "title": self.title,
            "code": None if argument is None else {"argument": argument[0], "language": argument[1]},
            "result": self.result,
            "result_title": self.result_title,
        }

    def shown(self, result: ToolResultPart) -> ToolResultPart:
        """Return a result with the figure that its text is, where it is one.

        A screen gets long texts cut in the middle, so that it could not draw the figure itself.
        """
        if self.result != "plotly" or result.outcome != "output-available":
            return result
        try:
            figure = json.loads(result.content)
        except ValueError:
            return result
        if not isinstance(figure, dict) or result.displays:
            return result
        return replace(result, displays=(DisplayPart(clean_bundle({PLOTLY: figure})),))


class ToolDisplays:
    """The displays of one chat by the tools' names; what is said here goes before a tool's own display."""

    def __init__(self) -> None:
        self._by_name: dict[str, Display] = {}

    def merge(self, displays: Mapping[str, Any]) -> None:
        """Take more of them, in any form that `Display.of` reads; None takes one away.

        Raises FormatError, and then changes nothing.
        """
        if not isinstance(displays, Mapping):
            raise FormatError(f"functions: expected a dict of displays by name, not {displays!r:.60}.")
        read = {name: None if value is None else Display.of(value, name) for name, value in displays.items()}
        merged = {**self._by_name, **read}
        self._by_name = {name: display for name, display in merged.items() if display is not None}

    def get(self, name: str, tool: Any = None) -> Display | None:
        """Return the display of calls of this name; `tool` is the tool, if there is one."""
        own: Display | None = getattr(tool, "display", None)
        return self._by_name.get(name, own)

    def view(self, tools: Iterable[Any] = ()) -> dict[str, Any]:
        """Return all as plain JSON for a screen, those of `tools` among them."""
        own = {tool.name: tool.display for tool in tools if getattr(tool, "display", None) is not None}
        return {name: display.view() for name, display in {**own, **self._by_name}.items()}


def _nested(value: Mapping[str, Any], path: str) -> Display:
    for key, inner in value.items():
        if key not in _NESTED:
            raise FormatError(f"{path}: there is no {key!r}. There are: {', '.join(_NESTED)}, or {', '.join(STATES)}.")
        if not isinstance(inner, Mapping) and key != "header":
            raise FormatError(f"{path}.{key}: expected a dict, not {inner!r:.60}.")
        if isinstance(inner, Mapping) and (unknown := sorted(set(inner) - _NESTED[key] - set(STATES))):
            raise FormatError(
                f"{path}.{key}: there is no {unknown[0]!r}. There are: {', '.join(sorted(_NESTED[key]))}."
            )
    header = value.get("header", {})
    header = {"text": header} if isinstance(header, str) else header
    arguments, result = value.get("arguments", {}), value.get("result", {})
    text = header.get("text")
    by_state = text if isinstance(text, Mapping) else {state: header[state] for state in STATES if state in header}
    return Display(
        None if isinstance(text, Mapping) or text is None else _text(header, "text", f"{path}.header"),
        {state: _text(by_state, state, f"{path}.header") for state in by_state},
        bool(header.get("show", True)),
        _code(arguments.get("show_key_as_code"), f"{path}.arguments.show_key_as_code"),
        _text(arguments, "title", f"{path}.arguments") if "title" in arguments else None,
        _text(result, "type", f"{path}.result") if "type" in result else None,
        _text(result, "title", f"{path}.result") if "title" in result else None,
    )


def _code(value: Any, path: str) -> tuple[str, str] | None:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise FormatError(f"{path}: expected a dict of key and language, not {value!r:.60}.")
    return _text(value, "key", path), _text({"language": "text", **value}, "language", path)


def _text(value: Mapping[str, Any], key: str, path: str) -> str:
    text = value.get(key)
    if not isinstance(text, str):
        raise FormatError(f"{path}.{key}: expected a text, not {text!r:.60}.")
    return text
