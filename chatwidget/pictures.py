"""Figures and images: recognised, named in words, and drawn as the bytes of a picture of bounded size."""

from __future__ import annotations

import threading
from io import BytesIO
from typing import Any

from chatwidget._foreign import is_a

MAX_EDGE = 2000
"""The longest side of a picture we draw, in pixels."""

_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_SIMPLE_MODES = ("1", "L", "LA", "P", "RGB", "RGBA")

# Matplotlib is not safe for threads; its fonts are shared by all figures.
_drawing = threading.Lock()


def figure_of(value: Any) -> Any:
    """Return the matplotlib figure that a value is, or is part of (axes, a seaborn grid); None if there is none."""
    if not (is_a(value, "matplotlib.artist", "Artist") or type(value).__module__.partition(".")[0] == "seaborn"):
        return None
    for _ in range(3):  # axes are in a subfigure, that is in a figure
        if is_a(value, "matplotlib.figure", "Figure"):
            return value
        value = getattr(value, "figure", None)
    return None


def is_plotly(value: object) -> bool:
    """Whether a value is a plotly figure."""
    return is_a(value, "plotly.basedatatypes", "BaseFigure")


def is_image(value: object) -> bool:
    """Whether a value is an image of Pillow."""
    return is_a(value, "PIL.Image", "Image")


def media_type(data: bytes) -> str | None:
    """Return the media type of an image's bytes, told by how they begin; None when they are no image we know."""
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:12] == b"ftypavif":
        return "image/avif"
    return "image/svg+xml" if data[:5] in (b"<svg ", b"<?xml") and b"<svg " in data[:1000] else None


def picture_name(value: Any) -> str | None:
    """Return what a figure, an image or the bytes of one is, as in "figure (plotly, 2 traces)"; None for others."""
    if (figure := figure_of(value)) is not None:
        width, height = figure.get_size_inches() * figure.dpi
        return f"figure (matplotlib, {width:.0f}×{height:.0f} px)"
    if is_plotly(value):
        count = len(value.data)
        return f"figure (plotly, {count} trace{'s' * (count != 1)})"
    if is_image(value):
        return f"image ({value.mode}, {value.width}×{value.height} px)"
    if isinstance(value, bytes | bytearray | memoryview):
        kind = media_type(bytes(value[:1000]))
        return f"image ({kind}, {len(value):,} bytes)" if kind else None
    return None


def draw_figure(figure: Any, limit: int) -> bytes:
    """Draw a matplotlib figure as a PNG, as a notebook does; coarser where it would be more than `limit` bytes.

    Any thread may call it, whatever backend the figure was made for. Raises what matplotlib raises.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    dpi = min(figure.dpi, MAX_EDGE / max(figure.get_size_inches()))
    with _drawing:
        canvas = figure.canvas
        try:
            agg = FigureCanvasAgg(figure)
            data = _print(agg, dpi)
            while len(data) > limit and dpi > 20:
                dpi *= 0.7
                data = _print(agg, dpi)
        finally:
            figure.set_canvas(canvas)
    return data


def _print(canvas: Any, dpi: float) -> bytes:
    buffer = BytesIO()
    canvas.print_figure(buffer, format="png", dpi=dpi, bbox_inches="tight" if _is_compact(canvas) else None)
    return buffer.getvalue()


def _is_compact(canvas: Any) -> bool:
    """Whether a frame around all there is would not be much larger than the figure: a label may stand miles away."""
    box = canvas.figure.get_tightbbox(canvas.get_renderer())
    width, height = canvas.figure.get_size_inches()
    return bool(box.width < 2 * width and box.height < 2 * height)


def encode_image(image: Any, limit: int) -> tuple[str, bytes]:
    """Return the media type and the bytes of a Pillow image: PNG, or JPEG where that fits better into `limit` bytes.

    It is made smaller until its longest side is at most 2,000 px and its bytes fit. Raises what Pillow raises.
    """
    from PIL import ImageOps

    if image.mode not in _SIMPLE_MODES:
        image = image.convert("RGB")
    edge = MAX_EDGE
    while True:
        if max(image.size) > edge:
            image = ImageOps.contain(image, (edge, edge))
        data = _saved(image, "PNG")
        if len(data) <= limit:
            return "image/png", data
        data = _saved(_on_white(image), "JPEG", quality=85)
        if len(data) <= limit or edge < 100:
            return "image/jpeg", data
        edge = edge * 7 // 10


def shrink(data: bytes, limit: int) -> tuple[str, bytes] | None:
    """Make the bytes of an image smaller; None where Pillow is not installed or cannot read them."""
    try:
        from PIL import Image, ImageOps

        with Image.open(BytesIO(data)) as image:
            return encode_image(ImageOps.exif_transpose(image), limit)
    except Exception:  # not installed, no image, or one that Pillow refuses to open for its size
        return None


def _saved(image: Any, format: str, **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def _on_white(image: Any) -> Any:
    from PIL import Image

    if not image.has_transparency_data:
        return image.convert("RGB")
    flat = Image.new("RGB", image.size, "white")
    image = image.convert("RGBA")
    flat.paste(image, mask=image.getchannel("A"))
    return flat
