import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { grown, heightOf, lacking, letGo, newest, pieces, SECTION, wanted, withRow } from "../src/window.js";

const rowsOf = (made: ReturnType<typeof pieces>) => made.map(({ from, to }) => to - from);

describe("what is mounted", () => {
  test("is the newest ten rows at first, in whole sections, and the newest sixty soon after", () => {
    const [gap, ...sections] = pieces(5000, newest(5000));
    expect(gap).toEqual({ from: 0, to: 4990, gap: true });
    expect(sections).toHaveLength(10 / SECTION);
    expect(sections.at(-1)).toEqual({ from: 5000 - SECTION, to: 5000, gap: false });
    let mounted = newest(5000);
    for (let row = lacking(5000, mounted); row !== null; row = lacking(5000, mounted))
      mounted = withRow(mounted, row);
    expect(pieces(5000, mounted)[0]).toEqual({ from: 0, to: 4940, gap: true });
    expect(pieces(3, newest(3))).toEqual([{ from: 0, to: 3, gap: false }]);
    expect(pieces(0, newest(0))).toEqual([]);
  });

  test("and what is not make up all rows, once and in order, whatever was asked for", () => {
    fc.assert(
      fc.property(
        fc.nat(400),
        fc.array(fc.record({ row: fc.nat(600), by: fc.integer({ min: -80, max: 80 }) })),
        (count, steps) => {
          let mounted = newest(count);
          let now = count;
          for (const { row, by } of steps) {
            mounted = withRow(mounted, row);
            const next = Math.max(0, now + by);
            mounted = grown(mounted, now, next);
            now = next;
            const made = pieces(now, mounted);
            expect(rowsOf(made).reduce((sum, n) => sum + n, 0)).toBe(now);
            made.forEach((piece, i) => {
              expect(piece.from).toBe(made[i - 1]?.to ?? 0);
              if (!piece.gap) expect(piece.to - piece.from).toBeLessThanOrEqual(SECTION);
            });
            expect(made.at(-1)?.gap ?? false).toBe(false);
          }
        },
      ),
    );
  });

  test("is all of it for a printer", () => {
    expect(pieces(500, newest(500), true).some((piece) => piece.gap)).toBe(false);
  });
});

describe("what is let go", () => {
  const all = new Set(Array.from({ length: 1000 }, (_, i) => i));
  const nothing = () => new Set<number>();

  test("is nothing while little is mounted", () => {
    const mounted = new Set(Array.from({ length: 300 / SECTION }, (_, i) => i));
    const unasked = () => {
      throw new Error("it is dear to find out");
    };
    expect(letGo(mounted, 5000, unasked, unasked)).toBe(mounted);
  });

  test("is what is far from the reader, but not the newest and not what is held", () => {
    const left = letGo(
      all,
      5000,
      () => ({ from: 500, to: 502 }),
      () => new Set([3]),
    );
    expect(left.size * SECTION).toBeLessThanOrEqual(300);
    for (const section of [3, 490, 500, 502, 512, 999, 988]) expect(left).toContain(section);
    expect(left).not.toContain(4);
    expect(left).not.toContain(600);
  });

  test("is nothing while there is only a gap in view", () => {
    expect(letGo(all, 5000, () => null, nothing)).toBe(all);
  });

  test("leaves a bounded number to whoever reads from one end to the other", () => {
    let mounted = newest(5000);
    for (let row = 4999; row >= 0; row -= 3) {
      const here = Math.floor(row / SECTION);
      mounted = letGo(withRow(mounted, row), 5000, () => ({ from: here, to: here + 2 }), nothing);
      expect(mounted).toContain(here);
      expect(mounted.size * SECTION).toBeLessThanOrEqual(300);
    }
  });

  test("leaves a gap as high as it was, and one that nobody saw as high as it likely is", () => {
    const heights = new Map([
      [0, 100],
      [1, 33.5],
    ]);
    expect(heightOf({ from: 0, to: 2 * SECTION, gap: true }, heights, 10)).toBe(133.5);
    expect(heightOf({ from: SECTION, to: 3 * SECTION + 2, gap: true }, heights, 10)).toBe(
      33.5 + (SECTION + 2) * 10,
    );
  });
});

describe("the row that a gap lacks", () => {
  const gap = { from: 0, to: 1000, gap: true };

  test("is its last one for somebody who comes from below, its first for one from above", () => {
    expect(wanted(gap, -99_000, -200, 500)).toBe(999);
    expect(wanted(gap, 900, 99_000, 500)).toBe(0);
  });

  test("is the one in sight for somebody who jumped into it", () => {
    expect(wanted(gap, -50_000, 50_000, 500)).toBe(500);
  });

  test("is none while it is out of reach", () => {
    expect(wanted(gap, -99_000, -900, 500)).toBeNull();
    expect(wanted(gap, 1100, 99_000, 500)).toBeNull();
  });
});
