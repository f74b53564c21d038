/** What has been drawn stays: nodes, selections, and the page, whatever is written. */
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { body, render, withChunks } from "./bodies.js";
import { dangers, HOSTILE } from "./hostile.js";

const around = withChunks();
afterEach(() => document.getSelection()?.removeAllRanges());

const PARTS = [
  "# A title with `code` and *stress*\n\n",
  "Some **bold words**, ~~some gone~~, [a link](https://example.org/x), $x^2 + 1$ and \\(y\\)[^1].\n\n",
  "- [x] done\n- [ ] not *yet*\n  - deeper `down`\n\n1. one\n2. two, www.example.org\n\n",
  "```python\ndef f(x):\n    '''Text\n    of it'''\n    return x + 1  # more\n```\n\n",
  "| a | b |\n| - | -: |\n| **x** | $1$ |\n| y | 2 |\n\n",
  "> quoted *words* by me@example.org\n\n",
  "\\[\n\\sum_i x_i\n= 2\n\\]\n\n",
  "[^1]: A note with **stress**.\n\n",
  "```diff\n-old\n+new\n```\n\n",
];
const TEXT = [...PARTS, ...PARTS.toReversed()].join("");
const tokens = (text: string, size: number) => text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];

/** Nodes that were taken out and put in again as the same, in one step. */
function wasted(records: MutationRecord[]): string[] {
  const removed = records.flatMap((record) => [...record.removedNodes]);
  const added = records.flatMap((record) => [...record.addedNodes]);
  return removed
    .filter(
      (node) => node instanceof Element && added.some((other) => other !== node && other.isEqualNode(node)),
    )
    .map((node) => (node as Element).outerHTML);
}

test("no node is drawn again as it was", () => {
  const { root, body: drawn } = body(around);
  const observer = new MutationObserver(() => {});
  observer.observe(root, { subtree: true, childList: true });
  let text = "";
  const waste: string[] = [];
  for (const token of tokens(TEXT, 3)) {
    text += token;
    drawn.update(text, false);
    waste.push(...wasted(observer.takeRecords()));
  }
  drawn.update(text);
  waste.push(...wasted(observer.takeRecords()));
  expect(waste).toEqual([]);
});

describe("a selection", () => {
  /** Select the middle of the words of an element, draw one token more, and see whether it is still selected. */
  function survives(root: Element, more: () => void): boolean | null {
    const words = textsIn(root).filter((node) => node.data.trim().length > 3);
    const node = words[Math.floor(words.length / 2)];
    if (!node) return null;
    document.getSelection()?.setBaseAndExtent(node, 1, node, node.length - 1);
    const before = document.getSelection()?.toString();
    more();
    return document.getSelection()?.toString() === before;
  }
  function textsIn(root: Element): Text[] {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (node) =>
      node.parentElement?.closest("button, .cw-code-head")
        ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_ACCEPT,
    );
    const found: Text[] = [];
    while (walker.nextNode()) found.push(walker.currentNode as Text);
    return found;
  }
  const share = (which: (root: Element) => Element | null | undefined) => {
    const { root, body: drawn } = body(around);
    const seen: boolean[] = [];
    let text = "";
    for (const token of tokens(TEXT, 4)) {
      const block = which(root);
      const more = () => drawn.update(text, false);
      text += token;
      const kept = block ? survives(block, more) : null;
      if (kept === null) more();
      else seen.push(kept);
    }
    expect(seen.length).toBeGreaterThan(100);
    return seen.filter(Boolean).length / seen.length;
  };

  test("in what is settled stays always", () => {
    expect(share((root) => root.querySelector(":scope > :nth-last-child(n + 3):not(section)"))).toBe(1);
  });

  test("in what is being written stays nine times of ten", () => {
    expect(
      share((root) => root.querySelector(":scope > :nth-last-child(1 of :not(section))")),
    ).toBeGreaterThan(0.9);
  });
});

describe("hostile text", () => {
  const started = (text: string) => {
    const { root, body: drawn } = body(around);
    for (const part of [0.3, 0.7]) drawn.update(text.slice(0, text.length * part), false);
    drawn.update(text);
    return root;
  };

  test.each([
    "> ",
    "- ",
    "1. ",
    "[",
    "![",
    "**",
    "*a ",
    "*a *b* ",
    "_a ",
    "~~",
    "`",
    "` `` ",
    "[a](",
    "[^1]",
    "[^1]: ",
    "\\(",
    "\\[",
    "$",
    "$a",
    "$$",
    "$$\n",
    "<",
    "&",
    "|a",
    "| a\n| -\n",
    "# ",
    "<a@",
    "((",
    "https://",
    "\n",
    "```\n",
    "{",
  ])("%j, ten thousand times", (piece) => {
    expect(dangers(started(piece.repeat(10_000)))).toEqual([]);
  });

  test("is nested no deeper than can be drawn", () => {
    const root = started(`${"*a ".repeat(9000)}b${" c*".repeat(9000)}`);
    expect(root.querySelectorAll("em").length).toBeLessThan(100);
    expect(root.textContent?.length).toBeGreaterThan(30_000);
  });

  test.each([
    ["a word", "x".repeat(10_000_000)],
    ["words", "word ".repeat(2_000_000)],
    ["code", `\`\`\`py\n${"x = 1; ".repeat(1_400_000)}\n\`\`\``],
  ])("a line of 10 MB of %s", { timeout: 60_000 }, (_, text) => {
    expect(render(text, around).textContent?.length).toBeGreaterThan(9_000_000);
  });

  test.each(["\u202e", "\u2066", "\u200b", "\u200f", "\ufeff", "\u061c"])(
    "%j goes no further than its block",
    (mark) => {
      const root = render(
        `a${mark}b\n\n**c${mark}d**\n\n\`e${mark}f\`\n\ng [h${mark}](https://a.org/${mark})`,
        around,
      );
      for (const block of root.children) expect(block.getAttribute("dir")).toBe("auto");
      for (const code of root.querySelectorAll("code")) expect(code.dir).toBe("ltr");
      expect(root.querySelector("a")?.getAttribute("href")).toMatch(/^https:\/\/a\.org\/[%\w]*$/);
    },
  );

  test("of any mixture draws nothing that is more than text, whole or by prefixes", () => {
    const more = [
      ...HOSTILE,
      "[^<img>]: <script>",
      "[^x]",
      "[^x]: [a](javascript:window.hacked=1) ![](https://evil.example/?x)\n",
      "$\\href{javascript:window.hacked=1}{x}$",
      "\\[\\includegraphics{https://evil.example}\\]",
      "- [x] <input autofocus onfocus=window.hacked=1>\n",
      'www.evil.example/"onmouseover=window.hacked=1',
      "a@b.c<script>",
      "&lt;script&gt;",
      "&#x3c;img src=x onerror=window.hacked=1&#x3e;",
      "```mermaid\nclick A href 'javascript:x'\n```\n",
      "\n\n",
      "\n",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...more), { maxLength: 8 }), fc.nat(200), (pieces, cut) => {
        const text = pieces.join("");
        const { root, body: drawn } = body(around);
        drawn.update(text.slice(0, cut), false);
        expect(dangers(root)).toEqual([]);
        drawn.update(text);
        expect(dangers(root)).toEqual([]);
        expect(root.querySelector("img[src^=http]")).toBeNull();
      }),
    );
    expect((window as unknown as { hacked?: number }).hacked).toBeUndefined();
  });
});
