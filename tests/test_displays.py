"""Promises of `chatwidget.displays`: what a person sees of a result, and what a model reads instead."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from base64 import b64decode
from io import BytesIO
from typing import Any
from unittest.mock import MagicMock

import matplotlib
import matplotlib.figure
import numpy
import pandas
import PIL.Image
import plotly.graph_objects
import pytest
from pydantic import BaseModel

from chatwidget.bundles import LIMIT, PLOTLY, clean_bundle
from chatwidget.displays import display_of, displays_of
from chatwidget.messages import DisplayPart, ImagePart
from chatwidget.results import to_content


class Rich:
    """Has the given `_repr_…_` methods; an exception is raised, anything else returned."""

    def __init__(self, **made: Any) -> None:
        for name, value in made.items():
            setattr(self, f"_repr_{name}_", lambda *_, value=value, **__: _give(value))

    def __repr__(self) -> str:
        return "Rich()"


def _give(value: Any) -> Any:
    if isinstance(value, BaseException):
        raise value
    return value


def bundle_of(value: object) -> dict[str, Any]:
    part = display_of(value)
    assert part is not None
    json.dumps(part.bundle, allow_nan=False)
    return dict(part.bundle)


def picture(data: str) -> PIL.Image.Image:
    return PIL.Image.open(BytesIO(b64decode(data, validate=True)))


def figure() -> matplotlib.figure.Figure:
    made = matplotlib.figure.Figure()
    made.subplots().plot([1, 3, 2])
    return made


class Song(BaseModel):
    title: str


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        3,
        2.5,
        True,
        [1],
        {"a": 1},
        Song(title="x"),
        b"bytes",
        object(),
        Rich,
        pandas.DataFrame,
        MagicMock(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_a_text_says_in_full_is_not_shown_again(value: object) -> None:
    assert display_of(value) is None


def test_a_matplotlib_figure_is_a_picture_for_the_person_and_a_sentence_for_the_model() -> None:
    made = figure()
    bundle = bundle_of(made)
    assert picture(bundle["image/png"]).format == "PNG"
    assert bundle["text/plain"] == "Figure (matplotlib, 640×480 px)"
    assert to_content(made) == "A figure (matplotlib, 640×480 px) is shown to the user."
    assert bundle_of(made.axes[0])["image/png"], "as df.plot() returns it"
    assert json.loads(to_content({"n": 1, "plot": made})) == {"n": 1, "plot": to_content(made)}


def test_a_figure_is_drawn_in_any_thread_and_keeps_its_canvas() -> None:
    figures = [figure() for _ in range(4)]
    canvases = [made.canvas for made in figures]
    made: list[dict[str, Any]] = []
    threads = [threading.Thread(target=lambda f=f: made.append(bundle_of(f))) for f in figures]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({bundle["image/png"] for bundle in made}) == 1
    assert [f.canvas for f in figures] == canvases


def test_a_huge_or_noisy_figure_is_drawn_coarser() -> None:
    big = matplotlib.figure.Figure(figsize=(100, 20), dpi=300)
    big.subplots().plot([1])
    assert max(picture(bundle_of(big)["image/png"]).size) <= 2000
    noisy = matplotlib.figure.Figure(figsize=(9, 9))
    noisy.subplots().imshow(numpy.random.default_rng(1).random((900, 900, 3)))
    assert len(json.dumps(bundle_of(noisy))) <= LIMIT
    assert "image/png" in bundle_of(noisy)


def test_what_stands_far_outside_a_figure_does_not_make_its_picture_huge() -> None:
    made = figure()
    made.text(1000, 0.5, "lost")
    assert picture(bundle_of(made)["image/png"]).size == (640, 480)


def test_figures_left_open_come_before_the_result_and_none_comes_twice() -> None:
    left, mine, empty = figure(), figure(), matplotlib.figure.Figure()
    mine.set_size_inches(5, 5)
    shown = displays_of(mine, [left, mine, empty])
    assert [part.bundle["text/plain"] for part in shown] == [
        "Figure (matplotlib, 640×480 px)",
        "Figure (matplotlib, 500×500 px)",
    ]
    assert displays_of("text") == ()


def test_a_plotly_figure_is_its_data_without_scripts() -> None:
    made = plotly.graph_objects.Figure(plotly.graph_objects.Scatter(x=[1, 2], y=numpy.array([3, numpy.nan])))
    bundle = bundle_of(made)
    assert bundle.keys() == {PLOTLY, "text/plain"}
    assert bundle[PLOTLY]["data"][0]["type"] == "scatter"
    assert to_content(made) == "A figure (plotly, 1 trace) is shown to the user."
    assert "text/html" not in clean_bundle({PLOTLY: {}, "text/html": "<script>1</script>"})
    huge = plotly.graph_objects.Figure(plotly.graph_objects.Scatter(y=[f"{n}" for n in range(200_000)]))
    assert bundle_of(huge)["text/plain"].startswith("Figure (plotly, 1 trace)\n[application/vnd.plotly.v1+json is left")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "F", "I"])
def test_an_image_of_any_mode_is_shown(mode: str) -> None:
    made = PIL.Image.new(mode, (2500, 10))
    bundle = bundle_of(made)
    assert picture(bundle["image/png"]).size == (2000, 8)
    assert bundle["text/plain"] == f"Image ({mode}, 2500×10 px)"
    assert to_content(made) == f"An image ({mode}, 2500×10 px) is shown to the user."


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_an_image_too_large_for_png_becomes_a_jpeg_that_fits(mode: str) -> None:
    size = (1500, 1200)
    made = PIL.Image.frombytes(mode, size, os.urandom(len(mode) * 1500 * 1200))
    bundle = bundle_of(made)
    assert picture(bundle["image/jpeg"]).format == "JPEG"
    assert len(json.dumps(bundle)) <= LIMIT


def test_what_is_transparent_is_white_where_an_image_becomes_a_jpeg() -> None:
    made = PIL.Image.frombytes("RGB", (1500, 1200), os.urandom(3 * 1500 * 1200)).convert("RGBA")
    made.paste((0, 0, 0, 0), (0, 0, 300, 300))
    corner = picture(bundle_of(made)["image/jpeg"]).getpixel((5, 5))
    assert isinstance(corner, tuple) and min(corner) > 240


@pytest.mark.parametrize(("format", "kind"), [("PNG", "png"), ("JPEG", "jpeg"), ("GIF", "gif"), ("WEBP", "webp")])
def test_the_bytes_of_an_image_are_known_by_their_beginning(format: str, kind: str) -> None:
    buffer = BytesIO()
    PIL.Image.new("RGB", (4, 3)).save(buffer, format)
    for data in (buffer.getvalue(), bytearray(buffer.getvalue()), memoryview(buffer.getvalue())):
        assert b64decode(bundle_of(data)[f"image/{kind}"]) == buffer.getvalue()
        assert to_content(data) == f"An image (image/{kind}, {len(data):,} bytes) is shown to the user."
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    assert bundle_of(svg)["image/svg+xml"] == svg.decode()


def test_the_bytes_of_a_photograph_are_made_to_fit_and_other_bytes_have_a_size() -> None:
    buffer = BytesIO()
    PIL.Image.frombytes("RGB", (1000, 1000), os.urandom(3_000_000)).save(buffer, "PNG")
    assert picture(bundle_of(buffer.getvalue())["image/jpeg"]).format == "JPEG"
    assert to_content(b"\x00" * 5000).startswith("5,000 bytes that begin with b'\\x00")
    cut = b"\x89PNG\r\n\x1a\n" + os.urandom(2_000_000)
    assert bundle_of(cut)["text/plain"].endswith("[image/png is left out: its 2.0 MB are too much to show here]")


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_table_is_html_for_the_person_and_shape_head_and_tail_for_the_model(library: str) -> None:
    frame = pytest.importorskip(library).DataFrame({"city": [f"c{n}" for n in range(10_000)], "n": range(10_000)})
    assert "<table" in bundle_of(frame)["text/html"]
    lines = to_content(frame).splitlines()
    assert lines[0] == "10,000 rows × 2 columns"
    assert "city" in lines[1] and "c0" in lines[2] and "c9999" in lines[-1]
    assert len(lines) < 70
    assert to_content(frame["n"]).splitlines()[0] == "10,000 values"
    assert len(to_content(frame["n"]).splitlines()) < 70
    assert to_content(frame.head(1)).splitlines()[0] == "1 row × 2 columns"


def test_an_array_is_its_shape_type_and_some_values_and_a_scalar_a_number() -> None:
    assert to_content(numpy.arange(3)) == "array of shape (3,), dtype int64\n[0 1 2]"
    huge = to_content(numpy.zeros((1000, 1000)))
    assert huge.startswith("array of shape (1000, 1000), dtype float64\n")
    assert "..." in huge and len(huge) < 2000
    data = {"i": numpy.int64(3), "f": numpy.float32(0.5), "b": numpy.bool_(True), "l": numpy.longdouble(1)}
    assert json.loads(to_content(data)) == {"i": 3, "f": 0.5, "b": True, "l": "1.0"}
    assert to_content(numpy.datetime64("2024-01-02")) == "2024-01-02"


def test_every_rich_form_of_an_object_is_asked_for() -> None:
    everything = Rich(
        html="<b>1</b>", markdown="**1**", svg="<svg/>", png=b"p", jpeg=b"j", json={"a": [1]}, latex="$1$"
    )
    assert bundle_of(everything) == {
        "text/html": "<b>1</b>",
        "text/markdown": "**1**",
        "image/svg+xml": "<svg/>",
        "image/png": "cA==",
        "image/jpeg": "ag==",
        "application/json": {"a": [1]},
        "text/latex": "$1$",
        "text/plain": "Rich()",
    }
    assert bundle_of(Rich(mimebundle={"text/html": "m", "x/y": [1]}, html="h"))["text/html"] == "m"
    assert bundle_of(Rich(mimebundle=({"text/html": "m"}, {"text/html": {"isolated": True}})))["text/html"] == "m"
    assert bundle_of(Rich(png=(b"p", {"width": 3})))["image/png"] == "cA=="
    assert display_of(Rich(html=None, mimebundle=None)) is None
    assert display_of(Rich(mimebundle={"text/plain": "only"})) is None


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(1), KeyboardInterrupt(), RecursionError()])
def test_a_form_that_cannot_be_made_leaves_the_others_and_never_raises(error: BaseException) -> None:
    assert bundle_of(Rich(html=error, markdown="**1**")) == {"text/markdown": "**1**", "text/plain": "Rich()"}
    sentence = f"This Rich cannot be shown: showing it raised {type(error).__name__}."
    assert bundle_of(Rich(html=error)) == {"text/plain": sentence}


def test_an_object_that_says_nothing_by_its_repr_is_read_by_what_it_shows() -> None:
    class Page:
        def _repr_html_(self) -> str:
            return "<b>bold</b>"

    assert to_content(Page()) == "<b>bold</b>"
    assert to_content([Page()]) == '["<b>bold</b>"]'


def test_parts_of_ours_are_results_too_and_no_picture_is_sent_as_text() -> None:
    url = "data:image/png;base64,cA=="
    assert bundle_of(ImagePart(url, alt="A cat")) == {"image/png": "cA==", "text/plain": "A cat"}
    assert bundle_of(ImagePart("https://example.org/cat.png"))["text/plain"] == "Image: https://example.org/cat.png"
    assert to_content(ImagePart(url, alt="A cat")) == "An image (A cat) is shown to the user."
    assert bundle_of(DisplayPart({"image/png": b"p"})) == {"image/png": "cA=="}
    assert to_content(DisplayPart({"image/png": b"p"})) == "A display (image/png) is shown to the user."
    assert to_content(DisplayPart({"text/plain": "seen"})) == "seen"


def test_nothing_heavy_is_imported_to_look_at_a_result() -> None:
    code = """
import sys
from chatwidget.displays import display_of
from chatwidget.results import to_content
for value in ("text", {"a": [1]}, b"bytes", object(), b"GIF89a"):
    display_of(value), to_content(value)
heavy = ("IPython", "matplotlib", "numpy", "pandas", "PIL", "plotly", "polars", "pyarrow")
print([name for name in heavy if name in sys.modules])
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
