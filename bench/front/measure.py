"""What the front end costs in a page of its own: streaming, opening, scrolling, many chats.

Busy time is what the page's main thread did, as Chromium counts it; floors and subject take turns in one page.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import median

from playwright.sync_api import Browser

from bench.front import texts
from bench.front.page import STATIC, FrontPage, browser, opened
from bench.table import Row, Section, exponent, quantile, ratio_of

FRAME_MS = 1000 / 60
PIECE = 32  # characters a frame: 480 tokens/s
STREAM = "async ([subject, pieces]) => bench.stream(eval(subject), pieces)"
STEP = 200  # pixels a frame: 12,000 a second, a fling


def measure(quick: bool) -> Section:
    """Measure all of it."""
    found = Section("front", "The front end in a page")
    times = 1 if quick else 3
    with browser() as running:
        _streaming(found, running, (1000, 5000) if quick else (1000, 5000, 20_000), times)
        _one_block(found, running, times)
        _opening(found, running, times)
        _scrolling(found, running, 1000 if quick else 5000)
        _turns(found, running, times)
        _many(found, running)
    found.notes += NOTES
    return found


def _stream(page: FrontPage, subject: str, pieces: list[str]) -> tuple[list[float], list[float], float]:
    """Return the cost of each flush and the long tasks, in ms, and the busy seconds."""
    value, busy = page.run(STREAM, [subject, pieces])
    page.close_all()
    return value["flushes"], value["long"], busy


def _streaming(found: Section, running: Browser, sizes: tuple[int, ...], times: int) -> None:
    costs: list[float] = []
    for size in sizes:
        pieces = texts.pieces(texts.mixed(size), PIECE)
        pairs: list[tuple[float, float]] = []
        flushes: list[float] = []
        long: list[float] = []
        with opened(running) as page:
            _stream(page, "bench.chatSubject()", pieces[:60])  # warm up
            plain = _stream(page, "bench.textFloor()", pieces)[2]
            for _ in range(times):
                raw = _stream(page, "bench.rawFloor()", pieces)[2]
                flush, tasks, busy = _stream(page, "bench.chatSubject()", pieces)
                pairs.append((busy, raw))
                flushes += flush
                long += tasks
        costs.append(median(busy for busy, _ in pairs))
        spent = f"{costs[-1]:.2f} s, raw messages {median(raw for _, raw in pairs):.2f} s, one text node {plain:.2f} s"
        found.add(
            f"busy, {size:,} tokens, {PIECE} characters a frame", f"{ratio_of(pairs):.1f} × raw messages ({spent})"
        )
        _flush(found, f"{size:,} tokens", flushes, FRAME_MS / 4)
        found.rows.append(Row(f"tasks over 50 ms, {size:,} tokens", str(len(long)), "0", not long))
    found.growth("busy time", sizes, costs)


def _flush(found: Section, what: str, flushes: list[float], goal: float) -> None:
    got = quantile(flushes, 0.95)
    shown = f"{got:.2f} ms (median {median(flushes):.2f}, most {max(flushes):.1f})"
    found.rows.append(Row(f"flush, p95, {what}", shown, f"≤ {goal:.1f} ms", got <= goal))


def _one_block(found: Section, running: Browser, times: int) -> None:
    for name, text in (("table", texts.table(5000)), ("list", texts.bullets(5000))):
        with opened(running) as page:
            flushes, long, _ = _stream(page, "bench.chatSubject()", texts.pieces(text, PIECE))
        _flush(found, f"one {name} of 5,000 tokens", flushes, FRAME_MS / 2)
        found.rows.append(Row(f"tasks over 50 ms, one {name}", str(len(long)), "0", not long))
    lines = (250, 500, 1000)
    with opened(running) as page:
        _stream(page, "bench.chatSubject()", texts.pieces(texts.code(50), PIECE))
        costs = [
            median(_stream(page, "bench.chatSubject()", texts.pieces(texts.code(n), PIECE))[2] for _ in range(times))
            for n in lines
        ]
    per_line = ", ".join(f"{1000 * cost / n:.2f}" for n, cost in zip(lines, costs, strict=True))
    steps = [exponent(*low, *high) for low, high in pairwise(zip(lines, costs, strict=True))]
    shown = f"{', '.join(f'{step:.2f}' for step in steps)} ({per_line} ms a line)"
    found.rows.append(Row("growth of a code block, 250 → 500 → 1,000 lines", shown, "≤ 1.1", max(steps) <= 1.1))


def _opening(found: Section, running: Browser, times: int) -> None:
    opening: dict[int, float] = {}
    floors: dict[int, float] = {}
    for count in (100, 1000, 5000):
        said = texts.transcript(count)
        got: list[float] = []
        floor: list[float] = []
        with opened(running) as page:
            page.page.evaluate("said => { bench.said = bench.transcript(said) }", said)
            page.run("async () => bench.timeToOpen(() => bench.open(bench.said))")
            page.close_all()
            empty = page.heap()
            for turn in range(4 * times):  # single ones differ by a frame
                value, _ = page.run("async () => bench.timeToOpen(() => bench.open(bench.said))")
                got.append(value)
                if turn == 0:
                    heap = page.heap() - empty
                page.close_all()
                value, _ = page.run("async () => bench.timeToOpen(() => bench.newestAsText(bench.said))")
                floor.append(value)
                page.close_all()
        opening[count], floors[count] = median(got), median(floor)
        size = sum(map(len, said))
        limit = 4 * size + 10_000_000
        shown = f"{heap / 1e6:.1f} MB for {size / 1e6:.2f} MB of text"
        found.rows.append(Row(f"heap of {count:,} messages", shown, f"≤ {limit / 1e6:.1f} MB", heap <= limit))
    found.ratio(
        "to open 5,000 messages / 100",
        opening[5000] / opening[100],
        1.5,
        f"{opening[5000]:.0f} against {opening[100]:.0f} ms",
    )
    found.ratio(
        "to open 5,000 / newest 60 as plain text",
        opening[5000] / floors[5000],
        2,
        f"{opening[5000]:.0f} against {floors[5000]:.0f} ms",
    )


def _scrolling(found: Section, running: Browser, count: int) -> None:
    said = texts.transcript(count)
    gaps: dict[str, list[float]] = {}
    scroll = f"async () => bench.scroll(document.querySelector('.cw-scroller') ?? bench.box, {STEP}, 20000)"
    with opened(running) as page:
        for name, make in (
            ("plain", "said => { bench.box = bench.plainList(said) }"),
            ("chat", "said => { bench.open(bench.transcript(said)) }"),
        ):
            page.page.evaluate(make, said)
            page.page.wait_for_timeout(500)
            value, _ = page.run(scroll)
            gaps[name] = value["gaps"]
            assert value["left"] == 0, "it did not come to the beginning"
            page.close_all()
    chat, plain = (quantile(gaps[name], 0.95) for name in ("chat", "plain"))
    found.ratio(
        f"scrolling {count:,} messages, p95 of frame gaps / a plain list",
        chat / plain,
        1.2,
        f"{chat:.1f} against {plain:.1f} ms",
    )


def _turns(found: Section, running: Browser, times: int) -> None:
    pieces = texts.pieces(texts.mixed(1000), PIECE)
    pairs: list[tuple[float, float]] = []
    with opened(running) as page:
        page.page.evaluate("said => { bench.earlier = said }", texts.transcript(5000))
        for _ in range(times + 1):
            both = []
            for earlier in ("bench.earlier", "[]"):
                page.page.evaluate(f"() => {{ bench.subject = bench.chatSubject({earlier}) }}")
                page.page.wait_for_timeout(300)
                both.append(_stream(page, "bench.subject", pieces)[2])
            pairs.append((both[0], both[1]))
    ratio = ratio_of(pairs[1:] or pairs)
    shown = f"{ratio:.2f} × ({median(a for a, _ in pairs):.2f} against {median(b for _, b in pairs):.2f} s)"
    found.rows.append(Row("a turn in 5,000 messages / in none", shown, "0.8 to 1.2 ×", 0.8 <= ratio <= 1.2))


def _many(found: Section, running: Browser) -> None:
    size = (STATIC / "widget.js").stat().st_size
    found.rows.append(Row("module on the wire, each chat", f"{size:,} bytes", "≤ 200,000 bytes", size <= 200_000))
    with opened(running) as page:
        idle = "() => new Promise((done) => setTimeout(done, 5000))"
        page.page.evaluate(idle)
        nothing = page.run(idle)[1]
        page.page.evaluate(
            "said => { for (let i = 0; i < 20; i += 1) bench.open(bench.transcript(said)) }", texts.transcript(20)
        )
        page.page.wait_for_timeout(3000)
        page.heap()  # a collection that is due would come while nothing is done
        busy = page.run(idle)[1] - nothing
    found.rows.append(Row("main thread of 20 idle chats", f"{max(0.0, busy) * 200:.1f} ms a second", "0", busy < 0.005))


NOTES = [
    f"One flush each {FRAME_MS:.1f} ms frame; a flush is all script from the frame's arrival until the DOM stands, "
    "timers that draw later included; layout and paint are in the busy time.",
    "The page is Chromium's own, with the bundle as it is built and a kernel in the page that answers at once.",
    "Raw messages: the same patches, of which nothing is drawn. One text node: `appendData`, its box kept at the end.",
]
