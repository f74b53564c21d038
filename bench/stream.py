"""Streaming to a real JupyterLab in a real Chromium, against the same text as raw comm messages.

Chat and floors take turns in one notebook; each run makes a new widget. CPU is the kernel process's own count, bytes
are those of the websocket, token times compare the kernel's clock with the page's (one machine).
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench import stream_report
from bench.kernel import Job
from bench.page import WATCH, Traffic, busy_seconds
from bench.table import Section
from tests.browser.conftest import FLAGS, chromium
from tests.browser.lab import Lab, running_lab

ROOT = Path(__file__).resolve().parent.parent
SETUP = "from bench.kernel import run, show"
RUN, SHOW = 2, 3
ARRIVES = 30.0  # seconds after its end in which a stream must be whole on the page


@dataclass(frozen=True)
class Run:
    """What was seen of one stream."""

    job: Job
    cpu: float
    busy: float
    frames: int
    frame_bytes: int
    all_bytes: int
    text_bytes: int
    sent: list[float]
    latencies: list[float]
    last_visible: float  # seconds after the first token was emitted
    whole: bool


class Bench:
    """A notebook with one cell that shows a widget and one that streams through it."""

    def __init__(self, lab: Lab, page: Page) -> None:
        self.lab, self.page = lab, page
        self.traffic = Traffic()
        self.traffic.listen(page)
        self.devtools = page.context.new_cdp_session(page)
        self.devtools.send("Performance.enable")
        # A JupyterLab that has just started may ask which kernel to use while it starts the only one there is.
        page.add_locator_handler(page.locator(".jp-Dialog .jp-mod-accept"), lambda button: button.click())
        self.notebook = lab.open(page, lab.write("bench.ipynb", [SETUP, "await run()", "show()"]))
        self.notebook.run(1)
        self.runs: list[Run] = []

    def measure(self, subject: str, tokens: int, rate: float = 0, earlier: int = 0) -> None:
        """Stream once and keep what was seen."""
        job = Job(str(len(self.runs) + 1), subject, tokens, rate, earlier)
        (self.lab.folder / "job.json").write_text(json.dumps(asdict(job)))
        self.execute(SHOW)
        root, target = self._wait_for_widget(job)
        self.page.evaluate(WATCH, [root, target, tokens])
        self.traffic.reset()
        busy = busy_seconds(self.devtools)
        self.execute(RUN, timeout=60 + (tokens / rate if rate else 0))
        result = json.loads((self.lab.folder / f"result-{job.id}.json").read_text())
        whole = self._arrives_whole(target, job, result["text"])
        busy = busy_seconds(self.devtools) - busy
        self.runs.append(self._run(job, result, busy, whole))

    def _run(self, job: Job, result: dict[str, object], busy: float, whole: bool) -> Run:
        emitted: list[float] = result["emitted"]  # type: ignore[assignment]
        seen: list[tuple[float, int]] = self.page.evaluate("window.benchSeen")
        return Run(
            job=job,
            cpu=float(result["cpu"]),  # type: ignore[arg-type]
            busy=busy,
            frames=self.traffic.frames,
            frame_bytes=self.traffic.frame_bytes,
            all_bytes=self.traffic.all_bytes,
            text_bytes=len(str(result["text"]).encode()),
            sent=result["sent"],  # type: ignore[arg-type]
            latencies=list(latencies(emitted, seen)),
            last_visible=seen[-1][0] - emitted[0] if seen else float("inf"),
            whole=whole,
        )

    def execute(self, cell: int, timeout: float = 60) -> None:
        """Run a cell again and wait for its new number."""
        prompt = self.notebook.prompt(cell)
        old = re.escape(prompt.inner_text().strip())
        self.notebook.cell(cell).locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        expect(prompt).to_have_text(re.compile(rf"^(?!{old})\[\d+\]:"), timeout=timeout * 1000)

    def _wait_for_widget(self, job: Job) -> tuple[str, str]:
        """Return selectors: of the widget, and of what holds its text."""
        if job.subject != "chat":
            root = f'.bench-floor[data-job="{job.id}"]'
            self.page.wait_for_selector(root, state="attached")
            return root, root
        root = ".jp-OutputArea .cw"
        expect(self.page.locator(root)).to_contain_text(f"job {job.id}", timeout=30_000)
        expect(self.page.locator(f"{root} textarea").last).to_be_editable()
        return root, f"{root} .cw-assistant .cw-content"

    def _arrives_whole(self, target: str, job: Job, text: str) -> bool:
        """Say whether the page shows every character that was sent, in order."""
        shown = self.page.locator(target).last
        read = "node => node.benchText ?? node.textContent"
        wanted = "".join(text.split())
        assert len(text) == 4 * job.tokens, "the kernel's own text is cut"
        end = time.monotonic() + ARRIVES
        while "".join(str(shown.evaluate(read)).split()) != wanted:
            if time.monotonic() > end:
                return False
            self.page.wait_for_timeout(100)
        return True


def latencies(emitted: list[float], seen: list[tuple[float, int]]) -> Iterator[float]:
    """Give for each token the seconds from its emission to the moment it, or one behind it, stood in the page."""
    first = 0
    for moment, last in seen:
        yield from (moment - emitted[number] for number in range(first, last + 1))
        first = last + 1


@contextmanager
def opened(browser: Browser, lab: Lab) -> Iterator[Bench]:
    """Open a page with a notebook, and close it."""
    context = browser.new_context(viewport={"width": 1100, "height": 1000})
    context.set_default_timeout(60_000)
    try:
        yield Bench(lab, context.new_page())
    finally:
        context.close()


def plan(quick: bool) -> Iterator[tuple[str, int, float, int]]:
    """Give subject, tokens, rate and earlier messages of each run, floors and chat in turn."""
    yield from [("chat", 200, 0, 0), ("leading", 200, 0, 0)]  # warm up: modules, caches
    sizes = (1000, 5000) if quick else (1000, 5000, 20_000)
    for earlier in (0, 1000):
        for size in sizes:
            for _ in range(1 if quick else 3):
                yield from [("leading", size, 0, earlier), ("chat", size, 0, earlier), ("trailing", size, 0, earlier)]
    if quick:
        yield from [("leading", 500, 100, 0), ("chat", 500, 100, 0), ("chat", 500, 100, 1000)]
        return
    for earlier in (0, 1000):
        for _ in range(3 if earlier == 0 else 1):
            yield from [(subject, 1000, 100, earlier) for subject in ("leading", "chat", "trailing")]
        yield from [("leading", 5000, 100, earlier), ("chat", 5000, 100, earlier)]


def measure(quick: bool) -> Section:
    """Stream at both speeds, with and without earlier messages."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        with running_lab(Path(folder), {"PYTHONPATH": path}) as lab:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            with opened(browser, lab) as bench:
                for subject, tokens, rate, earlier in plan(quick):
                    bench.measure(subject, tokens, rate, earlier)
            browser.close()
    return stream_report.section(bench.runs[2:])
