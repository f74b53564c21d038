"""The figures of `stream.py` beside their goals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from typing import TYPE_CHECKING

from bench.table import Row, Section, quantile, ratio_of

if TYPE_CHECKING:
    from bench.stream import Run

ENVELOPE = 600  # bytes of Jupyter's message around a frame, with JSON paths and numbers


def section(runs: Sequence[Run]) -> Section:
    """Judge all runs."""
    found = Section("stream", "Streaming to JupyterLab")
    chats = [run for run in runs if run.job.subject == "chat"]
    lost = sum(not run.whole for run in chats)
    found.rows.append(Row("answers lost or cut", f"{lost} of {len(chats)}", "0", lost == 0))
    floors = [run for run in runs if run.job.subject != "chat"]
    found.add("the same of the floors", f"{sum(not run.whole for run in floors)} of {len(floors)}")
    most = max(frames_per_second(run.sent) for run in chats)
    found.rows.append(Row("frames in any one second, most", str(most), "≤ 50", most <= 50))
    _bytes(found, chats)
    for earlier in sorted({run.job.earlier for run in chats}):
        for rate in sorted({run.job.rate for run in chats}, reverse=True):
            same = [run for run in runs if (run.job.earlier, run.job.rate) == (earlier, rate)]
            where = f"{f'{rate:g} tokens/s' if rate else 'as fast as possible'}, {earlier:,} earlier messages"
            _cpu(found, same, where)
            _latency(found, same, where)
            _growth(found, [run for run in same if run.job.subject == "chat"], where)
    found.notes += NOTES
    return found


def frames_per_second(sent: Sequence[float]) -> int:
    """Return the most frames that left in any one second."""
    most = first = 0
    for last, moment in enumerate(sent):
        while moment - sent[first] >= 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


def _bytes(found: Section, chats: Sequence[Run]) -> None:
    def share(run: Run) -> float:
        return run.frame_bytes / (run.frames * ENVELOPE + run.text_bytes)

    for earlier in sorted({run.job.earlier for run in chats}):
        worst = max((run for run in chats if run.job.earlier == earlier), key=share)
        detail = f"worst: {worst.job.tokens:,} tokens in {worst.frames} frames, {worst.frame_bytes:,} bytes"
        found.ratio(f"bytes / (frames × 600 + text), {earlier:,} earlier messages", share(worst), 1.3, detail)


def _cpu(found: Section, runs: Sequence[Run], where: str) -> None:
    for tokens in sorted({run.job.tokens for run in runs}):
        chat, floor = _of(runs, "chat", tokens), _of(runs, "leading", tokens)
        pairs = [(one.cpu, other.cpu) for one, other in zip(chat, floor, strict=False)]
        if pairs:
            spent = f"{median(pair[0] for pair in pairs):.3f} against {median(pair[1] for pair in pairs):.3f} s"
            found.ratio(f"kernel CPU, {tokens:,} tokens, {where}", ratio_of(pairs), 1.5, spent)
            if runs[0].job.rate:
                busy = [median(run.busy for run in side) for side in (chat, floor)]
                got = f"{busy[0] / busy[1]:.1f} × ({busy[0]:.2f} against {busy[1]:.2f} s)"
                found.add(f"page's main thread, {tokens:,} tokens, {where}", got)


def _latency(found: Section, runs: Sequence[Run], where: str) -> None:
    if not runs[0].job.rate:
        return
    tokens = min(run.job.tokens for run in runs)
    for floor, goals in (("leading", (None, None)), ("trailing", (1.0, 1.2))):
        for share, goal in zip((0.5, 0.95), goals, strict=True):
            pairs = [
                (quantile(one.latencies, share), quantile(other.latencies, share))
                for one, other in zip(_of(runs, "chat", tokens), _of(runs, floor, tokens), strict=False)
            ]
            if not pairs:
                continue
            what = f"token visible, p{share * 100:.0f}, {where}, floor: {floor} edge"
            times = " against ".join(f"{median(side) * 1000:.1f}" for side in zip(*pairs, strict=True)) + " ms"
            if goal is None:
                found.add(what, f"{ratio_of(pairs):.2f} × ({times})")
            else:
                found.ratio(what, ratio_of(pairs), goal, times)


def _growth(found: Section, chats: Sequence[Run], where: str) -> None:
    sizes = sorted({run.job.tokens for run in chats})
    if len(sizes) < 2:
        return
    costs: dict[str, Callable[[Run], float]] = {
        "kernel CPU": lambda run: run.cpu,
        "websocket bytes": lambda run: run.frame_bytes,
        "page's main thread": lambda run: run.busy,
    }
    if not chats[0].job.rate:
        costs["time until the last token is visible"] = lambda run: run.last_visible
    for what, cost in costs.items():
        values = [median(cost(run) for run in _of(chats, "chat", size)) for size in sizes]
        detail = " → ".join(f"{value:,.3g}" if value < 1000 else f"{value:,.0f}" for value in values)
        found.growth(f"{what}, {where}", sizes, values, detail=detail)


def _of(runs: Sequence[Run], subject: str, tokens: int) -> list[Run]:
    return [run for run in runs if (run.job.subject, run.job.tokens) == (subject, tokens)]


NOTES = [
    "Tokens have 4 characters and come in paragraphs of 90. Floor: the same tokens from the same generator through a "
    "bare anywidget that keeps them and shows the newest, a comm message each 20 ms, either at once after a pause "
    "(leading edge, as the chat does) or always 20 ms later (trailing edge). Floor and chat take turns in a notebook; "
    "ratios are medians over neighbours.",
    "Bytes are those of the websocket messages that carry frames; JupyterLab and server have their default limits.",
    "Kernel CPU is the process's own count, the emitting generator included, from before the stream to 0.3 s after it.",
    "A token is visible when a MutationObserver finds it, or one behind it, in the page; painting is not included.",
    "20k tokens at 100 tokens/s are left out: they would take 200 s a run. Growth at that speed is from 1k to 5k.",
]
