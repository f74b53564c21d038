"""The widget as it is built, in a page of its own: no notebook around it, a kernel in the page."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench.page import busy_seconds
from tests.browser.conftest import FLAGS, chromium

STATIC = Path(__file__).resolve().parents[2] / "chatwidget" / "static"
HARNESS = Path(__file__).with_name("harness.js")


class FrontPage:
    """A page with the widget loaded, and what it costs to do something in it."""

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context(viewport={"width": 900, "height": 700})
        self.page = self.context.new_page()
        self.devtools = self.context.new_cdp_session(self.page)
        self.devtools.send("Performance.enable")
        self.devtools.send("HeapProfiler.enable")
        # A page of its own, and not about:blank: images and links have an origin there.
        self.page.route(
            "http://bench.localhost/", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html")
        )
        self.page.goto("http://bench.localhost/")
        self.page.add_style_tag(path=STATIC / "widget.css")
        self.page.add_script_tag(path=HARNESS)
        self.page.evaluate("script => bench.load(script)", (STATIC / "widget.js").read_text())
        chunks = {path.stem: zipped(path) for path in STATIC.glob("*.js") if path.stem != "widget"}
        self.page.evaluate("chunks => { bench.chunks = chunks }", chunks)

    def run(self, script: str, argument: Any = None) -> tuple[Any, float]:
        """Evaluate a function and return its value and how long the main thread worked for it, in seconds."""
        before = busy_seconds(self.devtools)
        value = self.page.evaluate(script, argument)
        return value, busy_seconds(self.devtools) - before

    def heap(self) -> int:
        """Return the bytes of the JavaScript heap after a collection."""
        self.devtools.send("HeapProfiler.collectGarbage")
        metrics = self.devtools.send("Performance.getMetrics")["metrics"]
        return int(next(metric["value"] for metric in metrics if metric["name"] == "JSHeapUsedSize"))

    def close_all(self) -> None:
        """Take every chat off the page."""
        self.page.evaluate("bench.closeAll()")


def zipped(path: Path) -> str:
    """Return a script as the kernel sends it."""
    return b64encode(gzip.compress(path.read_bytes())).decode()


@contextmanager
def browser() -> Iterator[Browser]:
    """Start a Chromium, and end it."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, "--js-flags=--expose-gc"])
        yield running
        running.close()


@contextmanager
def opened(running: Browser) -> Iterator[FrontPage]:
    """Open a fresh page, and close it."""
    page = FrontPage(running)
    try:
        yield page
    finally:
        page.context.close()


def js(value: object) -> str:
    """Return a value as a literal of JavaScript."""
    return json.dumps(value)
