"""What a person is shown of a result: its rich form, found as a notebook finds it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from inspect import isclass
from typing import Any

from chatwidget._foreign import running_shell
from chatwidget.bundles import FILE, IMAGE_LIMIT, LIMIT, PLOTLY, TABLE, clean_bundle
from chatwidget.cells import clip_cell
from chatwidget.messages import DisplayPart, FilePart, ImagePart
from chatwidget.pictures import draw_figure, encode_image, figure_of, is_image, is_plotly, media_type, picture_name
from chatwidget.results import file_size, file_words, repr_of
from chatwidget.shown_objects import show_more
from chatwidget.sounds import sound_name, sound_of
from chatwidget.table_view import view_of

_METHODS = {
    "text/html": "_repr_html_",
    "text/markdown": "_repr_markdown_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
    "image/jpeg": "_repr_jpeg_",
    "application/json": "_repr_json_",
    "text/latex": "_repr_latex_",
}
_PLAIN = (str, int, float, complex, bool, type(None), dict, list, tuple, set)
_REPR_LIMIT = 16_000


@dataclass(frozen=True, slots=True)
class Displayed:
    """Something that running code displayed: a MIME bundle as plain JSON data of at most 1 MB.

    With `update` it takes the place of what was displayed under the same `display_id`. With `clear` all that was
    printed and displayed before goes first; the bundle may then be empty.
    """

    bundle: Mapping[str, Any] = field(default_factory=dict)
    display_id: str | None = None
    update: bool = False
    clear: bool = False


def display_of(value: object) -> DisplayPart | None:
    """Return the rich form of a result for the person, or None when a text says it all.

    Figures and images (matplotlib, seaborn, plotly, Pillow, the bytes of one) become pictures, `FilePart`s files to
    download; other objects are asked as a notebook asks them, formatters registered in a running IPython first. Tables
    have a first page besides, sound is there to be played. At most 1 MB of plain JSON data, and 10 MB of sound. It
    never raises, but it runs foreign code and draws: it may take a second, so call it off the event loop.
    """
    try:
        if isinstance(value, DisplayPart):
            return DisplayPart(clean_bundle(value.bundle))
        bundle = _picture(value) or own_forms(value) or _rich(value)
        if TABLE in bundle:
            rich, _ = _attempt(lambda: _rich(value))
            bundle = {**(rich or {}), **bundle}
        if not bundle:
            return None
        if "text/plain" not in bundle:
            bundle["text/plain"] = _words(value)
        return DisplayPart(clean_bundle(bundle))
    except BaseException as error:  # of anybody's code, and a SystemExit in a repr must not end the loop
        name = type(value).__name__
        return DisplayPart({"text/plain": f"This {name} cannot be shown: showing it raised {type(error).__name__}."})


def displays_of(value: object, left_open: Iterable[Any] = ()) -> tuple[DisplayPart, ...]:
    """Return what to show for a result and for the figures its code has left open (`capture.left_figures`).

    A figure that is the result itself is shown once, last; an empty one that was left is not. Call it off the event
    loop, as `display_of`.
    """
    mine = figure_of(value)
    left = [figure for figure in left_open if figure is not mine and len(figure.get_children()) > 1]
    parts = [display_of(figure) for figure in left]
    return tuple(part for part in [*parts, display_of(value)] if part is not None)


def own_forms(value: Any) -> dict[str, Any]:
    """Return the forms of a sound, a file or a table that only this chat knows; empty for anything else.

    The object is kept, where there is a chat to keep it. It never raises.
    """
    try:
        if isinstance(value, FilePart):
            head = {"name": clip_cell(value.name), "media_type": value.media_type[:100], "size": file_size(value)}
            return {FILE: {"id": show_more(value), **head}, "text/plain": file_words(value)}
        if (sound := sound_of(value)) is not None:
            return dict([sound])
        view = view_of(value)
        if view is None:
            return {}
        head = view.describe()
        return {TABLE: {"id": show_more(value), **head}}
    except BaseException:  # see `display_of`; a table that cannot be read by pages still has its other forms
        return {}


def _words(value: Any) -> str:
    name = picture_name(value) or sound_name(value)
    return name[0].upper() + name[1:] if name else repr_of(value, _REPR_LIMIT)


def _picture(value: Any) -> dict[str, Any]:
    """Return the bundle of a figure or an image; an empty one for anything else."""
    if (figure := figure_of(value)) is not None:
        return {"image/png": draw_figure(figure, IMAGE_LIMIT)}
    if is_plotly(value):
        text = value.to_json()
        return {PLOTLY: json.loads(text) if len(text) <= LIMIT else text}
    if is_image(value):
        return dict([encode_image(value, IMAGE_LIMIT)])
    if isinstance(value, bytes | bytearray | memoryview):
        kind = media_type(bytes(value[:1000]))
        return {kind: value} if kind else {}
    if isinstance(value, ImagePart):
        return _data_url(value)
    return {}


def _data_url(part: ImagePart) -> dict[str, Any]:
    kind, comma, data = part.url.removeprefix("data:").partition(";base64,")
    words = part.alt or "Image"
    if part.url.startswith("data:") and comma:
        return {kind: data, "text/plain": words}
    # Loading it is for the page to decide: an address can carry what it should not.
    return {"text/markdown": f"![{words}]({part.url})", "text/plain": f"{words}: {part.url}"}


def _rich(value: Any) -> dict[str, Any]:
    """Ask an object for its rich forms.

    Not by `display_formatter.format`: that shows the traceback of a failing method in some cell, and lets SystemExit
    through.
    """
    if type(value) in _PLAIN or isclass(value):
        return {}
    formatter = getattr(running_shell(), "display_formatter", None)
    makers = getattr(formatter, "formatters", {})
    bundle: dict[str, Any] = {}
    failure: BaseException | None = None
    if make := _maker(value, "_repr_mimebundle_", getattr(formatter, "mimebundle_formatter", None)):
        made, failure = _attempt(lambda: make(include=None, exclude=None))
        bundle.update(made if isinstance(made, Mapping) else {})
    for kind, method in _METHODS.items():
        if kind not in bundle and (make := _maker(value, method, makers.get(kind))):
            made, error = _attempt(make)
            failure = error or failure
            if made is not None:
                bundle[kind] = made
    if bundle.keys() - {"text/plain"}:
        return bundle
    if failure is not None:
        raise failure
    return {}


def _maker(value: Any, method: str, formatter: Any) -> Any:
    """Return what makes one form of an object: a function registered for its type, or else its own method."""
    try:
        registered = formatter.lookup(value)
    except (KeyError, AttributeError):
        registered = None
    if registered is not None:
        return lambda **options: registered(value, **options)
    if getattr(value, "_ipython_canary_method_should_not_exist_", None) is not None:
        return None  # it answers to every name
    own = getattr(value, method, None)
    return own if callable(own) else None


def _attempt(make: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    """Make one form, without the metadata that may come beside it; one that fails leaves the others."""
    try:
        made = make()
    except BaseException as error:  # see `display_of`
        return None, error
    return (made[0] if isinstance(made, tuple) and len(made) == 2 else made), None
