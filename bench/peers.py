"""The page's main thread while an answer comes, against what people use today, in one JupyterLab and one run.

Peers stream as their documentation says, a token at a time. The floor is the same text through raw comm messages, one
each 20 ms, of which the page shows the newest token only.
"""

from __future__ import annotations

import importlib.util
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from bench.kernel import Job, token
from bench.page import busy_seconds
from bench.stream import ROOT, RUN, SHOW, Bench, opened
from bench.table import Section
from tests.browser.conftest import FLAGS, chromium
from tests.browser.lab import running_lab

PEERS = ("update_display", "panel")
ARRIVES_MS = 30_000

# Whether the last token stands in a cell's output, in shadow roots too (Panel draws in them).
ARRIVED = r"""
(last) => {
  const text = (node) => [...(node.shadowRoot ? [node.shadowRoot] : []), ...node.childNodes]
    .map((one) => (one.nodeType === 3 ? one.data : text(one))).join("");
  const outputs = [...document.querySelectorAll(".jp-OutputArea-output")];
  return outputs.some((one) => text(one).replace(/\s+/g, "").includes(last));
}
"""


def measure(quick: bool) -> Section:
    """Stream at both speeds through chat, floor and peers in turn."""
    found = Section("peers", "The page while an answer comes, against peers")
    present = [peer for peer in PEERS if peer != "panel" or importlib.util.find_spec("panel")]
    sizes = [(300, 100.0), (500, 0.0)] if quick else [(1000, 100.0), (5000, 100.0), (5000, 0.0)]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        with running_lab(Path(folder), {"PYTHONPATH": path}) as lab:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            with opened(browser, lab) as bench:
                for subject in ("chat", "leading"):  # warm up: modules, caches
                    spent(bench, subject, 200, 0)
                for tokens, rate in sizes:
                    _add(found, bench, present, tokens, rate, 1 if quick else 3)
            browser.close()
    found.notes += [
        "Seconds in which the page's main thread worked, as Chromium counts it (TaskDuration), from before the first "
        "token until the last one stands in the page. Tokens have 4 characters, 90 a paragraph. Chat and floor: "
        "medians of three runs; peers: one.",
        *(
            f"{peer} was not measured: it is not installed (`pip install {peer}`)."
            for peer in set(PEERS) - set(present)
        ),
    ]
    return found


def _add(found: Section, bench: Bench, peers: list[str], tokens: int, rate: float, times: int) -> None:
    where = f"{tokens:,} tokens, {f'{rate:g} tokens/s' if rate else 'as fast as possible'}"
    pairs = [(spent(bench, "chat", tokens, rate), spent(bench, "leading", tokens, rate)) for _ in range(times)]
    chat, floor = (median(side) for side in zip(*pairs, strict=True))
    costs = dict(_peers(bench, peers, tokens, rate))
    ratio = median(a / b for a, b in pairs)
    if rate:
        found.ratio(f"chat / raw messages, {where}", ratio, 8, f"{chat:.2f} against {floor:.2f} s")
    else:
        found.add(f"chat / raw messages, {where}", f"{ratio:.2f} × ({chat:.2f} against {floor:.2f} s)")
    for peer, cost in costs.items():
        found.add(f"{peer}, {where}", f"{cost:.2f} s")
    best = min(costs, key=lambda peer: costs[peer])
    found.add(f"raw messages / best peer ({best}), {where}", f"{floor / costs[best]:.2f} ×")
    found.ratio(
        f"chat / best peer ({best}), {where}",
        chat / costs[best],
        0.25 if rate else 0.02,
        f"{chat:.2f} against {costs[best]:.2f} s",
    )


def _peers(bench: Bench, peers: list[str], tokens: int, rate: float) -> Iterator[tuple[str, float]]:
    for peer in peers:
        yield peer, spent(bench, peer, tokens, rate)


def spent(bench: Bench, subject: str, tokens: int, rate: float) -> float:
    """Stream once; return the seconds of the page's main thread."""
    job = Job(f"{subject}-{tokens}-{len(bench.runs)}", subject, tokens, rate)
    (bench.lab.folder / "job.json").write_text(json.dumps(asdict(job)))
    bench.execute(SHOW)
    bench.page.wait_for_timeout(1000)  # what is shown has settled
    before = busy_seconds(bench.devtools)
    bench.execute(RUN, timeout=120 + (tokens / rate if rate else 0) * 4)
    # The floor shows its newest message only, which may be one token.
    shown = 1 if subject == "leading" else 3
    last = "".join(token(number) for number in range(tokens - shown, tokens))
    bench.page.wait_for_function(ARRIVED, arg="".join(last.split()), timeout=ARRIVES_MS)
    return busy_seconds(bench.devtools) - before
