"""Draft driver."""

from statistics import median

from bench.front import texts
from bench.front.page import browser, opened
from bench.table import quantile


def stream(page, subject, pieces):
    r, busy = page.run("async ([make, pieces]) => bench.stream(eval(make), pieces)", [subject, pieces])
    page.close_all()
    return r, busy


with browser() as b:
    for n in (1000, 5000, 20000):
        with opened(b) as page:
            text = texts.mixed(n)
            p = texts.pieces(text, 32)
            stream(page, "bench.chatSubject()", p[:60])
            raw = stream(page, "bench.rawFloor()", p)[1]
            plain = stream(page, "bench.textFloor()", p)[1]
            r, busy = stream(page, "bench.chatSubject()", p)
            f = r["flushes"]
            print(
                n,
                "busy",
                round(busy, 3),
                "raw",
                round(raw, 3),
                "plain",
                round(plain, 3),
                "x raw",
                round(busy / raw, 2),
                "flush p50/p95/max",
                round(median(f), 2),
                round(quantile(f, 0.95), 2),
                round(max(f), 2),
                "long",
                r["long"],
            )
    for kind in ("table", "bullets"):
        with opened(b) as page:
            p = texts.pieces(getattr(texts, kind)(5000), 32)
            r, busy = stream(page, "bench.chatSubject()", p)
            f = r["flushes"]
            print(
                kind, round(busy, 3), "flush p95/max", round(quantile(f, 0.95), 2), round(max(f), 2), "long", r["long"]
            )
    with opened(b) as page:
        p = texts.pieces(texts.code(1000), 32)
        r, busy = stream(page, "bench.chatSubject()", p)
        f = r["flushes"]
        q = len(f) // 4
        print("code", round(busy, 3), [round(median(f[i * q : (i + 1) * q]), 3) for i in range(4)], "long", r["long"])
    for n in (100, 1000, 5000):
        with opened(b) as page:
            t = texts.transcript(n)
            size = sum(map(len, t))
            page.page.evaluate("t => { bench.t = bench.transcript(t) }", t)
            empty = page.heap()
            inter = "async () => { const s = performance.now(); bench.open(bench.t); await new Promise(d => requestAnimationFrame(() => setTimeout(d))); return performance.now() - s }"
            v, busy = page.run(inter)
            heap = page.heap() - empty
            print(
                "open",
                n,
                "tti ms",
                round(v, 1),
                "busy",
                round(busy, 3),
                "heap MB",
                round(heap / 1e6, 2),
                "text MB",
                round(size / 1e6, 2),
            )
            r, sb = page.run("() => bench.scroll(document.querySelector('.cw-scroller'), 300, 4000)")
            g = r["gaps"]
            print(
                "  scroll p50/p95/max",
                round(median(g), 1),
                round(quantile(g, 0.95), 1),
                round(max(g), 1),
                "frames",
                len(g),
                "busy",
                round(sb, 2),
                "left",
                r["left"],
                "long>50",
                sum(x > 50 for x in g),
            )
            page.close_all()
            page.page.evaluate("t => { bench.box = bench.plainList(t) }", t)
            r, sb = page.run("() => bench.scroll(bench.box, 300, 4000)")
            g = r["gaps"]
            print(
                "  plain p50/p95/max",
                round(median(g), 1),
                round(quantile(g, 0.95), 1),
                round(max(g), 1),
                "frames",
                len(g),
                "busy",
                round(sb, 2),
            )
            page.close_all()
            page.page.evaluate("t => { bench.texts = t }", t)
            p = texts.pieces(texts.mixed(1000), 32)
            r, busy = stream(page, "bench.chatSubject(bench.texts)", p)
            print("  turn in it", round(busy, 3))
