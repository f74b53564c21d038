"""The gallery page, built once and opened without a network, and what to photograph of it."""

from __future__ import annotations

import os
import re
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, ElementHandle, Page, Route

import hatch_build

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "build/gallery.html"
PHOTOS = os.environ.get("CHATWIDGET_PHOTOS")

# Frames of outputs load by themselves; until then they have no height.
SETTLED = """() => [...document.querySelectorAll("figure")].every((one) => "drawn" in one.dataset)
  && [...document.querySelectorAll("figure .cw-frame")].every((one) => one.style.height)
  && [...document.images].every((one) => one.complete)"""


# Of each kind of what is not in a state: where it is, and what tells that it is there.
STAGES = {
    "menu": '.cw-menu [role="menuitem"]',
    "message-menu": '.cw-menu [role="menuitem"]',
    "keys": ".cw-keys[open] kbd",
    "chats": ".cw-chats[open] .cw-chats-item",
    "diff": ".cw-compare[open] .cw-diff",
    "enlarged": ".cw-enlarged[open] img",
    "search": ".cw-message[data-found]",
    "comment": ".cw-feedback textarea",
    "files": ".cw-tile-failed",
    "commands": '[role="option"]',
    "variable": ".cw-peek-text",
    "drop": ".cw-drop",
    "days": ".cw-day",
    "sending": ".cw-sending",
    "refused": ".cw-notice",
    "kernel-": ".cw-status",
    "panel": ".cw-panel .cw",
}


def build() -> Path:
    """Build the page from the states as they are now."""
    hatch_build.install(ROOT)
    hatch_build.npm(ROOT, "run", "gallery")
    return PAGE


def names() -> set[str]:
    """Name every golden state as the page does."""
    golden = {f"golden/{path.stem.removeprefix('state-')}" for path in ROOT.glob("tests/golden/state-*.json")}
    return golden | {f"screen/{path.stem}" for path in ROOT.glob("js/test/states/*.json")}


class Gallery:
    """The page in a browser: opened at settings of its toolbar, with everything that went wrong written down."""

    def __init__(self, context: BrowserContext, path: Path) -> None:
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.address = path.as_uri()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._read)
        self.page.on("dialog", self._dismiss)
        context.route(re.compile("^(?!file:|data:|blob:|about:)"), self._refuse)

    def _read(self, line: ConsoleMessage) -> None:
        if line.type == "error":
            self.faults.append(line.text)

    def _dismiss(self, dialog: Dialog) -> None:
        self.faults.append(f"a dialog said {dialog.message}")
        dialog.dismiss()

    def _refuse(self, route: Route) -> None:
        self.faults.append(f"asked for {route.request.url}")
        route.abort()

    def open(self, **settings: str) -> None:
        """Show what the settings say, and wait until all of it is drawn."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.address}#{'&'.join(f'{key}={value}' for key, value in settings.items())}")
        self.page.locator("figure").first.wait_for(state="attached")
        self.page.wait_for_function(SETTLED)

    def pictures(self) -> list[ElementHandle]:
        """Give every picture that is on the page."""
        return self.page.locator("figure").element_handles()


STYLE = ".g-toolbar { visibility: hidden } .cw :is(.cw-measured, .cw-lines) { content-visibility: visible !important }"
# What a picture shows is in the page, or in a frame where it lies over all of one.
INSIDE = """const inside = (figure, selector) => [figure, figure.querySelector(".g-page")?.contentDocument]
  .flatMap((root) => [...(root?.querySelectorAll(selector) ?? [])]);"""


def holds(picture: ElementHandle, selector: str) -> bool:
    """Tell whether a picture shows something of this kind."""
    return bool(
        picture.evaluate(f"(figure, selector) => {{ {INSIDE} return inside(figure, selector).length }}", selector)
    )


def photograph(picture: ElementHandle, folder: Path) -> Path:
    """Write what a picture looks like, named after its state and its look."""
    name, theme, width = (picture.get_attribute(f"data-{key}") or "" for key in ("name", "theme", "width"))
    path = folder / f"{name.replace('/', '-')}-{theme}-{width}.png"
    # The toolbar sticks to the window, in front of a picture that is higher; what is out of sight is to be drawn, too.
    picture.screenshot(path=path, animations="disabled", style=STYLE)
    return path
