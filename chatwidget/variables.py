"""What of the kernel's names a person could mean by `@name`, and what is sent of each.

Rules:

1. A name somebody could mean: none that begins with `_`, no module, no function or class that was imported, nothing
   IPython has put there, no chat.
2. What is sent of a value is what a model would read of a tool's result (`results.py`), under a line that says what it
   is; of a function its source; of a figure or an image the picture.
3. Looking never changes anything and never raises, but it runs the code of the values: do it on a thread.
"""

from __future__ import annotations

import base64
import inspect
import types
from collections.abc import Callable, Mapping, Sized
from typing import Any, cast

from chatwidget._foreign import is_a, running_shell
from chatwidget.errors import AppError, RequestError
from chatwidget.messages import FilePart, ImagePart, clean_text
from chatwidget.pictures import draw_figure, encode_image, figure_of, is_image, is_plotly
from chatwidget.results import LIMIT, clip, to_content
from chatwidget.threads import text_of

Names = Mapping[str, Any]
Namespace = Names | Callable[[], Names]
"""Where variables are looked up: a mapping, or a function that returns one."""

PICTURE_LIMIT = 4_000_000
"""Bytes of a picture that is sent of a figure or an image; a larger one is made smaller."""

_CODE = (type, types.FunctionType, types.BuiltinFunctionType, types.MethodType)
_SIZED = (list, tuple, dict, set, frozenset, bytes, bytearray)


class Variables:
    """The variables of a namespace; without one those of the notebook, none where there is no notebook.

    Raises AppError for what is no namespace.
    """

    def __init__(self, namespace: Namespace | None = None) -> None:
        if not (namespace is None or callable(namespace) or isinstance(namespace, Mapping)):
            raise AppError(
                f"namespace={namespace!r:.40} holds no variables. Give a dict, such as globals(), or a function that "
                "returns one."
            )
        self._namespace = namespace

    def meant(self) -> dict[str, Any]:
        """Return what a person could mean, by name, the newest first."""
        names, hidden = self._all()
        home = names.get("__name__", "__main__")
        return {
            name: value
            for name, value in reversed(names.items())
            if isinstance(name, str)
            and name.isidentifier()
            and not name.startswith("_")
            and not (name in hidden and hidden[name] is value)
            and _is_meant(value, home)
        }

    def names(self) -> list[str]:
        """Return the names a person could mean, the newest first."""
        return list(self.meant())

    def value(self, name: str) -> Any:
        """Return the value of a name; raises RequestError where a person cannot mean it."""
        meant = self.meant()
        if name not in meant:
            raise RequestError(f"There is no variable {name[:80]} any more. Take @{name[:80]} away, or run its cell.")
        return meant[name]

    def _all(self) -> tuple[dict[Any, Any], Names]:
        """Return the names and those to leave out, as they are now: a cell may be adding some."""
        if self._namespace is not None:
            given = self._namespace() if callable(self._namespace) else self._namespace
            return dict(given), {}
        shell = running_shell()
        return ({}, {}) if shell is None else (dict(shell.user_ns), dict(shell.user_ns_hidden))


def _is_meant(value: Any, home: object) -> bool:
    try:
        if isinstance(value, types.ModuleType):
            return False
        if is_a(value, "chatwidget.widget", "ChatWidget") or is_a(value, "chatwidget.session", "Session"):
            return False
        return not isinstance(value, _CODE) or getattr(value, "__module__", None) == home
    except Exception:  # a proxy of what is gone, or anything else that does not tell what it is
        return False


def kind_of(value: Any) -> str:
    """Say what a value is in a few words; cheap for any value."""
    try:
        return _kind(value)
    except Exception:  # of anybody's class
        return type(value).__name__


def _kind(value: Any) -> str:
    name = type(value).__name__
    if isinstance(value, type):
        return "class"
    if isinstance(value, _CODE):
        return "function"
    if isinstance(value, str):
        return f"text of {len(value):,} characters"
    if isinstance(value, _SIZED):
        return f"{name} of {len(cast('Sized', value)):,}"
    if any(is_a(value, library, kind) for library in ("pandas", "polars") for kind in ("DataFrame", "Series")):
        return f"{name}, {' × '.join(f'{size:,}' for size in value.shape)}"
    if is_a(value, "numpy", "ndarray"):
        return f"array, {' × '.join(f'{size:,}' for size in value.shape)}, {value.dtype}"
    return name


def text_of_value(name: str, value: Any) -> str:
    """Return the text that is sent of a value, at most `results.LIMIT` bytes; a longer one loses its middle."""
    if isinstance(value, _CODE):
        content = _source(value)
    elif is_plotly(value):
        content = to_content(value.to_plotly_json())
    else:
        content = "None" if value is None else to_content(value)
    return clean_text(f"{name}: {kind_of(value)}\n{clip(content, LIMIT)}")


def is_picture(value: Any) -> bool:
    """Whether what is sent of a value is a picture."""
    return is_image(value) or figure_of(value) is not None


def picture_of(value: Any) -> bytes | None:
    """Return the bytes of the picture that is sent of a value; None for one that is sent as text.

    Raises what the library of the figure or the image raises.
    """
    if (figure := figure_of(value)) is not None:
        return draw_figure(figure, PICTURE_LIMIT)
    return encode_image(value, PICTURE_LIMIT)[1] if is_image(value) else None


def part_of_value(name: str, value: Any) -> FilePart | ImagePart:
    """Return what is sent of a value as a part of a message; raises RequestError for a picture that fails."""
    try:
        picture = picture_of(value)
    except Exception as error:
        raise RequestError(f"{name} could not be drawn: {type(error).__name__}: {text_of(error)[:200]}") from error
    if picture is not None:
        return ImagePart.of(picture, alt=name)
    text = text_of_value(name, value)
    return FilePart(name, "text/plain", base64.b64encode(text.encode()).decode())


def _source(code: Any) -> str:
    try:
        return inspect.getsource(code)
    except (OSError, TypeError):  # typed at a prompt, or built in
        pass
    try:
        signature = str(inspect.signature(code))
    except (ValueError, TypeError):
        signature = "(...)"
    return f"{code.__name__}{signature}\n{inspect.getdoc(code) or ''}".rstrip()
