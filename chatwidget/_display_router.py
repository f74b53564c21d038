"""What code displays in IPython, sent to whoever runs that code: the part of `capture.py` for `display()`.

`publish` and `clear_output` of the running shell's display publisher, `format` of its formatter, and what shows the
traceback of a formatter that fails, are replaced on the instances. A call goes to the capture of the code that called,
or else to the original.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from chatwidget._foreign import running_shell
from chatwidget.bundles import clean_bundle
from chatwidget.displays import Displayed, own_forms
from chatwidget.sounds import KINDS as SOUNDS


class Target(Protocol):
    """The capture that a display goes to."""

    def show(self, displayed: Displayed, wait: bool = False) -> None:
        """Take a display; with `wait` only when something follows it."""

    def print(self, text: str) -> None:
        """Take a text."""


Find = Callable[[], Target | None]
_SCRIPTED = {"text/html", "application/javascript"}
_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_replaced: list[tuple[Any, str, Any]] = []


def install(find: Find) -> None:
    """Route what the running shell displays to `find()`; nothing happens twice, or without a shell."""
    shell = running_shell()
    if shell is None:
        return
    publisher = shell.display_pub  # another one meanwhile, where a cell captures its output
    if not any(holder is publisher for holder, _, _ in _replaced):
        _replace(publisher, "publish", _publish(publisher.publish, find))
        _replace(publisher, "clear_output", _clear_output(publisher.clear_output, find))
    formatter = shell.display_formatter
    if not any(holder is formatter for holder, _, _ in _replaced):
        _replace(formatter, "format", _format(formatter.format, find))
    if not any(holder is shell for holder, _, _ in _replaced):
        _replace(shell, "_showtraceback", _show_failure(shell._showtraceback, find))


def uninstall() -> None:
    """Put back what was there."""
    while _replaced:
        holder, name, before = _replaced.pop()
        if before is None:
            vars(holder).pop(name, None)
        else:
            setattr(holder, name, before)


def _replace(holder: Any, name: str, function: Callable[..., Any]) -> None:
    _replaced.append((holder, name, vars(holder).get(name)))
    setattr(holder, name, function)


def _publish(original: Callable[..., None], find: Find) -> Callable[..., None]:
    def publish(data: Mapping[str, Any], *args: Any, **options: Any) -> None:
        target = find()
        if target is None:
            original(data, *args, **options)
            return
        name = (options.get("transient") or {}).get("display_id")
        bundle = {} if _only_scripts(data) else clean_bundle(data)
        if bundle or name:
            target.show(Displayed(bundle, name, bool(options.get("update"))))

    return publish


def _format(original: Callable[..., Any], find: Find) -> Callable[..., Any]:
    def format(obj: Any, *args: Any, **options: Any) -> Any:
        """Give tables, sounds and files the forms they have as results; only here the object is still known."""
        own = {} if find() is None else own_forms(obj)
        if "text/plain" in own:
            return own, {}
        data, metadata = original(obj, *args, **options)
        if own.keys() & SOUNDS:
            data = {kind: form for kind, form in data.items() if kind != "text/html"}
        return ({**data, **own} if data else data), metadata

    return format


def _only_scripts(data: Mapping[str, Any]) -> bool:
    """Whether there is nothing to see: libraries load megabytes of scripts this way, which no page of ours runs."""
    html = data.get("text/html", "")
    return bool(data) and data.keys() <= _SCRIPTED and isinstance(html, str) and not _SCRIPT.sub("", html).strip()


def _clear_output(original: Callable[..., None], find: Find) -> Callable[..., None]:
    def clear_output(wait: bool = False) -> None:
        target = find()
        if target is None:
            original(wait)
        else:
            target.show(Displayed(clear=True), wait)

    return clear_output


def _show_failure(original: Callable[..., None], find: Find) -> Callable[..., None]:
    def show_failure(kind: type[BaseException], error: Any, *rest: Any) -> None:
        target = find()
        if target is None:
            original(kind, error, *rest)
        else:
            target.print(f"Displaying it raised {kind.__name__}: {error}\n")

    return show_failure
