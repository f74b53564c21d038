/** A long text stands in runs of blocks, so that each frame of it costs what is in sight. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { body, render } from "./bodies.js";

const KINDS = [
  (n: number) => `## Heading ${n}`,
  (n: number) => `Words *and* more of them, number ${n}, and a [link][x].`,
  (n: number) => `- one ${n}\n- two\n\n  with more`,
  (n: number) => `\`\`\`python\nvalue = ${n}\n\`\`\``,
  (n: number) => `| a | b |\n|---|---|\n| ${n} | 2 |`,
];
const long = (blocks: number) =>
  Array.from({ length: blocks }, (_, n) => (KINDS[n % KINDS.length] as (n: number) => string)(n)).join(
    "\n\n",
  );

/** What is drawn, without what is known of how high it is. */
const htmlOf = (root: Element): string => {
  const copy = root.cloneNode(true) as Element;
  for (const run of copy.querySelectorAll(".cw-run")) run.setAttribute("class", "cw-run");
  for (const run of copy.querySelectorAll(".cw-run")) run.removeAttribute("style");
  return copy.innerHTML;
};

test("a short text has none, a long one has few elements at its top", () => {
  expect(render(long(16)).querySelector(".cw-run")).toBeNull();
  const root = render(long(160));
  expect(root.childElementCount).toBe(16 + 9);
  for (const run of root.querySelectorAll(".cw-run")) expect(run.childElementCount).toBe(16);
});

test("a text that comes in pieces ends as it would have come at once, whatever the pieces", () => {
  const text = `${long(70)}\n\nA note[^1] at the end.\n\n[^1]: What it says.\n\n[x]: https://example.org/`;
  const whole = htmlOf(render(text));
  expect(whole).toContain("https://example.org/");
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 20, maxLength: 40 }), (steps) => {
      const { root, body: growing } = body();
      let at = 0;
      for (let i = 0; at < text.length; i += 1) {
        at += steps[i % steps.length] as number;
        growing.update(text.slice(0, at), at >= text.length);
      }
      expect(htmlOf(root)).toBe(whole);
      expect(root.lastElementChild?.className).toBe("cw-notes");
    }),
    { numRuns: 15 },
  );
});

test("no block ever moves, and what is selected in it stays selected", () => {
  const text = long(60);
  const { root, body: growing } = body();
  growing.update(text.slice(0, 1200), false);
  const paragraph = root.querySelector("p") as HTMLElement;
  getSelection()?.selectAllChildren(paragraph);
  const selected = String(getSelection());
  const places = new Map<Element, Element | null>();
  for (let at = 1200; at <= text.length; at += 7) {
    growing.update(text.slice(0, at), false);
    for (const block of root.querySelectorAll("h2, p, ul, .cw-leaf, table")) {
      const known = places.get(block);
      if (known) expect(block.parentElement).toBe(known);
      places.set(block, block.parentElement);
    }
  }
  expect(String(getSelection())).toBe(selected);
  getSelection()?.removeAllRanges();
});

test("runs that are final are skipped while they are out of sight, the open one is not", () => {
  const { root, body: growing } = body();
  growing.update(long(100), false);
  const runs = [...root.querySelectorAll<HTMLElement>(".cw-run")];
  expect(runs.slice(0, -1).every((run) => run.classList.contains("cw-measured"))).toBe(true);
  expect(runs.at(-1)?.classList.contains("cw-measured")).toBe(false);
});

test("a text that takes back what it said takes its runs with it", () => {
  const { root, body: changing } = body();
  changing.update(long(100));
  changing.update(long(3));
  expect(root.querySelector(".cw-run")).toBeNull();
  expect(htmlOf(root)).toBe(htmlOf(render(long(3))));
});
