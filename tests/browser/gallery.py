"""The gallery page, built once and opened without a network, and what to photograph of it."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, ElementHandle, Page, Route

import hatch_build
from chatwidget.assets import read_asset, read_chunk

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "build/gallery.html"
PHOTOS = os.environ.get("CHATWIDGET_PHOTOS")

# Frames of outputs load by themselves; until then they have no height.
SETTLED = """() => [...document.querySelectorAll("figure")].every((one) => "drawn" in one.dataset)
  && [...document.querySelectorAll("figure .cw-frame:not(.cw-plot-box *, .cw-diagram *)")]
    .every((one) => one.style.height)
  && [...document.images].every((one) => one.complete)"""


# Of each thing that is not in a state: what tells that it is there.
STAGES = {
    "menu": '.cw-menu [role="menuitem"]',
    "message-menu": '.cw-menu [role="menuitem"]',
    "keys": ".cw-keys[open] .cw-keys-groups ~ .cw-keys-about",
    "keys-notebook": ".cw-keys[open] .cw-keys-groups:last-child",
    "chats": ".cw-chats[open] .cw-chats-item",
    "chats-none": ".cw-chats[open] .cw-diff-note",
    "export": ".cw-menu .cw-menu-detail",
    "diff": ".cw-compare[open] .cw-diff",
    "enlarged": ".cw-enlarged[open] img",
    "send-how": '.cw-menu [role="menuitem"]',
    "full-height": ".cw[data-full]",
    "panel": ".cw-panel .cw",
    "search": ".cw-message[data-found]",
    "search-none": ".cw-search-count:not(:empty) + [disabled]",
    "comment": ".cw-feedback textarea",
    "edit": ".cw-editor textarea",
    "table-search": ".cw-grid-search input",
    "table-none": ".cw-grid-none",
    "days": ".cw-day",
    "form-faults": ".cw-form-error",
    "deny": ".cw-answer-form .cw-field-input",
    "allow": ".cw-ask .cw-ask-sending",
    "arguments": ".cw-ask .cw-form",
    "deleted": ".cw-undo",
    "cleared": ".cw-undo",
    "thought": '.cw-reasoning [aria-expanded="false"]',
    "unread": ".cw-latest .cw-unread",
    "own-renderer": ".cw-plot-drawn .cw-own-frame",
    "plot": ".cw-plot-drawn .cw-plot-frame",
    "diagram": '.cw-diagram[aria-busy="false"] .cw-diagram-frame',
    "insert": '[aria-label="Inserted below"]',
    "wrapped": ".cw-wrapped",
    "download": '.cw-file[aria-busy="true"]',
    "remote-image": "button.cw-ask-image",
    "files": ".cw-tile-failed",
    "files-wait": 'button[type="submit"][aria-busy="true"] .cw-spinner',
    "commands": '[role="option"]',
    "names": '[role="option"]',
    "variable": ".cw-peek-text",
    "drop": ".cw-drop",
    "long-draft": ".cw-composer textarea",
    "sending": ".cw-sending",
    "refused": ".cw-notice",
    "stopping": '.cw-stop[aria-disabled="true"]',
} | dict.fromkeys(
    (
        f"kernel-{one}"
        for one in ("waiting", "silent", "starting", "busy", "restarting", "dead", "reconnecting", "offline", "ended")
    ),
    ".cw-status",
)


def build() -> Path:
    """Build the page from the states as they are now."""
    hatch_build.install(ROOT)
    hatch_build.npm(ROOT, "run", "gallery")
    return PAGE


def names() -> set[str]:
    """Name every golden state as the page does."""
    golden = {f"golden/{path.stem.removeprefix('state-')}" for path in ROOT.glob("tests/golden/state-*.json")}
    return golden | {f"screen/{path.stem}" for path in ROOT.glob("js/test/states/*.json")}


@cache
def script(name: str) -> str:
    """Give the page a script that is too large to be a part of it, as the kernel would."""
    return read_chunk("mermaid") if name == "mermaid" else read_asset(name)


class Gallery:
    """The page in a browser: opened at settings of its toolbar, with everything that went wrong written down."""

    def __init__(self, context: BrowserContext, path: Path) -> None:
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.address = path.as_uri()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._read)
        self.page.on("dialog", self._dismiss)
        context.expose_function("chatwidgetAsset", script)
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


STYLE = """:is(.g-toolbar, .g-index) { visibility: hidden }
.cw :is(.cw-measured, .cw-lines) { content-visibility: visible !important }"""
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
    # Toolbar and index stick to the window, in front of what is larger; what is out of sight is to be drawn, too.
    picture.screenshot(path=path, animations="disabled", style=STYLE)
    return path
