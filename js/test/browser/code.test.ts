/** Code blocks: rows, colours, folding, and what can be done with them. */
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Highlighter } from "../../src/highlight/highlighter.js";
import { hasColours } from "../../src/highlight/names.js";
import { Rows } from "../../src/markdown/rows.js";
import type { ChatView } from "../../src/ui/context.js";
import { render, stream, withChunks } from "./bodies.js";
import { closeAll, drawn } from "./drawn.js";

afterEach(() => {
  vi.restoreAllMocks();
  closeAll();
});

const around = withChunks();
const codeOf = (root: Element) => root.querySelector("pre > code") as HTMLElement;
const rowsOf = (root: Element) => [...root.querySelectorAll<HTMLElement>(".cw-line")];
const fence = (language: string, code: string, closed = true) =>
  `\`\`\`${language}\n${code}${closed ? "\n```\n" : ""}`;
/** Kinds and texts of all pieces of a block. */
const coloured = (root: Element) =>
  [...codeOf(root).querySelectorAll("span[class^=cw-c-]")].map((one) => [
    one.className.slice(5),
    one.textContent,
  ]);

const PYTHON = `import os


def area(r: float) -> float:
    """The area
    of a disc."""
    return 3.14 * r ** 2  # about


print(area(2), "x")`;

describe("a code block", () => {
  test("has a row for each line, and the text as it is", () => {
    const root = render(fence("", "a\n\n  b\n"));
    expect(rowsOf(root).map((row) => row.textContent)).toEqual(["a\n", "\n", "  b\n", "\n"]);
    expect(codeOf(root).textContent).toBe("a\n\n  b\n\n");
  });

  test("is in colours, of which the text is not changed", () => {
    const root = render(fence("python", PYTHON), around);
    expect(codeOf(root).textContent).toBe(`${PYTHON}\n`);
    expect(coloured(root)).toContainEqual(["k", "import"]);
    expect(coloured(root)).toContainEqual(["s", '    of a disc."""']);
    expect(coloured(root)).toContainEqual(["c", "# about"]);
  });

  test.each(["nolanguage", "constructor", "__proto__", "toString", "<img>"])("in %s has none", (language) => {
    expect(coloured(render(fence(language, "if x = 1"), around))).toEqual([]);
  });

  test("gets its colours when they come, with what is selected in it still selected", () => {
    const box = document.createElement("code");
    document.body.append(box);
    const rows = new Rows(box);
    rows.draw(PYTHON, true, null, false);
    const line = box.querySelectorAll(".cw-line")[3]?.firstChild as Text;
    document.getSelection()?.setBaseAndExtent(line, 8, line, 4);
    rows.draw(PYTHON, true, Highlighter.of("python"), false);
    expect(document.getSelection()?.toString()).toBe("area");
    expect(box.querySelector(".cw-c-f")?.textContent).toBe("area");
    box.remove();
  });

  test("grows by rows, and leaves those alone that have not changed", () => {
    const { root, body: growing } = stream([fence("py", "x = 1\ny = 2", false)], around);
    const [first, second] = rowsOf(root);
    const number = first?.querySelector(".cw-c-n");
    growing.update(fence("py", "x = 1\ny = 23\nz", false), false);
    growing.update(`${fence("py", "x = 1\ny = 23\nz")}\nmore`);
    expect(rowsOf(root).slice(0, 2)).toEqual([first, second]);
    expect(root.querySelector(".cw-c-n")).toBe(number);
    expect(rowsOf(root)).toHaveLength(3);
  });

  test("marks what a diff adds and takes away by more than a colour", () => {
    const root = render(fence("diff", "--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new\n same"));
    expect(rowsOf(root).map((row) => row.className.slice(8))).toEqual([
      "",
      "",
      "cw-hunk",
      "cw-removed",
      "cw-added",
      "",
    ]);
    expect(codeOf(root).textContent).toContain("-old\n+new\n");
  });

  test("that is long is folded when it was complete at first, and says how long it is", async () => {
    const root = render(fence("", Array.from({ length: 40 }, (_, i) => `line ${i}`).join("\n")));
    const hidden = () => rowsOf(root).filter((row) => row.hidden).length;
    expect(hidden()).toBe(20);
    const button = root.querySelector<HTMLButtonElement>(".cw-code-fold");
    expect(button?.textContent).toBe("Show all 40 lines");
    expect(button?.ariaExpanded).toBe("false");
    button?.click();
    await drawn();
    expect(hidden()).toBe(0);
    expect(button?.ariaExpanded).toBe("true");
  });

  test("does not fold under the eyes of who sees it grow", async () => {
    const code = Array.from({ length: 40 }, (_, i) => `line ${i}`).join("\n");
    const { root, body: growing } = stream([fence("", code, false)]);
    growing.update(fence("", code));
    await drawn();
    expect(rowsOf(root).filter((row) => row.hidden)).toEqual([]);
    expect(root.querySelector(".cw-code-fold")?.textContent).toBe("Show less");
  });

  test("opens when the browser's search finds a hidden line", async () => {
    const root = render(fence("", "x\n".repeat(40)));
    rowsOf(root)[30]?.dispatchEvent(new Event("beforematch", { bubbles: true }));
    await drawn();
    expect(rowsOf(root).filter((row) => row.hidden)).toEqual([]);
  });

  test("wraps its lines when it is told to, where any is long", async () => {
    expect(render(fence("", "short")).querySelector("[aria-pressed]")).toBeNull();
    const root = render(fence("", "x".repeat(100)));
    const button = root.querySelector<HTMLButtonElement>("[aria-pressed]");
    button?.click();
    await drawn();
    expect(button?.ariaPressed).toBe("true");
    expect(getComputedStyle(root.querySelector("pre") as Element).whiteSpace).toContain("pre-wrap");
  });
});

describe("inserting into a cell", () => {
  const inside = (insertCell: ((source: string) => boolean) | null): ChatView => {
    const { chat, view } = withChunks();
    Object.assign(chat.host, { insertCell });
    return { chat, view };
  };
  const button = (root: Element) =>
    root.querySelector<HTMLButtonElement>('[aria-label="Insert into a new cell below"]');

  test("takes all of the code, and says that it did", async () => {
    const insert = vi.fn(() => true);
    const view = inside(insert);
    const root = render(fence("py", "x = 1"), view);
    button(root)?.click();
    await drawn();
    expect(insert).toHaveBeenCalledWith("x = 1\n");
    expect(view.view.announcement.value).toBe("Inserted below");
  });

  test("says so where it failed", () => {
    const view = inside(() => false);
    button(render(fence("py", "x = 1"), view))?.click();
    expect(view.view.announcement.value).toBe("No cell could be added here");
  });

  test("is not offered where it cannot be, for what is no code, or is not complete", () => {
    expect(button(render(fence("py", "x"), inside(null)))).toBeNull();
    expect(
      button(
        render(
          fence("diff", "+x"),
          inside(() => true),
        ),
      ),
    ).toBeNull();
    expect(
      button(
        render(
          fence("py", "x", false),
          inside(() => true),
          false,
        ),
      ),
    ).toBeNull();
  });
});

describe("colouring", () => {
  const whole = (language: string, text: string) => Highlighter.of(language)?.update(text, true)?.rows;
  const inPieces = (language: string, text: string, size: number) => {
    const highlighter = Highlighter.of(language) as Highlighter;
    let rows: unknown[] = [];
    let read = 0;
    for (let end = size; end < text.length; end += size) {
      const part = highlighter.update(text.slice(0, end), false);
      rows = [...rows.slice(0, part?.from), ...(part?.rows ?? [])];
      read += part?.rows.length ?? 0;
    }
    const last = highlighter.update(text, true);
    return { rows: [...rows.slice(0, last?.from), ...(last?.rows ?? [])], read };
  };
  const long = `${PYTHON}\n`.repeat(60);

  test("in pieces ends as at once", () => {
    expect(inPieces("python", long, 32).rows).toEqual(whole("python", long));
  });

  test("reads no more than a window for each piece, however long the code is", () => {
    const size = 64;
    const { read } = inPieces("python", long, size);
    expect(read / (long.length / size)).toBeLessThan(90);
  });

  test.each(["python", "xml", "javascript", "bash", "sql", "yaml", "markdown", "latex", "php"])(
    "keeps the text of any %s",
    (language) => {
      const words = [
        "<script>",
        "</script>",
        "'''",
        '"',
        "`${",
        "}",
        "# x",
        "/*",
        "*/",
        "\n",
        " ",
        "$x",
        "if ",
        "1",
        "\\",
        "<?php ",
        "```",
      ];
      fc.assert(
        fc.property(fc.array(fc.constantFrom(...words), { maxLength: 30 }), (pieces) => {
          const text = pieces.join("");
          const rows = whole(language, text) ?? [];
          expect(rows.map((row) => row.map((piece) => piece[1]).join("")).join("")).toBe(text);
          for (const row of rows.slice(0, -1)) expect(row.at(-1)?.[1].endsWith("\n")).toBe(true);
        }),
      );
    },
  );

  test("is given up for what is too long to be read in time", () => {
    expect(Highlighter.of("python")?.update("x".repeat(6000), true)).toBeNull();
    expect(Highlighter.of("python")?.update("x = 1\n".repeat(20_000), true)).toBeNull();
  });

  test("knows each name that its chunk is asked for by", () => {
    const names =
      "py python3 ipython js ts sh console jl postgres html yml c++ c# rs md tex toml docker".split(" ");
    for (const name of names)
      expect([name, hasColours(name), !!Highlighter.of(name)]).toEqual([name, true, true]);
  });

  test("takes highlight.js's tokens by the means that are half its own", () => {
    expect(whole("python", "def f(x): return 'a'\n1 # b")).toEqual([
      [
        ["k", "def"],
        ["", " "],
        ["f", "f"],
        ["", "(x): "],
        ["k", "return"],
        ["", " "],
        ["s", "'a'"],
        ["", "\n"],
      ],
      [
        ["n", "1"],
        ["", " "],
        ["c", "# b"],
      ],
    ]);
  });
});

describe("hostile code", () => {
  test.each([
    ["a line of 2 MB", "x".repeat(2_000_000)],
    ["50,000 lines", "x\n".repeat(50_000)],
    ["what would change the order of characters", "a = '\u202e' # \u2066x\u2069"],
    ["HTML", "<script>window.hacked = 1</script><img src=x onerror=window.hacked=1>"],
  ])("%s is shown as it is", (_, code) => {
    const root = render(fence("html", code), around);
    expect(codeOf(root).textContent).toBe(`${code}\n`);
    expect(root.querySelector("script, img")).toBeNull();
    expect((window as unknown as { hacked?: number }).hacked).toBeUndefined();
  });
});
