"""Every golden state is drawn in the gallery; CHATWIDGET_PHOTOS=folder has each photographed there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import gallery
from tests.browser.gallery import INSIDE, Gallery, holds, photograph

THEMES = ("light", "dark", "contrast", "contrast-dark")
LOOKS = [(theme, width, "en") for width in ("600", "320") for theme in THEMES]
LOOKS += [("light", "900", "en"), ("light", "600", "ar"), ("dark", "320", "ar")]


@pytest.fixture(scope="module")
def built() -> Path:
    return gallery.build()


@pytest.fixture
def shown(browser: Browser, built: Path) -> Iterator[Gallery]:
    context = browser.new_context(viewport={"width": 1600, "height": 1000}, reduced_motion="reduce")
    yield Gallery(context, built)
    context.close()


@pytest.mark.parametrize("theme", ["light,contrast", "dark,contrast-dark"])
@pytest.mark.parametrize(("width", "folds", "language"), [("320", "closed", "ar"), ("600", "open", "en")])
def test_every_golden_state_is_drawn_without_an_error_and_without_a_network(
    shown: Gallery, theme: str, width: str, folds: str, language: str
) -> None:
    shown.open(theme=theme, width=width, folds=folds, language=language)
    assert shown.faults == []
    pictures = shown.pictures()
    drawn = [picture.get_attribute("data-name") for picture in pictures if holds(picture, ".cw > .cw-footer")]
    assert set(drawn) >= gallery.names()
    assert len(drawn) == len(pictures) == 2 * len(set(drawn))


def test_what_a_person_a_host_or_a_kernel_brings_about_is_drawn(shown: Gallery) -> None:
    shown.open(theme="dark", width="320", filter="stage/")
    assert shown.faults == []
    stages = {(picture.get_attribute("data-name") or "")[len("stage/") :]: picture for picture in shown.pictures()}
    assert stages.keys() == gallery.STAGES.keys()
    assert [name for name, picture in stages.items() if not holds(picture, gallery.STAGES[name])] == []


@pytest.mark.parametrize("width", ["320", "600"])
def test_nothing_in_a_golden_state_is_wider_than_its_chat(shown: Gallery, width: str) -> None:
    shown.open(theme="light", width=width, folds="open")
    wide = shown.page.eval_on_selector_all(
        "figure",
        f"""figures => {{ {INSIDE} return figures.flatMap((figure) =>
          inside(figure, ".cw, .cw-transcript, .cw-messages, .cw-dialog, .cw-menu")
            .filter((box) => box.scrollWidth > box.clientWidth + 1)
            .map((box) => `${{figure.dataset.name}}: ${{box.className}}`)) }}""",
    )
    assert wide == []


def test_the_address_says_what_is_shown(shown: Gallery) -> None:
    shown.open(theme="dark", width="320", filter="tool")
    figures = shown.page.locator("figure")
    assert {figure.get_attribute("data-theme") for figure in shown.pictures()} == {"dark"}
    tools = [name for name in gallery.names() if "tool" in name]
    expect(figures).to_have_count(len(tools))
    shown.page.get_by_label("600").check()
    expect(figures).to_have_count(2 * len(tools))
    shown.page.get_by_label("Filter").fill("golden/tool-ended")
    expect(figures).to_have_count(2)
    assert "filter=golden/tool-ended" in shown.page.url and "width=320,600" in shown.page.url


@pytest.mark.skipif(gallery.PHOTOS is None, reason="CHATWIDGET_PHOTOS names no folder")
@pytest.mark.parametrize(("theme", "width", "language"), LOOKS)
def test_every_golden_state_has_its_photograph(shown: Gallery, theme: str, width: str, language: str) -> None:
    folder = Path(str(gallery.PHOTOS)) / language
    folder.mkdir(exist_ok=True)
    shown.open(theme=theme, width=width, language=language)
    taken = [photograph(picture, folder) for picture in shown.pictures()]
    assert taken and all(path.stat().st_size > 0 for path in taken)
